// Package hesabe is a client of Hesabe: single invoices in Kuwaiti dinar.
// https://developer.hesabe.com/docs/api
package hesabe

import (
	"context"
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
	Name = "hesabe"
	// Title is the display name.
	Title = "Hesabe"
	// DefaultEndpoint is the address of the live system.
	DefaultEndpoint = "https://merchantapi.hesabe.com"
	// Currency is the currency of every invoice.
	Currency = "KWD"
)

// The names of operations in errors and logs.
const (
	opLogin   = "log in"
	opRefresh = "refresh the login"
)

const invoicePath = "/api/v1/invoice"

// statusCanceled is the statusId of a cancel.
const statusCanceled = "3"

// Credentials are a merchant's six settings.
type Credentials struct {
	// Username and Password are those of the merchant panel.
	Username, Password string
	// MerchantCode is in every payload, AccessCode in every header.
	MerchantCode, AccessCode string
	// SecretKey (32 bytes) and IVKey (16 bytes) encrypt the payloads.
	SecretKey, IVKey string
}

// Client is a client of one merchant. It is safe for concurrent use.
type Client struct {
	creds    Credentials
	http     *transport.Client
	envelope *envelope
	session  *session
	now      func() time.Time
	maxPages int
}

var (
	_ gateway.Gateway[Spec, *Invoice]  = (*Client)(nil)
	_ gateway.Finder[*Invoice]         = (*Client)(nil)
	_ gateway.Lister[Filter, *Invoice] = (*Client)(nil)
	_ gateway.AccountChecker           = (*Client)(nil)
	_ gateway.Clock                    = (*Client)(nil)
)

// New returns a client. It sets cfg's gateway and secrets.
func New(creds Credentials, cfg transport.Config) (*Client, error) {
	seal, err := newEnvelope(creds.SecretKey, creds.IVKey)
	if err != nil {
		return nil, err
	}
	creds.AccessCode = strings.TrimSpace(creds.AccessCode)
	creds.MerchantCode = strings.TrimSpace(creds.MerchantCode)
	cfg.Gateway = Title
	cfg.Secrets = append(slices.Clone(cfg.Secrets), creds.Password, creds.AccessCode, creds.SecretKey, creds.IVKey)
	client := transport.New(cfg)
	seal.mask = client.Mask
	return &Client{
		creds:    creds,
		http:     client,
		envelope: seal,
		session:  &session{http: client, envelope: seal, creds: creds, now: time.Now},
		now:      time.Now,
		maxPages: maxPages,
	}, nil
}

// ClockOffset returns the offset of the gateway's clock: see gateway.Clock.
func (c *Client) ClockOffset() (low, high time.Duration, known bool) { return c.http.ClockOffset() }

// Create creates an invoice. https://developer.hesabe.com/docs/api/post-quick-invoice
func (c *Client) Create(ctx context.Context, spec Spec) (*Invoice, error) {
	payload, err := c.payload(spec)
	if err != nil {
		return nil, err
	}
	a, err := c.exchange(ctx, transport.Call{
		Operation: transport.OpCreate, Kind: transport.Create, Method: http.MethodPost, Path: invoicePath, OwnRefusal: c.refusesCreate,
	}, payload)
	if err != nil {
		return nil, err
	}
	if !a.succeeded() {
		return nil, a.refused(c.http, meanings{refused: gateway.ErrInvalid, notFound: gateway.ErrInvalid})
	}
	inv, err := readInvoice(a.content)
	switch {
	case inv.ID == "":
		return nil, c.http.Unexpected(a.call, a.resp, err)
	case inv.ReferenceNumber != "" && spec.ReferenceNumber != "" && inv.ReferenceNumber != spec.ReferenceNumber:
		return nil, c.http.Unexpected(a.call, a.resp, fmt.Errorf("the response is about invoice %s, whose reference number is not %q", inv.ID, spec.ReferenceNumber))
	}
	// With an id, the invoice exists, whatever else is odd about the response.
	return inv, nil
}

// refusesCreate recognizes Hesabe's own refusal of a create.
func (c *Client) refusesCreate(resp *transport.Response) bool {
	a, err := c.envelope.readResponse(transport.Call{}, resp)
	return err == nil && a.refusesCreate()
}

// Get reads an invoice.
// https://developer.hesabe.com/docs/api/get-quick-invoice-details
func (c *Client) Get(ctx context.Context, id string) (*Invoice, error) {
	if err := ValidateID(id); err != nil {
		return nil, c.http.InvalidRequest(transport.OpRead, "id", err.Error())
	}
	a, err := c.exchange(ctx, transport.Call{
		Operation: transport.OpRead, Kind: transport.Read, Method: http.MethodGet, Path: invoicePath + "/" + id,
	}, c.merchant())
	if err != nil {
		return nil, err
	}
	if !a.succeeded() {
		return nil, a.refused(c.http, meanings{refused: gateway.ErrInvalid, notFound: gateway.ErrNotFound})
	}
	inv, err := readInvoice(a.content)
	switch {
	case err != nil:
		return nil, c.http.Unexpected(a.call, a.resp, err)
	case inv.ID != id:
		return nil, c.http.Unexpected(a.call, a.resp, fmt.Errorf("the response is not about invoice %s", id))
	}
	return inv, nil
}

