package meum

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// Invoice is the record that get, list and cancel return. A create returns a part of
// it. No field is guaranteed; text is empty if the response has none.
// https://docs.meum.io/api-reference/invoices/cancel-invoice
type Invoice struct {
	ID              string // inv_…, formerly a UUID
	ExternalOrderID string
	Status          string
	Amount          gateway.Money // in Currency
	Currency        string
	OrderAmount     gateway.Money // the order's total before conversion, in OrderCurrency
	OrderCurrency   string
	PaidAmount      gateway.Money // missing until a payment starts
	OutputAsset     string        // what the merchant receives: a symbol or a longer id
	CheckoutURL     string        // the payment page; missing once it cannot be paid
	ReturnURL       string
	CustomerID      string // UUID
	PaymentLinkID   string
	TransactionHash string
	Metadata        json.RawMessage // an object, possibly without what Meum considers sensitive
	CreatedAt       time.Time
	UpdatedAt       time.Time
	PaidAt          time.Time
	ExpiresAt       time.Time // in 2099 if the invoice does not expire
	RespondedAt     time.Time // when the gateway responded to a create, by its clock
}

// readInvoice parses a record. With an error it returns what it could read; a missing
// id is an error. Older responses name some fields differently:
// https://docs.meum.io/api-reference/invoices/create-invoice
func readInvoice(o *transport.Object) (*Invoice, error) {
	inv := &Invoice{
		ExternalOrderID: o.Text("external_order_id"),
		Status:          o.Word("status"),
		Amount:          o.Money("amount"),
		Currency:        o.Word("currency"),
		OrderAmount:     o.Money("order_amount"),
		OrderCurrency:   o.Word("order_currency"),
		PaidAmount:      o.Money("paid_amount"),
		OutputAsset:     o.Word("output_asset"),
		CheckoutURL:     either(o, "checkout_url", "payment_url"),
		ReturnURL:       o.Text("return_url"),
		CustomerID:      o.Word("customer_id"),
		PaymentLinkID:   o.Word("payment_link_id"),
		TransactionHash: either(o, "transaction_hash", "tx_hash"),
		Metadata:        o.Raw("metadata"),
		CreatedAt:       o.Time("created_at", time.UTC, time.RFC3339),
		UpdatedAt:       o.Time("updated_at", time.UTC, time.RFC3339),
		PaidAt:          o.Time("paid_at", time.UTC, time.RFC3339),
		ExpiresAt:       o.Time("expires_at", time.UTC, time.RFC3339),
	}
	id := either(o, "id", "invoiceId")
	if err := ValidateID(id); err != nil {
		return inv, fmt.Errorf("id: %w", err)
	}
	inv.ID = id
	return inv, o.Err()
}

// either returns the text of the first of two members that is present.
func either(o *transport.Object, name, older string) string {
	if o.Has(name) {
		return o.Text(name)
	}
	return o.Text(older)
}

// Phases maps the documented statuses. https://docs.meum.io/payments/invoice-lifecycle
var Phases = gateway.PhaseTable{
	{Status: "pending", Phase: gateway.PhaseOpen},
	{Status: "quoted", Phase: gateway.PhaseOpen},
	{Status: "awaiting_payment", Phase: gateway.PhaseOpen},
	{Status: "paid", Phase: gateway.PhasePaid},
	{Status: "underpaid", Phase: gateway.PhaseUnderpaid},
	{Status: "expired", Phase: gateway.PhaseExpired},
	{Status: "cancelled", Phase: gateway.PhaseCanceled},
	{Status: "failed", Phase: gateway.PhaseFailed},
	{Status: "refunded", Phase: gateway.PhaseRefunded},
}

// Facts does not depend on the time: the gateway itself marks an invoice as expired.
func (i *Invoice) Facts(time.Time) gateway.Facts {
	phase := Phases.Of(i.Status, false)
	f := gateway.Facts{
		ID: i.ID, Reference: i.ExternalOrderID, Status: i.Status, Phase: phase,
		Amount: i.Amount, Currency: i.Currency, OriginalAmount: i.OrderAmount, OriginalCurrency: i.OrderCurrency,
		CreatedAt: i.CreatedAt, RespondedAt: i.RespondedAt,
		MoneyMoved: phase.MoneyMoved() || i.PaidAmount.IsPositive() || i.TransactionHash != "",
	}
	if !i.OrderAmount.IsZero() {
		f.RequestedCurrency = i.OrderCurrency
	}
	return f
}
