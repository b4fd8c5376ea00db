package meum_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// gateway is a simulator with a clock that stands.
type gateway struct {
	*meum.Simulator
	t     *testing.T
	ns    *store.Namespace
	clock time.Time
}

func start(t *testing.T, behaviour meum.Behaviour) *gateway {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Temporary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	g := &gateway{t: t, ns: s.Namespace("meum"), clock: time.Date(2026, 7, 1, 10, 0, 0, 123456789, time.UTC)}
	g.behave(behaviour)
	return g
}

func (g *gateway) behave(behaviour meum.Behaviour) {
	g.Simulator = meum.New(g.ns, func() time.Time { return g.clock }, behaviour)
}

type response struct {
	status int
	body   string
	object map[string]any
}

func (a response) String() string { return fmt.Sprint(a.status, " ", a.body) }

func (g *gateway) do(method, target, body string, header http.Header) response {
	g.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	a := response{status: w.Code, body: w.Body.String()}
	decoder := json.NewDecoder(strings.NewReader(a.body))
	decoder.UseNumber()
	if err := decoder.Decode(&a.object); err != nil || w.Header().Get("Content-Type") != "application/json" {
		g.t.Fatalf("%s %s answers %s: %v", method, target, a, err)
	}
	return a
}

func header(key string) http.Header { return http.Header{"Authorization": {"Bearer " + key}} }

func (g *gateway) post(body string) response {
	g.t.Helper()
	h := header(meum.APIKey)
	h.Set("Content-Type", "application/json")
	return g.do(http.MethodPost, "/v1/invoices", body, h)
}

// create makes an invoice; members are further members of the body.
func (g *gateway) create(members string) string {
	g.t.Helper()
	got := g.post(body(members))
	if got.status != http.StatusCreated {
		g.t.Fatal(got)
	}
	return got.object["id"].(string)
}

// body is the body of a create, with amount and currency unless given.
func body(members string) string {
	for field, value := range map[string]string{"amount": "100.00", "currency": "USD"} {
		if !strings.Contains(members, `"`+field+`"`) {
			members = `"` + field + `":"` + value + `",` + members
		}
	}
	return "{" + strings.TrimSuffix(members, ",") + "}"
}

func (g *gateway) get(path string) response {
	g.t.Helper()
	return g.do(http.MethodGet, "/v1/invoices"+path, "", header(meum.APIKey))
}

func (g *gateway) cancel(id string) response {
	g.t.Helper()
	return g.do(http.MethodPost, "/v1/invoices/"+id+"/cancel", "", header(meum.APIKey))
}

func (g *gateway) trigger(id string, events ...simulator.Event) {
	g.t.Helper()
	for _, event := range events {
		if _, err := g.Trigger(g.t.Context(), id, event, ""); err != nil {
			g.t.Fatalf("%s of %s: %v", event, id, err)
		}
	}
}

func TestAuthorization(t *testing.T) {
	g := start(t, meum.Behaviour{})
	id := g.create("")
	scope := func(name string) string {
		return `{"error":{"code":"INSUFFICIENT_SCOPE","message":"Missing ` + name + ` scope","type":"permission_error"}}`
	}
	const unauthorized = `{"error":{"code":"UNAUTHORIZED","message":"Invalid API key","type":"authentication_error"}}`
	create, list, get, cancel := "POST /v1/invoices", "GET /v1/invoices", "GET /v1/invoices/"+id, "POST /v1/invoices/"+id+"/cancel"
	tests := []struct {
		request, authorization string
		status                 int
		body                   string // "" for any
	}{
		{create, "", 401, unauthorized},
		{list, "Bearer", 401, unauthorized},
		{get, "Bearer sk_live_wrong", 401, unauthorized},
		{cancel, "Token " + meum.APIKey, 401, unauthorized},
		{get, meum.APIKey + "x", 401, unauthorized},
		{create, "Bearer " + meum.ReadOnlyAPIKey, 403, scope("invoices:write")},
		{cancel, "Bearer " + meum.ReadOnlyAPIKey, 403, scope("invoices:write")},
		{list, "Bearer " + meum.ReadOnlyAPIKey, 200, ""},
		{get, "Bearer " + meum.ReadOnlyAPIKey, 200, ""},
		{cancel, "Bearer " + meum.WooCommerceAPIKey, 403, scope("invoices:write")},
		{list, "Bearer " + meum.WooCommerceAPIKey, 200, ""},
		{create, "Bearer " + meum.WooCommerceAPIKey, 201, ""},
		{create, "Bearer " + meum.APIKey, 201, ""},
		{cancel, "Bearer " + meum.APIKey, 200, ""},
	}
	for _, test := range tests {
		method, path, _ := strings.Cut(test.request, " ")
		h, content := http.Header{}, ""
		if test.authorization != "" {
			h.Set("Authorization", test.authorization)
		}
		if test.request == create {
			h.Set("Content-Type", "application/json")
			content = body("")
		}
		if got := g.do(method, path, content, h); got.status != test.status || test.body != "" && got.body != test.body {
			t.Errorf("%s with %q: %s", test.request, test.authorization, got)
		}
	}
}

