package readahead

import (
	"context"
	"errors"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// idleAfter is how long the list waits for further reads before it stops.
const idleAfter = 250 * time.Millisecond

// The reasons for which no further page is requested.
var (
	errIdle    = errors.New("no further invoice is read")
	errStopped = errors.New("the list differs from single reads")
	errTooLong = errors.New("most of the list is not in the state")
)

// start reads the list in the background.
func (r *Reader[Inv]) start(ctx context.Context) {
	r.phase = listing
	ctx, cancel := context.WithCancel(gateway.WithReadHook(context.WithoutCancel(ctx), r.mayReadPage))
	r.stop = cancel
	from, to := r.window.bounds(r.now())
	go func() {
		defer cancel()
		var failed error
		for inv, err := range r.source.List(ctx, from, to) {
			if err == nil {
				err = r.add(ctx, inv)
			}
			if failed = err; failed != nil {
				break
			}
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		switch {
		case r.phase == stopped:
		case failed == nil || errors.Is(failed, errIdle) || errors.Is(failed, errTooLong):
			r.end(listed)
		default:
			r.end(stopped)
		}
	}()
}

// add stores a row, or compares it with an earlier single reading.
func (r *Reader[Inv]) add(ctx context.Context, inv Inv) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.phase != listing {
		return errStopped
	}
	r.budget.rows++
	id := inv.Facts(r.now()).ID
	if r.changed[id] {
		return nil
	}
	if !r.single[id] {
		r.rows[id] = row[Inv]{inv: inv, at: r.now()}
		return nil
	}
	r.budget.matched++
	if sample, ok := r.samples[id]; ok {
		delete(r.samples, id)
		r.prove(ctx, sample, inv)
	}
	return nil
}

// mayReadPage waits until the budget allows another page, or until the reads have
// ended.
func (r *Reader[Inv]) mayReadPage() error {
	for {
		wait, err := r.spendPage()
		if wait == nil {
			return err
		}
		select {
		case <-wait:
		case <-time.After(idleAfter):
			return errIdle
		}
	}
}

// spendPage takes a page from the budget. If the budget is exhausted, it returns a
// channel that is closed at the next read.
func (r *Reader[Inv]) spendPage() (wait <-chan struct{}, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.phase != listing:
		return nil, errStopped
	case r.budget.tooLong():
		return nil, errTooLong
	case r.budget.exhausted():
		return r.readStarted, nil
	}
	r.budget.pages++
	return nil, nil
}
