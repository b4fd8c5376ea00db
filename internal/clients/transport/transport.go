// Package transport is the HTTP stack shared by the clients of all gateways. It retries
// only what is safe to retry, waits out rate limits, does not follow redirects, limits
// the size of responses, and keeps secrets out of logs and errors.
package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Defaults of Config.
const (
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxRetries     = 4
)

// interruptGrace is how long a create may run after its caller was interrupted: a
// response that still arrives saves an invoice from being lost. Together with the
// look-up that may follow and Terraform's own shutdown, it stays below two seconds.
const interruptGrace = time.Second

// Kind is what a request does, which decides when it is safe to retry.
type Kind int

// The kinds of request. The HTTP method does not matter: some gateways read by POST.
const (
	Read Kind = iota
	Create
	Cancel
	Login
	kinds
)

// Config configures the HTTP stack of one gateway's client.
type Config struct {
	// Gateway is the display name, such as "CryptoCloud".
	Gateway string
	// Endpoint is the base address, from ParseEndpoint.
	Endpoint *url.URL
	// UserAgent is sent with every request.
	UserAgent string
	// RequestTimeout limits one attempt, including its response. Zero means the
	// default.
	RequestTimeout time.Duration
	// MaxRetries is the maximum number of retries. Zero turns retries off, including
	// those after 429.
	MaxRetries int
	// RedirectAdvice is appended to the error about a redirect to a host, if the
	// gateway is documented to have moved. The host comes from the response and must
	// not be recommended. Nil adds nothing.
	RedirectAdvice func(host string) string
	// Authorization is the Authorization header of all calls; "" sends none.
	Authorization string
	// Secrets never appear in a log or an error.
	Secrets []string
	// RoundTripper replaces the network. Nil means a connection pool.
	RoundTripper http.RoundTripper
}

// Call is one request, however many attempts it takes.
type Call struct {
	// Operation names the operation, such as "create invoice".
	Operation string
	Kind      Kind
	Method    string
	// Path is relative to the endpoint, escaped, and starts with a slash.
	Path   string
	Query  url.Values
	Header http.Header
	// Body is sent byte for byte; nil sends none.
	Body []byte
	// Authorize sets the credentials of one attempt, in addition to
	// Config.Authorization.
	Authorize func(req *http.Request, body []byte)
	// OwnRefusal recognizes the gateway's own documented error form. A create is
	// retried only after a 429 in this form: any other 429 may come from a proxy that
	// has passed the create on. Nil recognizes none.
	OwnRefusal func(*Response) bool
	// NoRateLimitWait says that the caller has an alternative: a 429 is not waited out,
	// and does not hold back other calls.
	NoRateLimitWait bool
}

// Client sends the calls to one gateway. It is safe for concurrent use.
type Client struct {
	name           string
	endpoint       *url.URL
	userAgent      string
	authorization  string
	maxRetries     int
	redactor       *redactor
	http           *retryablehttp.Client
	redirectAdvice func(host string) string
	gates          [kinds]gate
	clock          clock
}

// New returns the HTTP stack of one gateway.
func New(cfg Config) *Client {
	timeout := cfg.RequestTimeout
	if timeout <= 0 {
		timeout = DefaultRequestTimeout
	}
	network := cfg.RoundTripper
	if network == nil {
		network = newPool()
	}
	c := &Client{
		name:           cfg.Gateway,
		endpoint:       cfg.Endpoint,
		userAgent:      cfg.UserAgent,
		authorization:  cfg.Authorization,
		maxRetries:     max(cfg.MaxRetries, 0),
		redirectAdvice: cfg.RedirectAdvice,
		redactor:       newRedactor(cfg.Secrets),
	}
	c.http = &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     &attempt{client: c, network: network},
			Timeout:       timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		// checkRetry counts retries itself, because a 429 does not count.
		RetryMax:     math.MaxInt,
		CheckRetry:   c.checkRetry,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 },
		PrepareRetry: c.prepareRetry,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return c
}

// Gateway is the display name.
func (c *Client) Gateway() string { return c.name }

// AddSecret makes a value that was learned later, such as a bearer token, as secret as
// those in the configuration.
func (c *Client) AddSecret(secret string) { c.redactor.add(secret) }

