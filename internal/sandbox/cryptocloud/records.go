package cryptocloud

import (
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// Index is empty: lists use the position.
func (inv *invoice) Index() []string { return nil }

// Deadline returns when a created invoice expires. What happens to a partly paid one is
// not documented; here it stays as it is.
func (inv *invoice) Deadline() (at time.Time, open bool) { return inv.Expiry, inv.Status == created }

// Expire cancels a created invoice.
func (inv *invoice) Expire(deadline time.Time) { inv.close(canceled, deadline) }

var idForm = regexp.MustCompile(`^(INV-)?[A-Z0-9]{8}$`)

// load reads an invoice by its id, with or without the prefix.
func load(tx *ledger.Tx[*invoice], id string) (*invoice, error) {
	if !idForm.MatchString(id) {
		return nil, simulator.ErrNoInvoice
	}
	return tx.Load(withPrefix(id))
}

func withPrefix(id string) string { return prefix + strings.TrimPrefix(id, prefix) }

// add stores a new invoice and gives it an id.
func add(tx *ledger.Tx[*invoice], inv *invoice) (err error) {
	id := ""
	for taken := true; taken; {
		id = prefix + wire.RandomText(wire.UpperAlnum, 8)
		if taken, err = tx.Has(id); err != nil {
			return err
		}
	}
	if inv.Identity, err = tx.Identify(id, inv.Created); err != nil {
		return err
	}
	return tx.Save(inv)
}

// walk calls fn with the index row of each invoice created since from and before until,
// in the order of a list.
func walk(tx *ledger.Tx[*invoice], from, until time.Time, oldestFirst bool, fn func(raw []byte) error) error {
	first, last := ledger.PositionRows+store.Moment(from), ledger.PositionRows+store.Moment(until)
	see := func(key string, raw []byte) (more bool, err error) {
		if key < first || key >= last {
			return false, nil
		}
		return true, fn(raw)
	}
	if oldestFirst {
		return tx.AscendAfter(ledger.PositionRows, first, see)
	}
	return tx.DescendBefore(ledger.PositionRows, last, see)
}

// loadPage reads one page of a list, and counts the whole list. It decodes only the
// page's own invoices.
func loadPage(tx *ledger.Tx[*invoice], p page) (found []*invoice, count int, err error) {
	var rows []json.RawMessage
	err = walk(tx, p.from, p.until, p.oldestFirst, func(raw []byte) error {
		if count >= p.skip && len(rows) < p.take {
			rows = append(rows, raw)
		}
		count++
		return nil
	})
	for _, row := range rows {
		if err != nil {
			break
		}
		var inv *invoice
		inv, err = tx.Indexed(row)
		found = append(found, inv)
	}
	return found, count, err
}
