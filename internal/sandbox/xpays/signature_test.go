package xpays

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSign(t *testing.T) {
	const secret, at, host = "demo-secret-0001", "1731000000123", "https://pay.example.test"
	for name, test := range map[string]struct{ method, path, body, want string }{
		"cancel": {
			"POST", "/v1/payment/cancel", `{"id":"0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20"}`,
			"10d7ca0550f9241156148381e3bc39c0a01aceb9067b4eab8388023ab863059f",
		},
		"get": {
			"GET", "/v1/payment/info?id=0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20", `""`,
			"d5e138603f5c9f1f5374f8a4f9c0487d7043d9bd1fde6d253458510c848b0d22",
		},
		"get, nothing after the last bar": {
			"GET", "/v1/payment/info?id=0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20", ``,
			"05be95a52850b715cbd46f5e4623b193caf308320550d27e334fff13f93e5622",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sign(secret, at, test.method, host+test.path, test.body); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestStringify(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                   `{}`,
		` { "a" : [ 1 , "x" , null, true ] } `: `{"a":[1,"x",null,true]}`,
		"[\t{ \"b\":{ } , \"a\":[ ]}\n,false]": `[{"b":{},"a":[]},false]`,
		`"x"`:                                  `"x"`,
		// Numbers are doubles.
		`[10.0,1e2,-0,0.10,1E+2,-1.50]`:                  `[10,100,0,0.1,100,-1.5]`,
		`[1e21,999999999999999999999,1e20,1e-6,1e-7]`:    `[1e+21,1e+21,100000000000000000000,0.000001,1e-7]`,
		`[12345678901234567890,9007199254740993,1e400]`:  `[12345678901234567000,9007199254740992,null]`,
		`[0.1234567890123456789,1.7976931348623157e308]`: `[0.12345678901234568,1.7976931348623157e+308]`,
		`[5e-324,1e-400,123e-10]`:                        `[5e-324,0,1.23e-8]`,
		// Texts.
		`"\u0041\/\u00e9\u2028<>&"`:                                "\"A/é\u2028<>&\"",
		"\"\u2028\u2029\u007f\"":                                   "\"\u2028\u2029\u007f\"",
		`"\u0022\u005c\u0008\u000c\u000a\u000d\u0009\u0000\u001F"`: `"\"\\\b\f\n\r\t\u0000\u001f"`,
		`"\"\\\b\f\n\r\t"`:                                         `"\"\\\b\f\n\r\t"`,
		`"\ud83d\ude00"`:                                           `"😀"`,
		`"\uD83D"`:                                                 `"\ud83d"`,
		`"\uDE00\uD83Dx\uD83D\uD83D\uDE00"`:                        `"\ude00\ud83dx\ud83d😀"`,
		`"\ud83d\n\ud83d\u0041"`:                                   `"\ud83d\n\ud83dA"`,
		// Keys.
		`{"b":1,"a":2,"b":3}`:                               `{"b":3,"a":2}`,
		`{"b":1,"10":2,"9":3,"a":4,"0":5}`:                  `{"0":5,"9":3,"10":2,"b":1,"a":4}`,
		`{"01":1,"-1":2,"1.0":3,"1":4}`:                     `{"1":4,"01":1,"-1":2,"1.0":3}`,
		`{"4294967295":1,"4294967294":2,"x":{"2":1,"1":2}}`: `{"4294967294":2,"4294967295":1,"x":{"1":2,"2":1}}`,
		`{"\u0061":1,"a":2}`:                                `{"a":2}`,
		`{"":1,"__proto__":2}`:                              `{"":1,"__proto__":2}`,
	} {
		if got, err := stringify([]byte(text)); err != nil || got != want {
			t.Errorf("%s\n got %s, %v\nwant %s", text, got, err, want)
		}
	}
	for _, text := range []string{``, ` `, `{`, `{"a":}`, `{'a':1}`, `01`, `NaN`, `{} x`, `"\ud83"`} {
		if got, err := stringify([]byte(text)); err == nil {
			t.Errorf("%q became %s", text, got)
		}
	}
	if got, err := stringify([]byte("\"\xff\"")); err != nil || got != "\"\ufffd\"" {
		t.Errorf("not UTF-8: %q, %v", got, err)
	}
}

func FuzzStringifyIsStable(f *testing.F) {
	f.Add([]byte(`{"b":[1.50,"\u00e9\ud83d"],"1":{"x":null}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		once, err := stringify(text)
		if err != nil {
			return
		}
		if twice, err := stringify([]byte(once)); err != nil || twice != once {
			t.Errorf("%q became %q, then %q, %v", text, once, twice, err)
		}
	})
}

func TestFullURL(t *testing.T) {
	served := func(target string, https bool) *http.Request {
		r := httptest.NewRequest("GET", target, nil) // in absolute form, as a proxy would get it
		r.Host, r.URL.Scheme, r.URL.Host = r.URL.Host, "", ""
		r.RequestURI = strings.TrimPrefix(target, "http://127.0.0.1:8080")
		if r.TLS = nil; https {
			r.TLS = &tls.ConnectionState{}
		}
		return r
	}
	sent := func(target string) *http.Request {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		return &http.Request{Method: "GET", URL: u, Host: u.Host}
	}
	const listener = "http://127.0.0.1:8080/v1/payment/info?id=a%20b&x=1+2"
	const inProcess = "https://xpays.sandbox.invalid/v1/payment/info?id=a%20b"
	for want, r := range map[string]*http.Request{
		listener: served(listener, false),
		strings.Replace(listener, "http:", "https:", 1): served(listener, true),
		inProcess: sent(inProcess),
	} {
		if got := fullURL(r); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestAuthentication(t *testing.T) {
	const body = `{"id":"0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20"}`
	const path = "/v1/payment/cancel"
	at := func(d time.Duration) string { return milliseconds(start.Add(d)) }
	good := func() signed { return signed{APIKey, SecretKey, at(0), "POST", site + path, body} }
	const unauthorized, forbidden, notFound = `{"error":"Unauthorized"}`, `{"error":"Forbidden"}`, `{"error":"Payment not found"}`
	for name, test := range map[string]struct {
		change    func(s *signed, r *http.Request)
		behaviour Behaviour
		status    int
		want      string
	}{
		"good":               {func(*signed, *http.Request) {}, Behaviour{}, 404, notFound},
		"no key":             {func(s *signed, _ *http.Request) { s.key = "" }, Behaviour{}, 401, unauthorized},
		"another key":        {func(s *signed, _ *http.Request) { s.key = "key_other" }, Behaviour{}, 403, forbidden},
		"another secret":     {func(s *signed, _ *http.Request) { s.secret = "x" }, Behaviour{}, 401, unauthorized},
		"no timestamp":       {func(s *signed, _ *http.Request) { s.timestamp = "" }, Behaviour{}, 401, unauthorized},
		"seconds":            {func(s *signed, _ *http.Request) { s.timestamp = s.timestamp[:10] }, Behaviour{}, 401, unauthorized},
		"no digits":          {func(s *signed, _ *http.Request) { s.timestamp = "2024-11-25T06:38" }, Behaviour{}, 401, unauthorized},
		"another method":     {func(s *signed, _ *http.Request) { s.method = "post" }, Behaviour{}, 401, unauthorized},
		"path only":          {func(s *signed, _ *http.Request) { s.url = path }, Behaviour{}, 401, unauthorized},
		"another scheme":     {func(s *signed, _ *http.Request) { s.url = "http" + strings.TrimPrefix(site, "https") + path }, Behaviour{}, 401, unauthorized},
		"a slash at the end": {func(s *signed, _ *http.Request) { s.url += "/" }, Behaviour{}, 401, unauthorized},
		"another body":       {func(s *signed, _ *http.Request) { s.body = strings.Replace(body, ":", ": ", 1) }, Behaviour{}, 401, unauthorized},
		"no body signed":     {func(s *signed, _ *http.Request) { s.body = `""` }, Behaviour{}, 401, unauthorized},
		"no signature":       {func(_ *signed, r *http.Request) { r.Header.Del(headerSignature) }, Behaviour{}, 401, unauthorized},
		"capital hex": {
			func(_ *signed, r *http.Request) {
				r.Header.Set(headerSignature, strings.ToUpper(r.Header.Get(headerSignature)))
			}, Behaviour{}, 401, unauthorized,
		},
		"an old timestamp":           {func(s *signed, _ *http.Request) { s.timestamp = at(-time.Hour) }, Behaviour{}, 404, notFound},
		"an old timestamp, noticed":  {func(s *signed, _ *http.Request) { s.timestamp = at(-time.Hour) }, Behaviour{TimestampWindow: time.Minute}, 401, unauthorized},
		"a timestamp of the future":  {func(s *signed, _ *http.Request) { s.timestamp = at(time.Hour) }, Behaviour{TimestampWindow: time.Minute}, 401, unauthorized},
		"a timestamp of this minute": {func(s *signed, _ *http.Request) { s.timestamp = at(-time.Minute) }, Behaviour{TimestampWindow: time.Minute}, 404, notFound},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, test.behaviour)
			r := httptest.NewRequest("POST", site+path, strings.NewReader(body))
			s := good()
			test.change(&s, r)
			s.sign(r)
			test.change(&s, r) // for what a change does to the headers
			if a := m.do(r); a.Code != test.status || a.Body.String() != test.want {
				t.Errorf("%d %s", a.Code, a.Body)
			}
		})
	}
}

// A body that would not survive JSON.parse and JSON.stringify is refused even
// though its bytes are signed, and so is one signed in that other spelling.
func TestBodiesAreSignedInOneSpelling(t *testing.T) {
	const order = `"order_id":"1","amount":"2","from_fiat_currency":"USD","to_crypto_currency":"USDT","chain":"tron"`
	for name, test := range map[string]struct {
		body string
		ok   bool
	}{
		"compact":           {`{` + order + `}`, true},
		"literal HTML":      {`{` + order + `,"additional_data":{"note":"<a&b>` + "\u2028" + `é"}}`, true},
		"lone surrogate":    {`{` + order + `,"additional_data":{"note":"\ud83d"}}`, true},
		"number":            {`{` + order + `,"additional_data":{"n":1.5}}`, true},
		"blanks":            {`{ ` + order + `}`, false},
		"newline":           {`{` + order + `}` + "\n", false},
		"escaped HTML":      {`{` + order + `,"additional_data":{"note":"\u003ca\u0026b\u003e"}}`, false},
		"escaped separator": {`{` + order + `,"additional_data":{"note":"\u2028"}}`, false},
		"trailing zero":     {`{` + order + `,"additional_data":{"n":1.50}}`, false},
		"too many digits":   {`{` + order + `,"additional_data":{"n":0.12345678901234567890}}`, false},
		"key twice":         {`{` + order + `,"order_id":"1"}`, false},
		"keys of digits":    {`{` + order + `,"additional_data":{"a":1,"1":2}}`, false},
		"not UTF-8":         {`{` + order + `,"additional_data":{"a":"` + "\xff" + `"}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			printed, err := stringify([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			for _, signedBody := range []string{test.body, printed} {
				m := newMerchant(t, Behaviour{})
				r := httptest.NewRequest("POST", site+pathCreate, strings.NewReader(test.body))
				s := m.signed("POST", pathCreate, signedBody)
				s.sign(r)
				if a := m.do(r); (a.Code == 200) != test.ok || (!test.ok && a.Code != 401) {
					t.Errorf("signed as %q: %d %s", signedBody, a.Code, a.Body)
				}
			}
		})
	}
}

func TestRequestsWithoutBody(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour Behaviour
		signed    string
		status    int
	}{
		"quotes":                        {Behaviour{}, `""`, 404},
		"nothing":                       {Behaviour{}, ``, 401},
		"empty object":                  {Behaviour{}, `{}`, 401},
		"quotes, nothing expected":      {Behaviour{NoBodySignsNothing: true}, `""`, 401},
		"nothing, and nothing expected": {Behaviour{NoBodySignsNothing: true}, ``, 404},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, test.behaviour)
			const path = "/v1/payment/info?id=0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20"
			r := httptest.NewRequest("GET", site+path, nil)
			s := m.signed("GET", path, test.signed)
			s.sign(r)
			if a := m.do(r); a.Code != test.status {
				t.Errorf("%d %s", a.Code, a.Body)
			}
		})
	}
}
