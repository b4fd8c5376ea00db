package server_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

func TestHealth(t *testing.T) {
	s := start(t, nil)
	got := s.get("/_sandbox/health")
	if got.body != `{"status":"ok","sandbox":"payinvoice","version":"1.2.3"}` || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%v %s", got.header, got.body)
	}
}

// keys are the sorted names of an object's members.
func keys(o object) (names []string) {
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestInvoices(t *testing.T) {
	s := start(t, nil)
	if got := s.get("/_sandbox/invoices"); got.status != 200 || got.body != "[]" {
		t.Errorf("of none: %d %s", got.status, got.body)
	}
	meum := s.Create("meum", "order-1", nil)
	time.Sleep(5 * time.Millisecond) // gateways keep milliseconds
	xpays := s.Create("xpays", "order-2", nil)
	s.trigger(meum, "pay")

	all := s.get("/_sandbox/invoices").list(t)
	if len(all) != 2 || all[0]["id"] != xpays.ID || all[1]["id"] != meum.ID {
		t.Fatalf("not newest first: %v", all)
	}
	want := []string{"amount", "checkout_url", "created_at", "currency", "expires_at", "gateway", "id", "phase", "reference", "status"}
	if got := keys(all[0]); !slices.Equal(got, want) {
		t.Errorf("the members are %q", got)
	}
	if all[1]["phase"] != "paid" || all[1]["status"] != "paid" || all[1]["amount"] != "100.00" || all[1]["currency"] != "USD" ||
		all[1]["checkout_url"] != meum.CheckoutURL || all[1]["expires_at"] != nil {
		t.Errorf("%v", all[1])
	}
	if _, err := time.Parse(time.RFC3339, all[0]["expires_at"].(string)); err != nil {
		t.Error(err)
	}
	for query, id := range map[string]string{"?gateway=meum": meum.ID, "?phase=open": xpays.ID, "?gateway=xpays&phase=open": xpays.ID} {
		if got := s.get("/_sandbox/invoices" + query).list(t); len(got) != 1 || got[0]["id"] != id {
			t.Errorf("%s: %v", query, got)
		}
	}
	if got := s.get("/_sandbox/invoices?gateway=meum&phase=open"); got.body != "[]" {
		t.Errorf("%s", got.body)
	}
}

// TestControlRefuses sends requests that change nothing. Each has a status and a
// part of the error.
func TestControlRefuses(t *testing.T) {
	s := start(t, nil)
	invoice := s.Create("meum", "order-1", nil)
	events := "/_sandbox/invoices/meum/" + invoice.ID + "/events"
	for _, c := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/_sandbox/invoices?gateway=paypal", "", 422, strings.Join(sandbox.Gateways(), ", ")},
		{"GET", "/_sandbox/invoices?phase=done", "", 422, "open, paid"},
		{"GET", "/_sandbox/invoices?page=2", "", 422, "page"},
		{"POST", "/_sandbox/invoices", "{}", 405, "GET"},
		{"POST", events, `{"event":"explode"}`, 422, "pay, underpay"},
		{"POST", events, `{"event":""}`, 422, "event"},
		{"POST", events, `{}`, 422, "event"},
		{"POST", events, `{"event":"pay","sum":"1"}`, 422, "sum"},
		{"POST", events, `{"event":"pay"}{}`, 422, "follows"},
		{"POST", events, `{"event":`, 422, "body"},
		{"POST", events, `["pay"]`, 422, "body"},
		{"POST", events, `{"event":"pay","amount":"5"}`, 422, "amount"},
		{"POST", events, `{"event":"underpay","amount":"-5"}`, 422, "amount"},
		{"POST", events, `{"event":"underpay","amount":"500"}`, 422, "100"},
		{"POST", events, `{"event":"refund"}`, 409, "pay, underpay"},
		{"POST", events, `{"event":"notification_failed"}`, 409, "pay, underpay"},
		{"GET", events, "", 405, "POST"},
		{"POST", "/_sandbox/invoices/meum/inv_unknown/events", `{"event":"pay"}`, 404, "invoice"},
		{"POST", "/_sandbox/invoices/paypal/1/events", `{"event":"pay"}`, 404, strings.Join(sandbox.Gateways(), ", ")},
		{"GET", "/_sandbox/deliveries?gateway=paypal", "", 422, "paypal"},
		{"POST", "/_sandbox/deliveries/unknown/resend", "", 404, "unknown"},
		{"PUT", "/_sandbox/webhooks", `{"paypal":{"url":"http://127.0.0.1:1/"}}`, 422, "paypal"},
		{"PUT", "/_sandbox/webhooks", `{"meum":{"url":"mailto:x@example.com"}}`, 422, "mailto"},
		{"PUT", "/_sandbox/webhooks", `{"meum":{"url":"127.0.0.1:3000"}}`, 422, "127.0.0.1"},
		{"PUT", "/_sandbox/webhooks", `{"meum":{"url":"http://127.0.0.1:1/","format":"xml"}}`, 422, "stablecoin, meum"},
		{"PUT", "/_sandbox/webhooks", `{"hesabe":{"url":"http://127.0.0.1:1/","format":"json"}}`, 422, "format"},
		{"DELETE", "/_sandbox/webhooks", "", 405, "GET and PUT"},
		{"POST", "/_sandbox/clock", `{"advance":"soon"}`, 422, "soon"},
		{"POST", "/_sandbox/clock", `{"advance":"-1h"}`, 422, "-1h"},
		{"POST", "/_sandbox/clock", `{"advance":"0s"}`, 422, "0s"},
		{"POST", "/_sandbox/clock", `{"advance":"2000000h"}`, 422, "2000000h"},
		{"POST", "/_sandbox/faults", `{}`, 422, "status"},
		{"POST", "/_sandbox/faults", `{"gateway":"paypal","drop":true}`, 422, "paypal"},
		{"POST", "/_sandbox/faults", `{"operation":"pay","drop":true}`, 422, "pay"},
		{"POST", "/_sandbox/faults", `{"status":99}`, 422, "99"},
		{"POST", "/_sandbox/faults", `{"delay":"long"}`, 422, "long"},
		{"POST", "/_sandbox/faults", `{"status":503,"times":-1}`, 422, "times"},
		{"GET", "/_sandbox/data", "", 405, "DELETE"},
		{"GET", "/_sandbox", "", 404, ""},
		{"GET", "/_sandbox/nowhere", "", 404, "nowhere"},
	} {
		got := s.send(c.method, c.path, c.body, nil)
		if c.path == "/_sandbox" {
			if got.status == http.StatusOK {
				t.Errorf("%s: %d", c.path, got.status)
			}
			continue
		}
		text, _ := got.object(t)["error"].(string)
		if got.status != c.status || !strings.Contains(text, c.says) || !slices.Equal(keys(got.object(t)), []string{"error"}) {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, got.status, got.body)
		}
	}
	got := s.send("POST", events, `{"event":"pay"}`, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
	if got.status != http.StatusUnsupportedMediaType {
		t.Errorf("text: %d %s", got.status, got.body)
	}

	if list := s.get("/_sandbox/invoices").list(t); list[0]["phase"] != "open" {
		t.Errorf("something has happened: %v", list)
	}
	if got := s.get("/_sandbox/clock").object(t); got["ahead"] != "0s" {
		t.Errorf("the clock has moved: %v", got)
	}
	if got := s.get("/_sandbox/webhooks"); got.body != "{}" {
		t.Errorf("the webhooks have changed: %s", got.body)
	}
}

