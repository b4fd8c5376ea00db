package xpays

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// events are the events of an XPays payment.
var events = []simulator.Event{
	simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Expire, simulator.Cancel, simulator.Forget,
}

// Can reports whether an event is possible: only a pending payment changes, and one
// past its deadline can only be canceled.
func (p *payment) Can(event simulator.Event, now time.Time) bool {
	switch event {
	case simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Expire:
		return p.State == pending && !p.isLate(now)
	case simulator.Cancel:
		return p.State == pending
	default:
		return false
	}
}

// Apply applies an event. XPays documents no status for a payment of another amount:
// after an underpayment, the payment is still pending, with payer_paid_amount set, and
// the payer can send the rest; after an overpayment, it is paid.
func (p *payment) Apply(event simulator.Event, amount decimal.Decimal, now time.Time) {
	switch event {
	case simulator.Pay:
		p.receive(p.Due)
	case simulator.Underpay, simulator.Overpay:
		// In the cryptocurrency, it is the same part of what is due as amount is of the
		// price.
		p.receive(p.Due.Mul(amount).DivRound(p.Price(), cryptoDigits))
	case simulator.Expire:
		p.ExpiresAt = now.UTC().Truncate(time.Millisecond)
	case simulator.Cancel:
		p.State = canceled
	}
}

// receive records the total that a payer has sent.
func (p *payment) receive(total decimal.Decimal) {
	if p.TxID == nil {
		txID, from := wire.RandomText(wire.LowerHex, 64), newAddress(p.Chain)
		p.TxID, p.FromAddress = &txID, &from
	}
	p.Received = &total
	if !total.LessThan(p.Due) {
		p.State = paid
	}
}

// notice returns the webhook for a change. XPays' own pages have none; these are the
// events of a sibling brand of the platform, https://worldpayz.pages.dev/th .
func notice(before string, p *payment) string {
	switch {
	case before == string(p.State):
		return ""
	case p.State == paid:
		return "PAYMENT_PAID"
	case p.State == canceled:
		return "PAYMENT_CANCELED"
	default:
		return ""
	}
}

// snapshot is the Data of a notification, and the member data of its webhook: the
// payment as in responses, and its transfer, null without one.
func (s *Simulator) snapshot(tx *ledger.Tx[*payment], p *payment) any {
	return map[string]any{"payment": s.object(tx, p), "transaction": p.transaction()}
}

func (s *Simulator) describe(tx *ledger.Tx[*payment], p *payment) simulator.Invoice {
	_, status, _ := s.words(p, tx.Now)
	return simulator.Invoice{
		Reference: p.OrderID, Amount: p.Amount, Currency: p.Fiat, Status: status, Phase: p.phase(tx.Now),
		CreatedAt: p.CreatedAt, ExpiresAt: p.ExpiresAt, CheckoutURL: p.payURL(tx),
		PayAddress: p.Address, PayAmount: p.Due.Round(shownDigits).String(), PayCurrency: p.Crypto, PayNetwork: p.Chain,
		ReturnURL: wire.OrEmpty(p.URLReturn), SuccessURL: wire.OrEmpty(p.URLSuccess), FailureURL: wire.OrEmpty(p.URLFailed),
	}
}

// shownDigits is the number of decimals of a cryptocurrency amount that a payer sees.
const shownDigits = 8

// phase returns the phase in the terms of all gateways.
func (p *payment) phase(now time.Time) simulator.Phase {
	switch {
	case p.State == paid:
		return simulator.PhasePaid
	case p.State == canceled:
		return simulator.PhaseCanceled
	case p.isLate(now):
		return simulator.PhaseExpired
	default:
		return simulator.PhaseOpen
	}
}
