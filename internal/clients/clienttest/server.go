// Package clienttest helps to test the gateways' clients against hand-written servers,
// above all hostile ones, which a simulated gateway cannot be.
package clienttest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// Prefix is the path prefix of a Server's endpoint.
const Prefix = "/prefix"

// Request is a request as the server saw it.
type Request struct {
	Method string
	URI    string // path and query, escaped, after Prefix
	Header http.Header
	Body   string
	Length int64 // 0 means that there is none, -1 that it is unknown
}

// Server is a handler that stands in for a gateway, within the process. It records its
// requests.
type Server struct {
	t       testing.TB
	handler http.HandlerFunc

	mu       sync.Mutex
	requests []Request
}

// Serve returns a Server.
func Serve(t testing.TB, handler http.HandlerFunc) *Server {
	return &Server{t: t, handler: handler}
}

// Config returns the configuration of a client of the server. It does not retry.
func (s *Server) Config() transport.Config {
	cfg := Config(s.t, "https://api.example.com"+Prefix+"/")
	cfg.RoundTripper = s
	return cfg
}

// Config returns the configuration of a client of a gateway at an address. It does not
// retry.
func Config(t testing.TB, address string) transport.Config {
	t.Helper()
	endpoint, err := transport.ParseEndpoint(address)
	if err != nil {
		t.Fatal(err)
	}
	return transport.Config{Endpoint: endpoint, UserAgent: "test/1"}
}

// Requests lists the requests so far, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, r.URL.RequestURI()[len(Prefix):], r.Header, string(body), r.ContentLength})
	s.mu.Unlock()
	w := httptest.NewRecorder()
	s.handler(w, r)
	return w.Result(), nil
}

// Respond returns a handler that always responds with the same.
func Respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { Reply(w, status, body) }
}

// Reply responds with a JSON body.
func Reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// Amount parses an amount.
func Amount(t testing.TB, text string) gateway.Money {
	t.Helper()
	m, err := gateway.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Check fails the test if an error is not a *gateway.Error of this kind from this
// gateway, and then returns an empty one.
func Check(t testing.TB, err error, title string, kind error) *gateway.Error {
	t.Helper()
	var failed *gateway.Error
	if !errors.As(err, &failed) || !errors.Is(failed.Kind, kind) || failed.Gateway != title {
		t.Errorf("%v, not %v", err, kind)
		return &gateway.Error{}
	}
	return failed
}

// CancelError returns the error of a Cancel.
func CancelError[Inv any](_ Inv, _ bool, err error) error { return err }