func TestWebhookSettings(t *testing.T) {
	s := start(t, nil)
	put := func(body string) result { return s.send(http.MethodPut, "/_sandbox/webhooks", body, nil) }
	if got := put(`{"meum":{"url":"http://127.0.0.1:9/a","secret":"whsec_mine"},"cryptocloud":{"url":"http://127.0.0.1:9/b","format":"form"}}`); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	want := object{
		"meum":        object{"url": "http://127.0.0.1:9/a", "secret_set": true},
		"cryptocloud": object{"url": "http://127.0.0.1:9/b", "format": "form"},
	}
	if got := s.get("/_sandbox/webhooks"); !reflect.DeepEqual(got.object(t), want) || strings.Contains(got.body, "whsec_mine") {
		t.Errorf("%s", got.body)
	}

	// A secret that is not sent stays, and an empty one is the documented one.
	for body, secret := range map[string]string{
		`{"meum":{"url":"http://127.0.0.1:9/c"}}`:             "whsec_mine",
		`{"meum":{"url":"http://127.0.0.1:9/c","secret":""}}`: "whsec_sandbox_demo_secret",
	} {
		put(`{"meum":{"url":"http://127.0.0.1:9/a","secret":"whsec_mine"}}`)
		put(body)
		if got, err := s.sandbox.WebhookSecret(t.Context(), "meum"); got != secret || err != nil {
			t.Errorf("%s: the secret is %q, %v", body, got, err)
		}
	}
	if got := s.get("/_sandbox/webhooks").object(t); len(got) != 1 {
		t.Errorf("a webhook that was left out stays: %v", got)
	}
}

