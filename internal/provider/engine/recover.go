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
	// interruptedLookup limits the single look-up after an interruption.
	interruptedLookup = 500 * time.Millisecond
	// lateLookup limits the single look-up after the operation has timed out.
	lateLookup = 10 * time.Second
)

// lookupPauses are the pauses before each look-up of a create whose response was lost:
// a gateway's list may lag by some seconds.
var lookupPauses = []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second}

// OutcomeUnknownError is a create with an unknown outcome.
type OutcomeUnknownError struct {
	Reference string
	// Lookup describes the result of looking the reference up.
	Lookup string
	Cause  error

	none  bool                  // the look-ups succeeded and found nothing
	older *ExistingInvoiceError // what the look-ups proved instead
}

func (e *OutcomeUnknownError) Error() string { return e.Cause.Error() }
func (e *OutcomeUnknownError) Unwrap() error { return e.Cause }

// recover finds the invoice of a create whose response was lost, or was about another
// invoice. It returns the one invoice that can only be ours; otherwise the outcome
// stays unknown.
func (e *Engine[Spec, Inv]) recover(ctx context.Context, a attempt[Spec], cause error) (CreateResult[Inv], *OutcomeUnknownError) {
	lost := &OutcomeUnknownError{Reference: a.Reference, Cause: cause}
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok {
		lost.Lookup = "This gateway cannot find an invoice by its reference."
		return CreateResult[Inv]{}, lost
	}
	lookupCtx, pauses, cancel := lookupContext(ctx)
	defer cancel()
	for _, pause := range pauses {
		if err := e.sleep(lookupCtx, pause); err != nil {
			lost.none = false
			break
		}
		invoices, err := finder.FindByReference(lookupCtx, a.Reference, e.lookUpFrom(a))
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
	return CreateResult[Inv]{}, lost
}

// confirmOlder looks once more for a new invoice although the gateway returned an older
// one.
func (e *Engine[Spec, Inv]) confirmOlder(ctx context.Context, a attempt[Spec], older *ExistingInvoiceError) (CreateResult[Inv], error) {
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok {
		return CreateResult[Inv]{}, older
	}
	a.before = append(slices.Clone(a.before), older.id)
	for _, pause := range lookupPauses[:2] {
		if e.sleep(ctx, pause) != nil {
			break
		}
		invoices, err := finder.FindByReference(ctx, a.Reference, e.lookUpFrom(a))
		if err != nil {
			return CreateResult[Inv]{}, &OutcomeUnknownError{Reference: a.Reference, Cause: older, Lookup: fmt.Sprintf("Looking for another one failed: %v.", err)}
		}
		if certain, _ := e.classify(invoices, a); len(certain) == 1 {
			if c, err := e.claimFound(ctx, certain[0], a); err == nil {
				return c, nil
			}
		}
	}
	return CreateResult[Inv]{}, older
}

// claimFound claims, reads and verifies an invoice that was found.
func (e *Engine[Spec, Inv]) claimFound(ctx context.Context, found Inv, a attempt[Spec]) (c CreateResult[Inv], err error) {
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

// describe records the result of a look-up that found no invoice that is certainly
// ours.
func (e *Engine[Spec, Inv]) describe(lost *OutcomeUnknownError, invoices, candidates []Inv, a attempt[Spec]) {
	lost.none = len(invoices) == 0
	lost.Lookup = "A search for its reference did not find it."
	if ids := e.ids(candidates); len(ids) > 0 {
		lost.Lookup = "A search for its reference found invoices that may or may not be the new one: " + strings.Join(ids, ", ") + "."
	}
	var doubt *mismatchError
	if errors.As(lost.Cause, &doubt) && doubt.taken && e.mayReturnExisting(a.CreateRequest) && len(invoices) == 1 && e.Facts(invoices[0]).ID == doubt.id {
		lost.older = &ExistingInvoiceError{id: doubt.id, reason: doubt.reason, Taken: true}
	}
}

// lookupContext returns the context of the look-up. After an interruption or a timeout,
// it still allows one quick look-up.
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

// classify sorts the invoices that were found into those that can only be ours, and
// those that somebody else may have created shortly before with the same reference. It
// skips invoices that existed before, and those that were closed without a payment,
// because they cannot be new.
func (e *Engine[Spec, Inv]) classify(invoices []Inv, a attempt[Spec]) (certain, doubtful []Inv) {
	for _, inv := range invoices {
		f := e.Facts(inv)
		switch {
		case slices.Contains(a.before, f.ID), !a.matches(f), f.Phase.Closed() && !f.MoneyMoved && !f.Phase.MoneyMoved(), e.claims.Has(e.traits.Name, f.ID):
			continue
		case e.createdSince(f, a):
			certain = append(certain, inv)
		default:
			doubtful = append(doubtful, inv)
		}
	}
	return certain, doubtful
}

// lookUpSlack is how far a gateway's clock may be behind ours before a look-up misses a
// new invoice, which would then be created again. A look-up this far back also finds
// older invoices; createdSince tells them apart.
const lookUpSlack = 2 * time.Hour

// lookUpFrom returns how far back a look-up searches. It does not use the gateway's
// clock, because a proxy's page may have a wrong date.
func (e *Engine[Spec, Inv]) lookUpFrom(a attempt[Spec]) time.Time {
	if a.lookedUp {
		return a.started.Add(-newAfterLookUp) // older invoices are known
	}
	return a.started.Add(-lookUpSlack)
}

// createdSince reports whether an invoice with our reference can only have been created
// after the create began: the reference was generated, an earlier look-up did not show
// it, or the gateway's own clock says so.
func (e *Engine[Spec, Inv]) createdSince(f gateway.Facts, a attempt[Spec]) bool {
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
