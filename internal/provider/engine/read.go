package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// notFoundGrace is how old an invoice has to be for "not found" to count: reads may
	// lag behind a create.
	notFoundGrace = 2 * time.Minute
	// accountValidity is how long parallel reads share the answer about an account.
	accountValidity = 5 * time.Second
)

// notFoundPauses are the waits before each further reading of a young invoice that was
// not found.
var notFoundPauses = []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second}

// StoredInvoice is what the state holds of an invoice.
type StoredInvoice struct {
	ID string
	// Recorded is where it was made; nil in a state of an older version, and after
	// an import.
	Recorded *Provenance
	// Attributes is what the state's attributes say.
	Attributes Identity
}

// identity is all that is known of the invoice's identity.
func (k StoredInvoice) identity() Identity {
	if k.Recorded == nil {
		return k.Attributes
	}
	return k.Recorded.or(k.Attributes)
}

// ErrGone says that an invoice no longer exists: the gateway says so, and it is
// proved that the gateway said it about this invoice.
var ErrGone = errors.New("the gateway no longer has the invoice")

// EnvironmentMismatchError says that the provider is not where the invoice was made.
type EnvironmentMismatchError struct {
	// Account says that the account is another one; otherwise one of the two places
	// is the sandbox.
	Account  bool
	From, To string
}

// Error names both places.
func (e *EnvironmentMismatchError) Error() string {
	if e.Account {
		return fmt.Sprintf("it was created at %s with the credentials of another account than the one configured for %s", e.From, e.To)
	}
	return fmt.Sprintf("it was created in another environment: it belongs to %s, but the provider is configured for %s", e.From, e.To)
}

// AnotherInvoiceError says that the gateway has another invoice under the same id.
type AnotherInvoiceError struct {
	// Difference is what differs, such as `the reference "a", not "b"`.
	Difference string
}

// Error says what differs.
func (e *AnotherInvoiceError) Error() string {
	return "the gateway has another invoice under this id: it has " + e.Difference
}

// UnconfirmedNotFoundError says that "not found" was answered, and why that proves nothing.
type UnconfirmedNotFoundError struct {
	Reason string
	Cause  error
}

// Error says why the answer proves nothing.
func (e *UnconfirmedNotFoundError) Error() string {
	return fmt.Sprintf("%v, which does not prove that the invoice no longer exists: %s", e.Cause, e.Reason)
}

// Unwrap gives the answer.
func (e *UnconfirmedNotFoundError) Unwrap() error { return e.Cause }

// CheckPlace reports whether the provider is where an invoice was made. It makes no
// request. The error is an
// *EnvironmentMismatchError.
func (e *Engine[Spec, Inv]) CheckPlace(k StoredInvoice) error {
	if k.Recorded == nil {
		return nil
	}
	switch m := k.Recorded.changeTo(e.place); m {
	case sandboxChanged, accountChanged:
		return &EnvironmentMismatchError{
			Account: m == accountChanged,
			From:    placeName(k.Recorded.Sandbox, k.Recorded.Endpoint), To: e.place.Name(),
		}
	default:
		return nil
	}
}

// Read reads the invoice of a state from the gateway itself. ErrGone is proved;
// *EnvironmentMismatchError, *AnotherInvoiceError and *UnconfirmedNotFoundError say
// why the invoice stays in the state, and everything else is an error of the client.
func (e *Engine[Spec, Inv]) Read(ctx context.Context, k StoredInvoice) (Inv, error) {
	return e.read(ctx, k, func(ctx context.Context) (Inv, error) { return e.Client.Get(ctx, k.ID) })
}

// Refresh is Read for a refresh, which may be served from a list.
func (e *Engine[Spec, Inv]) Refresh(ctx context.Context, k StoredInvoice) (Inv, error) {
	if e.readAhead == nil {
		return e.Read(ctx, k)
	}
	return e.read(ctx, k, func(ctx context.Context) (Inv, error) { return e.readAhead.Get(ctx, k.ID, k.identity().CreatedAt) })
}

func (e *Engine[Spec, Inv]) read(ctx context.Context, k StoredInvoice, get func(context.Context) (Inv, error)) (inv Inv, err error) {
	if err := e.CheckPlace(k); err != nil {
		return inv, err
	}
	inv, err = get(ctx)
	if errors.Is(err, gateway.ErrNotFound) {
		inv, err = e.confirmNotFound(ctx, k, err)
	}
	if err != nil {
		return inv, err
	}
	if difference := k.identity().Differs(identityOf(e.Facts(inv))); difference != "" {
		return inv, &AnotherInvoiceError{Difference: difference}
	}
	return inv, nil
}

