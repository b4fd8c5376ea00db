// Package transport is the one HTTP stack under the clients of all gateways. It
// repeats only what is safe to repeat, waits out rate limits, follows no
// redirect, reads bounded answers, and lets no secret into a log or an error.
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

// interruptGrace is how long a create that is under way may go on after its
// caller was interrupted: an answer that still arrives saves an invoice from
// being lost. With the look-up that may follow, and Terraform's own end, it makes
// less than two seconds.
const interruptGrace = time.Second

// Kind says what a request does, and with it when it is safe to repeat.
type Kind int

// The kinds of request. The HTTP verb says nothing: some gateways read by POST.
const (
	Read Kind = iota
	Create
	Cancel
	Login
	kinds
)

// Config is what a gateway's client needs of its HTTP stack.
type Config struct {
	// Gateway is the display name, such as "CryptoCloud".
	Gateway string
	// Endpoint is the base address, by ParseEndpoint.
	Endpoint *url.URL
	// UserAgent is sent with every request.
	UserAgent string
	// RequestTimeout bounds one attempt, answer included. Zero is the default.
	RequestTimeout time.Duration
	// MaxRetries is how many further attempts follow a failed one. Zero
	// switches retries off, those after 429 too.
	MaxRetries int
	// RedirectAdvice is appended to the error about a redirect to a host, where the
	// gateway is documented to have moved. The host is whatever the answer names: it
	// must not be recommended. Nil advises nothing.
	RedirectAdvice func(host string) string
	// Authorization is the header of that name of all calls; "" is none.
	Authorization string
	// Secrets never appear in a log or an error.
	Secrets []string
	// RoundTripper replaces the network. Nil is a pool of connections.
	RoundTripper http.RoundTripper
}

// Call is one request, whatever number of attempts it takes.
type Call struct {
	// Operation is what is tried, in words: "create invoice".
	Operation string
	Kind      Kind
	Method    string
	// Path is below the endpoint, escaped, and starts with a slash.
	Path   string
	Query  url.Values
	Header http.Header
	// Body is sent byte for byte; nil sends none.
	Body []byte
	// Authorize sets the credentials of one attempt, besides Config.Authorization.
	Authorize func(req *http.Request, body []byte)
	// OwnRefusal recognizes the gateway's own documented error form. A create is sent
	// again after 429 in this form only: another 429 may come from a proxy that has
	// passed the create on. Nil recognizes none.
	OwnRefusal func(*Response) bool
	// NoRateLimitWait says that the caller has another way: a 429 is not waited out,
	// and does not hold back other calls.
	NoRateLimitWait bool
}

// Client sends the calls of one gateway. It is safe for concurrent use.
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

// New makes the HTTP stack of one gateway.
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
		// The count stands in checkRetry, where 429 does not use it up.
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

// AddSecret makes a value that was learned later, such as a bearer token,
// as secret as those of the configuration.
func (c *Client) AddSecret(secret string) { c.redactor.add(secret) }

// Do sends a call and answers the last response, whatever its status. Without
// a response the error is a *gateway.Error: ErrOutcomeUnknown for a create that
// may have been processed, ErrRateLimited when the time was up while waiting
// for the gateway to accept more, ErrUnexpected for an answer beyond all bounds,
// ErrUnauthorized for credentials that cannot be sent, else ErrUnavailable. A
// read runs the hook of gateway.WithReadHook first.
func (c *Client) Do(ctx context.Context, call Call) (*Response, error) {
	ctx = c.mask(ctx)
	if call.Kind == Read {
		if err := gateway.RunReadHook(ctx); err != nil {
			return nil, c.failure(call, gateway.ErrUnavailable, err)
		}
	}
	p := &progress{call: &call, ctx: ctx}
	sendCtx, release := c.sendContext(ctx, call.Kind)
	defer release()

	req, err := c.newRequest(context.WithValue(p.trace(sendCtx), progressKey{}, p), call)
	if err != nil {
		return nil, c.failure(call, gateway.ErrInvalid, err)
	}
	if err := c.prepareAttempt(p, req.Request, 0); err != nil {
		return nil, c.noAnswer(p, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.noAnswer(p, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, c.noAnswer(p, err)
	}
	if resp.StatusCode != http.StatusTooManyRequests {
		c.gates[call.Kind].pass()
	}
	if call.Kind != Login { // its answer may repeat a token that goes on being used
		body = c.redactor.data(body)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// sendContext is the context of the attempts. A create outlives its caller's
// interruption for a moment.
func (c *Client) sendContext(ctx context.Context, kind Kind) (context.Context, func()) {
	if kind != Create {
		return ctx, func() {}
	}
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(interruptGrace, cancel) })
	return detached, func() { stop(); cancel() }
}

// notSentError says that an attempt was not made, and of what kind that is.
type notSentError struct{ kind, cause error }

func (e *notSentError) Error() string { return e.cause.Error() }
func (e *notSentError) Unwrap() error { return e.cause }

// prepareRetry waits, then makes the next attempt ready. The wait is here, not
// in the retry library, because it ends with the caller's context.
func (c *Client) prepareRetry(req *http.Request) error {
	p := progressOf(req.Context())
	// The attempt before may still be reading its headers.
	req.Header = req.Header.Clone()
	return c.prepareAttempt(p, req, p.wait)
}

// prepareAttempt waits until an attempt may be sent, and gives it its credentials.
func (c *Client) prepareAttempt(p *progress, req *http.Request, wait time.Duration) error {
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

// noAnswer is the error of a call that ended without a response.
func (c *Client) noAnswer(p *progress, err error) *gateway.Error {
	kind := gateway.ErrUnavailable
	var notSent *notSentError
	switch {
	case errors.As(err, &notSent):
		// What came before was a refusal or provably reached nobody, or it is
		// safe to repeat: nothing is in doubt.
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

// mask hides the secrets in all that is logged with the context.
func (c *Client) mask(ctx context.Context) context.Context {
	secrets := c.redactor.values()
	if len(secrets) == 0 {
		return ctx
	}
	ctx = tflog.MaskAllFieldValuesStrings(ctx, secrets...)
	return tflog.MaskMessageStrings(ctx, secrets...)
}
