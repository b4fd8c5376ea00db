package xpays

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRequestsThatMakeNoSense(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	id := idOf(m.create(nil))
	for name, test := range map[string]struct {
		method, path, body string
		status             int
		want               string
	}{
		"get without id":        {"GET", "/v1/payment/info", "", 400, "id is required"},
		"get by order":          {"GET", "/v1/payment/info?order_id=391", "", 400, "query parameter order_id should not exist"},
		"get by another name":   {"GET", "/v1/payment/info?invoice_id=" + id, "", 400, "query parameter invoice_id should not exist"},
		"get twice":             {"GET", "/v1/payment/info?id=" + id + "&id=" + id, "", 400, "query parameter id should not exist"},
		"get with a body":       {"GET", pathInfo + id, "{}", 400, "no body is expected"},
		"get of a bad query":    {"GET", "/v1/payment/info?id=%zz", "", 400, "the query is malformed"},
		"get of the unknown":    {"GET", pathInfo + "115bd219-28a1-4c26-87e8-41d1e611a262", "", 404, "Payment not found"},
		"get in upper case":     {"GET", pathInfo + strings.ToUpper(id), "", 404, "Payment not found"},
		"cancel of the unknown": {"POST", pathCancel, `{"id":"115bd219-28a1-4c26-87e8-41d1e611a262"}`, 404, "Payment not found"},
		"cancel without id":     {"POST", pathCancel, `{}`, 400, "id is required"},
		"cancel of a number":    {"POST", pathCancel, `{"id":1}`, 400, "id must be a string"},
		"cancel with more":      {"POST", pathCancel, `{"id":"` + id + `","reason":"x"}`, 400, "reason should not exist"},
		"cancel by the query":   {"POST", pathCancel + "?id=" + id, `{"id":"` + id + `"}`, 400, "no query is expected"},
		"array":                 {"POST", pathCancel, `[]`, 400, "the body is not a JSON object"},
		"no JSON":               {"POST", pathCancel, `{`, 400, "The body is not valid JSON"},
		"too large":             {"POST", pathCancel, `{"id":"` + strings.Repeat("x", maxBody) + `"}`, 413, "The body is too large"},
		"unknown path":          {"GET", "/v1/payment", "", 404, "Cannot GET /v1/payment"},
		"slash at the end":      {"POST", pathCancel + "/", "{}", 404, "Cannot POST /v1/payment/cancel/"},
		"another method":        {"PUT", pathCancel, "{}", 405, "Method Not Allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := m.call(test.method, test.path, test.body)
			if status != test.status || asJSON(body) != `{"error":"`+test.want+`"}` {
				t.Errorf("%d %v", status, body)
			}
		})
	}
	t.Run("form", func(t *testing.T) {
		r := httptest.NewRequest("POST", site+pathCancel, strings.NewReader("id=x"))
		m.signed("POST", pathCancel, "id=x").sign(r)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if a := m.do(r); a.Code != 415 {
			t.Errorf("%d %s", a.Code, a.Body)
		}
	})
	if got := words(m.read(id)); got != wordsPending {
		t.Errorf("the payment is %s", got)
	}
}

func TestErrorMessages(t *testing.T) {
	m := newMerchant(t, Behaviour{ErrorMessages: true})
	_, body := m.call("GET", pathInfo+"x", "")
	want := `{"code":1404,"message":"Payment not found","status_code":404,"success":false,"timestamp":"2024-11-25T06:38:21.260Z"}`
	if got := asJSON(body); got != want {
		t.Errorf("%s", got)
	}
}

func TestServesSockets(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	for scheme, serve := range map[string]func(http.Handler) *httptest.Server{
		"http": httptest.NewServer, "https": httptest.NewTLSServer,
	} {
		server := serve(m.sim)
		t.Cleanup(server.Close)
		path := pathInfo + idOf(m.create(nil))
		r, err := http.NewRequest("GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := m.signed("GET", path, `""`)
		s.url = server.URL + path
		s.sign(r)
		a, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		if a.StatusCode != 200 {
			t.Errorf("%s: %s", scheme, a.Status)
		}
	}
}
