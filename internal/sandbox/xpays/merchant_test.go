package xpays

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

const (
	pathCreate = "/v1/payment/createInvoicePayment"
	pathCancel = "/v1/payment/cancel"
	pathInfo   = "/v1/payment/info?id="
)

// start is the created_at of the published payment.
var start = time.Date(2024, 11, 25, 6, 38, 21, 260e6, time.UTC)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type object = map[string]any

// merchant calls a simulator as a client of XPays would.
type merchant struct {
	t     testing.TB
	ns    *store.Namespace
	sim   *Simulator
	clock *clock
}

func newMerchant(t testing.TB, behaviour Behaviour) *merchant {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Temporary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	m := &merchant{t: t, clock: &clock{now: start}}
	m.ns = s.Namespace("xpays")
	m.sim = New(m.ns, m.clock.Now, behaviour)
	return m
}

// signed is what a signature is made of.
type signed struct{ key, secret, timestamp, method, url, body string }

func (m *merchant) signed(method, path, body string) signed {
	return signed{APIKey, SecretKey, milliseconds(m.clock.Now()), method, site + path, body}
}

// sign sets the headers of a request.
func (s signed) sign(r *http.Request) {
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(headerKey, s.key)
	r.Header.Set(headerTimestamp, s.timestamp)
	r.Header.Set(headerSignature, sign(s.secret, s.timestamp, s.method, s.url, s.body))
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func (m *merchant) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	m.sim.ServeHTTP(w, r)
	return w
}

// call sends a body, signed; an empty one is no body.
func (m *merchant) call(method, path, body string) (int, object) {
	m.t.Helper()
	r := httptest.NewRequest(method, site+path, strings.NewReader(body))
	covered := body
	if body == "" {
		covered = `""`
	}
	m.signed(method, path, covered).sign(r)
	a := m.do(r)
	decoder := json.NewDecoder(bytes.NewReader(a.Body.Bytes()))
	decoder.UseNumber()
	var decoded object
	if err := decoder.Decode(&decoded); err != nil {
		m.t.Fatalf("%d %s: %v", a.Code, a.Body, err)
	}
	return a.Code, decoded
}

// order is the body of a create, with changes; a null drops a field.
func order(changes object) string {
	fields := object{
		"order_id": "391", "amount": "2", "from_fiat_currency": "USD", "to_crypto_currency": "USDT", "chain": "tron",
	}
	for name, value := range changes {
		if fields[name] = value; value == nil {
			delete(fields, name)
		}
	}
	return asJSON(fields)
}

func (m *merchant) create(changes object) object {
	m.t.Helper()
	status, body := m.call("POST", pathCreate, order(changes))
	if status != 200 {
		m.t.Fatalf("create: %d %v", status, body)
	}
	return body["data"].(object)
}

func (m *merchant) cancel(id string) (int, object) {
	m.t.Helper()
	return m.call("POST", pathCancel, `{"id":"`+id+`"}`)
}

// read is the payment of a get in the main shape.
func (m *merchant) read(id string) object {
	m.t.Helper()
	status, body := m.call("GET", pathInfo+id, "")
	if status != 200 {
		m.t.Fatalf("get: %d %v", status, body)
	}
	return body["data"].(object)["payment"].(object)
}

func (m *merchant) trigger(p object, event simulator.Event) {
	m.t.Helper()
	if _, err := m.sim.Trigger(m.t.Context(), idOf(p), event, ""); err != nil {
		m.t.Fatalf("%s: %v", event, err)
	}
}

func idOf(p object) string { return p["id"].(string) }

// words are the members that tell what has become of a payment.
func words(p object) string {
	return asJSON([]any{p["payment_status"], p["status"], p["is_completed"]})
}

// asJSON shows decoded JSON with its members in order of name.
func asJSON(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}