func TestUnknownRoutes(t *testing.T) {
	const (
		unknown = `404 {"error":{"code":"not_found","message":"No such route","type":"not_found_error"}}`
		method  = `405 {"error":{"code":"method_not_allowed","message":"Method not allowed","type":"invalid_request_error"}}`
	)
	g := start(t, meum.Behaviour{})
	for request, want := range map[string]string{
		"GET /":                        unknown,
		"GET /v1/invoices/":            unknown,
		"GET /v1/invoices/x/status":    unknown,
		"GET /v2/invoices":             unknown,
		"POST /v1/invoices/x/cancel/":  unknown,
		"DELETE /v1/invoices":          method,
		"PATCH /v1/invoices/x":         method,
		"GET /v1/invoices/x/cancel":    method,
		"DELETE /v1/invoices/x/cancel": method,
	} {
		verb, path, _ := strings.Cut(request, " ")
		if got := g.do(verb, path, "", http.Header{}).String(); got != want {
			t.Errorf("%s: %s", request, got)
		}
	}
	g.behave(meum.Behaviour{FlatErrors: true})
	if got := g.do("GET", "/", "", http.Header{}).String(); got != `404 {"error":"No such route"}` {
		t.Errorf("flat: %s", got)
	}
}

func TestGet(t *testing.T) {
	g := start(t, meum.Behaviour{})
	id := g.create(`"amount":"100","external_order_id":"order-1","return_url":"https://shop.example/back","metadata":{"n":1.50,"deep":{"a":[]}}`)
	want := `{"amount":"100","checkout_url":"https://pay.meum.sandbox.invalid/` + id + `","created_at":"2026-07-01T10:00:00.123Z",` +
		`"currency":"USD","customer_id":null,"expires_at":"2099-12-31T23:59:59.999Z","external_order_id":"order-1","id":"` + id + `",` +
		`"metadata":{"deep":{"a":[]},"n":1.50},"order_amount":"100","order_currency":"USD","output_asset":"USDC","paid_amount":null,` +
		`"paid_at":null,"payment_link_id":null,"return_url":"https://shop.example/back","status":"awaiting_payment",` +
		`"transaction_hash":null,"updated_at":"2026-07-01T10:00:00.123Z"}`
	if got := g.get("/" + id); got.status != 200 || got.body != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}

	const missing = `404 {"error":{"code":"not_found","message":"Invoice not found","type":"not_found_error"}}`
	for _, unknown := range []string{"inv_00000000000000000000000000000000", "x", "inv_" + strings.Repeat("a", 40000)} {
		if got := g.get("/" + unknown).String(); got != missing {
			t.Errorf("%.50s: %s", unknown, got)
		}
	}
	if got := g.get("/" + id + "?expand=x"); got.status != 400 {
		t.Errorf("unknown parameter: %s", got)
	}

	plain := g.get("/" + g.create(""))
	if _, has := plain.object["external_order_id"]; has || fmt.Sprint(plain.object["metadata"]) != "map[]" {
		t.Errorf("without reference and metadata: %s", plain)
	}
	g.behave(meum.Behaviour{StripMetadata: []string{"deep"}, NormalizeAmount: true})
	got := g.get("/" + id)
	if got.object["amount"] != "100.00" || got.object["order_amount"] != "100.00" || fmt.Sprint(got.object["metadata"]) != "map[n:1.50]" {
		t.Errorf("normalized and stripped: %s", got)
	}
}

func TestRateLimit(t *testing.T) {
	g := start(t, meum.Behaviour{RateLimit: meum.DocumentedRateLimit})
	from := func(address, content string) response {
		r := httptest.NewRequest(http.MethodPost, "/v1/invoices", strings.NewReader(content))
		r.RemoteAddr = address
		r.Header = header(meum.APIKey)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		return response{status: w.Code, body: w.Body.String()}
	}
	for i := range 30 {
		content := body("")
		if i == 29 {
			content = "{}" // what is refused counts, too
		}
		if got := from(fmt.Sprint("192.0.2.1:", 1000+i), content); got.status == 429 {
			t.Fatalf("create %d: %s", i, got)
		}
		g.clock = g.clock.Add(time.Second)
	}
	const limited = `429 {"error":"Too many requests"}`
	for range 3 {
		if got := from("192.0.2.1:1", body("")); got.String() != limited {
			t.Errorf("create 31: %s", got)
		}
	}
	if got := from("192.0.2.2:1", body("")); got.status != 201 {
		t.Errorf("another client: %s", got)
	}
	if got := g.get(""); got.status != 200 {
		t.Errorf("a read: %s", got)
	}
	g.clock = g.clock.Add(30 * time.Second) // the first is a minute old
	if got := from("192.0.2.1:1", body("")); got.status != 201 {
		t.Errorf("when one left the window: %s", got)
	}
	if got := from("192.0.2.1:1", body("")); got.String() != limited {
		t.Errorf("and the next: %s", got)
	}
}

func TestBodiesThatAreNoJSON(t *testing.T) {
	g := start(t, meum.Behaviour{})
	for _, content := range []string{"", "x", "[]", `{"amount":`, `{"amount":"1","amount":"2"}`} {
		if got := g.post(content); got.status != 400 {
			t.Errorf("%q: %s", content, got)
		}
	}
	if got := g.post(strings.Repeat(" ", wire.MaxBody+1)); got.status != 413 {
		t.Errorf("a huge body: %s", got)
	}
	if got := g.do(http.MethodPost, "/v1/invoices", body(""), header(meum.APIKey)); got.status != 415 {
		t.Errorf("no content type: %s", got)
	}
}
