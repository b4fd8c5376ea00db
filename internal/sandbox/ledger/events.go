package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Trigger triggers an event for an invoice: see simulator.Simulator.
func (l *Ledger[R]) Trigger(
	ctx context.Context, id string, event simulator.Event, amount string,
) (shown simulator.Invoice, err error) {
	err = l.Update(ctx, func(tx *Tx[R]) error {
		inv, err := tx.Load(id)
		if err != nil {
			return err
		}
		if err := tx.check(inv, event); err != nil {
			return err
		}
		sum, err := tx.ledger.gateway.parseAmount(event, amount, inv.Price())
		if err != nil {
			return err
		}
		if event == simulator.Forget {
			shown = tx.Describe(inv)
			shown.Status, shown.Phase, shown.Events = "", simulator.PhaseUnknown, nil
			return tx.Remove(inv.Key())
		}
		inv.Apply(event, sum, tx.Now)
		shown = tx.Describe(inv)
		return tx.Save(inv)
	})
	return shown, err
}

// check returns an error for an event that is not possible.
func (tx *Tx[R]) check(inv R, event simulator.Event) error {
	known := slices.Contains(tx.ledger.gateway.Events, event)
	if known && (event == simulator.Forget || inv.Can(event, tx.Now)) {
		return nil
	}
	shown := tx.Describe(inv)
	refused := &simulator.EventError{
		Event: event, Gateway: shown.Gateway, ID: shown.ID, Phase: shown.Phase, Status: shown.Status,
		Possible: shown.Events, Kind: simulator.ErrNotApplicable,
	}
	if !known {
		refused.Kind = simulator.ErrUnknownEvent
	}
	return refused
}

// amountForm is plain decimal text of limited length.
var amountForm = regexp.MustCompile(`^[0-9]{1,30}(\.[0-9]{1,30})?$`)

// The parts of the price that a payer usually sends for other events.
var (
	underpays = decimal.RequireFromString("0.5")
	overpays  = decimal.RequireFromString("1.5")
)

// usualAmount returns what a payer sends by default.
func (g Gateway[R]) usualAmount(event simulator.Event, price decimal.Decimal) decimal.Decimal {
	switch {
	case event == simulator.Underpay:
		return price.Mul(underpays)
	case event == simulator.Overpay && !g.Overpays.IsZero():
		return price.Mul(g.Overpays)
	case event == simulator.Overpay:
		return price.Mul(overpays)
	default:
		return price
	}
}

// parseAmount parses the amount of an event. Empty text means the usual one.
func (g Gateway[R]) parseAmount(event simulator.Event, text string, price decimal.Decimal) (amount decimal.Decimal, err error) {
	if text == "" {
		return g.usualAmount(event, price), nil
	}
	refuse := func(format string, args ...any) (decimal.Decimal, error) {
		return amount, &simulator.AmountError{Event: event, Amount: text, Reason: fmt.Sprintf(format, args...)}
	}
	if event != simulator.Underpay && event != simulator.Overpay {
		return refuse("must not be set: only %q and %q take one", simulator.Underpay, simulator.Overpay)
	}
	if !amountForm.MatchString(text) {
		return refuse("must be plain decimal text such as 12.50")
	}
	amount = decimal.RequireFromString(text)
	switch {
	case !amount.IsPositive():
		return refuse("must be above zero")
	case event == simulator.Underpay && !amount.LessThan(price):
		return refuse("must be below the price, %s", price)
	case event == simulator.Overpay && !amount.GreaterThan(price):
		return refuse("must be above the price, %s", price)
	}
	return amount, nil
}

// ExpireDue saves the invoices that have passed their deadline, with their
// notifications, and returns the next deadline; zero if there is none. Usually nothing
// is due, and nothing is written.
func (l *Ledger[R]) ExpireDue(ctx context.Context) (next time.Time, err error) {
	var keys []string
	find := func(tx *Tx[R]) error {
		keys, next = nil, time.Time{}
		return tx.Ascend(dueRows, func(_ string, raw []byte) (more bool, err error) {
			var key string
			if err := json.Unmarshal(raw, &key); err != nil {
				return false, err
			}
			inv, found, err := tx.stored(key)
			if err != nil || !found {
				return false, err
			}
			if at, open := inv.Deadline(); open && at.After(tx.Now) {
				next = at
				return false, nil
			}
			keys = append(keys, key)
			return true, nil
		})
	}
	if err := l.View(ctx, find); err != nil || len(keys) == 0 {
		return next, err
	}
	err = l.Update(ctx, func(tx *Tx[R]) error {
		if err := find(tx); err != nil {
			return err
		}
		for _, key := range keys {
			inv, err := tx.Load(key)
			if err == nil {
				err = tx.Save(inv)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return next, err
}

// Position orders records by age: by creation, and by sequence within one moment.
func Position(created time.Time, sequence uint64) string {
	return store.Moment(created) + "/" + store.Ordinal(sequence)
}
