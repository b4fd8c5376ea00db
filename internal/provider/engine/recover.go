package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// interruptedLookup bounds the one look-up after an interruption.
	interruptedLookup = 500 * time.Millisecond
	// lateLookup bounds the one look-up after the operation's time is up.
	lateLookup = 10 * time.Second
)

// lookupPauses are the waits before each look-up of a create whose answer was
// lost: a gateway's list may lag some seconds.
var lookupPauses = []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second}

// OutcomeUnknownError says that a create has an unknown outcome, and what is known.
type OutcomeUnknownError struct {
	Reference string
	// Lookup says what became of looking it up.
	Lookup string
	Cause  error

	none  bool                  // the look-ups were answered, and showed nothing at all
	older *ExistingInvoiceError // what the look-ups proved instead
}

func (e *OutcomeUnknownError) Error() string { return e.Cause.Error() }
func (e *OutcomeUnknownError) Unwrap() error { return e.Cause }

// recover finds the invoice of a create whose answer was lost, or was about another
// one. One invoice that can only be ours is the invoice; anything else leaves the
// outcome unknown.
func (e *Engine[Spec, Inv]) recover(ctx context.Context, a attempt[Spec], cause error) (Created[Inv], *OutcomeUnknownError) {
	lost := &OutcomeUnknownError{Reference: a.Reference, Cause: cause}
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok {
		lost.Lookup = "This gateway cannot find an invoice by its reference."
		return Created[Inv]{}, lost
	}
	lookupCtx, pauses, cancel := lookupContext(ctx)
	defer cancel()
	for _, pause := range pauses {
		if err := e.sleep(lookupCtx, pause); err != nil {
			lost.none = false
			break
		}
		invoices, err := finder.FindByReference(lookupCtx, a.Reference, e.madeAfter(a))
		if err != nil {
			lost.none = false
			lost.Lookup = fmt.Sprintf("Looking it up also failed: %v.", err)
			if errors.Is(err, gateway.ErrUnavailable) {
				continue
			}
			break // it would fail the same way again
		}
		certain, doubtful := e.classify(invoices, a)
		if len(certain) == 1 {
			if c, err := e.claimFound(ctx, certain[0], a); err == nil {
				return c, nil
			}
		}
		e.describe(lost, invoices, append(certain, doubtful...), a)
		if len(certain) > 1 {
			break
		}
	}
	return Created[Inv]{}, lost
}

// confirmOlder looks once more for an invoice that was made although the gateway
// answered with an older one.
func (e *Engine[Spec, Inv]) confirmOlder(ctx context.Context, a attempt[Spec], older *ExistingInvoiceError) (Created[Inv], error) {
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok {
		return Created[Inv]{}, older
	}
	a.before = append(slices.Clone(a.before), older.id)
	for _, pause := range lookupPauses[:2] {
		if e.sleep(ctx, pause) != nil {
			break
		}
		invoices, err := finder.FindByReference(ctx, a.Reference, e.madeAfter(a))
		if err != nil {
			return Created[Inv]{}, &OutcomeUnknownError{Reference: a.Reference, Cause: older, Lookup: fmt.Sprintf("Looking for another one failed: %v.", err)}
		}
		if certain, _ := e.classify(invoices, a); len(certain) == 1 {
			if c, err := e.claimFound(ctx, certain[0], a); err == nil {
				return c, nil
			}
		}
	}
	return Created[Inv]{}, older
}

// claimFound claims an invoice that was found, and reads and verifies it.
func (e *Engine[Spec, Inv]) claimFound(ctx context.Context, found Inv, a attempt[Spec]) (c Created[Inv], err error) {
	id := e.Facts(found).ID
	if !e.claims.Acquire(e.traits.Name, id) {
		return c, errors.New("it belongs to another resource")
	}
	c, err = e.readBack(ctx, found, a)
	if err != nil {
		e.claims.Release(e.traits.Name, id)
		return c, err
	}
	e.changed(id)
	return c, nil
}

// describe notes what a look-up found, none of which is certain to be ours.
func (e *Engine[Spec, Inv]) describe(lost *OutcomeUnknownError, invoices, candidates []Inv, a attempt[Spec]) {
	lost.none = len(invoices) == 0
	lost.Lookup = "A search for its reference did not find it."
	if ids := e.ids(candidates); len(ids) > 0 {
		lost.Lookup = "A search for its reference found invoices that may or may not be the new one: " + strings.Join(ids, ", ") + "."
	}
	var doubt *mismatchError
	if errors.As(lost.Cause, &doubt) && doubt.taken && e.mayReturnExisting(a.NewInvoice) && len(invoices) == 1 && e.Facts(invoices[0]).ID == doubt.id {
		lost.older = &ExistingInvoiceError{id: doubt.id, reason: doubt.reason, Taken: true}
	}
}

// lookupContext is the context of the look-up. After an interruption, or when
// the operation's time is up, one quick look-up is made all the same.
func lookupContext(ctx context.Context) (context.Context, []time.Duration, context.CancelFunc) {
	limit := lateLookup
	switch {
	case ctx.Err() == nil:
		return ctx, lookupPauses, func() {}
	case errors.Is(ctx.Err(), context.Canceled):
		limit = interruptedLookup
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	return late, lookupPauses[:1], cancel
}

// classify sorts found invoices into those that can only be the ordered one, and
// those that somebody else may have made shortly before with the same
// reference. What is over without a payment cannot have been made just now, nor
// what was there before.
func (e *Engine[Spec, Inv]) classify(invoices []Inv, a attempt[Spec]) (certain, doubtful []Inv) {
	for _, inv := range invoices {
		f := e.Facts(inv)
		switch {
		case slices.Contains(a.before, f.ID), !a.matches(f), f.Phase.Closed() && !f.MoneyMoved && !f.Phase.MoneyMoved(), e.claims.Has(e.traits.Name, f.ID):
			continue
		case e.madeSince(f, a):
			certain = append(certain, inv)
		default:
			doubtful = append(doubtful, inv)
		}
	}
	return certain, doubtful
}

// lookUpSlack is how far a gateway's clock may be behind ours before a look-up
// overlooks what was made, and it is made again. What was made at that time by
// somebody else is found too, and told apart by madeSince.
const lookUpSlack = 2 * time.Hour

// madeAfter is the time since when a look-up is to find invoices. It does not go by
// the gateway's clock: a proxy's page may date itself wrongly.
func (e *Engine[Spec, Inv]) madeAfter(a attempt[Spec]) time.Time {
	if a.lookedUp {
		return a.started.Add(-newAfterLookUp) // what was there before is known
	}
	return a.started.Add(-lookUpSlack)
}

// madeSince reports whether an invoice with the reference that was sent can only
// have been made after the create began: nobody else knows a generated reference; a
// look-up before did not show it; or the gateway dates it so by its own clock.
func (e *Engine[Spec, Inv]) madeSince(f gateway.Facts, a attempt[Spec]) bool {
	switch {
	case a.Generated:
		return true
	case a.lookedUp:
		return f.CreatedAt.IsZero() || !f.CreatedAt.Before(a.started.Add(-newAfterLookUp))
	}
	clock, ok := e.Client.(gateway.Clock)
	if !ok || f.CreatedAt.IsZero() {
		return false
	}
	low, _, known := clock.ClockOffset()
	return known && !f.CreatedAt.Before(a.started.Add(low))
}
