package cryptocloud

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// events are the events of a CryptoCloud invoice.
var events = []simulator.Event{
	simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Expire, simulator.Cancel,
	simulator.NotificationFailed, simulator.Forget,
}

// Can follows the transitions of
// https://support.cryptocloud.plus/en/payments/invoice-statuses: only a created invoice
// can be canceled or expire, and a partly paid one can be topped up. In test mode, a
// paid one whose notification the merchant did not accept returns to created:
// https://docs.cryptocloud.plus/en/start/test-integration.
func (inv *invoice) Can(event simulator.Event, _ time.Time) bool {
	switch event {
	case simulator.Pay, simulator.Overpay:
		return inv.Status == created || inv.Status == partial
	case simulator.Underpay, simulator.Cancel, simulator.Expire:
		return inv.Status == created
	case simulator.NotificationFailed:
		return inv.Status == paid && inv.TestMode
	default:
		return false
	}
}

// overpays is the part of the price that a payer sends by default for an overpayment.
var overpays = decimal.RequireFromString("1.1")

// Apply applies an event.
func (inv *invoice) Apply(event simulator.Event, amount decimal.Decimal, now time.Time) {
	switch event {
	case simulator.Pay:
		inv.pay(paid, inv.due(), now)
	case simulator.Overpay:
		inv.pay(overpaid, inv.sent(amount), now)
	case simulator.Underpay:
		inv.pay(partial, inv.sent(amount), now)
	case simulator.Cancel:
		inv.close(canceled, now)
	case simulator.Expire:
		inv.Expiry = now.UTC().Truncate(time.Microsecond)
		inv.close(canceled, now)
	case simulator.NotificationFailed:
		inv.Status, inv.Finished, inv.Paid, inv.Transactions = created, nil, decimal.Zero, nil
	}
}

// sent returns what a payer sends in coins: the same part of what is due as amount is
// of the price.
func (inv *invoice) sent(amount decimal.Decimal) decimal.Decimal {
	return inv.due().Mul(amount).DivRound(inv.Price(), coinPlaces)
}

func (inv *invoice) pay(status string, total decimal.Decimal, now time.Time) {
	if status == partial {
		// It can be topped up, so date_finished stays null:
		// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list.
		inv.Status = partial
	} else {
		inv.close(status, now)
	}
	inv.Paid = total
	inv.Chosen = true
	if inv.Address == "" {
		inv.Address = "sandbox-address-" + strings.ToLower(strings.TrimPrefix(inv.ID, prefix))
	}
	inv.Transactions = append(inv.Transactions, "sandbox-transaction-"+strings.ToLower(inv.ID)+"-"+status)
}

// notice returns the webhook for a change. Only a successful payment sends one: see
// https://docs.cryptocloud.plus/en/api-reference-v2/postback. It has no name.
func notice(before string, inv *invoice) string {
	if before != inv.Status && (inv.Status == paid || inv.Status == overpaid) {
		return "paid"
	}
	return ""
}

// show returns the record. A webhook's invoice_info has its members, and its
// amount_crypto and currency are amount_paid and currency.fullcode.
func (s *Simulator) show(tx *ledger.Tx[*invoice], inv *invoice) any { return s.record(tx, inv) }

// phases are the gateway's statuses in the terms of all gateways.
var phases = map[string]simulator.Phase{
	created: simulator.PhaseOpen, paid: simulator.PhasePaid, overpaid: simulator.PhaseOverpaid,
	partial: simulator.PhaseUnderpaid, canceled: simulator.PhaseCanceled,
}

func (s *Simulator) describe(tx *ledger.Tx[*invoice], inv *invoice) simulator.Invoice {
	c := findCoin(inv.Coin)
	shown := simulator.Invoice{
		Reference: inv.OrderID, Amount: inv.InFiat.String(), Currency: inv.Fiat, Phase: phases[inv.Status],
		CreatedAt: inv.Created, ExpiresAt: inv.Expiry, CheckoutURL: inv.link(tx), Language: inv.Locale,
	}
	if inv.Chosen {
		shown.PayAddress, shown.PayAmount = inv.Address, inv.due().String()
		shown.PayCurrency, shown.PayNetwork = c.Code, c.Network
	}
	return shown
}
