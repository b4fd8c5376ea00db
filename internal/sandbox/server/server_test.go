package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

type object = merchant.Object

// testServer is a server, and a merchant that uses it.
type testServer struct {
	merchant.Merchant
	Base    string // without a slash at the end
	sandbox *sandbox.Sandbox
}

// start serves an empty sandbox until the test ends.
func start(t testing.TB, change func(*server.Config)) *testServer {
	t.Helper()
	s, err := sandbox.Open(t.TempDir(), sandbox.WithTemporaryStore())
	if err != nil {
		t.Fatal(err)
	}
	config := server.Config{Sandbox: s, Version: "1.2.3"}
	if change != nil {
		change(&config)
	}
	running, err := server.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &testServer{sandboxtest.Merchant(t, running.URL()), running.URL(), s}
}

// result is a response of the server.
type result struct {
	status int
	header http.Header
	body   string
}

// object is the response's JSON.
func (a result) object(t testing.TB) object {
	t.Helper()
	var decoded object
	if err := json.Unmarshal([]byte(a.body), &decoded); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return decoded
}

func (a result) list(t testing.TB) (decoded []object) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &decoded); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return decoded
}

// send sends a request that change may alter, and follows no redirect.
func (s *testServer) send(method, path, body string, change func(*http.Request)) result {
	s.T.Helper()
	r, err := http.NewRequest(method, s.Base+path, strings.NewReader(body))
	if err != nil {
		s.T.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		s.T.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.T.Fatal(err)
	}
	return result{response.StatusCode, response.Header, string(text)}
}

func (s *testServer) get(path string) result {
	s.T.Helper()
	return s.send(http.MethodGet, path, "", nil)
}

func (s *testServer) trigger(invoice merchant.Invoice, event string) object {
	s.T.Helper()
	got := s.send(http.MethodPost, "/_sandbox/invoices/"+invoice.Gateway+"/"+invoice.ID+"/events", `{"event":"`+event+`"}`, nil)
	if got.status != http.StatusOK {
		s.T.Fatalf("%s of %s: %d %s", event, invoice.ID, got.status, got.body)
	}
	return got.object(s.T)
}

func TestInvoiceOfEachGateway(t *testing.T) {
	s := start(t, nil)
	for _, gateway := range sandbox.Gateways() {
		t.Run(gateway, func(t *testing.T) {
			invoice := s.Create(gateway, "order-"+gateway, nil)
			if want := s.Base + "/" + gateway + "/pay/" + invoice.ID; invoice.CheckoutURL != want {
				t.Errorf("the payment page is %s, not %s", invoice.CheckoutURL, want)
			}
			page := s.get("/" + gateway + "/pay/" + invoice.ID)
			if page.status != http.StatusOK || !strings.Contains(page.body, "order-"+gateway) {
				t.Errorf("the payment page: %d %s", page.status, page.body)
			}
			got := s.trigger(invoice, "pay")
			if got["phase"] != "paid" || got["id"] != invoice.ID || got["reference"] != invoice.Reference {
				t.Errorf("the invoice after the event: %v", got)
			}
			if status := s.Status(invoice); status != merchant.Gateways[gateway].Paid {
				t.Errorf("the gateway says %s", status)
			}
		})
	}
}

func TestLargeBodies(t *testing.T) {
	s := start(t, nil)
	large := `{"event":"` + strings.Repeat("x", 10<<20) + `"}`
	for _, call := range []struct{ method, path, kind string }{
		{http.MethodPost, "/_sandbox/invoices/meum/inv_1/events", "application/json"},
		{http.MethodPut, "/_sandbox/webhooks", "application/json"},
		{http.MethodPost, "/_sandbox/deliveries/x/resend", "application/json"},
		{http.MethodDelete, "/_sandbox/data", "application/json"},
		{http.MethodPost, "/meum/pay/inv_1", "application/x-www-form-urlencoded"},
		{http.MethodPost, "/", "application/x-www-form-urlencoded"},
	} {
		got := s.send(call.method, call.path, large, func(r *http.Request) { r.Header.Set("Content-Type", call.kind) })
		if got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s %s: %d %s", call.method, call.path, got.status, got.body)
		}
	}
	got := s.send(http.MethodPost, "/meum/v1/invoices", large, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer sk_live_sandbox_demo_key")
	})
	if got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a gateway's API: %d %s", got.status, got.body)
	}
}

func TestUnknownPaths(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"/nowhere", "/paypal/v1/x", "/meum/pay/inv_unknown", "/meum/pay/", "/_sandbox/assets/"} {
		if got := s.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	// The gateways respond in their own form and never redirect.
	for _, path := range []string{"/meum", "/meum//v1/invoices", "/meum/v1/../v1/invoices"} {
		got := s.send(http.MethodGet, "/", "", func(r *http.Request) { r.URL.Opaque = path })
		if got.status != http.StatusNotFound || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
}

func TestCloseIsQuick(t *testing.T) {
	s, err := sandbox.Open(t.TempDir(), sandbox.WithTemporaryStore())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	running, err := server.Start(t.Context(), server.Config{Sandbox: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddFault(t.Context(), sandbox.Fault{Delay: time.Minute}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		response, err := http.Post(running.URL()+"/meum/v1/invoices", "application/json", bytes.NewReader([]byte("{}")))
		if err == nil {
			response.Body.Close()
		}
		ended <- err
	}()
	time.Sleep(200 * time.Millisecond) // the request is waiting now
	begin := time.Now()
	if err := running.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
	if err := <-ended; err == nil {
		t.Error("the request that waits for a minute was answered")
	}
	if err := <-running.Done(); err != nil {
		t.Error(err)
	}
}

func TestStartRefuses(t *testing.T) {
	s, err := sandbox.Open(t.TempDir(), sandbox.WithTemporaryStore())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	running, err := server.Start(t.Context(), server.Config{Sandbox: s})
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()
	taken := strings.TrimPrefix(running.URL(), "http://")
	for _, config := range []server.Config{
		{Sandbox: s, Listen: taken},
		{Sandbox: s, Listen: "nonsense"},
		{Sandbox: s, PublicURL: "sandbox.example"},
		{Sandbox: s, PublicURL: "https://sandbox.example/below"},
		{Sandbox: s, PublicURL: "ftp://sandbox.example"},
	} {
		if another, err := server.Start(t.Context(), config); err == nil {
			another.Close()
			t.Errorf("%+v was taken", config)
		}
	}
}
