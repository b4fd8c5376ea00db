package xpays

import (
	"encoding/json"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// Spec is an invoice to create,
// https://xpays-docs.pages.dev/payment/create-invoice-payment.html.
type Spec struct {
	OrderID          string        `json:"order_id"`
	Amount           gateway.Money `json:"-"` // in FromFiatCurrency; sent in the digits as they are
	FromFiatCurrency string        `json:"from_fiat_currency"`
	ToCryptoCurrency string        `json:"to_crypto_currency"`
	Chain            string        `json:"chain"` // by its name, such as "tron"

	// The rest is optional.

	AdditionalData  json.RawMessage `json:"-"` // a JSON object of the merchant's own
	DiscountPercent gateway.Money   `json:"-"`
	URLReturn       string          `json:"url_return,omitempty"`
	URLSuccess      string          `json:"url_success,omitempty"`
	URLFailed       string          `json:"url_failed,omitempty"`
}

// createBody is a Spec on the wire.
type createBody struct {
	Spec
	Amount          string          `json:"amount"`
	AdditionalData  json.RawMessage `json:"additional_data,omitempty"`
	DiscountPercent json.RawMessage `json:"discount_percent,omitempty"`
}

// body encodes the spec in the form that survives the gateway's way of signing. The
// errors are *gateway.Error and name the field.
func (c *Client) body(spec Spec) ([]byte, error) {
	wire := createBody{Spec: spec, Amount: spec.Amount.String()}
	if !spec.Amount.IsPresent() {
		return nil, c.http.InvalidRequest(transport.OpCreate, "amount", "it is not set")
	}
	if spec.DiscountPercent.IsPresent() {
		number, err := canonicalNumber(spec.DiscountPercent.String())
		if err != nil {
			return nil, c.http.InvalidRequest(transport.OpCreate, "discount_percent", err.Error())
		}
		wire.DiscountPercent = json.RawMessage(number)
	}
	if spec.AdditionalData != nil {
		data, err := CanonicalJSON(spec.AdditionalData)
		switch {
		case err != nil:
			return nil, c.http.InvalidRequest(transport.OpCreate, "additional_data", err.Error())
		case data[0] != '{':
			return nil, c.http.InvalidRequest(transport.OpCreate, "additional_data", "it is not a JSON object")
		}
		wire.AdditionalData = data
	}
	return encode(wire)
}

// encode encodes a request's body.
func encode(value any) ([]byte, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return CanonicalJSON(raw)
}
