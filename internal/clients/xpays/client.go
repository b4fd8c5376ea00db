// Package xpays is a client of XPays: invoices in a fiat currency, paid in crypto.
// https://xpays-docs.pages.dev
package xpays

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const (
	// Name is the gateway's name in configuration and type names.
	Name = "xpays"
	// Title is the display name.
	Title = "XPays"
	// DefaultEndpoint is empty: XPays gives each merchant its address.
	DefaultEndpoint = ""
)

// maxIDLength limits the length of an id; the known ones have 36.
const maxIDLength = 128

// Credentials are the pair of keys that XPays issues.
type Credentials struct {
	// APIKey identifies the merchant.
	APIKey string
	// SecretKey signs each request and is never sent.
	SecretKey string
}

// Client is a client of one merchant. It is safe for concurrent use.
type Client struct {
	apiKey, secretKey string
	http              *transport.Client
	// emptyBody is what the gateway has been observed to sign for a request without a
	// body.
	emptyBody atomic.Int32
}

var (
	_ gateway.Gateway[Spec, *Invoice] = (*Client)(nil)
	_ gateway.Clock                   = (*Client)(nil)
)

// New returns a client. It sets cfg's gateway and secrets. The error is always nil.
func New(creds Credentials, cfg transport.Config) (*Client, error) {
	c := &Client{apiKey: strings.TrimSpace(creds.APIKey), secretKey: strings.TrimSpace(creds.SecretKey)}
	cfg.Gateway = Title
	cfg.Secrets = append(slices.Clone(cfg.Secrets), c.apiKey, c.secretKey)
	c.http = transport.New(cfg)
	return c, nil
}

// ValidateID rejects what cannot be an id. XPays issues UUIDs, but does not guarantee
// it.
func ValidateID(id string) error {
	if !gateway.IsOpaqueID(id, maxIDLength) {
		return errors.New("it is not an XPays id, such as 25e2c615-c90c-4868-b24d-0c1e3b81f92e")
	}
	return nil
}

// ClockOffset returns the offset of the gateway's clock: see gateway.Clock.
func (c *Client) ClockOffset() (low, high time.Duration, known bool) { return c.http.ClockOffset() }

// Create creates an invoice.
// https://xpays-docs.pages.dev/payment/create-invoice-payment.html
func (c *Client) Create(ctx context.Context, spec Spec) (*Invoice, error) {
	body, err := c.body(spec)
	if err != nil {
		return nil, err
	}
	call := transport.Call{
		Operation: transport.OpCreate, Kind: transport.Create, Method: http.MethodPost,
		Path: "/v1/payment/createInvoicePayment", Body: body, Authorize: c.authorize, OwnRefusal: refusesCreate,
	}
	resp, err := c.http.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	if !resp.OK() {
		return nil, c.createRefused(call, resp, spec)
	}
	inv, err := c.readInvoice(call, resp)
	switch {
	case inv.ID == "" && err != nil:
		return nil, err
	case inv.ID == "":
		return nil, c.http.Unexpected(call, resp, errNoID)
	case inv.OrderID != "" && inv.OrderID != spec.OrderID:
		return nil, c.http.Unexpected(call, resp, fmt.Errorf("the response is about payment %q, whose order_id is not %q", inv.ID, spec.OrderID))
	}
	inv.RespondedAt = resp.Date()
	// With an id, the payment exists, whatever else is odd about the response.
	return inv, nil
}

// Get reads an invoice.
// https://xpays-docs.pages.dev/payment/get-invoice-payment.html
func (c *Client) Get(ctx context.Context, id string) (*Invoice, error) {
	if err := ValidateID(id); err != nil {
		return nil, c.http.InvalidRequest(transport.OpRead, "id", err.Error())
	}
	call := transport.Call{
		Operation: transport.OpRead, Kind: transport.Read, Method: http.MethodGet,
		Path: "/v1/payment/info", Query: url.Values{"id": {id}},
	}
	resp, err := c.sendWithoutBody(ctx, call)
	if err != nil {
		return nil, err
	}
	if !resp.OK() {
		return nil, c.refused(call, resp, nil)
	}
	return c.readInvoiceOf(call, resp, id)
}

// Cancel asks XPays to cancel an unpaid invoice: "Cancel Payment" of
// https://xpays-docs.pages.dev.
func (c *Client) Cancel(ctx context.Context, inv *Invoice) (canceled *Invoice, shown bool, err error) {
	if err := ValidateID(inv.ID); err != nil {
		return nil, false, c.http.InvalidRequest(transport.OpCancel, "id", err.Error())
	}
	body, err := encode(map[string]string{"id": inv.ID})
	if err != nil {
		return nil, false, err
	}
	call := transport.Call{
		Operation: transport.OpCancel, Kind: transport.Cancel, Method: http.MethodPost,
		Path: "/v1/payment/cancel", Body: body, Authorize: c.authorize,
	}
	resp, err := c.http.Do(ctx, call)
	if err != nil {
		return nil, false, err
	}
	if !resp.OK() {
		return nil, false, c.refused(call, resp, closedKind(resp.Status))
	}
	canceled, err = c.readInvoiceOf(call, resp, inv.ID)
	if err != nil {
		return nil, false, err
	}
	// The cancel of a sister brand returns less than the invoice.
	return canceled, canceled.Facts(time.Now()).IsWhole(), nil
}
