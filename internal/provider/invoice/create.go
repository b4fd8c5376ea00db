package invoice

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// clockTolerance is how far a gateway's clock may be behind ours, or its
	// times be rounded, for an invoice to count as made after we asked.
	clockTolerance = 5 * time.Second
	// staleAfter is how old a new invoice may seem; beyond, it is an older one.
	staleAfter = 10 * time.Minute
	// interruptedLookup bounds the one look-up after an interruption.
	interruptedLookup = 500 * time.Millisecond
	// lateLookup bounds the one look-up after the operation's time is up.
	lateLookup = 10 * time.Second
)

// lookupPauses are the waits before each look-up of a create whose answer was
// lost: a gateway's list may lag some seconds.
var lookupPauses = []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second}

// engine runs the operations of one gateway.
type engine[Spec any, Inv gateway.Invoice] struct {
	def       *Definition[Spec, Inv]
	gateway   gateway.Gateway[Spec, Inv]
	readAhead *readAhead[Inv] // nil where there is none
	claims    *claims
	now       func() time.Time
	pause     func(context.Context, time.Duration) error
}

// refresh reads an invoice for a refresh, which may be served from a list. All
// other reads ask the gateway for the invoice itself.
func (e *engine[Spec, Inv]) refresh(ctx context.Context, id string, created time.Time) (Inv, error) {
	if e.readAhead == nil {
		return e.gateway.Get(ctx, id)
	}
	return e.readAhead.get(ctx, id, created)
}

// changed notes that this process has made or changed an invoice.
func (e *engine[Spec, Inv]) changed(id string) {
	if e.readAhead != nil {
		e.readAhead.forget(id)
	}
}

// order is one invoice to make.
type order[Spec any] struct {
	spec      Spec
	reference string
	// generated says that nobody else can have used the reference.
	generated bool
	amount    gateway.Money
	currency  string
	adopt     bool
}

// newReference makes a reference that nobody else has: 26 characters of
// lower-case base 32 hold 130 random bits.
func newReference() string { return "tf-" + strings.ToLower(rand.Text()) }

// createOnce makes at most one invoice, whatever the network does.
func (e *engine[Spec, Inv]) createOnce(ctx context.Context, o order[Spec]) (Inv, error) {
	var none Inv
	earlier, err := e.earlier(ctx, o)
	if err != nil {
		return none, err
	}
	if o.adopt {
		if inv, found := e.adopt(earlier, o); found {
			return inv, nil
		}
	}
	started := e.now()
	inv, err := e.gateway.Create(ctx, o.spec)
	switch {
	case err == nil:
		return inv, e.accept(inv, o, e.ids(earlier), started)
	case errors.Is(err, gateway.ErrOutcomeUnknown):
		return e.recover(ctx, o, started, err)
	default:
		return none, err
	}
}

// earlier are the invoices that already have the user's reference: one may be
// adopted, or be what the gateway answers a create with. Nobody else has used a
// reference that was generated.
func (e *engine[Spec, Inv]) earlier(ctx context.Context, o order[Spec]) ([]Inv, error) {
	finder, ok := e.gateway.(gateway.Finder[Inv])
	if !ok || o.generated || !o.adopt && !e.def.RepeatsReferences {
		return nil, nil
	}
	invoices, err := finder.FindByReference(ctx, o.reference, e.now().Add(-e.def.OpenFor(o.spec)))
	if err != nil {
		return nil, fmt.Errorf("looking for older invoices with the same reference, before creating one: %w", err)
	}
	now := e.now()
	slices.SortStableFunc(invoices, func(a, b Inv) int { return a.Facts(now).CreatedAt.Compare(b.Facts(now).CreatedAt) })
	return invoices, nil
}

// adopt claims the oldest open invoice with the same amount and currency that
// nobody in this process has.
func (e *engine[Spec, Inv]) adopt(earlier []Inv, o order[Spec]) (inv Inv, found bool) {
	for _, candidate := range earlier {
		f := candidate.Facts(e.now())
		if f.Phase == gateway.PhaseOpen && o.matches(f) && e.claims.take(e.def.Name, f.ID) {
			return candidate, true
		}
	}
	return inv, false
}

// matches reports whether an invoice is what was ordered, as far as it says.
func (o order[Spec]) matches(f gateway.Facts) bool {
	return (f.Amount.IsZero() || f.Amount.Equal(o.amount)) &&
		(f.Currency == "" || strings.EqualFold(f.Currency, o.currency))
}

