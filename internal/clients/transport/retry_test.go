package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// TestRepeated is the table of what is repeated: how many requests reach the
// server, and how the call ends.
func TestRepeated(t *testing.T) {
	safe := []Kind{Read, Cancel, Login}
	tests := []struct {
		name     string
		network  func() *network
		requests int   // of what is safe to repeat
		status   int   // how it ends: a response
		err      error // or an error
		create   int   // requests of a create
		cStatus  int
		cErr     error
	}{
		{name: "a response", network: func() *network { return serverThat(ok) },
			requests: 1, status: 200, create: 1, cStatus: 200},
		{name: "refused connections, then a response", network: func() *network { return serverThat(ok).refusing(4) },
			requests: 1, status: 200, create: 1, cStatus: 200},
		{name: "refused connections only", network: func() *network { return serverThat(ok).refusing(99) },
			requests: 0, err: gateway.ErrUnavailable, create: 0, cErr: gateway.ErrUnavailable},
		{name: "closed after the request, then a response", network: func() *network { return serverThat(hangUp, hangUp, hangUp, hangUp, ok) },
			requests: 5, status: 200, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "closed after the request always", network: func() *network { return serverThat(hangUp) },
			requests: 5, err: gateway.ErrUnavailable, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "500, then a response", network: func() *network { return serverThat(respond(500, `{}`), ok) },
			requests: 2, status: 200, create: 1, cStatus: 500},
		{name: "503 always", network: func() *network { return serverThat(respond(503, `{}`)) },
			requests: 5, status: 503, create: 1, cStatus: 503},
		{name: "599 always", network: func() *network { return serverThat(respond(599, `{}`)) },
			requests: 5, status: 599, create: 1, cStatus: 599},
		{name: "429, then a response", network: func() *network { return serverThat(respond(429, `{}`), respond(429, `{}`), ok) },
			requests: 3, status: 200, create: 3, cStatus: 200},
		{name: "429 more often than there are retries", network: func() *network {
			n := serverThat()
			for range 12 {
				n.script = append(n.script, respond(429, `{}`))
			}
			n.script = append(n.script, ok)
			return n
		}, requests: 13, status: 200, create: 13, cStatus: 200},
		{name: "another's 429, then a response", network: func() *network { return serverThat(respond(429, `<html>`), ok) },
			requests: 2, status: 200, create: 1, cStatus: 429},
		{name: "a switch of protocols, then silence", network: func() *network { return serverThat(switched) },
			requests: 1, status: 101, create: 1, cStatus: 101},
		{name: "early hints, then a response", network: func() *network {
			return serverThat(raw("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
		},
			requests: 1, status: 200, create: 1, cStatus: 200},
		{name: "hints without end", network: func() *network { return serverThat(drip("HTTP/1.1 103 Early Hints\r\n\r\n", 0)) },
			requests: 5, err: gateway.ErrUnavailable, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "100 Continue, then silence", network: func() *network { return serverThat(drip("HTTP/1.1 100 Continue\r\n\r\n", time.Hour)) },
			requests: 5, err: gateway.ErrUnavailable, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "a head without end", network: func() *network { return serverThat(drip("HTTP/1.1 200 OK\r\n", 0, "X-More: x\r\n")) },
			requests: 5, err: gateway.ErrUnavailable, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "a head that comes too slowly", network: func() *network { return serverThat(drip("HTTP/1.1 200 OK\r\n", time.Second, "X-More: x\r\n")) },
			requests: 5, err: gateway.ErrUnavailable, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "a truncated body, then a response", network: func() *network { return serverThat(truncated, ok) },
			requests: 2, status: 200, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "a body that comes too slowly, then a response", network: func() *network { return serverThat(slow(time.Second), ok) },
			requests: 2, status: 200, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "no response in time, then a response", network: func() *network { return serverThat(silent, ok) },
			requests: 2, status: 200, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "no HTTP at all", network: func() *network { return serverThat(raw("220 mail ready\r\n")) },
			requests: 5, err: gateway.ErrUnavailable, create: 1, cErr: gateway.ErrOutcomeUnknown},
		{name: "400", network: func() *network { return serverThat(respond(400, `{}`), ok) },
			requests: 1, status: 400, create: 1, cStatus: 400},
		{name: "401", network: func() *network { return serverThat(respond(401, `{}`), ok) },
			requests: 1, status: 401, create: 1, cStatus: 401},
		{name: "404", network: func() *network { return serverThat(respond(404, `{}`), ok) },
			requests: 1, status: 404, create: 1, cStatus: 404},
		{name: "409", network: func() *network { return serverThat(respond(409, `{}`), ok) },
			requests: 1, status: 409, create: 1, cStatus: 409},
		{name: "a redirect", network: func() *network { return serverThat(respond(302, ``, "Location: http://other.example.com/"), ok) },
			requests: 1, status: 302, create: 1, cStatus: 302},
	}
	check := func(t *testing.T, n *network, kind Kind, requests, status int, want error) {
		t.Helper()
		inBubble(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
			defer cancel()
			resp, err := newClient(t, n).Do(ctx, call(kind))
			if got := kindOf(t, err); got != want {
				t.Errorf("ended with %v, not %v", err, want)
			}
			if err == nil && resp.Status != status {
				t.Errorf("ended with status %d, not %d", resp.Status, status)
			}
			if n.count() != requests {
				t.Errorf("%d requests reached the server, not %d", n.count(), requests)
			}
			for _, r := range n.requests {
				if r.method != "POST" || r.uri != "/v1/things?q=1" || r.body != `{"a":1}` || r.header.Get("Authorization") != "Bearer sesame" ||
					r.header.Get("Content-Type") != "application/json" || r.header.Get("Accept") != "application/json" ||
					r.header.Get("User-Agent") != "test/1" || r.host != apiHost {
					t.Errorf("another request: %+v", r)
				}
			}
		})
	}
	for _, test := range tests {
		for _, kind := range safe {
			t.Run(kindName(kind)+"/"+test.name, func(t *testing.T) {
				check(t, test.network(), kind, test.requests, test.status, test.err)
			})
		}
		t.Run("create/"+test.name, func(t *testing.T) {
			check(t, test.network(), Create, test.create, test.cStatus, test.cErr)
		})
	}
}

// TestCreateOnUsedConnection: a server that closes a kept connection when the
// next request arrives may have processed it. net/http must not repeat it.
func TestCreateOnUsedConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(ok, hangUp, ok)
		c := newClient(t, n)
		if _, err := c.Do(t.Context(), call(Read)); err != nil {
			t.Fatal(err)
		}
		_, err := c.Do(t.Context(), call(Create))
		if kindOf(t, err) != gateway.ErrOutcomeUnknown || n.count() != 2 || len(n.hosts) != 1 {
			t.Errorf("%v after %d requests on %d connections", err, n.count(), len(n.hosts))
		}
	})
}

