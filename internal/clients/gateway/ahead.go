package gateway

import "context"

// Ahead asks for the pages of a list before they are needed, so that several are
// under way at the same time. It only guesses which ones will be: a page that
// nobody gets is dropped, and so is the error of asking for it. It is for one
// list at a time; a context that ends with the list ends what was asked in vain.
type Ahead[Key comparable, Page any] struct {
	send    func(ctx context.Context, key Key) (Page, error)
	pending map[Key]*pageRequest[Page]
}

type pageRequest[Page any] struct {
	done chan struct{} // closed when what follows is set
	page Page
	err  error
}

// NewAhead makes one that asks for a page with send, which is called from several
// goroutines.
func NewAhead[Key comparable, Page any](send func(ctx context.Context, key Key) (Page, error)) *Ahead[Key, Page] {
	return &Ahead[Key, Page]{send: send, pending: map[Key]*pageRequest[Page]{}}
}

// Get answers a page that was asked for before, or asks for it now.
func (a *Ahead[Key, Page]) Get(ctx context.Context, key Key) (Page, error) {
	asked, ok := a.pending[key]
	if !ok {
		return a.send(ctx, key)
	}
	delete(a.pending, key)
	<-asked.done
	return asked.page, asked.err
}

// Expect asks for pages that are likely to be needed soon, each once.
func (a *Ahead[Key, Page]) Expect(ctx context.Context, keys []Key) {
	for _, key := range keys {
		if a.pending[key] != nil {
			continue
		}
		asked := &pageRequest[Page]{done: make(chan struct{})}
		a.pending[key] = asked
		go func() {
			defer close(asked.done)
			asked.page, asked.err = a.send(ctx, key)
		}()
	}
}
