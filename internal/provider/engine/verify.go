package engine

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// newAfterLookUp is how old an invoice may seem that the look-up before the
	// create did not show: clocks differ, and dates are rounded.
	newAfterLookUp = 24 * time.Hour
	// newByOurClock and newByItsClock are the same where nothing was looked up, going
	// by our clock and by the one that dated the answer.
	newByOurClock = 10 * time.Minute
	newByItsClock = time.Minute
)

// ExistingInvoiceError says that a create was answered with an invoice that is not new.
type ExistingInvoiceError struct {
	id     string
	reason string
	// Taken says that another resource of the configuration has it.
	Taken bool
}

// Error names the invoice, and why it is not a new one.
func (e *ExistingInvoiceError) Error() string {
	return fmt.Sprintf("the gateway returned invoice %s, which is not new: %s", e.id, e.reason)
}

// mismatchError says that a create was answered with an invoice that is not the one
// that was ordered. Ours may exist all the same.
type mismatchError struct {
	id     string
	reason string
	taken  bool // by another resource of the configuration
}

// Error names the invoice, and what is wrong with it.
func (e *mismatchError) Error() string {
	return fmt.Sprintf("the gateway returned invoice %s, which is not the requested one: %s", e.id, e.reason)
}

// mayReturnExisting reports whether the gateway may answer the create with an older invoice.
func (e *Engine[Spec, Inv]) mayReturnExisting(o NewInvoice[Spec]) bool {
	return e.traits.RepeatsReferences && !o.Generated
}

// mayAdopt reports whether an older invoice that is open and the same is what
// was ordered: with adopt_existing, and where nobody can look for one before the
// create, so that the gateway's own word for the same order is all there is.
func (e *Engine[Spec, Inv]) mayAdopt(o NewInvoice[Spec]) bool {
	_, finds := e.Client.(gateway.Finder[Inv])
	return e.mayReturnExisting(o) && (o.Adopt || !finds)
}

// reasonNotNew tells why an invoice was not made by a create; "" when it may have been.
func (e *Engine[Spec, Inv]) reasonNotNew(f gateway.Facts, a attempt[Spec]) string {
	if slices.Contains(a.before, f.ID) {
		return "it existed before"
	}
	if !e.mayReturnExisting(a.NewInvoice) || f.CreatedAt.IsZero() {
		return ""
	}
	began, tolerance := a.started, newByOurClock
	if answered := cmp.Or(f.AnsweredAt, a.answeredAt); !answered.IsZero() {
		began, tolerance = answered.Add(a.started.Sub(e.now())), newByItsClock
	}
	if a.lookedUp {
		tolerance = newAfterLookUp
	}
	if f.CreatedAt.Before(began.Add(-tolerance)) {
		return fmt.Sprintf("it was created at %s, before this request", gateway.FormatTime(f.CreatedAt))
	}
	return ""
}

// verifyAnswer refuses what the answer to a create alone shows not to be ours.
// Amounts may be told in another currency, so that they wait for a reading.
func (e *Engine[Spec, Inv]) verifyAnswer(inv Inv, a attempt[Spec]) error {
	f := e.Facts(inv)
	switch older := e.reasonNotNew(f, a); {
	case f.Reference != "" && f.Reference != a.Reference:
		return otherReference(f, a)
	case older != "" && !e.mayAdopt(a.NewInvoice):
		return e.verifyCreated(inv, a)
	case e.mayReturnExisting(a.NewInvoice) && f.Phase.Closed() && !Pending(inv):
		return &ExistingInvoiceError{id: f.ID, reason: fmt.Sprintf("it is %s", f.Phase)} // no new one is
	default:
		return nil
	}
}

// verifyCreated checks that the invoice of a create, by its last reading, is the
// one that was ordered.
func (e *Engine[Spec, Inv]) verifyCreated(inv Inv, a attempt[Spec]) error {
	f := e.Facts(inv)
	older := e.reasonNotNew(f, a)
	switch {
	case f.Reference != "" && f.Reference != a.Reference:
		return otherReference(f, a)
	case a.Generated && f.Reference == a.Reference:
		return nil // nobody else has such a reference, whatever currency the answer is in
	case !a.matches(f), older != "" && !f.Amount.IsZero() && !a.equals(f):
		amount := f.In(a.Currency)
		return e.refuse(f, a, fmt.Sprintf("it is for %s %s, not %s %s", amount.Amount, amount.Currency, a.Amount, a.Currency))
	case e.traits.Differs != nil && e.traits.Differs(a.Spec, inv) != "":
		return e.refuse(f, a, "it has "+e.traits.Differs(a.Spec, inv))
	case older != "" && f.Phase != gateway.PhaseOpen && f.Status != "":
		return e.refuse(f, a, fmt.Sprintf("it is %s", f.Phase))
	case older != "" && !e.mayAdopt(a.NewInvoice):
		return e.refuse(f, a, older)
	default:
		return nil
	}
}

func otherReference[Spec any](f gateway.Facts, a attempt[Spec]) error {
	return &mismatchError{id: f.ID, reason: fmt.Sprintf("it has the reference %q, not %q", f.Reference, a.Reference)}
}

// refuse is the error of an invoice that is not ours. An older one that the gateway
// returns for its reference leaves no doubt: nothing was made.
func (e *Engine[Spec, Inv]) refuse(f gateway.Facts, a attempt[Spec], reason string) error {
	if e.mayReturnExisting(a.NewInvoice) && e.reasonNotNew(f, a) != "" {
		return &ExistingInvoiceError{id: f.ID, reason: reason}
	}
	return &mismatchError{id: f.ID, reason: reason}
}
