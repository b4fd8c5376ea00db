package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// CreateResult is the result of a create.
type CreateResult[Inv any] struct {
	// Invoice is the invoice in the response, or the one that was found.
	Invoice Inv
	// Read is the invoice that was read back, if WasRead is true.
	Read    Inv
	WasRead bool
	// ReadError is why it could not be read back, if it should have been.
	ReadError error
	// TakenOver says that the invoice is not new.
	TakenOver bool
}

// Last returns the last reading of the invoice.
func (c CreateResult[Inv]) Last() Inv {
	if c.WasRead {
		return c.Read
	}
	return c.Invoice
}

// attempt is a create that was sent.
type attempt[Spec any] struct {
	CreateRequest[Spec]
	// lookedUp says that the reference was looked up before the create, and before are
	// the ids that were found.
	lookedUp bool
	before   []string
	// started is when the create was sent.
	started time.Time
	// respondedAt is when the gateway responded, by its own clock; zero if the response
	// has no date.
	respondedAt time.Time
}

// CreateOnce creates at most one invoice, whatever the network does, and returns it
// only if it is the requested one. Otherwise the error is an *ExistingInvoiceError, an
// *OutcomeUnknownError, or one that means that nothing was created.
func (e *Engine[Spec, Inv]) CreateOnce(ctx context.Context, o CreateRequest[Spec]) (CreateResult[Inv], error) {
	a := attempt[Spec]{CreateRequest: o}
	earlier, err := e.lookUpBefore(ctx, &a)
	if err != nil {
		return CreateResult[Inv]{}, err
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

// asError returns the error of a look-up; nil if there is none.
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

// mayResend reports whether to send a create again that was probably not processed and
// that a look-up did not find. A 429 may be followed by any number of creates; another
// refusal, such as of a token, by only one.
func mayResend(ctx context.Context, err error, sent int) bool {
	var failed *gateway.Error
	if !errors.As(err, &failed) || !failed.Resendable || ctx.Err() != nil {
		return false
	}
	return failed.Status == tooManyRequests || sent == 1
}

// send sends a create, and claims and verifies the invoice in the response.
func (e *Engine[Spec, Inv]) send(ctx context.Context, a attempt[Spec]) (c CreateResult[Inv], err error) {
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
		return CreateResult[Inv]{}, err
	}
	return c, nil
}

// taken returns the error for a response with an invoice that another resource has. It
// may be the other resource's, or that one may have been given ours: a look-up shows
// which.
func (e *Engine[Spec, Inv]) taken(f gateway.Facts, a attempt[Spec]) error {
	_, finds := e.Client.(gateway.Finder[Inv])
	const reason = "another resource of this configuration has it"
	if !finds && e.mayReturnExisting(a.CreateRequest) {
		return &ExistingInvoiceError{id: f.ID, reason: reason, Taken: true}
	}
	return &mismatchError{id: f.ID, reason: reason, taken: true}
}

// readBack reads a new invoice if its response is incomplete, and verifies it. If it
// cannot be read, the response counts.
func (e *Engine[Spec, Inv]) readBack(ctx context.Context, created Inv, a attempt[Spec]) (c CreateResult[Inv], err error) {
	c.Invoice = created
	f := e.Facts(created)
	a.respondedAt = f.RespondedAt
	if err := e.verifyResponse(created, a); err != nil {
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

// lookUpBefore finds the invoices that already have the user's reference, oldest first:
// one may be adopted, or be returned by the gateway for a create. A generated reference
// is not looked up, because nobody else has used it.
func (e *Engine[Spec, Inv]) lookUpBefore(ctx context.Context, a *attempt[Spec]) ([]Inv, error) {
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok || a.Generated || !a.Adopt && !e.traits.LooksUpFirst {
		return nil, nil
	}
	invoices, err := finder.FindByReference(ctx, a.Reference, e.lookUpSince(a.CreateRequest))
	if err != nil {
		return nil, fmt.Errorf("searching for existing invoices with the same reference before creating one: %w", err)
	}
	slices.SortStableFunc(invoices, func(x, y Inv) int { return e.Facts(x).CreatedAt.Compare(e.Facts(y).CreatedAt) })
	a.lookedUp, a.before = true, e.ids(invoices)
	return invoices, nil
}

// lookUpSince returns how far back older invoices matter: without limit if one may be
// adopted or returned for a create, and otherwise at least as far as a look-up after
// the create would take one for new.
func (e *Engine[Spec, Inv]) lookUpSince(o CreateRequest[Spec]) time.Time {
	switch {
	case e.traits.OpenFor != nil:
		return e.now().Add(-max(e.traits.OpenFor(o.Spec), newAfterLookUp))
	case o.Adopt, e.traits.RepeatsReferences:
		return time.Time{}
	default:
		return e.now().Add(-newAfterLookUp)
	}
}

// adopt claims the oldest open and unclaimed invoice with the same amount and currency.
// A row of a list may lack what that depends on.
func (e *Engine[Spec, Inv]) adopt(ctx context.Context, earlier []Inv, o CreateRequest[Spec]) (c CreateResult[Inv], found bool, err error) {
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
			c = CreateResult[Inv]{Invoice: candidate, TakenOver: true}
			if e.traits.ReadBack {
				c.Read, c.ReadError = e.Client.Get(ctx, f.ID)
				c.WasRead = c.ReadError == nil
			}
			return c, true, nil
		}
	}
	return c, false, nil
}

// adoptable reports whether an invoice can still be paid, and no payment has started.
func adoptable(f gateway.Facts) bool { return f.Phase == gateway.PhaseOpen && !f.MoneyMoved }

func (e *Engine[Spec, Inv]) ids(invoices []Inv) []string {
	ids := make([]string, 0, len(invoices))
	for _, inv := range invoices {
		ids = append(ids, e.Facts(inv).ID)
	}
	return ids
}
