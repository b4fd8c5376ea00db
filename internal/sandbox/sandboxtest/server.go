// Package sandboxtest serves the simulated gateways on real sockets, for tests.
package sandboxtest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// Server is a sandbox with one HTTP/1.1 listener on 127.0.0.1 for each gateway, an
// empty temporary store and its own clock. Its methods are safe for concurrent use.
type Server struct {
	// Sandbox is the sandbox; use its Trigger for events.
	Sandbox *sandbox.Sandbox

	*Clock

	t          testing.TB
	behaviours []any // as at the start
	listeners  map[string]*httptest.Server

	mu       sync.Mutex
	requests map[string][]Request
	handlers map[string]http.Handler // the gateways behind the middleware
}

// Request is a request as it arrived.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   []byte // up to wire.MaxBody
	Time   time.Time
}

// Start serves a new sandbox until the test ends. The behaviours are those of
// sandbox.WithBehaviour.
func Start(t testing.TB, behaviours ...any) *Server {
	t.Helper()
	s := &Server{
		Clock: &Clock{}, t: t, behaviours: behaviours,
		listeners: map[string]*httptest.Server{}, requests: map[string][]Request{}, handlers: map[string]http.Handler{},
	}
	var err error
	s.Sandbox, err = sandbox.Open(t.TempDir(),
		sandbox.WithTemporaryStore(), sandbox.WithClock(s.Now), sandbox.WithBehaviour(behaviours...))
	if err != nil {
		t.Fatal(err)
	}
	for _, gateway := range sandbox.Gateways() {
		s.handlers[gateway] = s.Sandbox.Handler(gateway)
		s.listeners[gateway] = httptest.NewServer(s.serve(gateway))
	}
	t.Cleanup(func() {
		for _, listener := range s.listeners {
			listener.CloseClientConnections() // a test that failed may have left one waiting
			listener.Close()
		}
		if err := s.Sandbox.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// URL returns the base URL of a gateway, without a trailing slash.
func (s *Server) URL(gateway string) string {
	s.t.Helper()
	listener, known := s.listeners[gateway]
	if !known {
		s.t.Fatalf("sandboxtest: no gateway is called %q", gateway)
	}
	return listener.URL
}

// Requests lists the requests to a gateway, oldest first.
func (s *Server) Requests(gateway string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests[gateway])
}

// Intercept puts middleware between the listeners and the gateways, for example to lose
// a response. It is called once for each gateway. Requests are recorded before they
// reach it, and later middleware runs first.
func (s *Server) Intercept(middleware func(next http.Handler) http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for gateway, handler := range s.handlers {
		s.handlers[gateway] = middleware(handler)
	}
}

// Behave replaces the behaviours of all gateways: see sandbox.WithBehaviour.
func (s *Server) Behave(behaviours ...any) {
	s.t.Helper()
	if err := s.Sandbox.Behave(behaviours...); err != nil {
		s.t.Fatal(err)
	}
}

// Reset discards the recorded requests and the middleware, and restores the behaviours
// given to Start. Invoices and clock stay as they are.
func (s *Server) Reset() {
	s.t.Helper()
	s.mu.Lock()
	s.requests = map[string][]Request{}
	for gateway := range s.handlers {
		s.handlers[gateway] = s.Sandbox.Handler(gateway)
	}
	s.mu.Unlock()
	s.Behave(s.behaviours...)
}

func (s *Server) serve(gateway string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// One byte more than a gateway reads, so that it still sees that the body is
		// too large.
		body, err := io.ReadAll(io.LimitReader(r.Body, wire.MaxBody+1))
		if err != nil {
			return // the client has gone
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		recorded := Request{
			Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(),
			Body: body[:min(len(body), wire.MaxBody)], Time: s.Now(),
		}

		s.mu.Lock()
		s.requests[gateway] = append(s.requests[gateway], recorded)
		handler := s.handlers[gateway]
		s.mu.Unlock()
		handler.ServeHTTP(w, r)
	})
}
