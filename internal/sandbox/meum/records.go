package meum

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// invoices keeps invoices in the store: a row for each, and indexes, whose
// keys end in the position: the time of creation and a sequence.
type invoices struct{ ns *store.Namespace }

const (
	invoiceRows = "invoice/"      // then the id
	allRows     = "by/all/"       // then the position
	statusRows  = "by/status/"    // then the status
	refRows     = "by/reference/" // then the digest of the reference
	buyerRows   = "by/customer/"  // then the customer's UUID
	dueRows     = "due/"          // then the deadline and the sequence, of open invoices
)

func (inv *invoice) position() string {
	return store.Moment(inv.Created) + "/" + store.Ordinal(inv.Sequence)
}

// indexKeys are the keys of all index rows of the invoice as it stands.
func (inv *invoice) indexKeys() []string {
	keys := []string{allRows + inv.position(), statusRows + inv.Status + "/" + inv.position()}
	if inv.Reference != "" {
		keys = append(keys, refRows+store.Digest(inv.Reference)+"/"+inv.position())
	}
	if inv.Customer != nil {
		keys = append(keys, buyerRows+*inv.Customer+"/"+inv.position())
	}
	if inv.open() {
		keys = append(keys, dueRows+store.Moment(inv.Expires)+"/"+store.Ordinal(inv.Sequence))
	}
	return keys
}

// write replaces the rows of an invoice: was are its index keys so far, and
// inv is nil when it is to go.
func write(tx *store.Tx, id string, was []string, inv *invoice) error {
	var is []string
	if inv != nil {
		is = inv.indexKeys()
		if err := tx.Put(invoiceRows+id, inv); err != nil {
			return err
		}
	} else if err := tx.Delete(invoiceRows + id); err != nil {
		return err
	}
	for _, key := range was {
		if !slices.Contains(is, key) {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
	}
	for _, key := range is {
		if !slices.Contains(was, key) {
			if err := tx.Put(key, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// read reads an invoice, or answers simulator.ErrNoInvoice.
func read(tx *store.Tx, id string) (*invoice, error) {
	inv := &invoice{}
	found, err := tx.Get(invoiceRows+id, inv)
	if err == nil && !found {
		err = simulator.ErrNoInvoice
	}
	return inv, err
}

// indexed reads the invoice that an index row names.
func indexed(tx *store.Tx, raw []byte) (*invoice, error) {
	var id string
	if err := json.Unmarshal(raw, &id); err != nil {
		return nil, err
	}
	inv, err := read(tx, id)
	if err != nil {
		return nil, fmt.Errorf("meum: an index row names %s: %w", id, err)
	}
	return inv, nil
}

// add stores a new invoice and gives it its id, unless an older one with the
// same reference counts as a duplicate: that one is answered instead.
func (rows invoices) add(ctx context.Context, inv *invoice, duplicate func(older *invoice) bool) (existing *invoice, err error) {
	err = rows.ns.Update(ctx, func(tx *store.Tx) (err error) {
		if inv.Reference != "" {
			err := tx.Descend(refRows+store.Digest(inv.Reference)+"/", func(_ string, raw []byte) (bool, error) {
				older, err := indexed(tx, raw)
				if err == nil && duplicate(older) {
					existing = older
				}
				return existing == nil, err
			})
			if err != nil || existing != nil {
				return err
			}
		}
		if inv.Sequence, err = tx.NextSequence(); err != nil {
			return err
		}
		inv.ID = idPrefix + wire.RandomText(wire.LowerHex, 32)
		return write(tx, inv.ID, nil, inv)
	})
	return existing, err
}

// find reads an invoice, or answers simulator.ErrNoInvoice.
func (rows invoices) find(ctx context.Context, id string) (inv *invoice, err error) {
	err = rows.ns.View(ctx, func(tx *store.Tx) (err error) {
		inv, err = read(tx, id)
		return err
	})
	return inv, err
}

// change lets fn change an invoice, and keeps or removes it.
func (rows invoices) change(ctx context.Context, id string, fn func(inv *invoice) (keep bool, err error)) error {
	return rows.ns.Update(ctx, func(tx *store.Tx) error {
		inv, err := read(tx, id)
		if err != nil {
			return err
		}
		was := inv.indexKeys()
		keep, err := fn(inv)
		if err != nil {
			return err
		}
		if !keep {
			inv = nil
		}
		return write(tx, id, was, inv)
	})
}

// expire settles what has passed its deadline, so that the index by status is
// true. Mostly nothing has, and nothing is written.
func (rows invoices) expire(ctx context.Context, now time.Time) error {
	end := dueRows + store.Moment(now) + "/~" // after every sequence
	overdue := false
	err := rows.ns.View(ctx, func(tx *store.Tx) error {
		return tx.Ascend(dueRows, func(key string, _ []byte) (bool, error) {
			overdue = key <= end
			return false, nil
		})
	})
	if err != nil || !overdue {
		return err
	}
	return rows.ns.Update(ctx, func(tx *store.Tx) error {
		var list []*invoice
		err := tx.Ascend(dueRows, func(key string, raw []byte) (bool, error) {
			if key > end {
				return false, nil
			}
			inv, err := indexed(tx, raw)
			list = append(list, inv)
			return true, err
		})
		for _, inv := range list {
			if err != nil {
				return err
			}
			was := inv.indexKeys()
			inv.expireIfDue(now)
			err = write(tx, inv.ID, was, inv)
		}
		return err
	})
}

// page reads one page of a list, newest first, and whether there is more in
// its direction. It walks the index that fits the query best.
func (rows invoices) page(ctx context.Context, q query) (found []*invoice, more bool, err error) {
	if q.fromLinksOnly {
		return nil, false, nil // no simulated invoice comes from a payment link
	}
	if err := rows.expire(ctx, q.now); err != nil {
		return nil, false, err
	}
	index := allRows
	switch {
	case q.reference != nil:
		index = refRows + store.Digest(*q.reference) + "/"
	case q.customer != "":
		index = buyerRows + q.customer + "/"
	case q.status != "":
		index = statusRows + q.status + "/"
	}
	first := index + store.Moment(q.from)

	err = rows.ns.View(ctx, func(tx *store.Tx) error {
		see := func(key string, raw []byte) (bool, error) {
			if key < first {
				return false, nil
			}
			inv, err := indexed(tx, raw)
			if err != nil || !q.fits(inv) {
				return true, err
			}
			if len(found) == q.limit {
				more = true
				return false, nil
			}
			found = append(found, inv)
			return true, nil
		}
		id := q.older + q.newer // at most one is set
		if id == "" {
			return tx.Descend(index, see)
		}
		cursor, err := read(tx, id)
		if err != nil {
			return badRequest("There is no invoice " + id + " to continue from")
		}
		if q.older != "" {
			return tx.DescendBefore(index, index+cursor.position(), see)
		}
		return tx.AscendAfter(index, max(first, index+cursor.position()), see)
	})
	if q.newer != "" {
		slices.Reverse(found)
	}
	return found, more, err
}

// fits reports whether an invoice from one index also meets the other filters.
func (q query) fits(inv *invoice) bool {
	return (q.status == "" || inv.Status == q.status) &&
		(q.reference == nil || inv.Reference == *q.reference) &&
		(q.customer == "" || inv.Customer != nil && strings.EqualFold(*inv.Customer, q.customer))
}
