package engine

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
	// times be rounded, for an invoice to count as made after we asked, where the
	// gateway may answer with an older one. lostTolerance is the same for one that
	// is looked up.
	clockTolerance = 5 * time.Second
	lostTolerance  = 2 * time.Minute
	// staleAfter is how old a new invoice may seem, going by our clock; beyond, it
	// is an older one. answeredAfter is the same by the gateway's clock.
	staleAfter    = 10 * time.Minute
	answeredAfter = time.Minute
	// interruptedLookup bounds the one look-up after an interruption.
	interruptedLookup = 500 * time.Millisecond
	// lateLookup bounds the one look-up after the operation's time is up.
	lateLookup = 10 * time.Second
)

// lookupPauses are the waits before each look-up of a create whose answer was
// lost: a gateway's list may lag some seconds.
var lookupPauses = []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second}

// Order is one invoice to make.
type Order[Spec any] struct {
	Spec      Spec
	Reference string
	// Generated says that nobody else can have used the reference.
	Generated bool
	Amount    gateway.Money
	Currency  string
	// Adopt takes over an open invoice that is the same.
	Adopt bool
}

// NewReference makes a reference that nobody else has: 26 characters of
// lower-case base 32 hold 130 random bits.
func NewReference() string { return "tf-" + strings.ToLower(rand.Text()) }

// CreateOnce makes at most one invoice, whatever the network does.
// check judges a reading of the invoice, which tells more than the answer to the
// create: it may show an older one. It is nil where there is no doubt.
func (e *Engine[Spec, Inv]) CreateOnce(ctx context.Context, o Order[Spec]) (inv Inv, check func(read Inv, failed error) error, err error) {
	defer func() {
		if err == nil {
			e.changed(e.Facts(inv).ID)
		}
	}()
	earlier, err := e.earlier(ctx, o)
	if err != nil {
		return inv, nil, err
	}
	if o.Adopt {
		if inv, found, err := e.adopt(ctx, earlier, o); found || err != nil {
			return inv, nil, err
		}
	}
	started := e.now()
	inv, err = e.Client.Create(ctx, o.Spec)
	switch {
	case err == nil:
		id := inv.Facts(e.now()).ID
		if !e.claims.Take(e.traits.Name, id) {
			return inv, nil, &OlderError{id: id, reason: "another resource of this configuration has it", Taken: true}
		}
		check, err = e.judge(inv, e.attempted(inv, o, e.ids(earlier), started))
		return inv, check, err
	case errors.Is(err, gateway.ErrOutcomeUnknown):
		inv, err = e.recover(ctx, o, e.ids(earlier), started, err)
		return inv, nil, err
	default:
		return inv, nil, err
	}
}

// earlier are the invoices that already have the user's reference: one may be
// adopted, or be what the gateway answers a create with. Nobody else has used a
// reference that was generated.
func (e *Engine[Spec, Inv]) earlier(ctx context.Context, o Order[Spec]) ([]Inv, error) {
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok || o.Generated || !o.Adopt && !e.traits.RepeatsReferences {
		return nil, nil
	}
	var since time.Time
	if e.traits.OpenFor != nil {
		since = e.now().Add(-e.traits.OpenFor(o.Spec))
	}
	invoices, err := finder.FindByReference(ctx, o.Reference, since)
	if err != nil {
		return nil, fmt.Errorf("looking for older invoices with the same reference, before creating one: %w", err)
	}
	now := e.now()
	slices.SortStableFunc(invoices, func(a, b Inv) int { return a.Facts(now).CreatedAt.Compare(b.Facts(now).CreatedAt) })
	return invoices, nil
}

// attempt is a create that was answered.
type attempt[Spec any] struct {
	Order[Spec]
	earlier []string // the invoices that were there before
	// began is when it began, by the gateway's clock where that is known, and
	// tolerance is how far the gateway's dates may be before it all the same.
	began     time.Time
	tolerance time.Duration
	// open says that the answer called the invoice unpaid, and read that it has been
	// read since: what is over by then may have ended meanwhile.
	open, read bool
}

// mayHaveEnded reports whether an invoice of this age was open when it was made.
func (a attempt[Spec]) mayHaveEnded(age newness) bool {
	return a.read && (age == fresh || age == uncertain && a.open)
}

// attempted is a create that began at a time and was answered just now.
func (e *Engine[Spec, Inv]) attempted(inv Inv, o Order[Spec], earlier []string, started time.Time) attempt[Spec] {
	a := attempt[Spec]{Order: o, earlier: earlier, began: started, tolerance: staleAfter, open: Pending(inv)}
	if answered := inv.Facts(e.now()).AnsweredAt; !answered.IsZero() {
		a.began, a.tolerance = answered.Add(started.Sub(e.now())), answeredAfter
	}
	return a
}

