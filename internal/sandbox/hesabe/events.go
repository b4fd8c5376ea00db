package hesabe

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// events are the events of a Hesabe invoice. Hesabe's checkout charges exactly the
// invoice's amount, so it cannot be underpaid or overpaid.
var events = []simulator.Event{simulator.Pay, simulator.Expire, simulator.Cancel, simulator.Forget}

// Can reports whether an event is possible: only an unpaid invoice changes, and one
// whose last day is over can only be canceled.
func (inv *invoice) Can(event simulator.Event, now time.Time) bool {
	switch event {
	case simulator.Pay, simulator.Expire:
		return inv.Status == statusUnpaid && !inv.isOver(now)
	case simulator.Cancel:
		return inv.Status == statusUnpaid
	default:
		return false
	}
}

// Apply applies an event. Expire moves the invoice's last day to yesterday: Hesabe has
// no status for an expired invoice, only the date.
func (inv *invoice) Apply(event simulator.Event, _ decimal.Decimal, now time.Time) {
	switch event {
	case simulator.Pay:
		inv.pay(now)
	case simulator.Expire:
		inv.LastDay = dateOf(now.AddDate(0, 0, -1))
	case simulator.Cancel:
		inv.close(statusCanceled, now)
	}
}

// commissionRate is the part of a payment that the simulated Hesabe keeps.
var commissionRate = decimal.RequireFromString("0.01")

func (inv *invoice) pay(now time.Time) {
	number, _ := strconv.ParseInt("1"+wire.RandomText(wire.Digits, 6), 10, 64) // seven digits
	inv.VisitedCount++
	inv.Payment = &payment{
		ID:         number,
		Token:      newToken(MerchantCode, now), // unlike an invoice's, with the merchant's code
		Amount:     inv.Amount,
		Commission: inv.Amount.Mul(commissionRate).Round(3),
	}
	inv.close(statusPaid, now)
}

// close closes the invoice with a status.
func (inv *invoice) close(status int, now time.Time) {
	inv.Status = status
	inv.UpdatedAt = now.UTC().Truncate(time.Second)
}

// notice returns the webhook for a change. Only a payment sends one,
// https://developer.hesabe.com/docs/2.0/webhook-integration . It has no name.
func notice(before string, inv *invoice) string {
	if inv.Status == statusPaid && before != inv.StatusWord() {
		return "paid"
	}
	return ""
}

// show returns the invoice as in the details. The token of a webhook is its
// transaction's.
func show(tx transaction, inv *invoice) any { return inv.object(tx) }

func (s *Simulator) describe(tx transaction, inv *invoice) simulator.Invoice {
	return simulator.Invoice{
		Reference: inv.Reference, Amount: threeDecimals(inv.Amount), Currency: "KWD", Phase: inv.phase(tx.Now),
		CreatedAt: inv.CreatedAt, ExpiresAt: inv.deadline(), CheckoutURL: inv.url(tx),
		Language: inv.Language, Description: inv.Description,
	}
}

// phase returns the phase in the terms of all gateways.
func (inv *invoice) phase(now time.Time) simulator.Phase {
	switch {
	case inv.Status == statusPaid:
		return simulator.PhasePaid
	case inv.Status == statusCanceled:
		return simulator.PhaseCanceled
	case inv.isOver(now):
		return simulator.PhaseExpired
	default:
		return simulator.PhaseOpen
	}
}

// deadline returns the end of the last day in Kuwait; zero if it is malformed.
func (inv *invoice) deadline() time.Time {
	day, err := time.ParseInLocation(dateLayout, inv.LastDay, kuwait)
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1).UTC()
}
