package meum

import (
	"encoding/json"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Spec is an invoice to make. What is empty is not sent.
// https://docs.meum.io/api-reference/invoices
type Spec struct {
	Amount          gateway.Money
	Currency        string // ISO 4217
	ExternalOrderID string // the merchant's reference
	StoreID         string // UUID; must be the key's own store
	IntegrationID   string // UUID
	CallbackURL     string // https; where events are sent
	ReturnURL       string // to which the payer returns
	Metadata        json.RawMessage
}

// createBody is the body of a create. Money is text.
type createBody struct {
	Amount          string          `json:"amount"`
	Currency        string          `json:"currency,omitempty"`
	ExternalOrderID string          `json:"external_order_id,omitempty"`
	StoreID         string          `json:"store_id,omitempty"`
	IntegrationID   string          `json:"integration_id,omitempty"`
	CallbackURL     string          `json:"callback_url,omitempty"`
	ReturnURL       string          `json:"return_url,omitempty"`
	Metadata        json.RawMessage `json:"metadata,omitempty"`
}

func (s Spec) body() createBody {
	return createBody{
		Amount: s.Amount.String(), Currency: s.Currency, ExternalOrderID: s.ExternalOrderID, StoreID: s.StoreID,
		IntegrationID: s.IntegrationID, CallbackURL: s.CallbackURL, ReturnURL: s.ReturnURL, Metadata: s.Metadata,
	}
}