func TestClock(t *testing.T) {
	s := start(t, nil)
	invoice := s.Create("xpays", "order-1", nil)
	before := s.get("/_sandbox/clock").object(t)
	if !slices.Equal(keys(before), []string{"ahead", "now"}) || before["ahead"] != "0s" {
		t.Errorf("%v", before)
	}
	after := s.send(http.MethodPost, "/_sandbox/clock", `{"advance":"48h"}`, nil).object(t)
	if after["ahead"] != "48h0m0s" {
		t.Errorf("%v", after)
	}
	now, err := time.Parse(time.RFC3339, after["now"].(string))
	if err != nil || time.Until(now) < 47*time.Hour {
		t.Errorf("now is %v, %v", now, err)
	}
	if list := s.get("/_sandbox/invoices").list(t); list[0]["phase"] != "expired" {
		t.Errorf("%s has not expired: %v", invoice.ID, list)
	}
}

func TestFaults(t *testing.T) {
	s := start(t, nil)
	invoice := s.Create("meum", "order-1", nil)
	read := func() (int, error) {
		r, err := http.NewRequest(http.MethodGet, s.Base+"/meum/v1/invoices/"+invoice.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer sk_live_sandbox_demo_key")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, err
		}
		defer response.Body.Close()
		return response.StatusCode, nil
	}
	add := func(body string) {
		if got := s.send(http.MethodPost, "/_sandbox/faults", body, nil); got.status != 200 {
			t.Fatalf("%s: %d %s", body, got.status, got.body)
		}
	}

	add(`{"gateway":"meum","operation":"read","status":503,"times":1}`)
	if status, err := read(); status != 503 || err != nil {
		t.Errorf("%d %v", status, err)
	}
	if status, err := read(); status != 200 || err != nil {
		t.Errorf("the second one: %d %v", status, err)
	}
	add(`{"operation":"read","delay":"200ms","times":1}`)
	begin := time.Now()
	if status, err := read(); status != 200 || err != nil || time.Since(begin) < 200*time.Millisecond {
		t.Errorf("%d %v after %s", status, err, time.Since(begin))
	}
	add(`{"gateway":"meum","drop":true}`)
	if status, err := read(); err == nil {
		t.Errorf("%d", status)
	}
	if got := s.send(http.MethodDelete, "/_sandbox/faults", "", nil); got.status != 204 {
		t.Errorf("%d %s", got.status, got.body)
	}
	if status, err := read(); status != 200 || err != nil {
		t.Errorf("after the faults: %d %v", status, err)
	}
}

func TestReset(t *testing.T) {
	receiver := merchant.NewReceiver(t)
	s := start(t, nil)
	s.send(http.MethodPut, "/_sandbox/webhooks", `{"meum":{"url":"`+receiver.URL+`"}}`, nil)
	s.Create("meum", "order-1", nil)
	receiver.Wait(t, 1)
	if got := s.send(http.MethodDelete, "/_sandbox/data", "", nil); got.status != 204 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, path := range []string{"/_sandbox/invoices", "/_sandbox/deliveries"} {
		if got := s.get(path); got.body != "[]" {
			t.Errorf("%s: %s", path, got.body)
		}
	}
}
