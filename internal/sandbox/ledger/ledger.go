// Package ledger is shared by the simulated gateways: it stores a gateway's invoices,
// finds them by indexes, triggers their events, expires them, and puts the webhooks of
// every change into the outbox in the same transaction.
package ledger

import (
	"context"
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Record is a gateway's invoice, stored as JSON.
type Record interface {
	// Key returns its id in the gateway's API.
	Key() string

	// Position orders invoices by age; it never changes.
	Position() string

	// Index lists the keys of its rows in the gateway's indexes. Each must be unique,
	// and must not start with one of the ledger's prefixes.
	Index() []string

	// StatusWord returns its status as text.
	StatusWord() string

	// Deadline returns when time will change its status; false if that can no longer
	// happen.
	Deadline() (at time.Time, open bool)

	// Expire changes its status after the deadline.
	Expire(deadline time.Time)

	// Can reports whether an event is possible now.
	Can(event simulator.Event, now time.Time) bool

	// Price returns its amount in its currency.
	Price() decimal.Decimal

	// Apply applies a possible event. amount is the total that the payer sends, in the
	// invoice's currency, if the event is a payment.
	Apply(event simulator.Event, amount decimal.Decimal, now time.Time)
}

// Gateway describes how a gateway's invoices are shown.
type Gateway[R Record] struct {
	Name   string
	Events []simulator.Event // in the order of presentation

	// Overpays is the part of the price that a payer sends by default for an
	// overpayment; zero means one and a half.
	Overpays decimal.Decimal

	// New returns an empty record.
	New func() R

	// Describe shows an invoice in the terms of all gateways. The ledger adds Gateway,
	// ID and Events, and Status unless it is set.
	Describe func(tx *Tx[R], inv R) simulator.Invoice

	// Notice returns the name of the webhook for a change; "" if there is none. For a
	// new invoice, the previous status is empty.
	Notice func(before string, inv R) string

	// Address returns the invoice's own webhook address; "" if it has none. Nil means
	// that the gateway has no such addresses.
	Address func(inv R) string

	// Show returns an invoice as in the gateway's API.
	Show func(tx *Tx[R], inv R) any

	// Snapshot returns the Data of a notification; nil means Show.
	Snapshot func(tx *Tx[R], inv R) any
}

// Ledger keeps the invoices of one gateway.
type Ledger[R Record] struct {
	gateway Gateway[R]
	ns      *store.Namespace
	clock   simulator.Clock
}

// New returns a ledger over the records in ns. The simulated time is clock plus the
// offset of the sandbox's clock.
func New[R Record](ns *store.Namespace, clock simulator.Clock, gateway Gateway[R]) *Ledger[R] {
	return &Ledger[R]{gateway, ns, clock}
}

// Tx is a transaction at one moment. It is valid until the function that it was passed
// to returns.
type Tx[R Record] struct {
	*store.Tx
	Now       time.Time // of the simulated clock, in UTC
	PublicURL string    // of the sandbox's server; "" if none runs

	ledger *Ledger[R]
}

// View calls fn with a consistent, read-only state.
func (l *Ledger[R]) View(ctx context.Context, fn func(tx *Tx[R]) error) error {
	return l.ns.View(ctx, func(tx *store.Tx) error { return l.run(tx, fn) })
}

// Update calls fn with exclusive access, and keeps its writes unless it fails.
func (l *Ledger[R]) Update(ctx context.Context, fn func(tx *Tx[R]) error) error {
	return l.ns.Update(ctx, func(tx *store.Tx) error { return l.run(tx, fn) })
}

func (l *Ledger[R]) run(tx *store.Tx, fn func(tx *Tx[R]) error) error {
	shared, err := settings.Load(tx)
	if err != nil {
		return err
	}
	return fn(&Tx[R]{Tx: tx, Now: l.clock().UTC().Add(shared.Ahead), PublicURL: shared.PublicURL, ledger: l})
}

// Now returns the simulated time, outside of a transaction.
func (l *Ledger[R]) Now(ctx context.Context) (now time.Time, err error) {
	err = l.View(ctx, func(tx *Tx[R]) error {
		now = tx.Now
		return nil
	})
	return now, err
}

// PayURL returns the payment page of an invoice: on the sandbox's server if one runs,
// and otherwise at the simulated gateway.
func (tx *Tx[R]) PayURL(id, otherwise string) string {
	if tx.PublicURL == "" {
		return otherwise
	}
	return tx.PublicURL + "/" + tx.ledger.gateway.Name + "/pay/" + id
}

// Describe shows an invoice in the terms of all gateways.
func (tx *Tx[R]) Describe(inv R) simulator.Invoice {
	shown := tx.ledger.gateway.Describe(tx, inv)
	shown.Gateway, shown.ID = tx.ledger.gateway.Name, inv.Key()
	if shown.Status == "" {
		shown.Status = inv.StatusWord()
	}
	shown.Events = []simulator.Event{}
	for _, event := range tx.ledger.gateway.Events {
		if event == simulator.Forget || inv.Can(event, tx.Now) {
			shown.Events = append(shown.Events, event)
		}
	}
	return shown
}

// Invoice returns one invoice as it stands now.
func (l *Ledger[R]) Invoice(ctx context.Context, id string) (shown simulator.Invoice, err error) {
	err = l.View(ctx, func(tx *Tx[R]) error {
		inv, err := tx.Load(id)
		if err == nil {
			shown = tx.Describe(inv)
		}
		return err
	})
	return shown, err
}

// Invoices lists all invoices, newest first.
func (l *Ledger[R]) Invoices(ctx context.Context) ([]simulator.Invoice, error) {
	list := []simulator.Invoice{}
	err := l.View(ctx, func(tx *Tx[R]) error {
		return tx.Descend(positionRows, func(_ string, raw []byte) (bool, error) {
			inv, err := tx.Indexed(raw)
			if err == nil {
				list = append(list, tx.Describe(inv))
			}
			return true, err
		})
	})
	return list, err
}

// Events lists the events that the gateway has.
func (l *Ledger[R]) Events() []simulator.Event { return l.gateway.Events }

// snapshot returns the Data of a notification.
func (tx *Tx[R]) snapshot(inv R) (json.RawMessage, error) {
	if tx.ledger.gateway.Snapshot == nil {
		return json.Marshal(tx.ledger.gateway.Show(tx, inv))
	}
	return json.Marshal(tx.ledger.gateway.Snapshot(tx, inv))
}
