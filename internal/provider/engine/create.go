package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Created is the invoice of a create.
type Created[Inv any] struct {
	// Invoice is what the create was answered with, or what was found.
	Invoice Inv
	// Read is the invoice read back; WasRead says whether it is there.
	Read    Inv
	WasRead bool
	// ReadError says why it could not be read back, although it should have been.
	ReadError error
	// TakenOver says that the invoice existed before.
	TakenOver bool
}

// Last is the last reading of the invoice.
func (c Created[Inv]) Last() Inv {
	if c.WasRead {
		return c.Read
	}
	return c.Invoice
}

// attempt is a create that was sent.
type attempt[Spec any] struct {
	NewInvoice[Spec]
	// lookedUp says that the reference was looked up before, and before are the ids
	// of what was found.
	lookedUp bool
	before   []string
	// started is when the create was sent.
	started time.Time
	// answeredAt is when it was answered, by the gateway's clock; zero when the answer
	// does not say.
	answeredAt time.Time
}

// CreateOnce makes at most one invoice, whatever the network does, and returns it
// only if it is the one that was ordered. Otherwise the error is an
// *ExistingInvoiceError, an *OutcomeUnknownError, or another one that says that nothing was created.
func (e *Engine[Spec, Inv]) CreateOnce(ctx context.Context, o NewInvoice[Spec]) (Created[Inv], error) {
	a := attempt[Spec]{NewInvoice: o}
	earlier, err := e.lookUpBefore(ctx, &a)
	if err != nil {
		return Created[Inv]{}, err
	}
	if o.Adopt {
		if c, found, err := e.adopt(ctx, earlier, o); found || err != nil {
			return c, err
		}
	}
	for sent := 1; ; sent++ {
		a.started = e.now()
		c, err := e.send(ctx, a)
		var older *ExistingInvoiceError
		var doubt *mismatchError
		switch {
		case err == nil:
			return c, nil
		case errors.As(err, &older):
			return e.confirmOlder(ctx, a, older)
		case errors.As(err, &doubt), errors.Is(err, gateway.ErrOutcomeUnknown):
		case sent > 1:
			return c, &OutcomeUnknownError{Reference: o.Reference, Cause: err, Lookup: "The request was sent more than once, as the gateway had asked."}
		default:
			return c, err // it was not processed
		}
		c, lost := e.recover(ctx, a, err)
		if lost == nil || !lost.none || !mayResend(ctx, err, sent) {
			return c, asError(lost)
		}
	}
}

// asError is the error of a look-up, nil for none.
func asError(lost *OutcomeUnknownError) error {
	switch {
	case lost == nil:
		return nil
	case lost.older != nil:
		return lost.older
	default:
		return lost
	}
}

// tooManyRequests is the HTTP status of a rate limit.
const tooManyRequests = 429

// mayResend reports whether a create that a look-up did not find is sent again: it
// was probably not processed. Too many requests are waited out; another refusal,
// such as of a token, is answered only once.
func mayResend(ctx context.Context, err error, sent int) bool {
	var failed *gateway.Error
	if !errors.As(err, &failed) || !failed.Resendable || ctx.Err() != nil {
		return false
	}
	return failed.Status == tooManyRequests || sent == 1
}

// send sends a create, and binds the invoice of its answer.
func (e *Engine[Spec, Inv]) send(ctx context.Context, a attempt[Spec]) (c Created[Inv], err error) {
	inv, err := e.Client.Create(ctx, a.Spec)
	if err != nil {
		return c, err
	}
	f := e.Facts(inv)
	e.changed(f.ID)
	if !e.claims.Acquire(e.traits.Name, f.ID) {
		return c, e.taken(f, a)
	}
	c, err = e.readBack(ctx, inv, a)
	if err != nil {
		e.claims.Release(e.traits.Name, f.ID)
		return Created[Inv]{}, err
	}
	return c, nil
}

// taken is the error of an answer with an invoice that another resource has. It may
// be the other's, or the other one may have been given ours: a look-up shows it.
func (e *Engine[Spec, Inv]) taken(f gateway.Facts, a attempt[Spec]) error {
	_, finds := e.Client.(gateway.Finder[Inv])
	const reason = "another resource of this configuration has it"
	if !finds && e.mayReturnExisting(a.NewInvoice) {
		return &ExistingInvoiceError{id: f.ID, reason: reason, Taken: true}
	}
	return &mismatchError{id: f.ID, reason: reason, taken: true}
}

