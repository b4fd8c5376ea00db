package meum

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// The states of an invoice, see https://docs.meum.io/payments/payment-lifecycle.
// The first three are open, the others final.
const (
	pending         = "pending"
	awaitingPayment = "awaiting_payment"
	quoted          = "quoted"
	paid            = "paid"
	underpaid       = "underpaid"
	expired         = "expired"
	failed          = "failed"
	refunded        = "refunded"
	cancelled       = "cancelled"
)

var statuses = []string{pending, awaitingPayment, quoted, paid, underpaid, expired, failed, refunded, cancelled}

// idPrefix stands before 32 lower-case hexadecimal digits.
const idPrefix = "inv_"

// invoice is a stored invoice.
type invoice struct {
	ID       string
	Sequence uint64

	Status    string
	Reference string // external_order_id, or ""
	Amount    string // as it was sent
	Currency  string
	ReturnURL *string
	Metadata  json.RawMessage `json:",omitempty"` // an object, or nil

	Created, Updated, Expires time.Time

	Paid       *time.Time
	PaidAmount *string
	Customer   *string
	Hash       *string
}

func (inv *invoice) open() bool {
	return inv.Status == pending || inv.Status == awaitingPayment || inv.Status == quoted
}

// sameSum reports whether two invoices are about the same money.
func (inv *invoice) sameSum(other *invoice) bool {
	return inv.Currency == other.Currency && inv.total().Equal(other.total())
}

func (inv *invoice) total() decimal.Decimal { return decimal.RequireFromString(inv.Amount) }

// expireIfDue applies the passing of time: an open invoice past its deadline is
// expired.
func (inv *invoice) expireIfDue(now time.Time) {
	if inv.open() && !now.Before(inv.Expires) {
		inv.become(expired, inv.Expires)
	}
}

func (inv *invoice) become(status string, at time.Time) {
	inv.Status, inv.Updated = status, at.UTC().Truncate(time.Millisecond)
}

// happen applies an event. Transitions are those of
// https://docs.meum.io/payments/payment-lifecycle. An overpaid invoice is
// paid: https://docs.meum.io/payments/underpayment-and-overpayment speaks only
// of the payment as overpaid.
func (inv *invoice) happen(event simulator.Event, now time.Time) error {
	payable := inv.Status == awaitingPayment || inv.Status == quoted
	half := decimal.RequireFromString("0.5")
	switch {
	case event == Ready && inv.Status == pending:
		inv.become(awaitingPayment, now)
	case event == Quote && payable:
		inv.meetCustomer()
		inv.become(quoted, now)
	case event == simulator.Pay && payable:
		inv.pay(paid, inv.total(), now)
	case event == simulator.Overpay && payable:
		inv.pay(paid, inv.total().Add(inv.total().Mul(half)), now)
	case event == simulator.Underpay && payable:
		inv.pay(underpaid, inv.total().Mul(half), now)
	case event == simulator.Expire && inv.open():
		inv.become(expired, now)
		inv.Expires = inv.Updated
	case event == simulator.Cancel && inv.open():
		inv.become(cancelled, now)
	case event == Fail && payable:
		inv.become(failed, now)
	case event == Refund && (inv.Status == paid || inv.Status == underpaid):
		inv.become(refunded, now)
	default:
		return simulator.ErrNotApplicable
	}
	return nil
}

func (inv *invoice) meetCustomer() {
	customer := CustomerID
	inv.Customer = &customer
}

func (inv *invoice) pay(status string, sum decimal.Decimal, now time.Time) {
	inv.meetCustomer()
	inv.become(status, now)
	amount := atLeastTwoPlaces(sum)
	inv.PaidAmount = &amount
	if status == paid {
		hash, at := "sandbox-transaction-"+strings.TrimPrefix(inv.ID, idPrefix), inv.Updated
		inv.Hash, inv.Paid = &hash, &at
	}
}

// atLeastTwoPlaces is d in full, as in "100.00" or "0.125".
func atLeastTwoPlaces(d decimal.Decimal) string {
	_, fraction, _ := strings.Cut(d.String(), ".")
	return d.StringFixed(int32(max(2, len(fraction)))) //nolint:gosec // amounts have few decimals
}

// record is the whole invoice, see
// https://docs.meum.io/api-reference/invoices/cancel-invoice.
func (s *Simulator) record(inv *invoice) map[string]any {
	amount := inv.Amount
	if s.behaviour.NormalizeAmount {
		amount = atLeastTwoPlaces(inv.total())
	}
	record := map[string]any{
		"id": inv.ID, "status": inv.Status,
		"amount": amount, "currency": inv.Currency, "order_amount": amount, "order_currency": inv.Currency,
		"paid_amount": inv.PaidAmount, "output_asset": "USDC", "checkout_url": nil, "return_url": inv.ReturnURL,
		"customer_id": inv.Customer, "payment_link_id": nil, "transaction_hash": inv.Hash,
		"metadata":   s.metadata(inv),
		"created_at": stamp(inv.Created), "updated_at": stamp(inv.Updated), "paid_at": nil, "expires_at": stamp(inv.Expires),
	}
	if inv.Reference != "" { // not declared nullable, so absent rather than null
		record["external_order_id"] = inv.Reference
	}
	if inv.open() {
		record["checkout_url"] = "https://pay.meum.sandbox.invalid/" + inv.ID
	}
	if inv.Paid != nil {
		record["paid_at"] = stamp(*inv.Paid)
	}
	return record
}

// metadata is what the merchant sent, without the members that are stripped.
func (s *Simulator) metadata(inv *invoice) map[string]json.RawMessage {
	members := map[string]json.RawMessage{}
	if len(inv.Metadata) > 0 {
		_ = json.Unmarshal(inv.Metadata, &members) // it was checked when it came
	}
	for name := range members {
		if slices.Contains(s.behaviour.StripMetadata, name) {
			delete(members, name)
		}
	}
	return members
}

// stamp is a time in the gateway's form: RFC 3339, UTC, milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
