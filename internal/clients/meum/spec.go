package meum

import (
	"encoding/json"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Spec is an invoice to create. Empty fields are not sent.
// https://docs.meum.io/api-reference/invoices
type Spec struct {
	Amount          gateway.Money   `json:"-"`
	Currency        string          `json:"currency,omitempty"`          // ISO 4217
	ExternalOrderID string          `json:"external_order_id,omitempty"` // the merchant's reference
	StoreID         string          `json:"store_id,omitempty"`          // UUID; must be the key's own store
	IntegrationID   string          `json:"integration_id,omitempty"`    // UUID
	CallbackURL     string          `json:"callback_url,omitempty"`      // https; where events are sent
	ReturnURL       string          `json:"return_url,omitempty"`        // to which the payer returns
	Metadata        json.RawMessage `json:"metadata,omitempty"`
}

// createBody is the body of a create. The amount is a string.
type createBody struct {
	Amount string `json:"amount"`
	Spec
}

func (s Spec) body() createBody { return createBody{Amount: s.Amount.String(), Spec: s} }