// judge accepts the invoice that a create was answered with, or refuses it, and
// gives it free for its owner. check judges it again when it is read: where the
// answer says too little, only then. If that reading fails, the answer counts.
func (e *Engine[Spec, Inv]) judge(inv Inv, a attempt[Spec]) (check func(read Inv, failed error) error, err error) {
	f := inv.Facts(e.now())
	settle := func(refused error) error {
		if refused != nil {
			e.claims.Release(e.traits.Name, f.ID)
		}
		return refused
	}
	seemed := e.accept(inv, a)
	if seemed != nil && !(e.traits.ReadBack && f.CreatedAt.IsZero()) {
		return nil, settle(seemed)
	}
	return func(read Inv, failed error) error {
		if failed != nil {
			return settle(seemed)
		}
		a.read = true
		return settle(e.accept(read, a))
	}, nil
}

// adopt claims the oldest open invoice with the same amount and currency that
// nobody in this process has. A list may leave out what that depends on.
func (e *Engine[Spec, Inv]) adopt(ctx context.Context, earlier []Inv, o Order[Spec]) (inv Inv, found bool, err error) {
	for _, candidate := range earlier {
		f := candidate.Facts(e.now())
		if f.Phase != gateway.PhaseOpen || !o.matches(f) || e.claims.Has(e.traits.Name, f.ID) {
			continue
		}
		if f.Partial || !o.certain(f) {
			if candidate, err = e.Client.Get(ctx, f.ID); errors.Is(err, gateway.ErrNotFound) {
				continue
			}
			if err != nil {
				return inv, false, fmt.Errorf("reading invoice %s, which may be adopted: %w", f.ID, err)
			}
			f = candidate.Facts(e.now())
		}
		if f.Phase == gateway.PhaseOpen && o.certain(f) && e.claims.Take(e.traits.Name, f.ID) {
			return candidate, true, nil
		}
	}
	return inv, false, nil
}

// certain reports whether an invoice says to be what was ordered.
func (o Order[Spec]) certain(f gateway.Facts) bool {
	f = f.In(o.Currency)
	amount, currency := f.Amount, f.Currency
	if amount.IsZero() {
		amount, currency = f.OriginalAmount, f.OriginalCurrency
	}
	return amount.Equal(o.Amount) && strings.EqualFold(currency, o.Currency)
}

// matches reports whether an invoice is what was ordered, as far as it says.
func (o Order[Spec]) matches(f gateway.Facts) bool {
	f = f.In(o.Currency)
	return (f.Amount.IsZero() || f.Amount.Equal(o.Amount)) &&
		(f.Currency == "" || strings.EqualFold(f.Currency, o.Currency))
}

// rounded reports whether an invoice is what was ordered, with an amount that was
// rounded.
func (o Order[Spec]) rounded(f gateway.Facts) bool {
	f = f.In(o.Currency)
	return o.Amount.RoundsTo(f.Amount) && strings.EqualFold(f.Currency, o.Currency)
}

func (e *Engine[Spec, Inv]) ids(invoices []Inv) []string {
	ids := make([]string, 0, len(invoices))
	for _, inv := range invoices {
		ids = append(ids, inv.Facts(e.now()).ID)
	}
	return ids
}

// OlderError says that a create was answered with an invoice that is not new.
type OlderError struct {
	id     string
	reason string
	// Taken says that another resource of the configuration has it.
	Taken bool
}

func (e *OlderError) Error() string {
	return fmt.Sprintf("the gateway answered with invoice %s, which is not a new one: %s", e.id, e.reason)
}

// repeats reports whether the gateway may answer the create with an older
// invoice.
func (e *Engine[Spec, Inv]) repeats(o Order[Spec]) bool {
	return e.traits.RepeatsReferences && !o.Generated
}

// newness says whether an invoice was made by a create.
type newness int

const (
	fresh newness = iota
	uncertain
	older
)

// age judges when an invoice was made that a create was answered with.
func (e *Engine[Spec, Inv]) age(f gateway.Facts, a attempt[Spec]) newness {
	switch {
	case slices.Contains(a.earlier, f.ID):
		return older
	case f.CreatedAt.IsZero():
		return uncertain
	case f.CreatedAt.Before(a.began.Add(-a.tolerance)):
		return older
	case f.CreatedAt.Before(a.began.Add(-clockTolerance)):
		return uncertain
	default:
		return fresh
	}
}

// mayTakeOver reports whether an older invoice that is open and about the same is
// what was ordered: with adopt_existing, and where nobody can look for one before
// the create, so that the gateway's own word for the same order is all there is.
func (e *Engine[Spec, Inv]) mayTakeOver(o Order[Spec]) bool {
	_, finds := e.Client.(gateway.Finder[Inv])
	return o.Adopt || !finds
}