// confirmNotFound finds out whether "not found" proves that an invoice is gone. A
// young one is asked for again, and returned when it shows.
func (e *Engine[Spec, Inv]) confirmNotFound(ctx context.Context, k StoredInvoice, notFound error) (inv Inv, err error) {
	unproved := func(format string, args ...any) error {
		return &UnconfirmedNotFoundError{Reason: fmt.Sprintf(format, args...), Cause: notFound}
	}
	switch {
	case k.Recorded == nil:
		return inv, unproved("the state does not record where and with which account it was created")
	case e.place.Sandbox:
		return inv, ErrGone
	case k.Recorded.changeTo(e.place) != unchanged:
		return inv, unproved("it was created at %s, and the provider now uses %s", placeName(k.Recorded.Sandbox, k.Recorded.Endpoint), e.place.Name())
	}
	age, known := e.age(*k.Recorded)
	if !known {
		return inv, unproved("the time of its creation is not known")
	}
	if age < notFoundGrace || k.Recorded.madeSince(e.now().Add(-notFoundGrace)) {
		if inv, err = e.readAgain(ctx, k.ID, notFoundPauses, notFound); !errors.Is(err, gateway.ErrNotFound) {
			return inv, err
		}
	}
	if age < notFoundGrace {
		return inv, unproved("it was created less than two minutes ago, and the gateway may not show it yet")
	}
	checker, ok := e.Client.(gateway.AccountChecker)
	if !ok {
		return inv, unproved("this gateway has no other request that could confirm the account")
	}
	if err := e.account.check(ctx, e.now, checker); err != nil {
		return inv, unproved("the account could not be confirmed: %v", err)
	}
	return inv, ErrGone
}

// age is how long ago an invoice was made, by the gateway's own clock where it is
// known.
func (e *Engine[Spec, Inv]) age(r Provenance) (age time.Duration, known bool) {
	switch clock, ok := e.Client.(gateway.Clock); {
	case r.CreatedAt.IsZero() && r.MadeAt.IsZero():
		return 0, false
	case r.CreatedAt.IsZero():
		return e.now().Sub(r.MadeAt), true
	case ok:
		low, _, _ := clock.ClockOffset()
		return e.now().Add(low).Sub(r.CreatedAt), true
	default:
		return e.now().Sub(r.CreatedAt), true
	}
}

// readAgain reads an invoice until the gateway shows it, after each of the pauses.
// last is returned when it never does.
func (e *Engine[Spec, Inv]) readAgain(ctx context.Context, id string, pauses []time.Duration, last error) (inv Inv, err error) {
	for _, pause := range pauses {
		if e.sleep(ctx, pause) != nil {
			break
		}
		if inv, err = e.Client.Get(ctx, id); !errors.Is(err, gateway.ErrNotFound) {
			return inv, err
		}
		last = err
	}
	return inv, last
}

// Record is the provenance of an invoice that was just read or made. known is what
// was recorded of it so far; changed says that the record is a new one.
func (e *Engine[Spec, Inv]) Record(k StoredInvoice, inv Inv) (r Provenance, changed bool) {
	id := k.identity().or(identityOf(e.Facts(inv)))
	if k.Recorded != nil && k.Recorded.changeTo(e.place) == unchanged && k.Recorded.equal(id) {
		return *k.Recorded, false
	}
	var madeAt time.Time
	if k.Recorded != nil {
		madeAt = k.Recorded.MadeAt
	}
	return newProvenance(e.place, id, madeAt), true
}

// RecordCreated is the provenance of an invoice that CreateOnce returned.
func (e *Engine[Spec, Inv]) RecordCreated(reference string, c Created[Inv]) Provenance {
	id := Identity{Reference: reference}.or(identityOf(e.Facts(c.Last()))).or(identityOf(e.Facts(c.Invoice)))
	var madeAt time.Time
	if !c.TakenOver {
		madeAt = e.now()
	}
	return newProvenance(e.place, id, madeAt)
}

// accountCheck shares the answer about an account between reads at the same time.
type accountCheck struct {
	mu sync.Mutex
	at time.Time // of the last good answer
}

func (a *accountCheck) check(ctx context.Context, now func() time.Time, checker gateway.AccountChecker) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.at.IsZero() && now().Sub(a.at) < accountValidity {
		return nil
	}
	if err := checker.CheckAccount(ctx); err != nil {
		return err
	}
	a.at = now()
	return nil
}
