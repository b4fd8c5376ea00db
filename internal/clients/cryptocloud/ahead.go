package cryptocloud

import "context"

// ahead asks for pages before the pager needs them. It only guesses which ones
// those will be: a page that the pager does not ask for is dropped.
type ahead struct {
	send    func(ctx context.Context, k pageKey) (*answer, error)
	width   int // how many pages are asked for at the same time, at most
	pending map[pageKey]*pageRequest
}

// pageKey is what tells the requests of a span's pages apart.
type pageKey struct{ offset, limit int }

type pageRequest struct {
	done   chan struct{} // closed when what follows is set
	answer *answer
	err    error
}

// page is a page that was asked for before, or is asked for now.
func (a *ahead) page(ctx context.Context, k pageKey) (*answer, error) {
	asked, ok := a.pending[k]
	if !ok {
		return a.send(ctx, k)
	}
	delete(a.pending, k)
	<-asked.done
	return asked.answer, asked.err
}

// expect asks for pages that are likely to be needed soon.
func (a *ahead) expect(ctx context.Context, keys []pageKey) {
	for _, k := range keys {
		if a.pending[k] == nil {
			a.start(ctx, k)
		}
	}
}

func (a *ahead) start(ctx context.Context, k pageKey) {
	if a.pending == nil {
		a.pending = map[pageKey]*pageRequest{}
	}
	r := &pageRequest{done: make(chan struct{})}
	a.pending[k] = r
	go func() {
		defer close(r.done)
		r.answer, r.err = a.send(ctx, k)
	}()
}
