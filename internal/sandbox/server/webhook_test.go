package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server/servertest"
)

// setWebhooks sends the webhooks of all gateways to a receiver, each to a path
// of its own.
func (s *stage) setWebhooks(receiver *servertest.Receiver, secret string) {
	s.T.Helper()
	webhooks := object{}
	for _, gateway := range sandbox.Gateways() {
		webhooks[gateway] = object{"url": receiver.URL + "/" + gateway}
		if secret != "" {
			webhooks[gateway].(object)["secret"] = secret
		}
	}
	body, err := json.Marshal(webhooks)
	if err != nil {
		s.T.Fatal(err)
	}
	if got := s.send(http.MethodPut, "/_sandbox/webhooks", string(body), nil); got.status != 200 {
		s.T.Fatalf("%d %s", got.status, got.body)
	}
}

// documentedSecrets are those of the simulated merchants.
var documentedSecrets = map[string]string{
	"cryptocloud": "sandbox-demo-postback-secret-0001", "hesabe": "",
	"meum": "whsec_sandbox_demo_secret", "xpays": "sandbox-demo-secret",
}

// TestWebhookOfEachGateway checks which events send a webhook and that each
// verifies, with the documented secret and with another.
func TestWebhookOfEachGateway(t *testing.T) {
	for gateway, events := range map[string][]struct{ event, sends string }{
		"cryptocloud": {{"pay", "success"}, {"overpay", "success"}, {"underpay", ""}, {"cancel", ""}, {"expire", ""}},
		"hesabe":      {{"pay", "SUCCESSFUL"}, {"cancel", ""}, {"expire", ""}},
		"meum": {
			{"pay", "invoice.paid"}, {"underpay", "invoice.underpaid"}, {"overpay", "invoice.paid"},
			{"expire", "invoice.expired"}, {"cancel", "invoice.cancelled"}, {"fail", "invoice.failed"}, {"quote", ""},
		},
		"xpays": {{"pay", "PAYMENT_PAID"}, {"overpay", "PAYMENT_PAID"}, {"underpay", ""}, {"cancel", "PAYMENT_CANCELED"}, {"expire", ""}},
	} {
		for _, secret := range []string{"", "a secret of the operator's own"} {
			t.Run(gateway+"/"+secret, func(t *testing.T) {
				s, receiver := start(t, nil), servertest.NewReceiver(t)
				s.setWebhooks(receiver, secret)
				if secret == "" {
					secret = documentedSecrets[gateway]
				}
				var want, got []string
				for _, e := range events {
					invoice := s.Create(gateway, gateway+"-"+e.event, nil)
					id := strings.TrimPrefix(invoice.ID, "INV-")
					if gateway == "hesabe" {
						id = invoice.Reference
					}
					if gateway == "meum" {
						want = append(want, id+" invoice.created")
					}
					s.trigger(invoice, e.event)
					if e.sends != "" {
						want = append(want, id+" "+e.sends)
					}
				}
				for _, w := range receiver.Wait(t, len(want)) {
					if w.Path != "/"+gateway {
						t.Errorf("it came to %s", w.Path)
					}
					id, event, err := servertest.Verify(gateway, secret, w)
					if err != nil {
						t.Errorf("%s: %v", w.Body, err)
					}
					if gateway != "hesabe" {
						if _, _, err := servertest.Verify(gateway, "wrong", w); err == nil {
							t.Error("it verifies with a wrong secret, too")
						}
					}
					got = append(got, id+" "+event)
				}
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("came: %q\nwant: %q", got, want)
				}
				for _, d := range s.get("/_sandbox/deliveries").list(t) {
					if d["gateway"] != gateway || !slices.Equal(keys(d), []string{"attempts", "event", "gateway", "id", "invoice_id", "state", "url"}) {
						t.Errorf("%v", d)
					}
				}
			})
		}
	}
}

func TestWebhookFormats(t *testing.T) {
	s, receiver := start(t, nil), servertest.NewReceiver(t)
	body := `{"cryptocloud":{"url":"` + receiver.URL + `/","format":"form"},"meum":{"url":"` + receiver.URL + `/","format":"meum"}}`
	if got := s.send(http.MethodPut, "/_sandbox/webhooks", body, nil); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	s.trigger(s.Create("cryptocloud", "order-1", nil), "pay")
	form := receiver.Wait(t, 1)[0]
	if form.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		t.Errorf("%v", form.Header)
	}
	if _, _, err := servertest.Verify("cryptocloud", documentedSecrets["cryptocloud"], form); err != nil {
		t.Errorf("%s: %v", form.Body, err)
	}
	s.Create("meum", "order-2", nil)
	meum := receiver.Wait(t, 2)[1]
	if meum.Header.Get("X-Meum-Signature") == "" || meum.Header.Get("X-Stablecoin-Signature") != "" {
		t.Errorf("%v", meum.Header)
	}
	if _, _, err := servertest.Verify("meum", documentedSecrets["meum"], meum); err != nil {
		t.Errorf("%s: %v", meum.Body, err)
	}
}

// TestWebhookOfAnInvoicesOwnAddress: it wins over the gateway's.
func TestWebhookOfAnInvoicesOwnAddress(t *testing.T) {
	s, receiver := start(t, nil), servertest.NewReceiver(t)
	s.setWebhooks(receiver, "")
	s.trigger(s.Create("hesabe", "order-1", object{"webhook": receiver.URL + "/own"}), "pay")
	s.Create("meum", "order-2", object{"callback_url": receiver.URL + "/own"})
	receiver.Wait(t, 2)
	time.Sleep(300 * time.Millisecond) // no other comes
	for _, w := range receiver.Webhooks() {
		if w.Path != "/own" {
			t.Errorf("one came to %s", w.Path)
		}
	}
}

