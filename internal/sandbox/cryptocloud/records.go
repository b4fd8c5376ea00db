package cryptocloud

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// invoices keeps invoices in the store: a row for each, and an index by the
// time of creation for lists.
type invoices struct{ ns *store.Namespace }

const (
	invoiceRows = "invoice/" // then the id
	createdRows = "created/" // then the time and the sequence
)

func (inv *invoice) createdKey() string {
	return createdRows + store.Moment(inv.Created) + "/" + store.Ordinal(inv.Sequence)
}

var idForm = regexp.MustCompile(`^(INV-)?[A-Z0-9]{8}$`)

// key is the invoice's row for an id in either form.
func key(id string) (key string, ok bool) {
	return invoiceRows + prefix + strings.TrimPrefix(id, prefix), idForm.MatchString(id)
}

// add stores a new invoice and gives it its id.
func (rows invoices) add(ctx context.Context, inv *invoice) error {
	return rows.ns.Update(ctx, func(tx *store.Tx) (err error) {
		for taken := true; taken; {
			inv.ID = prefix + wire.RandomText(wire.UpperAlnum, 8)
			if taken, err = tx.Get(invoiceRows+inv.ID, &invoice{}); err != nil {
				return err
			}
		}
		if inv.Sequence, err = tx.NextSequence(); err != nil {
			return err
		}
		if err := tx.Put(inv.createdKey(), inv.ID); err != nil {
			return err
		}
		return tx.Put(invoiceRows+inv.ID, inv)
	})
}

// change lets fn change an invoice, and keeps or removes it. Without such an
// invoice the error is simulator.ErrNoInvoice.
func (rows invoices) change(ctx context.Context, id string, fn func(inv *invoice) (keep bool, err error)) error {
	return rows.ns.Update(ctx, func(tx *store.Tx) error {
		key, ok := key(id)
		if !ok {
			return simulator.ErrNoInvoice
		}
		var inv invoice
		if found, err := tx.Get(key, &inv); err != nil {
			return err
		} else if !found {
			return simulator.ErrNoInvoice
		}
		keep, err := fn(&inv)
		if err != nil {
			return err
		}
		if keep {
			return tx.Put(key, inv)
		}
		if err := tx.Delete(inv.createdKey()); err != nil {
			return err
		}
		return tx.Delete(key)
	})
}

// find reads the invoices with the ids, in the order of the ids, each once.
func (rows invoices) find(ctx context.Context, ids []string) (found []*invoice, err error) {
	err = rows.ns.View(ctx, func(tx *store.Tx) error {
		seen := map[string]bool{}
		for _, id := range ids {
			key, ok := key(id)
			if !ok || seen[key] {
				continue
			}
			seen[key] = true
			inv := &invoice{}
			if known, err := tx.Get(key, inv); err != nil {
				return err
			} else if known {
				found = append(found, inv)
			}
		}
		return nil
	})
	return found, err
}

// page reads one page of a list, and counts the whole list. Only the page's
// own invoices are decoded.
func (rows invoices) page(ctx context.Context, p page) (found []*invoice, count int, err error) {
	first, last := createdRows+store.Moment(p.from), createdRows+store.Moment(p.until)
	err = rows.ns.View(ctx, func(tx *store.Tx) error {
		var ids []string
		see := func(key string, raw []byte) (more bool, err error) {
			if key < first || key >= last {
				return false, nil
			}
			if count >= p.skip && len(ids) < p.take {
				var id string
				if err := json.Unmarshal(raw, &id); err != nil {
					return false, err
				}
				ids = append(ids, id)
			}
			count++
			return true, nil
		}
		walk := func() error { return tx.DescendBefore(createdRows, last, see) }
		if p.oldestFirst {
			walk = func() error { return tx.AscendAfter(createdRows, first, see) }
		}
		if err := walk(); err != nil {
			return err
		}
		for _, id := range ids {
			inv := &invoice{}
			if known, err := tx.Get(invoiceRows+id, inv); err != nil {
				return err
			} else if !known {
				return fmt.Errorf("cryptocloud: the index names %s, which is not stored", id)
			}
			found = append(found, inv)
		}
		return nil
	})
	return found, count, err
}
