package xpays

import (
	"net/http"
	"net/url"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// info shows a payment, found by its id only: no order can be looked up.
// https://xpays-docs.pages.dev/payment/get-invoice-payment.html
func (s *Simulator) info(c *call) (data any, err error) {
	if len(c.body) > 0 {
		return nil, invalid("no body is expected")
	}
	query, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return nil, invalid("the query is malformed")
	}
	for name, values := range query {
		if name != "id" || len(values) > 1 {
			return nil, invalid("query parameter " + name + " should not exist")
		}
	}
	id := query.Get("id")
	if id == "" {
		return nil, invalid("id is required")
	}
	var p *payment
	err = s.ns.View(c.request.Context(), func(tx *store.Tx) (err error) {
		p, err = load(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	shown := s.object(p, c.now)
	switch s.behaviour.Get {
	case GetFlat:
		return shown, nil
	case GetSiblings:
		return withSiblings{Payment: shown, Transaction: p.transaction()}, nil
	default:
		return nested{shown}, nil
	}
}

type nested struct {
	Payment paymentObject `json:"payment"`
}

// withSiblings is the shape of a sibling brand; a payment in crypto never has
// a fiat transaction.
type withSiblings struct {
	Payment         paymentObject `json:"payment"`
	Transaction     any           `json:"transaction"`
	TransactionFiat any           `json:"transaction_fiat"`
}

// transaction is the transfer on the chain, null until there is one.
func (p *payment) transaction() any {
	if p.TxID == nil {
		return nil
	}
	return map[string]any{
		"txid": p.TxID, "from_address": p.FromAddress, "to_address": p.Address,
		"currency": p.Crypto, "amount": p.Received.String(),
	}
}

// cancel ends a pending payment.
// https://xpays-docs.pages.dev/payment/cancel
func (s *Simulator) cancel(c *call) (data any, err error) {
	f := readFields(c, "id")
	if f.err != nil {
		return nil, f.err
	}
	id := f.required("id")
	if f.err != nil {
		return nil, f.err
	}
	var p *payment
	err = s.ns.Update(c.request.Context(), func(tx *store.Tx) (err error) {
		if p, err = load(tx, id); err != nil {
			return err
		}
		switch {
		case p.State == canceled && !s.behaviour.RepeatCancelRefused:
			return nil
		case p.State != pending, s.behaviour.ExpiredCancelRefused && p.isLate(c.now):
			return refuse(http.StatusBadRequest, "Payment cannot be cancelled")
		}
		p.State = canceled
		return save(tx, p)
	})
	if err != nil {
		return nil, err
	}
	return s.object(p, c.now), nil
}
