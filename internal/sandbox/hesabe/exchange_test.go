package hesabe

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

func TestUnknownRoutes(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	for target, want := range map[string]struct {
		status      int
		body, allow string
	}{
		"GET /":                             {404, `{"message":"The route  could not be found."}`, ""},
		"GET /api/v2/invoice/1":             {404, `{"message":"The route api/v2/invoice/1 could not be found."}`, ""},
		"POST /api/v1/invoice/":             {404, `{"message":"The route api/v1/invoice/ could not be found."}`, ""},
		"GET /api/v1/invoice/1/2":           {404, `{"message":"The route api/v1/invoice/1/2 could not be found."}`, ""},
		"GET //api/v1/invoice-dashboard":    {404, `{"message":"The route /api/v1/invoice-dashboard could not be found."}`, ""},
		"GET /api/v1/login":                 {405, `{"message":"The GET method is not supported for this route. Supported methods: POST."}`, "POST"},
		"DELETE /api/v1/invoice/1":          {405, `{"message":"The DELETE method is not supported for this route. Supported methods: GET, PUT."}`, "GET PUT"},
		"POST /api/v1/invoice-dashboard":    {405, `{"message":"The POST method is not supported for this route. Supported methods: GET."}`, "GET"},
		"PATCH /api/v1/invoice":             {405, `{"message":"The PATCH method is not supported for this route. Supported methods: POST."}`, "POST"},
		"HEAD /api/v1/invoice/1?data=00":    {401, bodyUnauthorized, ""},
		"GET /api/v1/invoice/1?data=nothex": {401, bodyUnauthorized, ""},
	} {
		t.Run(target, func(t *testing.T) {
			method, path, _ := strings.Cut(target, " ")
			a := m.send(method, path, "")
			allow := strings.Join(a.Header().Values("Allow"), " ")
			if a.Code != want.status || a.Body.String() != want.body || allow != want.allow {
				t.Errorf("%d %s, allow %q", a.Code, a.Body, allow)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	post := func(kind, body string) *httptest.ResponseRecorder {
		m.headers.Set("Content-Type", kind)
		defer m.headers.Set("Content-Type", "application/json")
		return m.send("POST", "/api/v1/invoice", body)
	}
	if a := post("multipart/form-data", "x"); a.Code != 415 {
		t.Errorf("a form: %d %s", a.Code, a.Body)
	}
	if a := post("application/json", strings.Repeat(" ", wire.MaxBody+1)); a.Code != 413 {
		t.Errorf("too large: %d %s", a.Code, a.Body)
	}
	if a := post("application/json; charset=utf-8", "[]"); a.Code != 404 || a.Body.String() != bodyBadRequest {
		t.Errorf("not an object: %d %s", a.Code, a.Body)
	}
}

func TestEncryptedPayloads(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	sealed := func(plain string) string { return m.sim.envelope.seal([]byte(plain), 16) }
	const good = `{"merchantCode":"842217","amount":"1.000","invoiceType":"0"}`
	for name, test := range map[string]struct {
		body   string
		status int
		want   string
	}{
		"good":                {`{"data":"` + sealed(good) + `"}`, 200, ""},
		"capital hex":         {`{"data":"` + strings.ToUpper(sealed(good)) + `"}`, 200, ""},
		"not encrypted":       {good, 422, `{"amount":["The amount field is not allowed."],"data":["The data field is required."]`},
		"no data":             {`{}`, 422, `{"data":["The data field is required."]}`},
		"data of a number":    {`{"data":1}`, 422, `{"data":["The data must be a string."]}`},
		"another member":      {`{"data":"` + sealed(good) + `","accessCode":"x"}`, 422, `{"accessCode":["The accessCode field is not allowed."]}`},
		"not hex":             {`{"data":"` + sealed(good)[1:] + `"}`, 401, ""},
		"another key":         {`{"data":"` + newEnvelope(strings.Repeat("k", 32), IVKey).seal([]byte(good), 16) + `"}`, 401, ""},
		"no object inside":    {`{"data":"` + sealed(`["842217"]`) + `"}`, 401, ""},
		"more than one":       {`{"data":"` + sealed(good+`{}`) + `"}`, 401, ""},
		"no merchant code":    {`{"data":"` + sealed(`{"amount":"1.000","invoiceType":"0"}`) + `"}`, 422, `{"merchantCode":["The merchantCode field is required."]}`},
		"merchant number":     {`{"data":"` + sealed(`{"merchantCode":842217}`) + `"}`, 422, `{"merchantCode":["The merchantCode must be a string."]}`},
		"another merchant":    {`{"data":"` + sealed(`{"merchantCode":"842218"}`) + `"}`, 401, ""},
		"merchant id instead": {`{"data":"` + sealed(`{"merchantCode":"84"}`) + `"}`, 401, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := m.send("POST", "/api/v1/invoice", test.body)
			body := m.open(a)
			if a.Code != test.status {
				t.Fatalf("%d %v", a.Code, body)
			}
			switch test.status {
			case 401:
				if a.Body.String() != bodyUnauthorized {
					t.Errorf("%s", a.Body)
				}
			case 422:
				if got := asJSON(body["response"]); !strings.HasPrefix(got, test.want) || body["status"] != false {
					t.Errorf("%v", body)
				}
			}
		})
	}

	t.Run("no data in a query", func(t *testing.T) {
		a := m.send("GET", "/api/v1/invoice-dashboard", "")
		if got := asJSON(m.open(a)["response"]); a.Code != 422 || got != `{"data":["The data field is required."]}` {
			t.Errorf("%d %s", a.Code, got)
		}
	})
	t.Run("either padding", func(*testing.T) {
		for _, m.blockSize = range []int{16, 32} {
			m.create(object{"description": "فاتورة"})
		}
	})
}

func TestEncodings(t *testing.T) {
	for encoding, want := range map[Encoding]struct{ start, kind string }{
		EncodingWrapped: {`{"response":"60a8f6241932227b840a9f5e36987f4d`, "application/json"},
		EncodingBare:    {`60a8f6241932227b840a9f5e36987f4d`, "text/html; charset=UTF-8"},
		EncodingText:    {`"60a8f6241932227b840a9f5e36987f4d`, "application/json"},
		EncodingPlain:   {`{"status":true,"message":`, "application/json"},
	} {
		t.Run(fmt.Sprint(encoding), func(t *testing.T) {
			m := newMerchant(t, Behaviour{Encoding: encoding})
			inv := m.create(nil)
			if got := m.read(idOf(inv)); asJSON(got) != asJSON(inv) {
				t.Errorf("read %v, created %v", got, inv)
			}
			query := m.sim.envelope.seal([]byte(`{"merchantCode":"842217"}`), 16)
			a := m.send("GET", "/api/v1/invoice-dashboard?data="+query, "")
			if kind := a.Header().Get("Content-Type"); !strings.HasPrefix(a.Body.String(), want.start) || kind != want.kind {
				t.Errorf("%q %s", kind, a.Body)
			}
			if status, body := m.call("GET", "/api/v1/invoice/1", nil); status != 404 || asJSON(body) != bodyNotFound {
				t.Errorf("not found: %d %v", status, body) // never encrypted
			}
		})
	}
}

func TestMessagesByLanguage(t *testing.T) {
	m := newMerchant(t, Behaviour{MessageByLanguage: true})
	_, body := m.call("GET", "/api/v1/invoice-dashboard", nil)
	if text := body["message"].(object); text["en"] != "Invoice Dashboard" || text["ar"] == "" {
		t.Errorf("%v", body["message"])
	}
}

func TestStoreFailureIsAnInternalError(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	m.sim = New(brokenNamespace(t), m.clock.Now, Behaviour{})
	a := m.send("POST", "/api/v1/login", `{"username":"test","password":"Test@1234"}`)
	if a.Code != 500 || !strings.HasPrefix(a.Body.String(), `{"message":"Internal server error occurred: sandbox store`) {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}
