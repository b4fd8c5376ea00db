package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// The operations that all gateways have, by their names in errors and logs.
const (
	OpCreate = "create invoice"
	OpRead   = "read invoice"
	OpCancel = "cancel invoice"
	OpList   = "list invoices"
)

// EncodeJSON encodes compact JSON, without escaping <, > and &.
func EncodeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// InvalidRequest returns the error for a request that is not sent because one of its
// fields is invalid.
func (c *Client) InvalidRequest(operation, field, message string) *gateway.Error {
	return &gateway.Error{
		Gateway: c.name, Operation: operation, Kind: gateway.ErrInvalid,
		Fields: []gateway.FieldError{{Field: field, Message: c.quote(message, messageLength)}},
	}
}

func (c *Client) newRequest(ctx context.Context, call Call) (*retryablehttp.Request, error) {
	target, err := url.Parse(c.endpoint.String() + call.Path)
	if err != nil {
		return nil, err
	}
	target.RawQuery = call.Query.Encode()
	var body any
	if call.Body != nil {
		body = call.Body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, call.Method, target.String(), body)
	if err != nil {
		return nil, err
	}
	for name, values := range call.Header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	if call.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.userAgent != "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	return req, nil
}

// Query encodes the parameters that are not empty.
func Query(parameters map[string]string) url.Values {
	query := url.Values{}
	for name, value := range parameters {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}
