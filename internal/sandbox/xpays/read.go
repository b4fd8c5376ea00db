package xpays

import (
	"net/http"
	"net/url"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
)

// info shows a payment by its id: an order cannot be looked up.
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
	err = s.View(c.request.Context(), func(tx *ledger.Tx[*payment]) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		shown := s.object(tx, p)
		switch s.behaviour.Get {
		case GetFlat:
			data = shown
		case GetSiblings:
			data = withSiblings{Payment: shown, Transaction: p.transaction()}
		default:
			data = nested{shown}
		}
		return nil
	})
	return data, err
}

type nested struct {
	Payment paymentObject `json:"payment"`
}

// withSiblings is the form of a sibling brand; a payment in crypto never has a fiat
// transaction.
type withSiblings struct {
	Payment         paymentObject `json:"payment"`
	Transaction     any           `json:"transaction"`
	TransactionFiat any           `json:"transaction_fiat"`
}

// transaction returns the on-chain transfer; null until there is one.
func (p *payment) transaction() any {
	if p.TxID == nil {
		return nil
	}
	return map[string]any{
		"txid": p.TxID, "from_address": p.FromAddress, "to_address": p.Address,
		"currency": p.Crypto, "amount": p.Received.String(),
	}
}

// cancel cancels a pending payment. https://xpays-docs.pages.dev/payment/cancel
func (s *Simulator) cancel(c *call) (data any, err error) {
	f := readFields(c, "id")
	if f.Err != nil {
		return nil, f.Err
	}
	id := f.required("id")
	if f.Err != nil {
		return nil, f.Err
	}
	err = s.Update(c.request.Context(), func(tx *ledger.Tx[*payment]) error {
		p, err := load(tx, id)
		if err != nil {
			return err
		}
		repeated := p.State == canceled && !s.behaviour.RepeatCancelRefused
		if !repeated {
			if p.State != pending || s.behaviour.ExpiredCancelRefused && p.isLate(tx.Now) {
				return refuse(http.StatusBadRequest, "Payment cannot be cancelled")
			}
			p.State = canceled
			if err := tx.Save(p); err != nil {
				return err
			}
		}
		data = s.object(tx, p)
		return nil
	})
	return data, err
}
