// Package ledger is what the simulated gateways share: it keeps a gateway's
// invoices in the store, finds them by indexes, lets events happen to them,
// lets them expire, and puts the webhooks of every change into the outbox in
// the same transaction.
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

// Record is a gateway's invoice, which is stored as JSON.
type Record interface {
	// Key is its id in the gateway's API.
	Key() string

	// Position sorts invoices by age; it never changes.
	Position() string

	// Index lists the keys of its rows in the gateway's indexes. Each must be
	// its own and begin with none of the ledger's prefixes.
	Index() []string

	// StatusWord is a word for its state as it is stored.
	StatusWord() string

	// Deadline is when the passing of time will change its status; false if that cannot
	// happen any more.
	Deadline() (at time.Time, open bool)

	// Expire changes its status after the deadline.
	Expire(deadline time.Time)

	// Can reports whether an event can happen to it now.
	Can(event simulator.Event, now time.Time) bool

	// Price is its amount in its currency.
	Price() decimal.Decimal

	// Apply lets an event happen that can. amount is what the payer sends in
	// all if the event is a payment, in the invoice's currency.
	Apply(event simulator.Event, amount decimal.Decimal, now time.Time)
}

// Gateway is how a gateway's invoices are shown.
type Gateway[R Record] struct {
	Name   string
	Events []simulator.Event // in the order of presentation

	// Overpays is the part of the price that a payer usually sends who sends too
	// much; zero stands for one and a half.
	Overpays decimal.Decimal

	// New returns an empty record.
	New func() R

	// Describe shows an invoice in the terms of all gateways. The ledger adds
	// Gateway, ID and Events, and Status unless that is set.
	Describe func(tx *Tx[R], inv R) simulator.Invoice

	// Notice is the name of the webhook of a change; empty is none. Of a new
	// invoice the status before is empty.
	Notice func(before string, inv R) string

	// Address is the invoice's own webhook address, empty where it has none.
	// Nil stands for a gateway without such addresses.
	Address func(inv R) string

	// Show is an invoice as the gateway's API answers it.
	Show func(tx *Tx[R], inv R) any

	// Snapshot is the Data of a notification; nil stands for Show.
	Snapshot func(tx *Tx[R], inv R) any
}

// Ledger keeps the invoices of one gateway.
type Ledger[R Record] struct {
	gateway Gateway[R]
	ns      *store.Namespace
	clock   simulator.Clock
}

// New returns a ledger over the records in ns. The simulated time is the clock's and
// what the sandbox's clock is ahead of it.
func New[R Record](ns *store.Namespace, clock simulator.Clock, gateway Gateway[R]) *Ledger[R] {
	return &Ledger[R]{gateway, ns, clock}
}

// Tx is a transaction at one moment. It is valid until the function it was
// given to returns.
type Tx[R Record] struct {
	*store.Tx
	Now       time.Time // of the simulated clock, in UTC
	PublicURL string    // of the sandbox's server; empty: none runs

	ledger *Ledger[R]
}

// View runs fn with a consistent, read-only state.
func (l *Ledger[R]) View(ctx context.Context, fn func(tx *Tx[R]) error) error {
	return l.ns.View(ctx, func(tx *store.Tx) error { return l.run(tx, fn) })
}

// Update runs fn alone and keeps what it wrote, or nothing when fn fails.
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

// Now is the simulated time, outside of a transaction.
func (l *Ledger[R]) Now(ctx context.Context) (now time.Time, err error) {
	err = l.View(ctx, func(tx *Tx[R]) error {
		now = tx.Now
		return nil
	})
	return now, err
}

// PayURL is the payment page of an invoice: on the sandbox's server where one
// runs, and otherwise that of the simulated gateway.
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

// Events lists the events that the gateway knows.
func (l *Ledger[R]) Events() []simulator.Event { return l.gateway.Events }

// snapshot is the Data of a notification.
func (tx *Tx[R]) snapshot(inv R) (json.RawMessage, error) {
	if tx.ledger.gateway.Snapshot == nil {
		return json.Marshal(tx.ledger.gateway.Show(tx, inv))
	}
	return json.Marshal(tx.ledger.gateway.Snapshot(tx, inv))
}