// TookOlder reports whether a create that began at a time was answered with an
// older invoice, although the configuration does not speak of one.
func (e *Engine[Spec, Inv]) TookOlder(inv Inv, o Order[Spec], started time.Time) bool {
	return e.repeats(o) && !o.Adopt && e.age(inv.Facts(e.now()), e.attempted(inv, o, nil, started)) == older
}

// accept checks that an invoice is ours, where the gateway may answer a create
// with an older one. An older one is ours only if it may be taken over. Of a new one
// the gateway may have rounded the amount. What is over only by our clock may be
// new.
func (e *Engine[Spec, Inv]) accept(inv Inv, a attempt[Spec]) error {
	if !e.repeats(a.Order) {
		return nil
	}
	f := inv.Facts(e.now())
	age := e.age(f, a)
	refuse := func(format string, args ...any) error {
		return &OlderError{id: f.ID, reason: fmt.Sprintf(format, args...)}
	}
	switch {
	case !a.matches(f) && !((age == fresh || f.CreatedAt.IsZero()) && a.rounded(f)):
		return refuse("it is about %s %s, not %s %s", f.Amount, f.Currency, a.Amount, a.Currency)
	case e.traits.Differs != nil && e.traits.Differs(a.Spec, inv) != "":
		return refuse("it has %s", e.traits.Differs(a.Spec, inv))
	case f.Phase.Closed() && !Pending(inv) && !a.mayHaveEnded(age),
		age == older && f.Phase != gateway.PhaseOpen && f.Status != "":
		return refuse("it is %s", f.Phase)
	case age == older && !e.mayTakeOver(a.Order) && slices.Contains(a.earlier, f.ID):
		return refuse("it existed before")
	case age == older && !e.mayTakeOver(a.Order):
		return refuse("it says that it was made at %s, before it was asked for", gateway.FormatTime(f.CreatedAt))
	}
	return nil
}

// LostError says that a create has an unknown outcome, and what is known.
type LostError struct {
	Reference  string
	candidates []string
	// Lookup says what became of looking it up.
	Lookup string
	Cause  error
}

func (e *LostError) Error() string { return e.Cause.Error() }
func (e *LostError) Unwrap() error { return e.Cause }

// recover finds the invoice of a create whose answer was lost. One invoice that
// can only be ours is the invoice; anything else leaves the outcome unknown.
// The create is never sent again.
func (e *Engine[Spec, Inv]) recover(ctx context.Context, o Order[Spec], earlier []string, started time.Time, cause error) (Inv, error) {
	var none Inv
	finder, ok := e.Client.(gateway.Finder[Inv])
	if !ok {
		return none, &LostError{Reference: o.Reference, Cause: cause, Lookup: "This gateway cannot look an invoice up by its reference."}
	}
	lookupCtx, pauses, cancel := lookupContext(ctx)
	defer cancel()
	lost := &LostError{Reference: o.Reference, Cause: cause}
	for _, pause := range pauses {
		if err := e.pause(lookupCtx, pause); err != nil {
			break
		}
		invoices, err := finder.FindByReference(lookupCtx, o.Reference, started)
		if err != nil {
			lost.Lookup = fmt.Sprintf("Looking it up failed as well: %v.", err)
			if errors.Is(err, gateway.ErrUnavailable) {
				continue
			}
			break // it would fail the same way again
		}
		certain, doubtful := e.sift(invoices, o, earlier, started)
		if len(certain) == 1 && e.claims.Take(e.traits.Name, certain[0].Facts(e.now()).ID) {
			return certain[0], nil
		}
		lost.Lookup = "Looking it up by its reference did not find it."
		if lost.candidates = append(e.ids(certain), e.ids(doubtful)...); len(lost.candidates) > 0 {
			lost.Lookup = "Looking it up by its reference found what may or may not be it: " + strings.Join(lost.candidates, ", ") + "."
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
// reference. What is over without a payment cannot have been made just now, nor
// what was there before.
func (e *Engine[Spec, Inv]) sift(invoices []Inv, o Order[Spec], earlier []string, started time.Time) (certain, doubtful []Inv) {
	for _, inv := range invoices {
		f := inv.Facts(e.now())
		switch {
		case slices.Contains(earlier, f.ID), !o.matches(f), f.Phase.Closed() && !f.Phase.MoneyMoved(), e.claims.Has(e.traits.Name, f.ID):
			continue
		case !o.Generated && f.CreatedAt.Before(started.Add(-lostTolerance)):
			doubtful = append(doubtful, inv)
		default:
			certain = append(certain, inv)
		}
	}
	return certain, doubtful
}
