package engine

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// newAfterLookUp is how old an invoice may seem that an earlier look-up did not
	// show: clocks differ, and dates are rounded.
	newAfterLookUp = 24 * time.Hour
	// newByOurClock and newByItsClock are the same without an earlier look-up, by our
	// clock and by the clock that dated the response.
	newByOurClock = 10 * time.Minute
	newByItsClock = time.Minute
)

// ExistingInvoiceError is a create for which the gateway returned an older invoice.
type ExistingInvoiceError struct {
	id     string
	reason string
	// Taken says that another resource in the configuration has it.
	Taken bool
}

// Error names the invoice, and why it is not new.
func (e *ExistingInvoiceError) Error() string {
	return fmt.Sprintf("the gateway returned invoice %s, which is not new: %s", e.id, e.reason)
}

// mismatchError is a create for which the gateway returned an invoice that is not the
// requested one. Ours may exist all the same.
type mismatchError struct {
	id     string
	reason string
	taken  bool // by another resource in the configuration
}

// Error names the invoice, and what is wrong with it.
func (e *mismatchError) Error() string {
	return fmt.Sprintf("the gateway returned invoice %s, which is not the requested one: %s", e.id, e.reason)
}

// mayReturnExisting reports whether the gateway may return an older invoice for the
// create.
func (e *Engine[Spec, Inv]) mayReturnExisting(o CreateRequest[Spec]) bool {
	return e.traits.RepeatsReferences && !o.Generated
}

// mayAdopt reports whether an identical older open invoice is acceptable: with
// adopt_existing, or if the gateway has no look-up, so that its response is all there
// is.
func (e *Engine[Spec, Inv]) mayAdopt(o CreateRequest[Spec]) bool {
	_, finds := e.Client.(gateway.Finder[Inv])
	return e.mayReturnExisting(o) && (o.Adopt || !finds)
}

// reasonNotNew says why an invoice cannot be from this create; "" if it may be.
func (e *Engine[Spec, Inv]) reasonNotNew(f gateway.Facts, a attempt[Spec]) string {
	if slices.Contains(a.before, f.ID) {
		return "it existed before"
	}
	if !e.mayReturnExisting(a.CreateRequest) || f.CreatedAt.IsZero() {
		return ""
	}
	began, tolerance := a.started, newByOurClock
	if respondedAt := cmp.Or(f.RespondedAt, a.respondedAt); !respondedAt.IsZero() {
		began, tolerance = respondedAt.Add(a.started.Sub(e.now())), newByItsClock
	}
	if a.lookedUp {
		tolerance = newAfterLookUp
	}
	if f.CreatedAt.Before(began.Add(-tolerance)) {
		return fmt.Sprintf("it was created at %s, before this request", gateway.FormatTime(f.CreatedAt))
	}
	return ""
}

// verifyResponse rejects an invoice that is not ours by the response alone. The response
// may have the amount in another currency, so amounts are compared after a read.
func (e *Engine[Spec, Inv]) verifyResponse(inv Inv, a attempt[Spec]) error {
	f := e.Facts(inv)
	switch older := e.reasonNotNew(f, a); {
	case f.Reference != "" && f.Reference != a.Reference:
		return otherReference(f, a)
	case older != "" && !e.mayAdopt(a.CreateRequest):
		return e.verifyCreated(inv, a)
	case e.mayReturnExisting(a.CreateRequest) && f.Phase.Closed() && !Pending(inv):
		return &ExistingInvoiceError{id: f.ID, reason: fmt.Sprintf("it is %s", f.Phase)} // a new one is not closed
	default:
		return nil
	}
}

// verifyCreated checks that an invoice, by its last reading, is the requested one.
func (e *Engine[Spec, Inv]) verifyCreated(inv Inv, a attempt[Spec]) error {
	f := e.Facts(inv)
	older := e.reasonNotNew(f, a)
	switch {
	case f.Reference != "" && f.Reference != a.Reference:
		return otherReference(f, a)
	case a.Generated && f.Reference == a.Reference:
		return nil // nobody else has this reference, whatever the currency of the response
	case !a.matches(f), older != "" && !f.Amount.IsZero() && !a.equals(f):
		amount := f.In(a.Currency)
		return e.refuse(f, a, fmt.Sprintf("it is for %s %s, not %s %s", amount.Amount, amount.Currency, a.Amount, a.Currency))
	case e.traits.Differs != nil && e.traits.Differs(a.Spec, inv) != "":
		return e.refuse(f, a, "it has "+e.traits.Differs(a.Spec, inv))
	case older != "" && f.Phase != gateway.PhaseOpen && f.Status != "":
		return e.refuse(f, a, fmt.Sprintf("it is %s", f.Phase))
	case older != "" && !e.mayAdopt(a.CreateRequest):
		return e.refuse(f, a, older)
	default:
		return nil
	}
}

func otherReference[Spec any](f gateway.Facts, a attempt[Spec]) error {
	return &mismatchError{id: f.ID, reason: fmt.Sprintf("it has the reference %q, not %q", f.Reference, a.Reference)}
}

// refuse returns the error for an invoice that is not ours. If it is an older one that
// the gateway returned for its reference, nothing was created.
func (e *Engine[Spec, Inv]) refuse(f gateway.Facts, a attempt[Spec], reason string) error {
	if e.mayReturnExisting(a.CreateRequest) && e.reasonNotNew(f, a) != "" {
		return &ExistingInvoiceError{id: f.ID, reason: reason}
	}
	return &mismatchError{id: f.ID, reason: reason}
}
