package xpays

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
)

var demo = Credentials{APIKey: sandbox.APIKey, SecretKey: sandbox.SecretKey}

const someID = "25e2c615-c90c-4868-b24d-0c1e3b81f92e"

func newClient(t *testing.T, creds Credentials, address string, retries int) *Client {
	t.Helper()
	endpoint, err := transport.ParseEndpoint(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(creds, transport.Config{Endpoint: endpoint, MaxRetries: retries, RequestTimeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// simulated is a client of the simulated XPays.
func simulated(t *testing.T, behaviour sandbox.Behaviour) (*Client, *sandboxtest.Server) {
	t.Helper()
	server := sandboxtest.Start(t, behaviour)
	return newClient(t, demo, server.URL(Name), 0), server
}

func money(t *testing.T, text string) gateway.Money {
	t.Helper()
	m, err := gateway.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// order is what a create needs at least.
func order(t *testing.T) Spec {
	t.Helper()
	return Spec{OrderID: "A-1001", Amount: money(t, "12.50"), FromFiatCurrency: "USD", ToCryptoCurrency: "USDT", Chain: "tron"}
}

// request is what a client sent.
type request struct {
	method, target, body string
	header               http.Header
	url                  string // the whole address
}

func (r request) String() string { return strings.TrimSuffix(r.method+" "+r.target+" "+r.body, " ") }

// checkSignature computes the signature anew, so as not to test the client
// with itself.
func (r request) checkSignature(t *testing.T, noBody string) {
	t.Helper()
	body := r.body
	if body == "" {
		body = noBody
	}
	timestamp := r.header.Get("x-timestamp")
	mac := hmac.New(sha256.New, []byte(demo.SecretKey))
	io.WriteString(mac, timestamp+"|"+r.method+"|"+r.url+"|"+body)
	if want := hex.EncodeToString(mac.Sum(nil)); r.header.Get("x-signature") != want {
		t.Errorf("%s: signature %q, want %q", r, r.header.Get("x-signature"), want)
	}
	if len(timestamp) != 13 || r.header.Get("x-api-key") != demo.APIKey || r.header.Get("Accept") != "application/json" {
		t.Errorf("%s: %v", r, r.header)
	}
	if (r.body != "") != (r.header.Get("Content-Type") == "application/json") {
		t.Errorf("%s: content type %q", r, r.header.Get("Content-Type"))
	}
}

// stub is a hand-written XPays.
type stub struct {
	*httptest.Server
	mu       sync.Mutex
	received []request
}

func newStub(t *testing.T, handler func(w http.ResponseWriter, r request)) (*Client, *stub) {
	t.Helper()
	s := &stub{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got := request{r.Method, r.RequestURI, string(body), r.Header, "http://" + r.Host + r.RequestURI}
		s.mu.Lock()
		s.received = append(s.received, got)
		s.mu.Unlock()
		handler(w, got)
	}))
	t.Cleanup(s.Close)
	return newClient(t, demo, s.URL, 0), s
}

func (s *stub) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]request(nil), s.received...)
}

func (s *stub) lines() (lines []string) {
	for _, r := range s.requests() {
		lines = append(lines, r.String())
	}
	return lines
}

// respondWith answers with a status and a body as they are.
func respondWith(status int, body string) func(http.ResponseWriter, request) {
	return func(w http.ResponseWriter, _ request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// wantKind checks an error's kind, and that it contains no secret.
func wantKind(t *testing.T, err, kind error) *gateway.Error {
	t.Helper()
	var failed *gateway.Error
	if !errors.As(err, &failed) || !errors.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
	if failed.Gateway != Title || failed.Operation == "" {
		t.Errorf("gateway %q, operation %q", failed.Gateway, failed.Operation)
	}
	for _, secret := range []string{demo.APIKey, demo.SecretKey} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error contains %q: %v", secret, err)
		}
	}
	return failed
}
