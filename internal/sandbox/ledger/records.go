package ledger

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/outbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The ledger's own keys. Rows of all indexes contain the invoice's key.
const (
	invoiceRows  = "invoice/"  // then the invoice's key
	positionRows = "position/" // then the position
	dueRows      = "due/"      // then the deadline and the invoice's key
)

// PositionRows is the prefix of the index of all invoices, by position.
const PositionRows = positionRows

// rows returns the keys of all index rows of an invoice.
func rows[R Record](inv R) []string {
	keys := append(slices.Clone(inv.Index()), positionRows+inv.Position())
	if at, open := inv.Deadline(); open {
		keys = append(keys, dueRows+store.Moment(at)+"/"+inv.Key())
	}
	return keys
}

// Load reads an invoice as it is now, or returns simulator.ErrNoInvoice.
func (tx *Tx[R]) Load(key string) (R, error) {
	inv, found, err := tx.stored(key)
	if err == nil && !found {
		err = simulator.ErrNoInvoice
	}
	if err == nil {
		expireIfDue(inv, tx.Now)
	}
	return inv, err
}

// expireIfDue changes the status of an invoice whose deadline has passed.
func expireIfDue(inv Record, now time.Time) {
	if at, open := inv.Deadline(); open && !now.Before(at) {
		inv.Expire(at)
	}
}

// stored reads an invoice as it was last saved.
func (tx *Tx[R]) stored(key string) (inv R, found bool, err error) {
	inv = tx.ledger.gateway.New()
	found, err = tx.Get(invoiceRows+key, inv)
	return inv, found, err
}

// Indexed reads the invoice in an index row.
func (tx *Tx[R]) Indexed(raw []byte) (inv R, err error) {
	var key string
	if err := json.Unmarshal(raw, &key); err != nil {
		return inv, err
	}
	if inv, err = tx.Load(key); err != nil {
		return inv, fmt.Errorf("%s sandbox: an index row has %q: %w", tx.ledger.gateway.Name, key, err)
	}
	return inv, nil
}

// Has reports whether there is an invoice with the key.
func (tx *Tx[R]) Has(key string) (bool, error) {
	_, found, err := tx.stored(key)
	return found, err
}

// Save stores a new or changed invoice, its index rows, and the notification
// of the change.
func (tx *Tx[R]) Save(inv R) error {
	was, found, err := tx.stored(inv.Key())
	if err != nil {
		return err
	}
	var old []string
	before := ""
	if found {
		old, before = rows(was), was.StatusWord()
	}
	if err := tx.Put(invoiceRows+inv.Key(), inv); err != nil {
		return err
	}
	if err := tx.reindex(inv.Key(), old, rows(inv)); err != nil {
		return err
	}
	return tx.notify(before, inv)
}

// reindex replaces the index rows of an invoice.
func (tx *Tx[R]) reindex(key string, old, current []string) error {
	for _, row := range old {
		if !slices.Contains(current, row) {
			if err := tx.Delete(row); err != nil {
				return err
			}
		}
	}
	for _, row := range current {
		if !slices.Contains(old, row) {
			if err := tx.Put(row, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// Remove removes an invoice and its index rows.
func (tx *Tx[R]) Remove(key string) error {
	was, found, err := tx.stored(key)
	if err != nil || !found {
		return err
	}
	if err := tx.reindex(key, rows(was), nil); err != nil {
		return err
	}
	return tx.Delete(invoiceRows + key)
}

// notify puts the webhook for a change into the outbox. Without an address, of the
// invoice or of the gateway, it does nothing.
func (tx *Tx[R]) notify(before string, inv R) error {
	gateway := tx.ledger.gateway
	event := gateway.Notice(before, inv)
	if event == "" {
		return nil
	}
	shared, err := settings.Load(tx.Tx)
	if err != nil {
		return err
	}
	n := simulator.Notification{
		ID: wire.RandomText(wire.LowerHex, 32), Gateway: gateway.Name, InvoiceID: inv.Key(), Event: event, OccurredAt: tx.Now,
	}
	if gateway.Address != nil {
		n.URL = gateway.Address(inv)
	}
	url := n.URL
	if url == "" {
		url = shared.Webhooks[gateway.Name].URL
	}
	if url == "" {
		return nil
	}
	if n.Data, err = tx.snapshot(inv); err != nil {
		return err
	}
	return outbox.Add(tx.Tx, n, url, time.Now())
}
