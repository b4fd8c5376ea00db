package transport

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Waits between attempts.
const (
	retryWaitMin     = 250 * time.Millisecond
	retryWaitMax     = 10 * time.Second
	rateLimitWaitMin = time.Second
	rateLimitWaitMax = 30 * time.Second
	// retryAfterMax caps the Retry-After header.
	retryAfterMax = time.Minute
)

// callState is the state of one call across its attempts.
type callState struct {
	call     *Call
	ctx      context.Context // the caller's: it bounds waits and further attempts
	attempts int
	retries  int
	wait     time.Duration
	sentAt   time.Time
	response *Response // of the last attempt that had one; nil before that

	// asked and connected say whether the last attempt had a connection.
	asked, connected atomic.Bool
}

type callStateKey struct{}

func callStateOf(ctx context.Context) *callState {
	p, _ := ctx.Value(callStateKey{}).(*callState)
	return p
}

// trace records whether the attempt got a connection: without one, the gateway cannot
// have processed anything.
func (s *callState) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { s.asked.Store(true); s.connected.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { s.connected.Store(true) },
	})
}

// neverSent reports whether the last attempt provably reached nobody. A round tripper
// that does not trace proves nothing.
func (s *callState) neverSent() bool { return s.asked.Load() && !s.connected.Load() }

// ownRefusal reports whether the gateway itself rejected the last attempt.
func (s *callState) ownRefusal() bool {
	return s.call.OwnRefusal != nil && s.call.OwnRefusal(s.response)
}

// checkRetry decides whether a further attempt is made, by this table:
//
//	read, cancel, login: after a transport error, a truncated body, 5xx and 429
//	create:              only when no connection was made, and after the gateway's own 429
//
// 429 does not count against the limit of retries: it is waited out until the
// operation's deadline, unless the call is dispensable.
func (c *Client) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	p := callStateOf(ctx)
	if p.ctx.Err() != nil || c.maxRetries == 0 {
		return false, err
	}
	limited := err == nil && resp.StatusCode == http.StatusTooManyRequests
	switch {
	case limited && p.call.NoRateLimitWait:
		return false, err
	case limited:
		asked, ok := retryAfter(resp)
		p.wait = c.gates[p.call.Kind].closeFor(time.Now(), p.sentAt, asked, ok)
		if p.call.Kind == Create && !p.ownRefusal() {
			return false, err
		}
	case p.retries >= c.maxRetries || !retryable(p, resp, err):
		return false, err
	default:
		p.wait = retryWait(p.retries, resp)
		p.retries++
	}
	p.wait = max(p.wait, c.gates[p.call.Kind].remaining(time.Now()))
	if deadline, ok := p.ctx.Deadline(); ok && time.Until(deadline) <= p.wait {
		return false, err
	}
	return true, nil
}

func retryable(p *callState, resp *http.Response, err error) bool {
	if err != nil {
		if isTooLarge(err) {
			return false
		}
		return p.call.Kind != Create || p.neverSent()
	}
	return p.call.Kind != Create && resp.StatusCode >= http.StatusInternalServerError
}

func retryWait(retries int, resp *http.Response) time.Duration {
	if asked, ok := retryAfter(resp); ok {
		return asked
	}
	return backoff(retryWaitMin, retryWaitMax, retries)
}

// backoff doubles with each step up to a maximum, less a random part of up to half, so
// that parallel callers spread out.
func backoff(low, high time.Duration, step int) time.Duration {
	wait := high
	if step < 16 && low<<step < high {
		wait = low << step
	}
	return wait - rand.N(wait/2+1)
}

// retryAfter parses the Retry-After header in both its forms, seconds and date, and
// caps it. A value that is not in the future is ignored: a gateway that keeps
// responding with "0" must not be asked without a pause.
func retryAfter(resp *http.Response) (time.Duration, bool) {
	if resp == nil {
		return 0, false
	}
	text := resp.Header.Get("Retry-After")
	if text == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		wait := time.Duration(min(max(seconds, 0), int64(retryAfterMax/time.Second))) * time.Second
		return wait, wait > 0
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	wait := min(max(time.Until(at), 0), retryAfterMax)
	return wait, wait > 0
}

// gate holds back all calls of one kind while the gateway responds with 429, so that
// one caller's 429 spares the others theirs.
type gate struct {
	mu      sync.Mutex
	until   time.Time
	strikes int
	struck  time.Time
}

// closeFor records a 429 to a request that was sent at sentAt, and returns how long its
// caller has to wait.
func (g *gate) closeFor(now, sentAt time.Time, asked time.Duration, ok bool) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	// Parallel requests that got a 429 together count as one strike. Another request
	// may have passed in between.
	if g.strikes == 0 || sentAt.After(g.struck) {
		g.strikes++
		g.struck = now
	}
	wait := asked + rand.N(asked/10+retryWaitMin)
	if !ok {
		wait = backoff(rateLimitWaitMin, rateLimitWaitMax, g.strikes-1)
	}
	if until := now.Add(wait); until.After(g.until) {
		g.until = until
	}
	return wait
}

// pass records a response other than 429.
func (g *gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.strikes = 0
}

// remaining returns how long the gate stays closed.
func (g *gate) remaining(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until.Sub(now)
}

// await waits for a time, and longer while the gate is closed, which may close again in
// the meantime. It does not start to wait if the deadline comes first.
func (c *Client) await(p *callState, wait time.Duration) error {
	for {
		kind, held := gateway.ErrUnavailable, c.gates[p.call.Kind].remaining(time.Now())
		if held > 0 {
			kind, wait = gateway.ErrRateLimited, max(wait, held)
		}
		if deadline, ok := p.ctx.Deadline(); ok && held > 0 && time.Until(deadline) <= wait {
			return &notSentError{kind, errHeldBack}
		}
		if err := sleep(p.ctx, wait); err != nil {
			return &notSentError{kind, err}
		}
		if wait <= 0 {
			return nil
		}
		wait = 0
	}
}

var errHeldBack = errors.New("the gateway is refusing requests with HTTP 429, and the operation would time out before it accepts more")

// sleep waits for d, or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