// Do sends a call and returns the last response, whatever its status. Without a
// response, the error is a *gateway.Error: ErrOutcomeUnknown for a create that may have
// been processed, ErrRateLimited if the time ran out while waiting for the gateway to
// accept more, ErrUnexpected for a response beyond the limits, ErrUnauthorized for
// credentials that cannot be sent, and otherwise ErrUnavailable. Do first runs the hook
// of gateway.WithReadHook for a read.
func (c *Client) Do(ctx context.Context, call Call) (*Response, error) {
	ctx = c.mask(ctx)
	if call.Kind == Read {
		if err := gateway.RunReadHook(ctx); err != nil {
			return nil, c.failure(call, gateway.ErrUnavailable, err)
		}
	}
	p := &callState{call: &call, ctx: ctx}
	sendCtx, release := c.sendContext(ctx, call.Kind)
	defer release()

	req, err := c.newRequest(context.WithValue(p.trace(sendCtx), callStateKey{}, p), call)
	if err != nil {
		return nil, c.failure(call, gateway.ErrInvalid, err)
	}
	if err := c.prepareAttempt(p, req.Request, 0); err != nil {
		return nil, c.noResponse(p, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.noResponse(p, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, c.noResponse(p, err)
	}
	if resp.StatusCode != http.StatusTooManyRequests {
		c.gates[call.Kind].pass()
	}
	if call.Kind != Login { // its response may repeat a token that is still in use
		body = c.redactor.data(body)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// sendContext returns the context of the attempts. A create outlives its caller's
// interruption by interruptGrace.
func (c *Client) sendContext(ctx context.Context, kind Kind) (context.Context, func()) {
	if kind != Create {
		return ctx, func() {}
	}
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(interruptGrace, cancel) })
	return detached, func() { stop(); cancel() }
}

// notSentError is the error, and its kind, of an attempt that was not made.
type notSentError struct{ kind, cause error }

func (e *notSentError) Error() string { return e.cause.Error() }
func (e *notSentError) Unwrap() error { return e.cause }

// prepareRetry waits, then prepares the next attempt. It waits here, rather than in the
// retry library, so that the wait ends with the caller's context.
func (c *Client) prepareRetry(req *http.Request) error {
	p := callStateOf(req.Context())
	// The previous attempt may still be reading its headers.
	req.Header = req.Header.Clone()
	return c.prepareAttempt(p, req, p.wait)
}

// prepareAttempt waits until an attempt may be sent, and adds its credentials.
func (c *Client) prepareAttempt(p *callState, req *http.Request, wait time.Duration) error {
	if err := c.await(p, wait); err != nil {
		return err
	}
	if c.authorization != "" {
		req.Header.Set("Authorization", c.authorization)
	}
	if p.call.Authorize != nil {
		p.call.Authorize(req, p.call.Body)
	}
	for name, values := range req.Header {
		if slices.ContainsFunc(values, invalidHeaderValue) {
			return &notSentError{gateway.ErrUnauthorized, fmt.Errorf("the header %s cannot be sent: a credential contains a line break or another control character", name)}
		}
	}
	return nil
}

func invalidHeaderValue(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// noResponse returns the error of a call that ended without a response.
func (c *Client) noResponse(p *callState, err error) *gateway.Error {
	kind := gateway.ErrUnavailable
	var notSent *notSentError
	switch {
	case errors.As(err, &notSent):
		// The previous attempt was refused or provably reached nobody, or it is safe to
		// repeat, so the outcome is known.
		kind = notSent.kind
	case p.call.Kind == Create && !p.neverSent():
		kind = gateway.ErrOutcomeUnknown
	case isTooLarge(err):
		kind = gateway.ErrUnexpected
	}
	if notSent == nil {
		err = &attemptError{withoutURL(err)}
	}
	return c.failure(*p.call, kind, err)
}

func (c *Client) failure(call Call, kind, cause error) *gateway.Error {
	return &gateway.Error{Gateway: c.name, Operation: call.Operation, Kind: kind, Err: c.quotable(cause)}
}

// mask hides secrets in everything that is logged with the context.
func (c *Client) mask(ctx context.Context) context.Context {
	secrets := c.redactor.values()
	if len(secrets) == 0 {
		return ctx
	}
	ctx = tflog.MaskAllFieldValuesStrings(ctx, secrets...)
	return tflog.MaskMessageStrings(ctx, secrets...)
}
