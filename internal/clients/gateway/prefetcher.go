package gateway

import "context"

// Prefetcher requests pages of a list before they are needed, so that several requests
// run at the same time. Pages that are never fetched with Get are dropped, with their
// errors. It serves one list and is not safe for concurrent use; cancel the context at
// the end of the list to stop the remaining requests.
type Prefetcher[Key comparable, Page any] struct {
	send    func(ctx context.Context, key Key) (Page, error)
	pending map[Key]*pageRequest[Page]
}

type pageRequest[Page any] struct {
	done chan struct{} // closed once the fields below are set
	page Page
	err  error
}

// NewPrefetcher returns a Prefetcher that requests a page with send, which is called
// from several goroutines.
func NewPrefetcher[Key comparable, Page any](send func(ctx context.Context, key Key) (Page, error)) *Prefetcher[Key, Page] {
	return &Prefetcher[Key, Page]{send: send, pending: map[Key]*pageRequest[Page]{}}
}

// Get returns a prefetched page, or requests it now.
func (p *Prefetcher[Key, Page]) Get(ctx context.Context, key Key) (Page, error) {
	request, ok := p.pending[key]
	if !ok {
		return p.send(ctx, key)
	}
	delete(p.pending, key)
	<-request.done
	return request.page, request.err
}

// Prefetch requests each page that has not been requested yet.
func (p *Prefetcher[Key, Page]) Prefetch(ctx context.Context, keys []Key) {
	for _, key := range keys {
		if p.pending[key] != nil {
			continue
		}
		request := &pageRequest[Page]{done: make(chan struct{})}
		p.pending[key] = request
		go func() {
			defer close(request.done)
			request.page, request.err = p.send(ctx, key)
		}()
	}
}
