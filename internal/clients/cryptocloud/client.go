// Package cryptocloud is a client of CryptoCloud: invoices in a fiat currency, paid in
// crypto. https://docs.cryptocloud.plus/en
// All methods of version 2 are POST, even those that read.
package cryptocloud

import (
	"context"
	"encoding/json"
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
	Name = "cryptocloud"
	// Title is the display name.
	Title = "CryptoCloud"
	// AccountTitle is the gateway's name since May 2026, under which users look for
	// their accounts: https://wordpress.org/plugins/?p=375856.
	AccountTitle = Title + " (now Trybit)"
	// DefaultEndpoint is the public API.
	DefaultEndpoint = "https://api.cryptocloud.plus"
	// NewEndpoint is the public API under the new name.
	NewEndpoint = "https://api.trybit.com"
)

// opStatus is an operation's name in errors and logs.
const opStatus = "check invoice status"

// maxIDs is how many invoices one request can read.
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-information
const maxIDs = 100

// Credentials identify a project.
type Credentials struct {
	// APIKey is the project's key.
	APIKey string
}

// Client is a client of one project. It is safe for concurrent use.
type Client struct {
	http  *transport.Client
	reads batcher
	// limitReading is what the gateway has been observed to mean by a list's limit.
	limitReading atomic.Int32
	// limitGuessed says that pages were requested before that was known.
	limitGuessed atomic.Bool
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
	from := ""
	if cfg.Endpoint != nil {
		from = "https://" + cfg.Endpoint.Hostname()
	}
	cfg.RedirectAdvice = func(host string) string {
		if from == NewEndpoint || from != DefaultEndpoint && "https://"+host != NewEndpoint {
			return ""
		}
		return fmt.Sprintf(": %s may have moved: set the provider's cryptocloud.endpoint to %q", AccountTitle, NewEndpoint)
	}
	cfg.Authorization = "Token " + key // https://docs.cryptocloud.plus/en/api-reference-v2/authorization
	cfg.Secrets = append(slices.Clone(cfg.Secrets), key)
	c := &Client{http: transport.New(cfg)}
	c.reads.read = c.read
	return c
}

// ClockOffset returns the offset of the gateway's clock: see gateway.Clock.
func (c *Client) ClockOffset() (low, high time.Duration, known bool) { return c.http.ClockOffset() }

// Create creates an invoice. The response lacks the order_id.
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice
func (c *Client) Create(ctx context.Context, spec Spec) (*Invoice, error) {
	if !spec.Amount.IsPresent() {
		return nil, c.http.InvalidRequest(transport.OpCreate, "amount", "it is not set")
	}
	resp, err := c.post(ctx, transport.Call{
		Operation: transport.OpCreate, Kind: transport.Create, Path: "/v2/invoice/create",
		Query: transport.Query(map[string]string{"locale": spec.Locale}),
	}, spec.body())
	if err != nil {
		return nil, err
	}
	record, err := parseObject(resp.result)
	if err != nil {
		return nil, resp.unexpected(err)
	}
	inv, err := readInvoice(record)
	if inv.ID == "" {
		return nil, resp.unexpected(err)
	}
	// With an id, the invoice exists, whatever else is odd about the response.
	return inv, nil
}

// Get reads an invoice. Simultaneous reads share a request, but only the response to a
// request about this invoice alone can mean that it does not exist.
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-information
func (c *Client) Get(ctx context.Context, id string) (*Invoice, error) {
	id, err := NormalizeID(id)
	if err != nil {
		return nil, c.http.InvalidRequest(transport.OpRead, "uuid", err.Error())
	}
	inv, err := c.reads.get(ctx, id)
	if err == nil && inv == nil {
		err = &gateway.Error{Gateway: Title, Operation: transport.OpRead, Kind: gateway.ErrNotFound, Message: "the response does not hold the invoice"}
	}
	return inv, err
}

// read reads up to maxIDs invoices. It matches the response by id, because its order,
// and how unknown ids are treated, are not documented.
func (c *Client) read(ctx context.Context, ids []string) (map[string]*Invoice, error) {
	resp, err := c.post(ctx, transport.Call{
		Operation: transport.OpRead, Kind: transport.Read, Path: "/v2/invoice/merchant/info",
	}, map[string]any{"uuids": ids})
	if err != nil {
		return nil, err
	}
	records, err := resp.records()
	if err != nil {
		return nil, err
	}
	found, foreign := make(map[string]*Invoice, len(records)), ""
	for _, record := range records {
		inv, err := readInvoice(record)
		if err != nil {
			return nil, resp.unexpected(err)
		}
		if !slices.Contains(ids, inv.ID) {
			foreign = inv.ID
			continue
		}
		found[inv.ID] = inv
	}
	if foreign != "" && len(found) == 0 {
		return nil, resp.unexpected(fmt.Errorf("the response has invoice %s, which was not requested", foreign))
	}
	return found, nil
}

// CheckAccount makes no request: an invoice that Get does not find is missing from an
// authenticated success, which already proves the account.
func (c *Client) CheckAccount(context.Context) error { return nil }

// Cancel cancels an invoice with the status created. The response does not show the
// invoice. https://docs.cryptocloud.plus/en/api-reference-v2 (Invoice Cancellation)
func (c *Client) Cancel(ctx context.Context, inv *Invoice) (canceled *Invoice, shown bool, err error) {
	return nil, false, c.cancel(ctx, inv.ID)
}

func (c *Client) cancel(ctx context.Context, id string) error {
	id, err := NormalizeID(id)
	if err != nil {
		return c.http.InvalidRequest(transport.OpCancel, "uuid", err.Error())
	}
	resp, err := c.post(ctx, transport.Call{
		Operation: transport.OpCancel, Kind: transport.Cancel, Path: "/v2/invoice/merchant/canceled",
	}, map[string]any{"uuid": id})
	if err != nil {
		return err
	}
	var words []string
	if err := json.Unmarshal(resp.result, &words); err != nil || !slices.Contains(words, "ok") {
		return resp.unexpected(errors.New(`the result is not ["ok"]`))
	}
	return nil
}

// Status reads only the status, with version 1 of the API. It does not have every
// status of version 2: it may call an overpaid invoice paid.
// https://docs.cryptocloud.plus/en/api-reference-v1-old (Invoice Status Check)
func (c *Client) Status(ctx context.Context, id string) (string, gateway.Phase, error) {
	id, err := NormalizeID(id)
	if err != nil {
		return "", gateway.PhaseUnknown, c.http.InvalidRequest(opStatus, "uuid", err.Error())
	}
	call := transport.Call{
		Operation: opStatus, Kind: transport.Read, Method: http.MethodGet,
		Path: "/v1/invoice/info", Query: url.Values{"uuid": {id}},
	}
	resp, err := c.http.Do(ctx, call)
	if err != nil {
		return "", gateway.PhaseUnknown, err
	}
	body, err := parseObject(resp.Body)
	if err != nil || !resp.OK() || body.Text("status") != statusSuccess {
		return "", gateway.PhaseUnknown, c.refused(call, resp)
	}
	word := body.Word("status_invoice")
	if word == "" {
		return "", gateway.PhaseUnknown, c.http.Unexpected(call, resp, errors.New("it lacks status_invoice"))
	}
	return word, Phases.Of(word, false), nil
}
