package xpays

import (
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// The keys of the store:
//
//	payment/<id>      the payment
//	order/<order_id>  the id of the first payment of an order
const (
	paymentKeys = "payment/"
	orderKeys   = "order/"
)

// load finds a payment by its id; errNotFound when there is none.
func load(tx *store.Tx, id string) (*payment, error) {
	var p payment
	found, err := tx.Get(paymentKeys+id, &p)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errNotFound
	}
	return &p, nil
}

// loadByOrder finds the first payment of an order; nil when there is none.
func loadByOrder(tx *store.Tx, orderID string) (*payment, error) {
	var id string
	found, err := tx.Get(orderKeys+orderID, &id)
	if err != nil || !found {
		return nil, err
	}
	return load(tx, id)
}

func save(tx *store.Tx, p *payment) error { return tx.Put(paymentKeys+p.ID, p) }

// add saves a new payment; first tells that it is the first of its order.
func add(tx *store.Tx, p *payment, first bool) error {
	if first {
		if err := tx.Put(orderKeys+p.OrderID, p.ID); err != nil {
			return err
		}
	}
	return save(tx, p)
}

// forget removes a payment, and its order when it was the order's first.
func forget(tx *store.Tx, p *payment) error {
	first, err := loadByOrder(tx, p.OrderID)
	if err != nil {
		return err
	}
	if first != nil && first.ID == p.ID {
		if err := tx.Delete(orderKeys + p.OrderID); err != nil {
			return err
		}
	}
	return tx.Delete(paymentKeys + p.ID)
}
