package transport

import (
	"bytes"
	"encoding/json"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// The operations that all gateways have, as errors and logs name them.
const (
	OpCreate = "create invoice"
	OpRead   = "read invoice"
	OpCancel = "cancel invoice"
	OpList   = "list invoices"
)

// EncodeJSON writes compact JSON, with <, > and & as they are.
func EncodeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// InvalidRequest makes the error of a request that is not sent, because one of its
// fields cannot be right.
func (c *Client) InvalidRequest(operation, field, message string) *gateway.Error {
	return &gateway.Error{
		Gateway: c.name, Operation: operation, Kind: gateway.ErrInvalid,
		Fields: []gateway.FieldError{{Field: field, Message: c.quote(message, messageLength)}},
	}
}
