package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

// TestCloseWithWebhooksThatHang: they do not hold the end up, and stay pending.
func TestCloseWithWebhooksThatHang(t *testing.T) {
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	s, err := sandbox.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.SetWebhooks(t.Context(), map[string]sandbox.Webhook{"meum": {URL: hanging.URL}}); err != nil {
		t.Fatal(err)
	}
	running, err := server.Start(t.Context(), server.Config{Sandbox: s})
	if err != nil {
		t.Fatal(err)
	}
	const n = 100
	m := sandboxtest.Merchant(t, running.URL())
	for i := range n {
		m.Create("meum", fmt.Sprintf("order-%d", i), nil)
	}
	time.Sleep(300 * time.Millisecond) // all are being sent now
	begin := time.Now()
	if err := running.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
	deliveries, err := s.Deliveries(t.Context(), "", "")
	if err != nil || len(deliveries) != n {
		t.Fatalf("%d deliveries, %v", len(deliveries), err)
	}
	for _, d := range deliveries {
		if d.State != sandbox.Pending {
			t.Errorf("%+v", d)
		}
	}
}

// TestProviderOnTheSameFolder: what a provider with data_dir makes has payment
// pages on the server, and its webhooks are sent.
func TestProviderOnTheSameFolder(t *testing.T) {
	dir, receiver := t.TempDir(), merchant.NewReceiver(t)
	open := func() *sandbox.Sandbox {
		s, err := sandbox.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	running, err := server.Start(t.Context(), server.Config{Sandbox: open()})
	if err != nil {
		t.Fatal(err)
	}
	defer running.Close()

	provider := http.Client{Transport: open().Transport()}
	r, err := http.NewRequest(http.MethodPost, sandbox.Endpoint("meum")+"/v1/invoices",
		strings.NewReader(`{"amount":"5.00","currency":"USD","callback_url":"`+receiver.URL+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer sk_live_sandbox_demo_key")
	r.Header.Set("Content-Type", "application/json")
	response, err := provider.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var made struct {
		ID          string
		CheckoutURL string `json:"checkout_url"`
	}
	if err := json.NewDecoder(response.Body).Decode(&made); err != nil || made.CheckoutURL != running.URL()+"/meum/pay/"+made.ID {
		t.Errorf("%+v, %v", made, err)
	}
	page, err := http.Get(made.CheckoutURL)
	if err != nil || page.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", page, err)
	}
	page.Body.Close()
	if id, event, err := sandboxtest.Merchant(t, running.URL()).Verify("meum", receiver.Wait(t, 1)[0]); id != made.ID || event != "invoice.created" || err != nil {
		t.Errorf("%s %s %v", id, event, err)
	}
}

// TestTwoServersOnOneFolder: what two servers and another process do on one
// folder is sent once each.
func TestTwoServersOnOneFolder(t *testing.T) {
	dir, receiver := t.TempDir(), merchant.NewReceiver(t)
	open := func() *sandbox.Sandbox {
		s, err := sandbox.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	var servers []*server.Server
	for range 2 {
		running, err := server.Start(t.Context(), server.Config{Sandbox: open()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { running.Close() })
		servers = append(servers, running)
	}
	provider := open()
	if err := provider.SetWebhooks(t.Context(), map[string]sandbox.Webhook{"xpays": {URL: receiver.URL}}); err != nil {
		t.Fatal(err)
	}
	const n = 20
	for i := range n {
		m := sandboxtest.Merchant(t, servers[i%2].URL())
		invoice := m.Create("xpays", fmt.Sprintf("order-%d", i), nil)
		if _, err := provider.Trigger(t.Context(), "xpays", invoice.ID, "pay", ""); err != nil {
			t.Fatal(err)
		}
	}
	receiver.Wait(t, n)
	time.Sleep(500 * time.Millisecond) // no other comes
	seen := map[string]int{}
	for _, w := range receiver.Webhooks() {
		id, _, err := sandboxtest.Merchant(t, servers[0].URL()).Verify("xpays", w)
		if err != nil {
			t.Error(err)
		}
		seen[id]++
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s came %d times", id, times)
		}
	}
	if len(seen) != n {
		t.Errorf("%d invoices' webhooks came", len(seen))
	}
}
