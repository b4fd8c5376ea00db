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
	// notFoundGrace is how old an invoice must be for "not found" to count, because
	// reads may lag behind a create.
	notFoundGrace = 2 * time.Minute
	// accountValidity is how long parallel reads share the result of an account check.
	accountValidity = 5 * time.Second
)

// notFoundPauses are the pauses before each further read of a young invoice that was
// not found.
var notFoundPauses = []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second}

// StoredInvoice is what the state has about an invoice.
type StoredInvoice struct {
	ID string
	// Recorded is where it was created; nil after an import, or in a state written by
	// an older version.
	Recorded *Provenance
	// Attributes is the identity in the state's attributes.
	Attributes Identity
}

// identity combines both.
func (k StoredInvoice) identity() Identity {
	if k.Recorded == nil {
		return k.Attributes
	}
	return k.Recorded.or(k.Attributes)
}

// ErrGone means that the gateway says that the invoice no longer exists, and it is
// proved that it said so about this invoice.
var ErrGone = errors.New("the gateway no longer has the invoice")

// EnvironmentMismatchError means that the provider is not configured for the place
// where the invoice was created.
type EnvironmentMismatchError struct {
	// Account says that the account differs; otherwise one of the two places is the
	// sandbox.
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

// AnotherInvoiceError means that the gateway has another invoice with the same id.
type AnotherInvoiceError struct {
	// Difference describes the difference, such as `the reference "a", not "b"`.
	Difference string
}

// Error says what differs.
func (e *AnotherInvoiceError) Error() string {
	return "the gateway has another invoice under this id: it has " + e.Difference
}

// UnconfirmedNotFoundError is a "not found" that does not prove anything.
type UnconfirmedNotFoundError struct {
	Reason string
	Cause  error
}

// Error says why the response proves nothing.
func (e *UnconfirmedNotFoundError) Error() string {
	return fmt.Sprintf("%v, which does not prove that the invoice no longer exists: %s", e.Cause, e.Reason)
}

// Unwrap returns the "not found" error.
func (e *UnconfirmedNotFoundError) Unwrap() error { return e.Cause }

// CheckPlace checks that the provider is configured for the place where an invoice was
// created, without a request. The error is an *EnvironmentMismatchError.
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

// Read reads an invoice in the state from the gateway itself. ErrGone is proved;
// *EnvironmentMismatchError, *AnotherInvoiceError and *UnconfirmedNotFoundError mean
// that the invoice stays in the state. Any other error is the client's.
func (e *Engine[Spec, Inv]) Read(ctx context.Context, k StoredInvoice) (Inv, error) {
	return e.read(ctx, k, func(ctx context.Context) (Inv, error) { return e.Client.Get(ctx, k.ID) })
}

// Refresh is Read for a refresh, which may use the gateway's list.
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

// confirmNotFound checks whether "not found" proves that an invoice is gone. It reads a
// young invoice again, and returns it once the gateway shows it.
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
	if age < notFoundGrace || k.Recorded.createdSince(e.now().Add(-notFoundGrace)) {
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

// age returns how long ago an invoice was created, by the gateway's own clock if it is
// known.
func (e *Engine[Spec, Inv]) age(r Provenance) (age time.Duration, known bool) {
	switch clock, ok := e.Client.(gateway.Clock); {
	case r.CreatedAt.IsZero() && r.LocalCreatedAt.IsZero():
		return 0, false
	case r.CreatedAt.IsZero():
		return e.now().Sub(r.LocalCreatedAt), true
	case ok:
		low, _, _ := clock.ClockOffset()
		return e.now().Add(low).Sub(r.CreatedAt), true
	default:
		return e.now().Sub(r.CreatedAt), true
	}
}

// readAgain reads an invoice after each pause until the gateway shows it. If it never
// does, it returns last.
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

// Record returns the provenance of an invoice that was just read or created. changed
// says that it differs from the recorded one.
func (e *Engine[Spec, Inv]) Record(k StoredInvoice, inv Inv) (r Provenance, changed bool) {
	id := k.identity().or(identityOf(e.Facts(inv)))
	if k.Recorded != nil && k.Recorded.changeTo(e.place) == unchanged && k.Recorded.equal(id) {
		return *k.Recorded, false
	}
	var createdAt time.Time
	if k.Recorded != nil {
		createdAt = k.Recorded.LocalCreatedAt
	}
	return newProvenance(e.place, id, createdAt), true
}

// RecordCreated returns the provenance of an invoice from CreateOnce.
func (e *Engine[Spec, Inv]) RecordCreated(reference string, c CreateResult[Inv]) Provenance {
	id := Identity{Reference: reference}.or(identityOf(e.Facts(c.Last()))).or(identityOf(e.Facts(c.Invoice)))
	var createdAt time.Time
	if !c.TakenOver {
		createdAt = e.now()
	}
	return newProvenance(e.place, id, createdAt)
}

// accountCheck shares the result of an account check between parallel reads.
type accountCheck struct {
	mu sync.Mutex
	at time.Time // of the last success
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