// readBack reads a new invoice where its answer tells too little, and verifies it.
// If it cannot be read, the answer counts.
func (e *Engine[Spec, Inv]) readBack(ctx context.Context, answer Inv, a attempt[Spec]) (c Created[Inv], err error) {
	c.Invoice = answer
	f := e.Facts(answer)
	a.answeredAt = f.AnsweredAt
	if err := e.verifyAnswer(answer, a); err != nil {
		return c, err
	}
	if e.traits.ReadBack || f.Reference == "" {
		c.Read, c.ReadError = e.Client.Get(ctx, f.ID)
		if errors.Is(c.ReadError, gateway.ErrNotFound) {
			c.Read, c.ReadError = e.readAgain(ctx, f.ID, notFoundPauses, c.ReadError)
		}
		c.WasRead = c.ReadError == nil
	}
	c.TakenOver = e.reasonNotNew(e.Facts(c.Last()), a) != ""
	return c, e.verifyCreated(c.Last(), a)
}

// lookUpBefore finds the invoices that already have the user's reference, the oldest
// first: one may be adopted, or be what the gateway answers a create with. Nobody
// else has used a reference that was generated.
func (e *Engine[Spec, Inv]) lookUpBefore(ctx context.Context, a *attempt[Spec]) ([]Inv, error) {
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok || a.Generated || !a.Adopt && !e.traits.LooksUpFirst {
		return nil, nil
	}
	invoices, err := finder.FindByReference(ctx, a.Reference, e.lookUpSince(a.NewInvoice))
	if err != nil {
		return nil, fmt.Errorf("searching for existing invoices with the same reference before creating one: %w", err)
	}
	slices.SortStableFunc(invoices, func(x, y Inv) int { return e.Facts(x).CreatedAt.Compare(e.Facts(y).CreatedAt) })
	a.lookedUp, a.before = true, e.ids(invoices)
	return invoices, nil
}

// lookUpSince is how far back older invoices matter: all of them where one may be
// what a create is answered with or is adopted, and at least those that a look-up
// after the create would take for new ones.
func (e *Engine[Spec, Inv]) lookUpSince(o NewInvoice[Spec]) time.Time {
	switch {
	case e.traits.OpenFor != nil:
		return e.now().Add(-max(e.traits.OpenFor(o.Spec), newAfterLookUp))
	case o.Adopt, e.traits.RepeatsReferences:
		return time.Time{}
	default:
		return e.now().Add(-newAfterLookUp)
	}
}

// adopt claims the oldest open invoice with the same amount and currency that
// nobody in this process has. A list may leave out what that depends on.
func (e *Engine[Spec, Inv]) adopt(ctx context.Context, earlier []Inv, o NewInvoice[Spec]) (c Created[Inv], found bool, err error) {
	for _, candidate := range earlier {
		f := e.Facts(candidate)
		if !adoptable(f) || !o.matches(f) || e.claims.Has(e.traits.Name, f.ID) {
			continue
		}
		if f.Partial || !o.equals(f) {
			if candidate, err = e.Client.Get(ctx, f.ID); errors.Is(err, gateway.ErrNotFound) {
				continue
			}
			if err != nil {
				return c, false, fmt.Errorf("reading invoice %s, a candidate for adoption: %w", f.ID, err)
			}
			f = e.Facts(candidate)
		}
		if adoptable(f) && o.equals(f) && e.claims.Acquire(e.traits.Name, f.ID) {
			e.changed(f.ID)
			c = Created[Inv]{Invoice: candidate, TakenOver: true}
			if e.traits.ReadBack {
				c.Read, c.ReadError = e.Client.Get(ctx, f.ID)
				c.WasRead = c.ReadError == nil
			}
			return c, true, nil
		}
	}
	return c, false, nil
}

// adoptable reports whether an invoice can still be paid, and nobody has begun to.
func adoptable(f gateway.Facts) bool { return f.Phase == gateway.PhaseOpen && !f.MoneyMoved }

func (e *Engine[Spec, Inv]) ids(invoices []Inv) []string {
	ids := make([]string, 0, len(invoices))
	for _, inv := range invoices {
		ids = append(ids, e.Facts(inv).ID)
	}
	return ids
}
