// Package meum is a client of Meum: invoices in a fiat currency, paid in crypto and
// settled in a stablecoin. https://docs.meum.io/api-reference/invoices
package meum

import (
	"context"
	"errors"
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

// maxIDLength limits the length of an id; the known ones have 36.
const maxIDLength = 200

// Credentials identify a store.
type Credentials struct {
	// APIKey is the store's key, such as sk_live_….
	APIKey string
}

// Client is a client of one store. It is safe for concurrent use.
type Client struct {
	http     *transport.Client
	invoices transport.Invoices[*Invoice]
}

var (
	_ gateway.Gateway[Spec, *Invoice]  = (*Client)(nil)
	_ gateway.Finder[*Invoice]         = (*Client)(nil)
	_ gateway.Lister[Filter, *Invoice] = (*Client)(nil)
	_ gateway.AccountChecker           = (*Client)(nil)
	_ gateway.Clock                    = (*Client)(nil)
)

// New returns a client. It sets cfg's gateway and secrets.
func New(creds Credentials, cfg transport.Config) *Client {
	key := strings.TrimSpace(creds.APIKey)
	cfg.Gateway = Title
	cfg.Authorization = "Bearer " + key // https://docs.meum.io/api-reference/api-keys-and-scopes
	cfg.Secrets = append(slices.Clone(cfg.Secrets), key)
	c := &Client{http: transport.New(cfg)}
	c.invoices = transport.Invoices[*Invoice]{
		Client: c.http, Path: "/v1/invoices", ValidateID: ValidateID,
		Parse: readInvoice, RefusesCreate: refusesCreate, Refused: c.refused,
	}
	return c
}

// ValidateID rejects what cannot be an id, or would lead a request to another path. Ids
// are opaque: older ones are UUIDs, newer ones start with inv_.
func ValidateID(id string) error {
	if !gateway.IsOpaqueID(id, maxIDLength) || id == "." || id == ".." || strings.ContainsAny(id, `/\`) {
		return errors.New("it is not a Meum id, such as inv_cb1e73f508a2abf4ea639f100de14cef")
	}
	return nil
}

// ClockOffset returns the offset of the gateway's clock: see gateway.Clock.
func (c *Client) ClockOffset() (low, high time.Duration, known bool) { return c.http.ClockOffset() }

// Create creates an invoice. The gateway may return an existing one with the same
// reference. The response has only a part of the record.
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
	created := c.invoices
	created.Parse = readCreated
	inv, resp, err := created.Create(ctx, body)
	if err != nil {
		return nil, err
	}
	inv.RespondedAt = resp.Date()
	return inv, nil
}

// readCreated parses the response to a create. It ignores an id that could be of
// something other than an invoice.
func readCreated(record *transport.Object) (*Invoice, error) {
	inv, err := readInvoice(record)
	if err == nil && !describesInvoice(record) {
		err = errors.New("it has an id, but no other field of an invoice")
		inv.ID = ""
	}
	return inv, err
}

// describesInvoice reports whether a response to a create has any of its documented
// members besides the id, which other objects have too.
func describesInvoice(record *transport.Object) bool {
	return slices.ContainsFunc([]string{"status", "checkout_url", "payment_url", "amount", "currency", "expires_at", "invoiceId"}, record.Has)
}

// Get reads an invoice.
// https://docs.meum.io/api-reference/overview
func (c *Client) Get(ctx context.Context, id string) (*Invoice, error) {
	return c.invoices.Get(ctx, id)
}

// Cancel cancels an open invoice. Which open invoices can be canceled is not
// documented. https://docs.meum.io/api-reference/invoices/cancel-invoice
func (c *Client) Cancel(ctx context.Context, inv *Invoice) (canceled *Invoice, shown bool, err error) {
	return c.invoices.Cancel(ctx, inv.ID, "/cancel", nil)
}