// TestCreateOnDeadConnection: on a kept connection that was closed meanwhile
// nothing can be written, so a new one may be used.
func TestCreateOnDeadConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(func(conn net.Conn, req *http.Request) {
			ok(conn, req)
			_ = conn.Close()
		}, ok)
		c := newClient(t, n)
		if _, err := c.Do(t.Context(), call(Read)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		resp, err := c.Do(t.Context(), call(Create))
		if err != nil || resp.Status != 200 || n.count() != 2 {
			t.Errorf("%v after %d requests", err, n.count())
		}
	})
}

// TestUntracedNetwork: a network that does not tell whether there was a
// connection leaves a failed create in doubt.
func TestUntracedNetwork(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		attempts := 0
		network := roundTripper(func(*http.Request) (*http.Response, error) {
			attempts++
			return nil, errors.New("broken")
		})
		c := newClient(t, serverThat(ok), func(cfg *Config) { cfg.RoundTripper = network })
		if _, err := c.Do(t.Context(), call(Create)); kindOf(t, err) != gateway.ErrOutcomeUnknown || attempts != 1 {
			t.Errorf("%v after %d attempts", err, attempts)
		}
		if _, err := c.Do(t.Context(), call(Read)); kindOf(t, err) != gateway.ErrUnavailable || attempts != 6 {
			t.Errorf("%v after %d attempts", err, attempts-1)
		}
	})
}

func TestRetriesSwitchedOff(t *testing.T) {
	for _, kind := range []Kind{Read, Create, Cancel, Login} {
		for name, network := range map[string]*network{
			"500": serverThat(respond(500, `{}`), ok), "429": serverThat(respond(429, `{}`), ok), "hang up": serverThat(hangUp, ok),
		} {
			t.Run(kindName(kind)+"/"+name, func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					started := time.Now()
					resp, err := newClient(t, network, retries(0)).Do(t.Context(), call(kind))
					if network.count() != 1 || time.Since(started) != 0 || err == nil && resp.Status < 400 {
						t.Errorf("%d requests in %v, %v", network.count(), time.Since(started), err)
					}
				})
			})
		}
	}
	t.Run("refused connection", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			n := serverThat(ok).refusing(1)
			if _, err := newClient(t, n, retries(0)).Do(t.Context(), call(Create)); kindOf(t, err) != gateway.ErrUnavailable {
				t.Error(err)
			}
		})
	})
}

