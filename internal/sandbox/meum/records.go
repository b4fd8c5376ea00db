package meum

import (
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The indexes. Their keys end in the position.
const (
	statusRows = "status/"    // then the status
	refRows    = "reference/" // then the digest of the reference
	buyerRows  = "customer/"  // then the customer's UUID
)

// Index lists the rows of the invoice.
func (inv *invoice) Index() []string {
	keys := []string{statusRows + inv.Status + "/" + inv.Position()}
	if inv.Reference != "" {
		keys = append(keys, refRows+store.Digest(inv.Reference)+"/"+inv.Position())
	}
	if inv.Customer != nil {
		keys = append(keys, buyerRows+*inv.Customer+"/"+inv.Position())
	}
	return keys
}

// add stores a new invoice and gives it an id, unless an older one with the same
// reference counts as a duplicate: then it returns that one.
func add(tx *ledger.Tx[*invoice], inv *invoice, duplicate func(older *invoice) bool) (stored *invoice, existing bool, err error) {
	if inv.Reference != "" {
		err := tx.Descend(refRows+store.Digest(inv.Reference)+"/", func(_ string, raw []byte) (bool, error) {
			older, err := tx.Indexed(raw)
			if err == nil && duplicate(older) {
				stored, existing = older, true
			}
			return !existing, err
		})
		if err != nil || existing {
			return stored, existing, err
		}
	}
	if inv.Identity, err = tx.Identify(idPrefix+wire.RandomText(wire.LowerHex, 32), inv.Created); err != nil {
		return nil, false, err
	}
	return inv, false, tx.Save(inv)
}

// page returns one page of a list, newest first, and whether there is more in its
// direction. It uses the index that fits the query best.
func (s *Simulator) page(tx *ledger.Tx[*invoice], q query) (records []map[string]any, more bool, err error) {
	records = []map[string]any{} // an empty list, not null
	if q.fromLinksOnly {
		return records, false, nil // no simulated invoice comes from a payment link
	}
	index := ledger.PositionRows
	switch {
	case q.reference != nil:
		index = refRows + store.Digest(*q.reference) + "/"
	case q.customer != "":
		index = buyerRows + q.customer + "/"
	case q.status != "":
		index = statusRows + q.status + "/"
	}
	first := index
	if s.behaviour.Window90Days {
		first += store.Moment(tx.Now.Add(-window))
	}
	err = q.walk(tx, index, first, func(key string, raw []byte) (bool, error) {
		if key < first {
			return false, nil
		}
		inv, err := tx.Indexed(raw)
		if err != nil || !q.fits(inv) {
			return true, err
		}
		if len(records) == q.limit {
			more = true
			return false, nil
		}
		records = append(records, s.record(tx, inv))
		return true, nil
	})
	if q.newer != "" {
		slices.Reverse(records)
	}
	return records, more, err
}

// walk calls see with the rows of an index, starting at the query's cursor.
func (q query) walk(tx *ledger.Tx[*invoice], index, first string, see func(string, []byte) (bool, error)) error {
	id := q.older + q.newer // at most one is set
	if id == "" {
		return tx.Descend(index, see)
	}
	cursor, err := tx.Load(id)
	if err != nil {
		return badRequest("There is no invoice " + id + " to continue from")
	}
	if q.older != "" {
		return tx.DescendBefore(index, index+cursor.Position(), see)
	}
	return tx.AscendAfter(index, max(first, index+cursor.Position()), see)
}

// fits reports whether an invoice from one index also matches the other filters.
func (q query) fits(inv *invoice) bool {
	return (q.status == "" || inv.Status == q.status) &&
		(q.reference == nil || inv.Reference == *q.reference) &&
		(q.customer == "" || inv.Customer != nil && strings.EqualFold(*inv.Customer, q.customer))
}

// Deadline returns when an open invoice expires.
func (inv *invoice) Deadline() (at time.Time, open bool) { return inv.Expires, inv.open() }

// Expire expires an open invoice.
func (inv *invoice) Expire(deadline time.Time) { inv.setStatus(expired, deadline) }
