package xpays

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// How much of the amount a payer sends who pays too little or too much: more
// than accuracy_percent off.
var (
	tooLittle = decimal.RequireFromString("0.5")
	tooMuch   = decimal.RequireFromString("1.5")
)

// Trigger lets an event happen to the payment with the id. XPays documents no
// word for a payment of another amount: who sends too little finds the payment
// still pending, with payer_paid_amount set, and can send the rest; who sends
// too much has paid.
func (s *Simulator) Trigger(ctx context.Context, id string, event simulator.Event) error {
	now := s.now()
	return s.ns.Update(ctx, func(tx *store.Tx) error {
		p, err := load(tx, id)
		switch {
		case errors.Is(err, errNotFound):
			return simulator.ErrNoInvoice
		case err != nil:
			return err
		case event == simulator.Forget:
			return forget(tx, p)
		case p.State != pending:
			return simulator.ErrNotApplicable
		}
		switch event {
		case simulator.Pay:
			err = p.receive(p.Due, now)
		case simulator.Underpay:
			err = p.receive(p.Due.Mul(tooLittle), now)
		case simulator.Overpay:
			err = p.receive(p.Due.Mul(tooMuch), now)
		case simulator.Expire:
			if !p.isLate(now) {
				p.ExpiresAt = now.UTC().Truncate(time.Millisecond)
			}
		case simulator.Cancel:
			p.State = canceled
		default:
			err = simulator.ErrNotApplicable
		}
		if err != nil {
			return err
		}
		return save(tx, p)
	})
}

// receive notes that a payer has sent so much in all.
func (p *payment) receive(total decimal.Decimal, now time.Time) error {
	if p.isLate(now) {
		return simulator.ErrNotApplicable
	}
	if p.TxID == nil {
		txID, from := wire.RandomText(wire.LowerHex, 64), newAddress(p.Chain)
		p.TxID, p.FromAddress = &txID, &from
	}
	p.Received = &total
	if !total.LessThan(p.Due) {
		p.State = paid
	}
	return nil
}