// TestFaultWaits: the waits after faults double, with a random part, and stay
// within a bound; Retry-After of a 503 is obeyed within a bound.
func TestFaultWaits(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(respond(500, `{}`))
		if _, err := newClient(t, n, retries(9)).Do(t.Context(), call(Read)); err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(n.requests); i++ {
			most := min(retryWaitMin<<(i-1), retryWaitMax)
			if waited := n.requests[i].at.Sub(n.requests[i-1].at); waited < most/2-time.Millisecond || waited > most {
				t.Errorf("wait %d was %v, not between half of %v and that", i, waited, most)
			}
		}
	})
	inBubble(t, func(t *testing.T) {
		n := serverThat(respond(503, `{}`, "Retry-After: 7"), respond(503, `{}`, "Retry-After: 86400"), ok)
		if _, err := newClient(t, n).Do(t.Context(), call(Read)); err != nil {
			t.Fatal(err)
		}
		first, second := n.requests[1].at.Sub(n.requests[0].at), n.requests[2].at.Sub(n.requests[1].at)
		if first != 7*time.Second || second != retryAfterMax {
			t.Errorf("waited %v and %v", first, second)
		}
	})
}

// TestRetryAfter: what a 429 asks for is obeyed within bounds; without it, or
// with nonsense, the waits grow by themselves.
func TestRetryAfter(t *testing.T) {
	const jitter = retryWaitMin
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of every bubble
	tests := []struct {
		header    string
		low, high time.Duration
	}{
		{"Retry-After: 5", 5 * time.Second, 5*time.Second + time.Second/2 + jitter},
		{"Retry-After: " + start.Add(20*time.Second).Format(http.TimeFormat), 20 * time.Second, 22*time.Second + jitter},
		{"Retry-After: 3600", retryAfterMax, retryAfterMax*11/10 + jitter},
		{"Retry-After: 9223372036854775807", retryAfterMax, retryAfterMax*11/10 + jitter},
		{"Retry-After: " + start.AddDate(100, 0, 0).Format(http.TimeFormat), retryAfterMax, retryAfterMax*11/10 + jitter},
		{"Retry-After: 99999999999999999999999", rateLimitWaitMin / 2, rateLimitWaitMin},
		{"Retry-After: soon", rateLimitWaitMin / 2, rateLimitWaitMin},
		{"Retry-After: -5", rateLimitWaitMin / 2, rateLimitWaitMin},
		{"Retry-After: 0", rateLimitWaitMin / 2, rateLimitWaitMin},
		{"Retry-After: " + start.AddDate(-1, 0, 0).Format(http.TimeFormat), rateLimitWaitMin / 2, rateLimitWaitMin},
		{"X-Nothing: 0", rateLimitWaitMin / 2, rateLimitWaitMin},
	}
	for _, test := range tests {
		for _, kind := range []Kind{Read, Create} {
			t.Run(kindName(kind)+"/"+test.header, func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					n := serverThat(respond(429, `{}`, test.header), ok)
					if _, err := newClient(t, n).Do(t.Context(), call(kind)); err != nil {
						t.Fatal(err)
					}
					if waited := n.requests[1].at.Sub(n.requests[0].at); waited < test.low-time.Millisecond || waited > test.high {
						t.Errorf("waited %v, not %v to %v", waited, test.low, test.high)
					}
				})
			})
		}
	}
	t.Run("0 forever does not become a storm", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
			defer cancel()
			n := serverThat(respond(429, `{}`, "Retry-After: 0"))
			resp, err := newClient(t, n).Do(ctx, call(Create))
			if err != nil || resp.Status != 429 || n.count() > 60 {
				t.Errorf("%v, %d requests", err, n.count())
			}
		})
	})
}

