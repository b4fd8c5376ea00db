package xpays

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
)

func TestSignature(t *testing.T) {
	const (
		secret    = "demo-secret-0001"
		timestamp = "1731000000123"
		host      = "https://pay.example.test"
		id        = "0d6f1f0e-6a3b-4a7e-9d52-3b7c9a1e4f20"
	)
	for _, test := range []struct{ method, address, body, want string }{
		{"POST", host + "/v1/payment/cancel", `{"id":"` + id + `"}`, "10d7ca0550f9241156148381e3bc39c0a01aceb9067b4eab8388023ab863059f"},
		{"GET", host + "/v1/payment/info?id=" + id, emptyText, "d5e138603f5c9f1f5374f8a4f9c0487d7043d9bd1fde6d253458510c848b0d22"},
		{"GET", host + "/v1/payment/info?id=" + id, nothing, "05be95a52850b715cbd46f5e4623b193caf308320550d27e334fff13f93e5622"},
	} {
		if got := signature(secret, timestamp, test.method, test.address, test.body); got != test.want {
			t.Errorf("%s %s: %s", test.method, test.address, got)
		}
	}
}

func TestAddressOnTheWire(t *testing.T) {
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := request{r.Method, r.RequestURI, "", r.Header, "http://" + r.Host + r.RequestURI}
		got.checkSignature(t, `""`)
		seen = append(seen, r.RequestURI)
		respondWith(http.StatusForbidden, `{"error":"Forbidden"}`)(w, got)
	}))
	t.Cleanup(server.Close)
	for _, prefix := range []string{"", "/", "/gate/x%2Fy"} {
		c := newClient(t, demo, server.URL+prefix, 0)
		for _, id := range []string{someID, "a&b=c", "ü+%/?#"} {
			_, err := c.Get(t.Context(), id)
			wantKind(t, err, gateway.ErrForbidden)
		}
	}
	want := []string{"/v1/payment/info?id=" + someID, "/v1/payment/info?id=a%26b%3Dc", "/v1/payment/info?id=%C3%BC%2B%25%2F%3F%23"}
	want = slices.Concat(want, want, []string{"/gate/x%2Fy" + want[0], "/gate/x%2Fy" + want[1], "/gate/x%2Fy" + want[2]})
	if !slices.Equal(seen, want) {
		t.Errorf("%q", seen)
	}
}

func TestEachAttemptIsSignedAnew(t *testing.T) {
	attempts := 0
	_, s := newStub(t, func(w http.ResponseWriter, r request) {
		if attempts++; attempts%2 == 1 {
			respondWith(http.StatusBadGateway, "")(w, r)
			return
		}
		respondWith(http.StatusForbidden, `{"error":"Forbidden"}`)(w, r)
	})
	c := newClient(t, demo, s.URL, 1)
	start := time.Now().UnixMilli()
	_, err := c.Get(t.Context(), someID)
	wantKind(t, err, gateway.ErrForbidden)
	wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: someID})), gateway.ErrForbidden)
	sent := s.requests()
	if len(sent) != 4 {
		t.Fatalf("%q", s.lines())
	}
	for _, r := range sent {
		r.checkSignature(t, `""`)
	}
	first, second := sent[0].header.Get("x-timestamp"), sent[1].header.Get("x-timestamp")
	if first == second || first > second || sent[2].header.Get("x-timestamp") == sent[3].header.Get("x-timestamp") {
		t.Errorf("%s, %s", first, second)
	}
	if age := time.Now().UnixMilli() - start; age > 60000 {
		t.Errorf("it took %d ms", age)
	}
}

func TestWindowOfTime(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{TimestampWindow: time.Minute})
	made, err := c.Create(t.Context(), order(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	server.Advance(time.Hour)
	_, err = c.Get(t.Context(), made.ID)
	wantKind(t, err, gateway.ErrUnauthorized)
}

// How a request without a body is signed is not documented in every respect.
func TestOtherSignatureOfNoBody(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{NoBodySignsNothing: true})
	made, err := c.Create(t.Context(), order(t))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := c.Get(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(server.Requests(Name)); got != 1+1+3 { // one was tried in vain
		t.Errorf("%d requests", got)
	}
}

func TestSignatureOfNoBodyIsSettled(t *testing.T) {
	answer := respondWith(http.StatusOK, `{"data":{"payment":{"id":"`+someID+`"}}}`)
	c, s := newStub(t, func(w http.ResponseWriter, r request) { answer(w, r) })
	if _, err := c.Get(t.Context(), someID); err != nil {
		t.Fatal(err)
	}
	answer = respondWith(http.StatusUnauthorized, `{"error":"Unauthorized"}`)
	_, err := c.Get(t.Context(), someID)
	wantKind(t, err, gateway.ErrUnauthorized)
	if sent := s.requests(); len(sent) != 2 {
		t.Errorf("%q", s.lines())
	} else {
		sent[0].checkSignature(t, `""`)
		sent[1].checkSignature(t, `""`)
	}
}

func TestBadCredentials(t *testing.T) {
	_, server := simulated(t, sandbox.Behaviour{})
	for name, test := range map[string]struct {
		creds        Credentials
		kind         error
		reads, posts int
	}{
		"unknown key":   {Credentials{APIKey: "key_x", SecretKey: demo.SecretKey}, gateway.ErrForbidden, 1, 1},
		"wrong secret":  {Credentials{APIKey: demo.APIKey, SecretKey: "x"}, gateway.ErrUnauthorized, 2, 1},
		"no key":        {Credentials{SecretKey: demo.SecretKey}, gateway.ErrUnauthorized, 2, 1},
		"key of lines":  {Credentials{APIKey: "key\nx", SecretKey: demo.SecretKey}, gateway.ErrUnauthorized, 0, 0},
		"key of spaces": {Credentials{APIKey: "key x", SecretKey: demo.SecretKey}, gateway.ErrForbidden, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server.Reset()
			c := newClient(t, test.creds, server.URL(Name), 0)
			_, err := c.Get(t.Context(), someID)
			wantKind(t, err, test.kind)
			_, err = c.Create(t.Context(), order(t))
			if test.kind == gateway.ErrUnauthorized && test.posts > 0 {
				wantKind(t, err, gateway.ErrOutcomeUnknown) // anybody says {"error":"Unauthorized"}
			} else {
				wantKind(t, err, test.kind)
			}
			wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: someID})), test.kind)
			if got := len(server.Requests(Name)); got != test.reads+2*test.posts {
				t.Errorf("%d requests", got)
			}
		})
	}
	spaced := newClient(t, Credentials{APIKey: demo.APIKey + "\n", SecretKey: " " + demo.SecretKey + "\r\n"}, server.URL(Name), 0)
	if _, err := spaced.Create(t.Context(), order(t)); err != nil {
		t.Errorf("blanks around the keys: %v", err)
	}
}

func TestErrorsTellNoSecret(t *testing.T) {
	c, _ := newStub(t, respondWith(http.StatusBadRequest, `{"error":"`+demo.APIKey+` `+demo.SecretKey+`"}`))
	_, err := c.Create(t.Context(), order(t))
	if failed := wantKind(t, err, gateway.ErrInvalid); failed.Message != "*** ***" {
		t.Errorf("%+v", failed)
	}
	c, _ = newStub(t, respondWith(http.StatusOK, "<p>"+demo.SecretKey))
	_, err = c.Get(t.Context(), someID)
	if failed := wantKind(t, err, gateway.ErrUnexpected); !strings.Contains(failed.Message, "***") {
		t.Errorf("%+v", failed)
	}
}