func (e *engine[Spec, Inv]) ids(invoices []Inv) []string {
	ids := make([]string, 0, len(invoices))
	for _, inv := range invoices {
		ids = append(ids, inv.Facts(e.now()).ID)
	}
	return ids
}

// olderError says that a create was answered with an invoice that is not new.
type olderError struct {
	facts  gateway.Facts
	reason string
	taken  bool // by another resource of the configuration
}

func (e *olderError) Error() string {
	return fmt.Sprintf("the gateway answered with invoice %s, which is not a new one: %s", e.facts.ID, e.reason)
}

// accept checks that a created invoice is ours, where the gateway may answer
// with an older one. An older one is ours only if it may be adopted.
func (e *engine[Spec, Inv]) accept(inv Inv, o order[Spec], earlier []string, started time.Time) error {
	f := inv.Facts(e.now())
	mine := e.claims.take(e.def.Name, f.ID)
	if !e.def.RepeatsReferences || o.generated {
		return nil
	}
	old := slices.Contains(earlier, f.ID) || !f.CreatedAt.IsZero() && f.CreatedAt.Before(started.Add(-staleAfter))
	switch {
	case !mine:
		return &olderError{facts: f, reason: "another resource of this configuration has it", taken: true}
	case !o.matches(f):
		return &olderError{facts: f, reason: fmt.Sprintf("it is about %s %s, not %s %s", f.Amount, f.Currency, o.amount, o.currency)}
	case f.Phase.Closed(), old && f.Phase != gateway.PhaseOpen:
		return &olderError{facts: f, reason: fmt.Sprintf("it is %s", f.Phase)}
	case old && !o.adopt:
		return &olderError{facts: f, reason: "it existed before"}
	}
	return nil
}

// lostError says that a create has an unknown outcome, and what is known.
type lostError struct {
	reference  string
	candidates []string
	lookup     string
	cause      error
}

func (e *lostError) Error() string { return e.cause.Error() }
func (e *lostError) Unwrap() error { return e.cause }

// recover finds the invoice of a create whose answer was lost. One invoice that
// can only be ours is the invoice; anything else leaves the outcome unknown.
// The create is never sent again.
func (e *engine[Spec, Inv]) recover(ctx context.Context, o order[Spec], started time.Time, cause error) (Inv, error) {
	var none Inv
	finder, ok := e.gateway.(gateway.Finder[Inv])
	if !ok {
		return none, &lostError{reference: o.reference, cause: cause, lookup: "This gateway cannot look an invoice up by its reference."}
	}
	lookupCtx, pauses, cancel := lookupContext(ctx)
	defer cancel()
	lost := &lostError{reference: o.reference, cause: cause}
	for _, pause := range pauses {
		if err := e.pause(lookupCtx, pause); err != nil {
			break
		}
		invoices, err := finder.FindByReference(lookupCtx, o.reference, started)
		if err != nil {
			lost.lookup = fmt.Sprintf("Looking it up failed as well: %v.", err)
			if errors.Is(err, gateway.ErrUnavailable) {
				continue
			}
			break // it would fail the same way again
		}
		certain, doubtful := e.sift(invoices, o, started)
		if len(certain) == 1 && e.claims.take(e.def.Name, certain[0].Facts(e.now()).ID) {
			return certain[0], nil
		}
		lost.lookup = "Looking it up by its reference did not find it."
		if lost.candidates = append(e.ids(certain), e.ids(doubtful)...); len(lost.candidates) > 0 {
			lost.lookup = "Looking it up by its reference found what may or may not be it: " + strings.Join(lost.candidates, ", ") + "."
		}
		if len(certain) > 1 {
			break
		}
	}
	return none, lost
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

// sift sorts found invoices into those that can only be the ordered one, and
// those that somebody else may have made shortly before with the same
// reference. What is over without a payment cannot have been made just now.
func (e *engine[Spec, Inv]) sift(invoices []Inv, o order[Spec], started time.Time) (certain, doubtful []Inv) {
	for _, inv := range invoices {
		f := inv.Facts(e.now())
		switch {
		case !o.matches(f), f.Phase.Closed() && !f.Phase.MoneyMoved(), e.claims.has(e.def.Name, f.ID):
			continue
		case !o.generated && f.CreatedAt.Before(started.Add(-clockTolerance)):
			doubtful = append(doubtful, inv)
		default:
			certain = append(certain, inv)
		}
	}
	return certain, doubtful
}
