package meum

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// events are the events of a Meum invoice.
var events = []simulator.Event{
	simulator.Ready, simulator.Quote, simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Expire,
	simulator.Cancel, simulator.Fail, simulator.Refund, simulator.Forget,
}

// Can follows the transitions of https://docs.meum.io/payments/payment-lifecycle.
func (inv *invoice) Can(event simulator.Event, _ time.Time) bool {
	switch event {
	case simulator.Ready:
		return inv.Status == pending
	case simulator.Quote, simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Fail:
		return inv.Status == awaitingPayment || inv.Status == quoted
	case simulator.Expire, simulator.Cancel:
		return inv.open()
	case simulator.Refund:
		return inv.Status == paid || inv.Status == underpaid
	default:
		return false
	}
}

// Apply applies an event. An overpaid invoice is paid:
// https://docs.meum.io/payments/underpayment-and-overpayment calls only the payment
// overpaid.
func (inv *invoice) Apply(event simulator.Event, amount decimal.Decimal, now time.Time) {
	switch event {
	case simulator.Ready:
		inv.setStatus(awaitingPayment, now)
	case simulator.Quote:
		inv.assignCustomer()
		inv.setStatus(quoted, now)
	case simulator.Pay, simulator.Overpay:
		inv.pay(paid, amount, now)
	case simulator.Underpay:
		inv.pay(underpaid, amount, now)
	case simulator.Expire:
		inv.setStatus(expired, now)
		inv.Expires = inv.Updated
	case simulator.Cancel:
		inv.setStatus(cancelled, now)
	case simulator.Fail:
		inv.setStatus(failed, now)
	case simulator.Refund:
		inv.setStatus(refunded, now)
	}
}

// notice returns the webhook for a change: see https://docs.meum.io/webhooks/overview.
func notice(before string, inv *invoice) string {
	switch {
	case before == "":
		return "invoice.created"
	case before != inv.Status && slices.Contains([]string{paid, underpaid, failed, expired, cancelled, refunded}, inv.Status):
		return "invoice." + inv.Status
	default:
		return ""
	}
}

// Snapshot is the Data of a Meum notification: the whole record as in the response to
// GET, and the additions of https://docs.meum.io/webhooks/event-reference.
type Snapshot struct {
	Record        map[string]any `json:"record"`
	IntegrationID *string        `json:"integration_id"`
	PaymentURL    string         `json:"payment_url"` // also of an invoice that cannot be paid any more
}

func (s *Simulator) snapshot(tx *ledger.Tx[*invoice], inv *invoice) any {
	return Snapshot{Record: s.record(tx, inv), IntegrationID: inv.IntegrationID, PaymentURL: inv.payURL(tx)}
}

// phases are the gateway's statuses in the terms of all gateways.
var phases = map[string]simulator.Phase{
	pending: simulator.PhaseOpen, awaitingPayment: simulator.PhaseOpen, quoted: simulator.PhaseOpen,
	paid: simulator.PhasePaid, underpaid: simulator.PhaseUnderpaid, expired: simulator.PhaseExpired,
	failed: simulator.PhaseFailed, refunded: simulator.PhaseRefunded, cancelled: simulator.PhaseCanceled,
}

func (s *Simulator) describe(tx *ledger.Tx[*invoice], inv *invoice) simulator.Invoice {
	shown := simulator.Invoice{
		Reference: inv.Reference, Amount: inv.Amount, Currency: inv.Currency, Phase: phases[inv.Status],
		CreatedAt: inv.Created, CheckoutURL: inv.payURL(tx), ReturnURL: wire.OrEmpty(inv.ReturnURL),
	}
	if !inv.Expires.Equal(never) {
		shown.ExpiresAt = inv.Expires
	}
	return shown
}
