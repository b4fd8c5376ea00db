package cryptocloud

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// gatherTime is how long a read waits for others, if there are others.
const gatherTime = 2 * time.Millisecond

// batcher joins simultaneous reads into one request. A read joins only a request that
// has not been sent, so that it does not see an older state of the invoice. A read that
// is alone is sent at once.
type batcher struct {
	// read returns the invoices that the gateway has, by id.
	read func(ctx context.Context, ids []string) (map[string]*Invoice, error)

	mu       sync.Mutex
	next     *batch // the batch that gathers; nil if there is none
	inFlight int
}

// batch is one request. A read that it leaves in doubt sends its own.
type batch struct {
	ids     []string
	wanted  map[string]bool
	waiters int // guarded by the batcher's mutex
	cancel  context.CancelFunc
	full    chan struct{} // closed when no more ids fit
	done    chan struct{} // closed once the fields below are set
	found   map[string]*Invoice
	err     error
}

// get reads one invoice. A nil invoice without an error means that the gateway does not
// have it.
func (b *batcher) get(ctx context.Context, id string) (*Invoice, error) {
	joined := b.join(ctx, id)
	select {
	case <-joined.done:
	case <-ctx.Done():
		b.leave(joined)
		return nil, &gateway.Error{Gateway: Title, Operation: transport.OpRead, Kind: gateway.ErrUnavailable, Err: ctx.Err()}
	}
	if len(joined.ids) > 1 && joined.inDoubt(id) {
		found, err := b.read(ctx, []string{id})
		return found[id], err
	}
	return joined.found[id], joined.err
}

// join adds an id to the gathering batch, or starts one.
func (b *batcher) join(ctx context.Context, id string) *batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	joined := b.next
	if joined == nil {
		// The request must not end with its first caller.
		sendCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		joined = &batch{wanted: map[string]bool{}, cancel: cancel, full: make(chan struct{}), done: make(chan struct{})}
		b.next = joined
		go b.send(sendCtx, joined, b.inFlight > 0)
		b.inFlight++
	}
	joined.waiters++
	if !joined.wanted[id] {
		joined.wanted[id] = true
		joined.ids = append(joined.ids, id)
	}
	if len(joined.ids) == maxIDs {
		b.next = nil
		close(joined.full)
	}
	return joined
}

// send gathers for a moment if others are reading too, and sends the batch.
func (b *batcher) send(ctx context.Context, sent *batch, gather bool) {
	defer sent.cancel()
	if gather {
		timer := time.NewTimer(gatherTime)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-sent.full:
		case <-ctx.Done():
		}
	}
	b.mu.Lock()
	if b.next == sent {
		b.next = nil
	}
	b.mu.Unlock()

	sent.found, sent.err = b.read(ctx, sent.ids)

	b.mu.Lock()
	b.inFlight--
	b.mu.Unlock()
	close(sent.done)
}

// leave removes a waiter; the last one cancels the request.
func (b *batcher) leave(left *batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	left.waiters--
	if left.waiters > 0 {
		return
	}
	if b.next == left {
		// Nobody may join a canceled request.
		b.next = nil
	}
	left.cancel()
}

// inDoubt reports whether a response about several invoices leaves this one open: one
// bad id must not fail the others, and a missing invoice may have been cut off.
func (b *batch) inDoubt(id string) bool {
	if b.err != nil {
		return refusedTogether(b.err)
	}
	return b.found[id] == nil
}

// refusedTogether reports whether a response may be about only one of many ids.
func refusedTogether(err error) bool {
	return errors.Is(err, gateway.ErrInvalid) || errors.Is(err, gateway.ErrUnexpected)
}
