package xpays

import (
	"errors"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// orderRows is the prefix of the index by order, before the digest of the order_id and
// the position.
const orderRows = "order/"

func orderPrefix(orderID string) string { return orderRows + store.Digest(orderID) + "/" }

// Key returns the id.
func (p *payment) Key() string { return p.ID }

// Position sorts by creation.
func (p *payment) Position() string { return ledger.Position(p.CreatedAt, p.SeqNum) }

// Index lists the rows of the payment.
func (p *payment) Index() []string { return []string{orderPrefix(p.OrderID) + p.Position()} }

// load returns a payment by its id; errNotFound if there is none.
func load(tx *ledger.Tx[*payment], id string) (*payment, error) {
	p, err := tx.Load(id)
	if errors.Is(err, simulator.ErrNoInvoice) {
		err = errNotFound
	}
	return p, err
}

// loadByOrder returns the first payment of an order; nil if there is none.
func loadByOrder(tx *ledger.Tx[*payment], orderID string) (first *payment, err error) {
	err = tx.Ascend(orderPrefix(orderID), func(_ string, raw []byte) (more bool, err error) {
		first, err = tx.Indexed(raw)
		return false, err
	})
	return first, err
}
