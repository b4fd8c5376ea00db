package readahead

import (
	"context"
	"errors"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// begin starts to read the list. It ends by itself when nobody reads any more.
func (r *Reader[Inv]) begin(ctx context.Context) {
	r.phase = listing
	ctx, cancel := context.WithCancel(gateway.WithConsent(context.WithoutCancel(ctx), r.another))
	r.stop = cancel
	from, to := r.window()
	go func() {
		defer cancel()
		var failed error
		for inv, err := range r.list(ctx, from, to) {
			if err == nil {
				err = r.take(ctx, inv)
			}
			if failed = err; failed != nil {
				break
			}
		}
		r.finish(failed == nil || errors.Is(failed, errUnwanted))
	}()
}

// Why a list is not read to its end.
var (
	errUnwanted = errors.New("nobody reads any more")
	errDearer   = errors.New("single reads are cheaper than the list")
	errDiffers  = errors.New("the list shows something else than a single read")
)

// take deals with one row: it proves the list, answers a waiter, or is kept.
func (r *Reader[Inv]) take(ctx context.Context, inv Inv) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows++
	id := inv.Facts(r.now()).ID
	sample, sampled := r.sampled[id]
	delete(r.sampled, id)
	switch {
	case r.phase == givenUp || sampled && !r.prove(ctx, sample, inv):
		return errDiffers
	case !sampled && !r.changed[id]:
		r.kept[id] = keptRow[Inv]{inv: inv, at: r.now()}
	}
	r.answerWaiters()
	return nil
}

// another decides whether one more page is asked for.
func (r *Reader[Inv]) another() error {
	pays, wanted := r.worth()
	if !pays {
		return errDearer
	}
	// Terraform may need a moment to ask for the next invoice.
	select {
	case <-wanted:
		return nil
	case <-time.After(idleAfter):
		return errUnwanted
	}
}

// worth judges the list by the pages so far, and lets those go who have waited
// long enough. wanted is closed as soon as somebody waits.
func (r *Reader[Inv]) worth() (pays bool, wanted <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	answered := r.pages - (r.concurrency - 1) // at least: the others may be under way
	pays = r.phase != givenUp && r.rows <= maxRows && r.rows >= worthwhile*answered && r.pages <= credit+r.asked
	for id, w := range r.waiting {
		if r.pages-w.since >= patience {
			delete(r.waiting, id)
			close(w.single)
		}
	}
	r.pages++
	if len(r.waiting) > 0 {
		return pays, closed
	}
	return pays, r.wanted
}

// closed is a channel that is closed.
var closed = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// answerWaiters gives waiters their rows, and sends off those whose rows have yet
// to prove themselves.
func (r *Reader[Inv]) answerWaiters() {
	for id, w := range r.waiting {
		row, listed := r.kept[id]
		switch {
		case listed && r.serves(row):
			delete(r.kept, id)
			delete(r.waiting, id)
			w.answer <- row.inv
		case listed:
			delete(r.waiting, id)
			close(w.single)
		}
	}
}

// finish ends the list: whoever still waits asks by itself. What the list left
// is of use only if some of it has proved itself.
func (r *Reader[Inv]) finish(pays bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !pays || len(r.proved) == 0 {
		r.giveUp()
		return
	}
	if r.phase != givenUp {
		r.phase = ended
	}
	r.sampled = nil
	r.sendOff()
}

// giveUp ends the list, and goes on with single reads for good.
func (r *Reader[Inv]) giveUp() {
	r.phase = givenUp
	r.stop()
	r.sampled, r.kept = nil, nil
	r.sendOff()
}

// sendOff lets all who wait ask by themselves.
func (r *Reader[Inv]) sendOff() {
	for id, w := range r.waiting {
		delete(r.waiting, id)
		close(w.single)
	}
}
