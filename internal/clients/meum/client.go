// Package meum talks to Meum: invoices in a fiat currency, paid in crypto and
// settled in a stablecoin. https://docs.meum.io/api-reference/invoices
package meum

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const (
	// Name is the gateway's name in configuration and type names.
	Name = "meum"
	// Title is the display name.
	Title = "Meum"
	// DefaultEndpoint is the public API.
	DefaultEndpoint = "https://api.meum.io"
)

// invoicesPath is where invoices are made and listed.
const invoicesPath = "/v1/invoices"

// maxIDLength bounds what is taken for an id; the known ones have 36.
const maxIDLength = 200

// Credentials are what Meum knows a store by.
type Credentials struct {
	// APIKey is the store's key, such as sk_live_….
	APIKey string
}

// Client is the client of one store. It is safe for concurrent use.
type Client struct {
	authorization string
	http          *transport.Client
}

var (
	_ gateway.Gateway[Spec, *Invoice]  = (*Client)(nil)
	_ gateway.Finder[*Invoice]         = (*Client)(nil)
	_ gateway.Lister[Filter, *Invoice] = (*Client)(nil)
	_ gateway.AccountChecker           = (*Client)(nil)
	_ gateway.Clock                    = (*Client)(nil)
)

// New makes a client. It sets the gateway and the secrets of cfg by itself.
func New(creds Credentials, cfg transport.Config) *Client {
	key := strings.TrimSpace(creds.APIKey)
	cfg.Gateway = Title
	cfg.Secrets = append(slices.Clone(cfg.Secrets), key)
	return &Client{authorization: "Bearer " + key, http: transport.New(cfg)}
}

// ValidateID reports what cannot be an id, or would lead a request to another
// path. Ids are opaque: older ones are UUIDs, newer ones begin with inv_.
func ValidateID(id string) error {
	if !gateway.IsOpaqueID(id, maxIDLength) || id == "." || id == ".." || strings.ContainsAny(id, `/\`) {
		return errors.New("it is not a Meum id, such as inv_cb1e73f508a2abf4ea639f100de14cef")
	}
	return nil
}

// ClockOffset compares the gateway's clock with ours, see gateway.Clock.
func (c *Client) ClockOffset() (low, high time.Duration, known bool) { return c.http.ClockOffset() }

// Create makes an invoice. Where one with the same reference exists the gateway
// may answer with that. The answer holds less than a record.
// https://docs.meum.io/api-reference/invoices,
// https://docs.meum.io/payments/invoice-lifecycle
func (c *Client) Create(ctx context.Context, spec Spec) (*Invoice, error) {
	if !spec.Amount.IsPresent() {
		return nil, c.http.InvalidRequest(transport.OpCreate, "amount", "it is not set")
	}
	body, err := transport.EncodeJSON(spec.body())
	if err != nil {
		return nil, c.http.InvalidRequest(transport.OpCreate, "metadata", "it is not JSON")
	}
	call := transport.Call{
		Operation: transport.OpCreate, Kind: transport.Create, Method: http.MethodPost,
		Path: invoicesPath, Body: body, Authorize: c.authorize, OwnRefusal: refusesCreate,
	}
	resp, record, err := c.send(ctx, call)
	if err != nil {
		return nil, err
	}
	inv, err := readInvoice(record)
	if err == nil && !describesInvoice(record) {
		err = errors.New("it has an id, but nothing else of an invoice")
		inv.ID = ""
	}
	if inv.ID == "" {
		return nil, c.http.Unexpected(call, resp, err)
	}
	inv.AnsweredAt = resp.Date()
	// With an id the invoice exists, whatever else is odd about the answer.
	return inv, nil
}

// describesInvoice reports whether a create's answer has any of the members that it
// is documented to have, besides the id: other objects have one, too.
func describesInvoice(record *transport.Object) bool {
	return slices.ContainsFunc([]string{"status", "checkout_url", "payment_url", "amount", "currency", "expires_at", "invoiceId"}, record.Has)
}

// Get reads an invoice.
// https://docs.meum.io/api-reference/overview
func (c *Client) Get(ctx context.Context, id string) (*Invoice, error) {
	if err := ValidateID(id); err != nil {
		return nil, c.http.InvalidRequest(transport.OpRead, "id", err.Error())
	}
	return c.record(ctx, id, transport.Call{
		Operation: transport.OpRead, Kind: transport.Read, Method: http.MethodGet,
		Path: invoicesPath + "/" + url.PathEscape(id), Authorize: c.authorize,
	})
}

// Cancel cancels an open invoice. Which of the open ones can be canceled the
// documentation leaves open.
// https://docs.meum.io/api-reference/invoices/cancel-invoice
func (c *Client) Cancel(ctx context.Context, inv *Invoice) (answer *Invoice, shown bool, err error) {
	if err := ValidateID(inv.ID); err != nil {
		return nil, false, c.http.InvalidRequest(transport.OpCancel, "id", err.Error())
	}
	answer, err = c.record(ctx, inv.ID, transport.Call{
		Operation: transport.OpCancel, Kind: transport.Cancel, Method: http.MethodPost,
		Path: invoicesPath + "/" + url.PathEscape(inv.ID) + "/cancel", Authorize: c.authorize,
	})
	if err != nil {
		return nil, false, err
	}
	shown = answer.isWhole()
	return answer, shown, nil
}

// record sends a call that answers the record of an invoice, and insists that it
// is the one that was asked for.
func (c *Client) record(ctx context.Context, id string, call transport.Call) (*Invoice, error) {
	resp, record, err := c.send(ctx, call)
	if err != nil {
		return nil, err
	}
	inv, err := readInvoice(record)
	if err != nil {
		return nil, c.http.Unexpected(call, resp, err)
	}
	if inv.ID != id {
		return nil, c.http.Unexpected(call, resp, fmt.Errorf("the answer is about %s, not about %s", inv.ID, id))
	}
	return inv, nil
}

// send sends a call and reads the object of its success.
func (c *Client) send(ctx context.Context, call transport.Call) (*transport.Response, *transport.Object, error) {
	resp, err := c.http.Do(ctx, call)
	if err != nil {
		return nil, nil, err
	}
	body, err := transport.ParseObject(resp.Body)
	if err != nil {
		return nil, nil, c.http.Unexpected(call, resp, nil)
	}
	if !resp.OK() {
		return nil, nil, c.refused(call, resp, body)
	}
	return resp, body, nil
}

// authorize sets the key: https://docs.meum.io/api-reference/api-keys-and-scopes
func (c *Client) authorize(req *http.Request, _ []byte) {
	req.Header.Set("Authorization", c.authorization)
}
