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

// refreshWithin refreshes a resource's invoice in the time that it may take.
func (e *engine[Spec, Inv]) refreshWithin(ctx context.Context, model Model[Spec, Inv]) (Inv, error) {
	timeout, diags := model.Local().Timeouts.Read(ctx, DefaultReadTimeout)
	if diags.HasError() {
		// Validation refuses such a text; a state that is edited may have it.
		timeout = DefaultReadTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return e.refresh(ctx, model.Shared().ID.ValueString(), createdAt(model.Shared()))
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
// check judges a reading of the invoice, which tells more than the answer to the
// create: it may show an older one. It is nil where there is no doubt.
func (e *engine[Spec, Inv]) createOnce(ctx context.Context, o order[Spec]) (inv Inv, check func(read Inv, failed error) error, err error) {
	earlier, err := e.earlier(ctx, o)
	if err != nil {
		return inv, nil, err
	}
	if o.adopt {
		if inv, found, err := e.adopt(ctx, earlier, o); found || err != nil {
			return inv, nil, err
		}
	}
	started := e.now()
	inv, err = e.gateway.Create(ctx, o.spec)
	switch {
	case err == nil:
		id := inv.Facts(e.now()).ID
		if !e.claims.take(e.def.Name, id) {
			return inv, nil, &olderError{id: id, reason: "another resource of this configuration has it", taken: true}
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
func (e *engine[Spec, Inv]) earlier(ctx context.Context, o order[Spec]) ([]Inv, error) {
	finder, ok := e.gateway.(gateway.Finder[Inv])
	if !ok || o.generated || !o.adopt && !e.def.RepeatsReferences {
		return nil, nil
	}
	var since time.Time
	if e.def.OpenFor != nil {
		since = e.now().Add(-e.def.OpenFor(o.spec))
	}
	invoices, err := finder.FindByReference(ctx, o.reference, since)
	if err != nil {
		return nil, fmt.Errorf("looking for older invoices with the same reference, before creating one: %w", err)
	}
	now := e.now()
	slices.SortStableFunc(invoices, func(a, b Inv) int { return a.Facts(now).CreatedAt.Compare(b.Facts(now).CreatedAt) })
	return invoices, nil
}

// attempt is a create that was answered.
type attempt[Spec any] struct {
	order[Spec]
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
func (e *engine[Spec, Inv]) attempted(inv Inv, o order[Spec], earlier []string, started time.Time) attempt[Spec] {
	a := attempt[Spec]{order: o, earlier: earlier, began: started, tolerance: staleAfter, open: pending(inv)}
	if answered := inv.Facts(e.now()).AnsweredAt; !answered.IsZero() {
		a.began, a.tolerance = answered.Add(started.Sub(e.now())), answeredAfter
	}
	return a
}

// judge accepts the invoice that a create was answered with, or refuses it, and
// gives it free for its owner. check judges it again when it is read: where the
// answer says too little, only then. If that reading fails, the answer counts.
func (e *engine[Spec, Inv]) judge(inv Inv, a attempt[Spec]) (check func(read Inv, failed error) error, err error) {
	f := inv.Facts(e.now())
	settle := func(refused error) error {
		if refused != nil {
			e.claims.release(e.def.Name, f.ID)
		}
		return refused
	}
	seemed := e.accept(inv, a)
	if seemed != nil && !(e.def.ReadBack && f.CreatedAt.IsZero()) {
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
func (e *engine[Spec, Inv]) adopt(ctx context.Context, earlier []Inv, o order[Spec]) (inv Inv, found bool, err error) {
	for _, candidate := range earlier {
		f := candidate.Facts(e.now())
		if f.Phase != gateway.PhaseOpen || !o.matches(f) || e.claims.has(e.def.Name, f.ID) {
			continue
		}
		if f.Partial || !o.certain(f) {
			if candidate, err = e.gateway.Get(ctx, f.ID); errors.Is(err, gateway.ErrNotFound) {
				continue
			}
			if err != nil {
				return inv, false, fmt.Errorf("reading invoice %s, which may be adopted: %w", f.ID, err)
			}
			f = candidate.Facts(e.now())
		}
		if f.Phase == gateway.PhaseOpen && o.certain(f) && e.claims.take(e.def.Name, f.ID) {
			return candidate, true, nil
		}
	}
	return inv, false, nil
}

// certain reports whether an invoice says to be what was ordered.
func (o order[Spec]) certain(f gateway.Facts) bool {
	f = f.In(o.currency)
	amount, currency := f.Amount, f.Currency
	if amount.IsZero() {
		amount, currency = f.OriginalAmount, f.OriginalCurrency
	}
	return amount.Equal(o.amount) && strings.EqualFold(currency, o.currency)
}

// matches reports whether an invoice is what was ordered, as far as it says.
func (o order[Spec]) matches(f gateway.Facts) bool {
	f = f.In(o.currency)
	return (f.Amount.IsZero() || f.Amount.Equal(o.amount)) &&
		(f.Currency == "" || strings.EqualFold(f.Currency, o.currency))
}

// rounded reports whether an invoice is what was ordered, with an amount that was
// rounded.
func (o order[Spec]) rounded(f gateway.Facts) bool {
	f = f.In(o.currency)
	return o.amount.RoundsTo(f.Amount) && strings.EqualFold(f.Currency, o.currency)
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
	id     string
	reason string
	taken  bool // by another resource of the configuration
}

func (e *olderError) Error() string {
	return fmt.Sprintf("the gateway answered with invoice %s, which is not a new one: %s", e.id, e.reason)
}

// repeats reports whether the gateway may answer the create with an older
// invoice.
func (e *engine[Spec, Inv]) repeats(o order[Spec]) bool {
	return e.def.RepeatsReferences && !o.generated
}

// newness says whether an invoice was made by a create.
type newness int

const (
	fresh newness = iota
	uncertain
	older
)

// age judges when an invoice was made that a create was answered with.
func (e *engine[Spec, Inv]) age(f gateway.Facts, a attempt[Spec]) newness {
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
func (e *engine[Spec, Inv]) mayTakeOver(o order[Spec]) bool {
	_, finds := e.gateway.(gateway.Finder[Inv])
	return o.adopt || !finds
}

// tookOlder reports whether a create that began at a time was answered with an
// older invoice, although the configuration does not speak of one.
func (e *engine[Spec, Inv]) tookOlder(inv Inv, o order[Spec], started time.Time) bool {
	return e.repeats(o) && !o.adopt && e.age(inv.Facts(e.now()), e.attempted(inv, o, nil, started)) == older
}

// accept checks that an invoice is ours, where the gateway may answer a create
// with an older one. An older one is ours only if it may be taken over. Of a new one
// the gateway may have rounded the amount. What is over only by our clock may be
// new.
func (e *engine[Spec, Inv]) accept(inv Inv, a attempt[Spec]) error {
	if !e.repeats(a.order) {
		return nil
	}
	f := inv.Facts(e.now())
	age := e.age(f, a)
	refuse := func(format string, args ...any) error {
		return &olderError{id: f.ID, reason: fmt.Sprintf(format, args...)}
	}
	switch {
	case !a.matches(f) && !((age == fresh || f.CreatedAt.IsZero()) && a.rounded(f)):
		return refuse("it is about %s %s, not %s %s", f.Amount, f.Currency, a.amount, a.currency)
	case e.def.Differs != nil && e.def.Differs(a.spec, inv) != "":
		return refuse("it has %s", e.def.Differs(a.spec, inv))
	case f.Phase.Closed() && !pending(inv) && !a.mayHaveEnded(age),
		age == older && f.Phase != gateway.PhaseOpen && f.Status != "":
		return refuse("it is %s", f.Phase)
	case age == older && !e.mayTakeOver(a.order) && slices.Contains(a.earlier, f.ID):
		return refuse("it existed before")
	case age == older && !e.mayTakeOver(a.order):
		return refuse("it says that it was made at %s, before it was asked for", gateway.FormatTime(f.CreatedAt))
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
func (e *engine[Spec, Inv]) recover(ctx context.Context, o order[Spec], earlier []string, started time.Time, cause error) (Inv, error) {
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
		certain, doubtful := e.sift(invoices, o, earlier, started)
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
// reference. What is over without a payment cannot have been made just now, nor
// what was there before.
func (e *engine[Spec, Inv]) sift(invoices []Inv, o order[Spec], earlier []string, started time.Time) (certain, doubtful []Inv) {
	for _, inv := range invoices {
		f := inv.Facts(e.now())
		switch {
		case slices.Contains(earlier, f.ID), !o.matches(f), f.Phase.Closed() && !f.Phase.MoneyMoved(), e.claims.has(e.def.Name, f.ID):
			continue
		case !o.generated && f.CreatedAt.Before(started.Add(-lostTolerance)):
			doubtful = append(doubtful, inv)
		default:
			certain = append(certain, inv)
		}
	}
	return certain, doubtful
}