func TestWebhookIsRepeated(t *testing.T) {
	s, receiver := start(t, nil), servertest.NewReceiver(t, 500)
	s.setWebhooks(receiver, "")
	invoice := s.Create("meum", "order-1", nil)
	got := receiver.Wait(t, 2)
	first, second := got[0].Header.Get("X-Stablecoin-Event-Id"), got[1].Header.Get("X-Stablecoin-Event-Id")
	if first == "" || first != second {
		t.Errorf("the ids are %q and %q", first, second)
	}
	delivery := s.delivery(invoice, "delivered")
	attempts := delivery["attempts"].([]any)
	if len(attempts) != 2 {
		t.Fatalf("%v", delivery)
	}
	failed, done := attempts[0].(object), attempts[1].(object)
	if !slices.Equal(keys(failed), []string{"at", "error", "status"}) || failed["status"] != 500.0 || failed["error"] == "" ||
		done["status"] != 200.0 || done["error"] != "" {
		t.Errorf("%v", attempts)
	}
}

// delivery waits until the only delivery of an invoice has the state.
func (s *stage) delivery(invoice servertest.Invoice, state string) object {
	s.T.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		list := s.get("/_sandbox/deliveries?gateway=" + invoice.Gateway + "&invoice_id=" + invoice.ID).list(s.T)
		if len(list) == 1 && list[0]["state"] == state {
			return list[0]
		}
		if time.Now().After(deadline) {
			s.T.Fatalf("the deliveries are %v", list)
		}
	}
}

func TestWebhookIsSentAgain(t *testing.T) {
	s, receiver := start(t, nil), servertest.NewReceiver(t)
	s.setWebhooks(receiver, "")
	invoice := s.Create("hesabe", "order-1", nil)
	s.trigger(invoice, "pay")
	id := s.delivery(invoice, "delivered")["id"].(string)
	for n := 2; n <= 3; n++ {
		got := s.send(http.MethodPost, "/_sandbox/deliveries/"+id+"/resend", "", nil)
		if got.status != 200 || got.object(t)["state"] != "pending" {
			t.Errorf("%d %s", got.status, got.body)
		}
		all := receiver.Wait(t, n)
		if !bytes.Equal(all[0].Body, all[n-1].Body) {
			t.Errorf("another body: %s", all[n-1].Body)
		}
	}
}

// TestWebhookRedirect: an address that redirects has failed, and nobody hears
// of it elsewhere.
func TestWebhookRedirect(t *testing.T) {
	s, elsewhere := start(t, nil), servertest.NewReceiver(t)
	redirect := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer redirect.Close()
	s.send(http.MethodPut, "/_sandbox/webhooks", `{"hesabe":{"url":"`+redirect.URL+`"}}`, nil)
	invoice := s.Create("hesabe", "order-1", nil)
	s.trigger(invoice, "pay")
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		attempts := s.delivery(invoice, "pending")["attempts"].([]any)
		if len(attempts) == 0 && time.Now().Before(deadline) {
			continue
		}
		if len(attempts) == 0 || attempts[0].(object)["status"] != 307.0 || !strings.Contains(attempts[0].(object)["error"].(string), "redirects") {
			t.Errorf("%v", attempts)
		}
		break
	}
	if got := elsewhere.Webhooks(); len(got) != 0 {
		t.Errorf("it was followed: %v", got)
	}
}

func TestWebhookAddressThatHangs(t *testing.T) {
	s, receiver := start(t, nil), servertest.NewReceiver(t)
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	s.send(http.MethodPut, "/_sandbox/webhooks", `{"hesabe":{"url":"`+receiver.URL+`"},"meum":{"url":"`+hanging.URL+`"}}`, nil)
	for i := range 20 {
		s.Create("meum", fmt.Sprintf("order-%d", i), nil)
	}
	begin := time.Now()
	s.trigger(s.Create("hesabe", "order-1", nil), "pay")
	receiver.Wait(t, 1)
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

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
	m := servertest.Merchant{T: t, Base: running.URL()}
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
	dir, receiver := t.TempDir(), servertest.NewReceiver(t)
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
	if id, event, err := servertest.Verify("meum", documentedSecrets["meum"], receiver.Wait(t, 1)[0]); id != made.ID || event != "invoice.created" || err != nil {
		t.Errorf("%s %s %v", id, event, err)
	}
}

// TestTwoServersOnOneFolder: what two servers and another process do on one
// folder is sent once each.
func TestTwoServersOnOneFolder(t *testing.T) {
	dir, receiver := t.TempDir(), servertest.NewReceiver(t)
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
		m := servertest.Merchant{T: t, Base: servers[i%2].URL()}
		invoice := m.Create("xpays", fmt.Sprintf("order-%d", i), nil)
		if _, err := provider.Trigger(t.Context(), "xpays", invoice.ID, "pay", ""); err != nil {
			t.Fatal(err)
		}
	}
	receiver.Wait(t, n)
	time.Sleep(500 * time.Millisecond) // no other comes
	seen := map[string]int{}
	for _, w := range receiver.Webhooks() {
		id, _, err := servertest.Verify("xpays", documentedSecrets["xpays"], w)
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
