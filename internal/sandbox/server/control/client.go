package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client controls a running sandbox server.
type Client struct {
	base string
	http *http.Client
}

// maxResponse limits a response, in bytes.
const maxResponse = 256 << 20

// NewClient returns a client of the server at a base URL such as http://127.0.0.1:4480.
// It sends no request.
func NewClient(base string) (*Client, error) {
	if err := CheckURL(base); err != nil {
		return nil, err
	}
	return &Client{
		base: strings.TrimRight(base, "/"),
		http: &http.Client{
			Timeout:       30 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// URL returns the server's base URL, without a trailing slash.
func (c *Client) URL() string { return c.base }

// Check returns an error if there is no sandbox at the URL.
func (c *Client) Check(ctx context.Context) error {
	var health Health
	if err := c.call(ctx, http.MethodGet, "/health", nil, &health); err != nil {
		return err
	}
	if health.Sandbox != Product {
		return fmt.Errorf("%s is not a payinvoice sandbox", c.base)
	}
	return nil
}

// Invoices lists invoices, newest first.
func (c *Client) Invoices(ctx context.Context, gateway string) (found []Invoice, err error) {
	query := url.Values{}
	if gateway != "" {
		query.Set("gateway", gateway)
	}
	err = c.call(ctx, http.MethodGet, "/invoices?"+query.Encode(), nil, &found)
	return found, err
}

// Trigger triggers an event and returns the resulting invoice.
func (c *Client) Trigger(ctx context.Context, gateway, id, event, amount string) (inv Invoice, err error) {
	path := "/invoices/" + url.PathEscape(gateway) + "/" + url.PathEscape(id) + "/events"
	err = c.call(ctx, http.MethodPost, path, Trigger{event, amount}, &inv)
	return inv, err
}

// Webhooks returns the webhooks without their secrets.
func (c *Client) Webhooks(ctx context.Context) (webhooks map[string]Webhook, err error) {
	err = c.call(ctx, http.MethodGet, "/webhooks", nil, &webhooks)
	return webhooks, err
}

// Clock returns the simulated time.
func (c *Client) Clock(ctx context.Context) (clock Clock, err error) {
	err = c.call(ctx, http.MethodGet, "/clock", nil, &clock)
	return clock, err
}

// Advance moves the clock forward.
func (c *Client) Advance(ctx context.Context, by time.Duration) (clock Clock, err error) {
	err = c.call(ctx, http.MethodPost, "/clock", Advance{by.String()}, &clock)
	return clock, err
}

// Reset removes all invoices and deliveries.
func (c *Client) Reset(ctx context.Context) error {
	return c.call(ctx, http.MethodDelete, "/data", nil, nil)
}

func (c *Client) call(ctx context.Context, method, path string, body, into any) error {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+Prefix+path, content)
	if err != nil {
		return err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return fmt.Errorf("no sandbox is running at %s: %w; start one with \"sandbox serve\", or name the folder with --data-dir", c.base, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxResponse))
	if err != nil {
		return fmt.Errorf("the response from %s broke off: %w", c.base, err)
	}
	return c.decode(response, text, into)
}

func (c *Client) decode(response *http.Response, text []byte, into any) error {
	if response.StatusCode == http.StatusNoContent && into == nil {
		return nil
	}
	var failed Error
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch {
	case kind != "application/json":
		return fmt.Errorf("%s is not a payinvoice sandbox", c.base)
	case response.StatusCode == http.StatusOK:
		if into == nil {
			return nil
		}
		if json.Unmarshal(text, into) == nil {
			return nil
		}
	case json.Unmarshal(text, &failed) == nil && failed.Error != "":
		return errors.New(failed.Error)
	}
	return fmt.Errorf("%s is not a payinvoice sandbox: HTTP %d", c.base, response.StatusCode)
}
