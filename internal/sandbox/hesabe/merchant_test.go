package hesabe

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// start is 13:36:01 in Kuwait.
var start = time.Date(2025, 5, 27, 10, 36, 1, 0, time.UTC)

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

// object is decoded JSON whose numbers keep their digits.
type object = map[string]any

// merchant calls a simulator as a client of Hesabe would.
type merchant struct {
	t         testing.TB
	ns        *store.Namespace
	sim       *Simulator
	clock     *clock
	blockSize int // of the padding of its requests
	headers   http.Header
}

// newMerchant starts a simulator over an empty store and logs in.
func newMerchant(t testing.TB, behaviour Behaviour) *merchant {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Temporary())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	m := &merchant{t: t, clock: &clock{now: start}, blockSize: 16, headers: http.Header{}}
	m.ns = s.Namespace("hesabe")
	m.sim = New(m.ns, m.clock.Now, behaviour)
	m.headers.Set("accessCode", AccessCode)
	m.headers.Set("Content-Type", "application/json")
	m.login()
	return m
}

// login logs in and returns the refresh token.
func (m *merchant) login() string {
	m.t.Helper()
	return m.keep(m.send("POST", "/api/v1/login", `{"username":"test","password":"Test@1234"}`))
}

// keep remembers the tokens of a response to login or refresh.
func (m *merchant) keep(a *httptest.ResponseRecorder) (refreshToken string) {
	m.t.Helper()
	var issued struct{ Response tokens }
	if err := json.Unmarshal(a.Body.Bytes(), &issued); err != nil || a.Code != 200 {
		m.t.Fatalf("login: %d %s", a.Code, a.Body)
	}
	m.headers.Set("Authorization", "Bearer "+issued.Response.Token.AccessToken)
	return issued.Response.Token.RefreshToken
}

// send sends a request as it is.
func (m *merchant) send(method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, site+target, strings.NewReader(body))
	r.Header = m.headers.Clone()
	w := httptest.NewRecorder()
	m.sim.ServeHTTP(w, r)
	return w
}

// call sends a payload encrypted, and returns the status and the decrypted body.
// The merchant code is added unless the payload has one.
func (m *merchant) call(method, target string, payload object) (int, object) {
	m.t.Helper()
	with := object{"merchantCode": MerchantCode}
	for name, value := range payload {
		with[name] = value
	}
	plain, err := json.Marshal(with)
	if err != nil {
		m.t.Fatal(err)
	}
	sealed := m.sim.envelope.seal(plain, m.blockSize)
	body := ""
	if method == "GET" {
		join := "?"
		if strings.Contains(target, "?") {
			join = "&"
		}
		target += join + url.Values{"data": {sealed}}.Encode()
	} else {
		body = `{"data":"` + sealed + `"}`
	}
	a := m.send(method, target, body)
	return a.Code, m.open(a)
}

// open decodes a response in whatever form it came.
func (m *merchant) open(a *httptest.ResponseRecorder) object {
	m.t.Helper()
	body := a.Body.Bytes()
	var text string
	var wrapped struct{ Response string }
	switch {
	case json.Unmarshal(body, &text) == nil:
	case json.Unmarshal(body, &wrapped) == nil && wrapped.Response != "":
		text = wrapped.Response
	case !bytes.HasPrefix(body, []byte("{")):
		text = string(body)
	}
	if text != "" {
		plain, err := m.sim.envelope.open(text)
		if err != nil {
			m.t.Fatalf("%d %s: %v", a.Code, a.Body, err)
		}
		if len(text)%64 != 0 {
			m.t.Errorf("the response is not padded to 32 bytes: %s", text)
		}
		body = plain
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var decoded object
	if err := decoder.Decode(&decoded); err != nil && err != io.EOF {
		m.t.Fatalf("%d %s: %v", a.Code, body, err)
	}
	return decoded
}

// create makes an invoice with the fields besides amount and type.
func (m *merchant) create(fields object) object {
	m.t.Helper()
	payload := object{"amount": "20.000", "invoiceType": "0"}
	for name, value := range fields {
		payload[name] = value
	}
	status, body := m.call("POST", "/api/v1/invoice", payload)
	if status >= 300 {
		m.t.Fatalf("create: %d %v", status, body)
	}
	return body["response"].(object)
}

// read is the invoice's details.
func (m *merchant) read(id string) object {
	m.t.Helper()
	status, body := m.call("GET", "/api/v1/invoice/"+id, nil)
	if status != 200 {
		m.t.Fatalf("details: %d %v", status, body)
	}
	return body["response"].(object)
}

// cancel asks to cancel the invoice with the token.
func (m *merchant) cancel(token string) (int, object) {
	m.t.Helper()
	return m.call("PUT", "/api/v1/invoice/"+token, object{"statusId": "3"})
}

// list answers the response of the list with a query.
func (m *merchant) list(query string) object {
	m.t.Helper()
	target := "/api/v1/invoice-dashboard"
	if query != "" {
		target += "?" + query
	}
	status, body := m.call("GET", target, nil)
	if status != 200 {
		m.t.Fatalf("list: %d %v", status, body)
	}
	return body["response"].(object)
}

// references are the reference numbers of a list's rows.
func references(list object) string {
	var found []string
	for _, row := range list["invoices"].(object)["data"].([]any) {
		found = append(found, row.(object)["reference_number"].(string))
	}
	return strings.Join(found, " ")
}

func idOf(inv object) string    { return inv["id"].(json.Number).String() }
func tokenOf(inv object) string { return inv["token"].(string) }

// asJSON shows decoded JSON with its members in order of name.
func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// brokenNamespace belongs to a store that is closed.
func brokenNamespace(t testing.TB) *store.Namespace {
	t.Helper()
	s, err := store.Open(t.TempDir(), store.Temporary())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s.Namespace("hesabe")
}
