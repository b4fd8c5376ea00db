package hesabe

import (
	"context"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// commissionRate is the part of a payment that the simulated Hesabe keeps.
var commissionRate = decimal.RequireFromString("0.01")

// Trigger lets an event happen to the invoice with the number id. Hesabe's
// checkout charges exactly the invoice's amount, so it cannot be underpaid or
// overpaid. Expire moves the invoice's last day to yesterday: Hesabe has no
// word for an expired invoice, only the date tells.
func (s *Simulator) Trigger(ctx context.Context, id string, event simulator.Event) error {
	now := s.now()
	return s.ns.Update(ctx, func(tx *store.Tx) error {
		inv, err := loadByText(tx, id)
		switch {
		case err != nil:
			return err
		case inv == nil:
			return simulator.ErrNoInvoice
		case event == simulator.Forget:
			return forget(tx, inv)
		case inv.Status != statusUnpaid:
			return simulator.ErrNotApplicable
		}
		switch event {
		case simulator.Pay:
			return inv.pay(tx, now)
		case simulator.Cancel:
			return inv.close(tx, statusCanceled, now)
		case simulator.Expire:
			return inv.expire(tx, now)
		default:
			return simulator.ErrNotApplicable
		}
	})
}

func (inv *invoice) pay(tx *store.Tx, now time.Time) error {
	if inv.isOver(now) {
		return simulator.ErrNotApplicable
	}
	number, err := strconv.ParseInt("1"+wire.RandomText(wire.Digits, 6), 10, 64)
	if err != nil {
		return err
	}
	inv.VisitedCount++
	inv.Payment = &payment{
		ID:         number,
		Token:      newToken(MerchantCode, now), // unlike an invoice's, with the merchant's code
		Amount:     inv.Amount,
		Commission: inv.Amount.Mul(commissionRate).Round(3),
	}
	return inv.close(tx, statusPaid, now)
}

func (inv *invoice) expire(tx *store.Tx, now time.Time) error {
	if inv.isOver(now) {
		return nil
	}
	inv.LastDay = dateOf(now.AddDate(0, 0, -1))
	return save(tx, inv)
}

// close ends the invoice with a status.
func (inv *invoice) close(tx *store.Tx, status int, now time.Time) error {
	inv.Status = status
	inv.UpdatedAt = now.UTC().Truncate(time.Second)
	return save(tx, inv)
}