// TestDeadline: the operation's deadline bounds attempts and waits. A wait that
// would outlast it is not begun.
func TestDeadline(t *testing.T) {
	tests := []struct {
		name   string
		server behaviour
		kind   Kind
		within time.Duration
		status int
		err    error
	}{
		{"read, silence", silent, Read, 10 * time.Second, 0, gateway.ErrUnavailable},
		{"create, silence", silent, Create, 10*time.Second + interruptGrace, 0, gateway.ErrOutcomeUnknown},
		{"read, 429 for a minute", respond(429, `{}`, "Retry-After: 60"), Read, 0, 429, nil},
		{"create, 429 for a minute", respond(429, `{}`, "Retry-After: 60"), Create, 0, 429, nil},
		{"read, 429 for ever", respond(429, `{}`), Read, 10 * time.Second, 429, nil},
		{"read, 503 for a minute", respond(503, `{}`, "Retry-After: 60"), Read, 0, 503, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				started := time.Now()
				resp, err := newClient(t, serverThat(test.server)).Do(ctx, call(test.kind))
				if got := kindOf(t, err); got != test.err || err == nil && resp.Status != test.status {
					t.Errorf("ended with %v %v", resp, err)
				}
				if took := time.Since(started); took > test.within {
					t.Errorf("took %v", took)
				}
			})
		})
	}
	t.Run("the time of one attempt", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			started := time.Now()
			_, err := newClient(t, serverThat(silent), retries(0)).Do(t.Context(), call(Read))
			if kindOf(t, err) != gateway.ErrUnavailable || !errors.Is(err, context.DeadlineExceeded) || time.Since(started) != DefaultRequestTimeout {
				t.Errorf("%v after %v", err, time.Since(started))
			}
		})
	})
}

// TestInterruption: the caller's interruption ends a wait and a read at once,
// and is never followed by a further attempt.
func TestInterruption(t *testing.T) {
	tests := []struct {
		name   string
		server behaviour
		kind   Kind
		after  time.Duration // until the call returns
		err    error
	}{
		{"read, silence", silent, Read, 0, gateway.ErrUnavailable},
		{"read, waiting on a 429", respond(429, `{}`, "Retry-After: 60"), Read, 0, gateway.ErrRateLimited},
		{"create, waiting on a 429", respond(429, `{}`, "Retry-After: 60"), Create, 0, gateway.ErrRateLimited},
		{"cancel, waiting on a 503", respond(503, `{}`, "Retry-After: 60"), Cancel, 0, gateway.ErrUnavailable},
		{"create, silence", silent, Create, interruptGrace, gateway.ErrOutcomeUnknown},
		{"create, answered in the grace", late(5*time.Second+interruptGrace/2, ok), Create, interruptGrace / 2, nil},
		{"create, failed in the grace", late(5*time.Second+interruptGrace/2, hangUp), Create, interruptGrace / 2, gateway.ErrOutcomeUnknown},
		{"create, refused with 429 in the grace", late(5*time.Second+interruptGrace/2, respond(429, `{}`)), Create, interruptGrace / 2, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				ctx, interrupt := context.WithCancel(t.Context())
				time.AfterFunc(5*time.Second, interrupt)
				started := time.Now()
				n := serverThat(test.server, ok)
				_, err := newClient(t, n).Do(ctx, call(test.kind))
				if kindOf(t, err) != test.err {
					t.Errorf("ended with %v", err)
				}
				if took := time.Since(started) - 5*time.Second; took != test.after {
					t.Errorf("returned %v after the interruption", took)
				}
				synctest.Wait()
				if n.count() != 1 {
					t.Errorf("%d requests", n.count())
				}
			})
		})
	}
	t.Run("before the first attempt", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(t.Context())
			interrupt()
			n := serverThat(ok)
			if _, err := newClient(t, n).Do(ctx, call(Create)); kindOf(t, err) != gateway.ErrUnavailable || n.count() != 0 {
				t.Errorf("%v, %d requests", err, n.count())
			}
		})
	})
}

// limited answers 429 to all but so many creates in any minute.
type limited struct {
	mu      sync.Mutex
	perMin  int
	times   []time.Time
	refused int
}

func (l *limited) behaviour(conn net.Conn, req *http.Request) {
	l.mu.Lock()
	now, recent := time.Now(), 0
	for _, at := range l.times {
		if now.Sub(at) < time.Minute {
			recent++
		}
	}
	if recent >= l.perMin {
		l.refused++
		l.mu.Unlock()
		respond(429, `{}`)(conn, req)
		return
	}
	l.times = append(l.times, now)
	l.mu.Unlock()
	ok(conn, req)
}

