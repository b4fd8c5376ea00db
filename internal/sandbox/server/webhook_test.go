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
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

// setWebhooks sends the webhooks of all gateways to a receiver, each to a path
// of its own.
func (s *testServer) setWebhooks(receiver *merchant.Receiver, secret string) {
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

// TestWebhookOfEachGateway checks which events send a webhook and that each
// verifies, with the documented secret and with another.
func TestWebhookOfEachGateway(t *testing.T) {
	for _, gateway := range sandbox.Gateways() {
		for _, secret := range []string{"", "a secret of the operator's own"} {
			t.Run(gateway+"/"+secret, func(t *testing.T) {
				s, receiver := start(t, nil), merchant.NewReceiver(t)
				s.setWebhooks(receiver, secret)
				variable := strings.ToUpper(gateway) + "_WEBHOOK_SECRET"
				signed := s.Settings[variable] != ""
				if secret != "" {
					s.Settings[variable] = secret
				}
				want, references := s.letAllHappen(gateway)
				var got []string
				for _, w := range receiver.Wait(t, len(want)) {
					if w.Path != "/"+gateway {
						t.Errorf("it came to %s", w.Path)
					}
					invoice, event, err := s.Verify(gateway, w)
					if err != nil {
						t.Errorf("%s: %v", w.Body, err)
					}
					got = append(got, references[invoice]+" "+event)
				}
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("came: %q\nwant: %q", got, want)
				}
				s.Settings[variable] = "wrong"
				if _, _, err := s.Verify(gateway, receiver.Webhooks()[0]); signed && err == nil {
					t.Error("it verifies with a wrong secret, too")
				}
				deliveries := s.get("/_sandbox/deliveries").list(t)
				if len(deliveries) != len(want) {
					t.Errorf("%d webhooks are sent, not %d", len(deliveries), len(want))
				}
				for _, d := range deliveries {
					if d["gateway"] != gateway || !slices.Equal(keys(d), []string{"attempts", "event", "gateway", "id", "invoice_id", "state", "url"}) {
						t.Errorf("%v", d)
					}
				}
			})
		}
	}
}

// letAllHappen lets each event happen to a new invoice to which it can happen. It
// returns the webhooks that the gateway documents, and the references of the invoices
// by what a webhook may name.
func (s *testServer) letAllHappen(gateway string) (webhooks []string, references map[string]string) {
	s.T.Helper()
	references = map[string]string{}
	for _, event := range s.sandbox.Events(gateway) {
		made := s.Create(gateway, "order-"+string(event), nil)
		references[made.ID], references[made.Reference] = made.Reference, made.Reference
		happened := []string{"create"}
		if open, err := s.sandbox.Invoice(s.T.Context(), gateway, made.ID); err != nil {
			s.T.Fatal(err)
		} else if slices.Contains(open.Events, event) {
			s.trigger(made, string(event))
			happened = append(happened, string(event))
		}
		for _, event := range happened {
			if name, sent := merchant.Gateways[gateway].Webhooks[event]; sent {
				webhooks = append(webhooks, made.Reference+" "+name)
			}
		}
	}
	return webhooks, references
}

func TestWebhookFormats(t *testing.T) {
	s, receiver := start(t, nil), merchant.NewReceiver(t)
	body := `{"cryptocloud":{"url":"` + receiver.URL + `/","format":"form"},"meum":{"url":"` + receiver.URL + `/","format":"meum"}}`
	if got := s.send(http.MethodPut, "/_sandbox/webhooks", body, nil); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	s.trigger(s.Create("cryptocloud", "order-1", nil), "pay")
	form := receiver.Wait(t, 1)[0]
	if form.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		t.Errorf("%v", form.Header)
	}
	if _, _, err := s.Verify("cryptocloud", form); err != nil {
		t.Errorf("%s: %v", form.Body, err)
	}
	s.Create("meum", "order-2", nil)
	meum := receiver.Wait(t, 2)[1]
	if meum.Header.Get("X-Meum-Signature") == "" || meum.Header.Get("X-Stablecoin-Signature") != "" {
		t.Errorf("%v", meum.Header)
	}
	if _, _, err := s.Verify("meum", meum); err != nil {
		t.Errorf("%s: %v", meum.Body, err)
	}
}

// TestWebhookOfAnInvoicesOwnAddress: it wins over the gateway's.
func TestWebhookOfAnInvoicesOwnAddress(t *testing.T) {
	s, receiver := start(t, nil), merchant.NewReceiver(t)
	s.setWebhooks(receiver, "")
	owners := 0
	for name, gateway := range merchant.Gateways {
		if gateway.Notify != "" {
			s.trigger(s.Create(name, "order-1", object{gateway.Notify: receiver.URL + "/own"}), "pay")
			owners++
		}
	}
	receiver.Wait(t, owners)
	time.Sleep(300 * time.Millisecond) // no other comes
	for _, w := range receiver.Webhooks() {
		if w.Path != "/own" {
			t.Errorf("one came to %s", w.Path)
		}
	}
}

func TestWebhookIsRepeated(t *testing.T) {
	s, receiver := start(t, nil), merchant.NewReceiver(t, 500)
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
func (s *testServer) delivery(invoice merchant.Invoice, state string) object {
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
	s, receiver := start(t, nil), merchant.NewReceiver(t)
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
	s, elsewhere := start(t, nil), merchant.NewReceiver(t)
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
	s, receiver := start(t, nil), merchant.NewReceiver(t)
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