// Cancel asks Hesabe to cancel an unpaid invoice, by its token. The response does not
// show the invoice. https://developer.hesabe.com/docs/api/put-quick-invoice-cancel
func (c *Client) Cancel(ctx context.Context, inv *Invoice) (canceled *Invoice, shown bool, err error) {
	return nil, false, c.cancel(ctx, inv)
}

func (c *Client) cancel(ctx context.Context, inv *Invoice) error {
	if inv.Token == "" {
		return c.http.InvalidRequest(transport.OpCancel, "token", fmt.Sprintf("the token of invoice %s is not known, and Hesabe cancels by token: read the invoice first", inv.ID))
	}
	if err := ValidateToken(inv.Token); err != nil {
		return c.http.InvalidRequest(transport.OpCancel, "token", err.Error())
	}
	a, err := c.exchange(ctx, transport.Call{
		Operation: transport.OpCancel, Kind: transport.Cancel, Method: http.MethodPut, Path: invoicePath + "/" + inv.Token,
	}, cancelPayload{MerchantCode: c.creds.MerchantCode, StatusID: statusCanceled})
	if err != nil {
		return err
	}
	if !a.confirmed() {
		return a.refused(c.http, meanings{refused: gateway.ErrClosed, notFound: gateway.ErrNotFound})
	}
	return nil
}

type merchantPayload struct {
	MerchantCode string `json:"merchantCode"`
}

type cancelPayload struct {
	MerchantCode string `json:"merchantCode"`
	StatusID     string `json:"statusId"`
}

// merchant is the payload of a request without further content.
func (c *Client) merchant() merchantPayload {
	return merchantPayload{MerchantCode: c.creds.MerchantCode}
}

// exchange sends an encrypted payload, and unwraps the response, whatever it is. A GET
// has the payload in its query.
func (c *Client) exchange(ctx context.Context, call transport.Call, payload any) (*response, error) {
	plain, err := transport.EncodeJSON(payload)
	if err != nil {
		return nil, err
	}
	sealed := c.envelope.seal(plain)
	if call.Method == http.MethodGet {
		if call.Query == nil {
			call.Query = url.Values{}
		}
		call.Query.Set("data", sealed)
	} else if call.Body, err = transport.EncodeJSON(map[string]string{"data": sealed}); err != nil {
		return nil, err
	}
	resp, err := c.send(ctx, call)
	if err != nil {
		return nil, err
	}
	a, err := c.envelope.readResponse(call, resp)
	if err != nil {
		return nil, c.http.Unexpected(call, resp, err)
	}
	return a, nil
}

// send sends a call for the merchant. If its token is rejected, it is sent once more
// after a new login, unless it is a create.
func (c *Client) send(ctx context.Context, call transport.Call) (*transport.Response, error) {
	token, err := c.session.bearer(ctx, "")
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(ctx, c.authorized(call, token))
	if err != nil {
		return nil, err
	}
	if call.Kind == transport.Create {
		return c.created(call, resp, token)
	}
	if resp.Status != http.StatusUnauthorized && rejection(resp) == "" {
		return resp, nil
	}
	if token, err = c.session.bearer(ctx, token); err != nil {
		return nil, err
	}
	resp, err = c.http.Do(ctx, c.authorized(call, token))
	if err != nil {
		return nil, err
	}
	if message := rejection(resp); message != "" {
		return nil, c.http.Refused(call, resp, transport.Refusal{Kind: gateway.ErrUnauthorized, Message: message})
	}
	return resp, nil
}

// created checks the response to a create for a rejected token. It is not documented
// that the create was not processed then, so it is not sent again here.
func (c *Client) created(call transport.Call, resp *transport.Response, token string) (*transport.Response, error) {
	message, rejected := rejectsCreate(resp)
	if resp.Status == http.StatusUnauthorized || rejected {
		c.session.forget(token)
	}
	if !rejected {
		return resp, nil
	}
	failed := c.http.Refused(call, resp, transport.Refusal{Message: message})
	failed.Kind, failed.Resendable = gateway.ErrOutcomeUnknown, true
	return nil, failed
}

// authorized adds the headers of
// https://developer.hesabe.com/docs/api/authentication/merchant-login-request.
func (c *Client) authorized(call transport.Call, token string) transport.Call {
	call.Authorize = func(req *http.Request, _ []byte) {
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("accessCode", c.creds.AccessCode)
		req.Header.Set("Content-Type", "application/json") // documented for every call, even without a body
	}
	return call
}