// TestManyCreatesUnderALimit: an apply of 100, ten at a time, against a limit of
// 30 a minute that does not say how long to wait, succeeds slowly.
func TestManyCreatesUnderALimit(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		server := &limited{perMin: 30}
		n := serverThat(server.behaviour)
		c := newClient(t, n)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		started := time.Now()
		var wg sync.WaitGroup
		slots := make(chan struct{}, 10)
		for range 100 {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				if resp, err := c.Do(ctx, call(Create)); err != nil || resp.Status != 200 {
					t.Errorf("%v %v", resp, err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(started); len(server.times) != 100 || took > 8*time.Minute || server.refused > 400 {
			t.Errorf("%d creates in %v, %d refused", len(server.times), took, server.refused)
		}
	})
}

// TestGate: one caller's 429 holds back the others of its kind, and only these.
func TestGate(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(respond(429, `{}`, "Retry-After: 30"), ok)
		c := newClient(t, n)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Second) // the first is refused, the others come while it waits
				if _, err := c.Do(t.Context(), call(Create)); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(10 * time.Second)
		if n.count() != 1 {
			t.Errorf("%d requests while the gate is closed", n.count())
		}
		if _, err := c.Do(t.Context(), call(Read)); err != nil || n.count() != 2 {
			t.Errorf("a read was held back: %v", err)
		}
		short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		started := time.Now()
		if _, err := c.Do(short, call(Create)); kindOf(t, err) != gateway.ErrRateLimited || time.Since(started) != 0 {
			t.Errorf("a create whose time is up before the gate opens: %v after %v", err, time.Since(started))
		}
		wg.Wait()
		if n.count() != 10 {
			t.Errorf("%d requests", n.count())
		}
		for _, r := range n.requests[2:] {
			if r.at.Sub(n.requests[0].at) < 30*time.Second {
				t.Errorf("a create came after %v", r.at.Sub(n.requests[0].at))
			}
		}
	})
}

// TestDispensable: what is refused with 429 and can be done without is neither
// repeated nor does it hold back what is done instead.
func TestDispensable(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(respond(429, "{}", "Retry-After: 30"), ok)
		c := newClient(t, n)
		start := time.Now()
		first := call(Login)
		first.NoRateLimitWait = true
		if resp, err := c.Do(t.Context(), first); err != nil || resp.Status != 429 {
			t.Errorf("%+v, %v", resp, err)
		}
		if resp, err := c.Do(t.Context(), call(Login)); err != nil || !resp.OK() {
			t.Errorf("%+v, %v", resp, err)
		}
		if n.count() != 2 || time.Since(start) > time.Second {
			t.Errorf("%d requests in %s", n.count(), time.Since(start))
		}
	})
}

// TestGateClosedAnew: who waits at the gate goes on waiting when it is closed
// again, and is told so when its time is up meanwhile.
func TestGateClosedAnew(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(ok)
		c := newClient(t, n)
		now := time.Now()
		c.gates[Create].closeFor(now, now.Add(time.Nanosecond), 10*time.Second, true)
		time.AfterFunc(5*time.Second, func() {
			c.gates[Create].closeFor(time.Now(), time.Now(), 30*time.Second, true)
		})
		long, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		short, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := c.Do(long, call(Create)); err != nil || time.Since(now) < 35*time.Second {
				t.Errorf("%v after %v", err, time.Since(now))
			}
		})
		wg.Go(func() {
			if _, err := c.Do(short, call(Create)); kindOf(t, err) != gateway.ErrRateLimited || time.Since(now) > 15*time.Second {
				t.Errorf("%v after %v", err, time.Since(now))
			}
		})
		wg.Wait()
		if n.count() != 1 {
			t.Errorf("%d requests", n.count())
		}
	})
}

// TestFreshCredentials: each attempt asks for its credentials anew.
func TestFreshCredentials(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(respond(500, `{}`), respond(429, `{}`), hangUp, ok)
		signed := call(Read)
		attempt := 0
		signed.Authorize = func(req *http.Request, body []byte) {
			attempt++
			req.Header.Set("X-Signature", fmt.Sprintf("%d of %s", attempt, body))
		}
		if _, err := newClient(t, n).Do(t.Context(), signed); err != nil {
			t.Fatal(err)
		}
		for i, r := range n.requests {
			if want := fmt.Sprintf(`%d of {"a":1}`, i+1); r.header.Get("X-Signature") != want || len(r.header["X-Signature"]) != 1 {
				t.Errorf("attempt %d was signed %q", i+1, r.header["X-Signature"])
			}
		}
	})
}
