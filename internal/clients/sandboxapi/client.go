// Package sandboxapi is a client of the control API of a running sandbox server
// (terraform-provider-payinvoice sandbox serve).
package sandboxapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// title names the server in errors.
const title = "Sandbox server"

// Event is something that happens to an invoice in the sandbox.
type Event struct {
	Gateway   string // such as "meum"
	InvoiceID string
	Name      string // such as "pay"
	Amount    string // decimal text for "underpay" and "overpay"; "" lets the sandbox choose
}

// Outcome is the invoice right after an event.
type Outcome struct {
	InvoiceID  string
	Status     string // the gateway's own status
	Phase      string
	HappenedAt time.Time // by the sandbox's clock, UTC
}

// Client is a client of one server.
type Client struct{ http *transport.Client }

// New returns a client. cfg.Endpoint is the server's address.
func New(cfg transport.Config) *Client {
	cfg.Gateway = title
	return &Client{http: transport.New(cfg)}
}

// Check checks that the address is a sandbox server. Nothing else may be sent to it
// before.
func (c *Client) Check(ctx context.Context) error {
	call := transport.Call{Operation: "check", Kind: transport.Read, Method: http.MethodGet, Path: "/_sandbox/health"}
	var health struct {
		Status  string `json:"status"`
		Sandbox string `json:"sandbox"`
	}
	resp, err := c.http.Do(ctx, call)
	if err != nil {
		return err
	}
	if !resp.OK() || json.Unmarshal(resp.Body, &health) != nil || health.Sandbox != "payinvoice" || health.Status != "ok" {
		return fmt.Errorf("it is not a payinvoice sandbox server: %w", c.http.Unexpected(call, resp, nil))
	}
	return nil
}

// Trigger triggers an event once. It returns gateway.ErrNotFound for an unknown invoice
// or gateway, gateway.ErrClosed for an event that is not possible now,
// gateway.ErrInvalid for an unknown event or an invalid amount, and
// gateway.ErrOutcomeUnknown if the response was lost.
func (c *Client) Trigger(ctx context.Context, event Event) (Outcome, error) {
	body, err := transport.EncodeJSON(struct {
		Event  string `json:"event"`
		Amount string `json:"amount,omitempty"`
	}{event.Name, event.Amount})
	if err != nil {
		return Outcome{}, err
	}
	call := transport.Call{
		Operation: "trigger event", Kind: transport.Create, Method: http.MethodPost,
		Path: "/_sandbox/invoices/" + url.PathEscape(event.Gateway) + "/" + url.PathEscape(event.InvoiceID) + "/events",
		Body: body,
	}
	resp, err := c.http.Do(ctx, call)
	if err != nil {
		return Outcome{}, err
	}
	if !resp.OK() {
		return Outcome{}, c.refused(call, resp)
	}
	var outcome struct {
		ID     string `json:"id"`
		Status string `json:"status"`
		Phase  string `json:"phase"`
	}
	if json.Unmarshal(resp.Body, &outcome) != nil || outcome.ID == "" {
		return Outcome{}, c.http.Unexpected(call, resp, errors.New("the response has no invoice"))
	}
	at := resp.Date()
	if at.IsZero() {
		at = time.Now().UTC()
	}
	return Outcome{InvoiceID: outcome.ID, Status: outcome.Status, Phase: outcome.Phase, HappenedAt: at}, nil
}

var refusals = map[int]error{
	http.StatusNotFound:            gateway.ErrNotFound,
	http.StatusConflict:            gateway.ErrClosed,
	http.StatusUnprocessableEntity: gateway.ErrInvalid,
}

func (c *Client) refused(call transport.Call, resp *transport.Response) error {
	var body struct {
		Error string `json:"error"`
	}
	kind, known := refusals[resp.Status]
	if !known || json.Unmarshal(resp.Body, &body) != nil || body.Error == "" {
		return c.http.Unexpected(call, resp, nil)
	}
	failed := c.http.Refused(call, resp, transport.Refusal{Message: body.Error})
	failed.Kind = kind // the server rejects it before anything happens
	return failed
}
