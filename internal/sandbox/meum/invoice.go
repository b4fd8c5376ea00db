package meum

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
)

// The statuses of an invoice: see https://docs.meum.io/payments/payment-lifecycle. The
// first three are open, the others final.
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

// idPrefix precedes 32 lower-case hexadecimal digits.
const idPrefix = "inv_"

// invoice is a stored invoice.
type invoice struct {
	ledger.Identity

	Status    string
	Reference string // external_order_id, or ""
	Amount    string // as it was sent
	Currency  string
	ReturnURL *string

	IntegrationID, CallbackURL *string

	Metadata json.RawMessage `json:",omitempty"` // an object, or nil

	Updated, Expires time.Time

	Paid       *time.Time
	PaidAmount *string
	Customer   *string
	Hash       *string
}

func (inv *invoice) open() bool {
	return inv.Status == pending || inv.Status == awaitingPayment || inv.Status == quoted
}

// sameAmount reports whether two invoices have the same amount and currency.
func (inv *invoice) sameAmount(other *invoice) bool {
	return inv.Currency == other.Currency && inv.Price().Equal(other.Price())
}

// StatusWord returns the status.
func (inv *invoice) StatusWord() string { return inv.Status }

// Price returns the amount.
func (inv *invoice) Price() decimal.Decimal { return decimal.RequireFromString(inv.Amount) }

func (inv *invoice) setStatus(status string, at time.Time) {
	inv.Status, inv.Updated = status, at.UTC().Truncate(time.Millisecond)
}

func (inv *invoice) assignCustomer() {
	customer := CustomerID
	inv.Customer = &customer
}

func (inv *invoice) pay(status string, sum decimal.Decimal, now time.Time) {
	inv.assignCustomer()
	inv.setStatus(status, now)
	amount := formatAmount(sum)
	inv.PaidAmount = &amount
	if status == paid {
		hash, at := "sandbox-transaction-"+strings.TrimPrefix(inv.ID, idPrefix), inv.Updated
		inv.Hash, inv.Paid = &hash, &at
	}
}

// formatAmount formats d in full, as in "100.00" or "0.125".
func formatAmount(d decimal.Decimal) string {
	_, fraction, _ := strings.Cut(d.String(), ".")
	return d.StringFixed(int32(max(2, len(fraction)))) //nolint:gosec // amounts have few decimals
}

// payURL returns the payment page.
func (inv *invoice) payURL(tx *ledger.Tx[*invoice]) string {
	return tx.PayURL(inv.ID, "https://pay.meum.sandbox.invalid/"+inv.ID)
}

// record returns the whole invoice: see
// https://docs.meum.io/api-reference/invoices/cancel-invoice.
func (s *Simulator) record(tx *ledger.Tx[*invoice], inv *invoice) map[string]any {
	amount := inv.Amount
	if s.behaviour.NormalizeAmount {
		amount = formatAmount(inv.Price())
	}
	record := map[string]any{
		"id": inv.ID, "status": inv.Status,
		"amount": amount, "currency": inv.Currency, "order_amount": amount, "order_currency": inv.Currency,
		"paid_amount": inv.PaidAmount, "output_asset": "USDC", "checkout_url": nil, "return_url": inv.ReturnURL,
		"customer_id": inv.Customer, "payment_link_id": nil, "transaction_hash": inv.Hash,
		"metadata":   s.metadata(inv),
		"created_at": stamp(inv.Created), "updated_at": stamp(inv.Updated), "paid_at": nil, "expires_at": stamp(inv.Expires),
	}
	if inv.Reference != "" { // not declared nullable, so missing rather than null
		record["external_order_id"] = inv.Reference
	}
	if inv.open() {
		record["checkout_url"] = inv.payURL(tx)
	}
	if inv.Paid != nil {
		record["paid_at"] = stamp(*inv.Paid)
	}
	return record
}

func (s *Simulator) show(tx *ledger.Tx[*invoice], inv *invoice) any { return s.record(tx, inv) }

// metadata returns what the merchant sent, without the members that are removed.
func (s *Simulator) metadata(inv *invoice) map[string]json.RawMessage {
	members := map[string]json.RawMessage{}
	if len(inv.Metadata) > 0 {
		_ = json.Unmarshal(inv.Metadata, &members) // it was checked on arrival
	}
	for name := range members {
		if slices.Contains(s.behaviour.StripMetadata, name) {
			delete(members, name)
		}
	}
	return members
}

// stamp formats a time in the gateway's form: RFC 3339, UTC, milliseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
