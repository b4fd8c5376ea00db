package sandboxtest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// send sends a request to Meum and returns what it gets, as "200 body".
func send(t *testing.T, s *sandboxtest.Server, method, path, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL("meum")+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+meum.APIKey)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(response.StatusCode, " ", string(text))
}

const body = `{"amount":"1","currency":"USD"}`

func TestEveryGatewayIsServed(t *testing.T) {
	s := sandboxtest.Start(t)
	for _, gateway := range sandbox.Gateways() {
		if !strings.HasPrefix(s.URL(gateway), "http://127.0.0.1:") {
			t.Errorf("%s is at %s", gateway, s.URL(gateway))
		}
		response, err := http.Get(s.URL(gateway) + "/no/such/path")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound || response.Proto != "HTTP/1.1" {
			t.Errorf("%s answers %s with %s", gateway, response.Status, response.Proto)
		}
	}
}

func TestRequestsAreRecorded(t *testing.T) {
	s := sandboxtest.Start(t)
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s.Set(now)
	send(t, s, http.MethodPost, "/v1/invoices?x=1", body)
	send(t, s, http.MethodGet, "/v1/invoices/x", "")
	requests := s.Requests("meum")
	if len(requests) != 2 || len(s.Requests("cryptocloud")) != 0 {
		t.Fatalf("recorded %v", requests)
	}
	r := requests[0]
	if r.Method != http.MethodPost || r.Path != "/v1/invoices" || r.Query.Get("x") != "1" || string(r.Body) != body ||
		r.Header.Get("Authorization") != "Bearer "+meum.APIKey || !r.Time.Equal(now) {
		t.Errorf("recorded %+v", r)
	}
	if got := send(t, s, http.MethodPost, "/v1/invoices", strings.Repeat(" ", wire.MaxBody+1)); !strings.HasPrefix(got, "413 ") {
		t.Errorf("a huge body: %s", got)
	}
	if size := len(s.Requests("meum")[2].Body); size != wire.MaxBody {
		t.Errorf("recorded %d bytes of a huge body", size)
	}
}

func TestIntercept(t *testing.T) {
	s := sandboxtest.Start(t)
	var order []string
	note := func(name string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				order = append(order, name)
				next.ServeHTTP(w, r)
			})
		}
	}
	s.Intercept(note("first"))
	s.Intercept(note("second"))
	if got := send(t, s, http.MethodPost, "/v1/invoices", body); !strings.HasPrefix(got, "201 ") {
		t.Error(got)
	}
	if fmt.Sprint(order) != "[second first]" {
		t.Errorf("order %v", order)
	}

	// A response that is lost: the invoice exists, the client does not know it.
	s.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(nopWriter{http.Header{}}, r)
			panic(http.ErrAbortHandler)
		})
	})
	if got := send(t, s, http.MethodPost, "/v1/invoices", body); !strings.Contains(got, "EOF") {
		t.Errorf("a lost response: %s", got)
	}
	s.Reset()
	if got := send(t, s, http.MethodGet, "/v1/invoices", ""); strings.Count(got, `"id"`) != 2 {
		t.Errorf("after Reset: %s", got)
	}
	if n := len(s.Requests("meum")); n != 1 {
		t.Errorf("%d requests recorded after Reset", n)
	}
}

type nopWriter struct{ header http.Header }

func (w nopWriter) Header() http.Header          { return w.header }
func (nopWriter) Write(part []byte) (int, error) { return len(part), nil }
func (nopWriter) WriteHeader(int)                {}

func TestBehave(t *testing.T) {
	s := sandboxtest.Start(t, meum.Behaviour{NoPayoutWallet: true})
	status := func() string { return send(t, s, http.MethodPost, "/v1/invoices", body)[:3] }
	if got := status(); got != "400" {
		t.Errorf("at the start: %s", got)
	}
	s.Behave()
	if got := status(); got != "201" {
		t.Errorf("after Behave: %s", got)
	}
	s.Reset()
	if got := status(); got != "400" {
		t.Errorf("after Reset: %s", got)
	}
}

func TestClock(t *testing.T) {
	var c sandboxtest.Clock
	if off := time.Until(c.Now()).Abs(); off > time.Minute {
		t.Errorf("starts %s off", off)
	}
	c.Advance(time.Hour)
	first := c.Now()
	if ahead := time.Until(first); ahead < 59*time.Minute || ahead > 61*time.Minute {
		t.Errorf("advanced by %s", ahead)
	}
	time.Sleep(time.Millisecond)
	if !c.Now().After(first) {
		t.Error("it stands")
	}
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c.Set(noon)
	c.Advance(time.Minute)
	if got := c.Now(); !got.Equal(noon.Add(time.Minute)) {
		t.Errorf("after Set and Advance: %s", got)
	}
}

func TestParallelUse(t *testing.T) {
	s := sandboxtest.Start(t)
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for range 5 {
				send(t, s, http.MethodPost, "/v1/invoices", body)
				s.Advance(time.Second)
				s.Requests("meum")
			}
		})
	}
	work.Go(func() { s.Behave(meum.Behaviour{NormalizeAmount: true}) })
	work.Go(func() { s.Intercept(func(next http.Handler) http.Handler { return next }) })
	work.Wait()
	if n := len(s.Requests("meum")); n != 40 {
		t.Errorf("%d requests recorded", n)
	}
}
