package faults

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// gateway is a simulated gateway behind an injector, on a real socket.
type gateway struct {
	*httptest.Server
	injector  *Injector
	processed atomic.Int64
}

// goodBody is long enough for half of it to be something else.
var goodBody = `{"data":"` + strings.Repeat("0123456789", 10) + `"}`

func newGateway(t *testing.T, rules ...Rule) *gateway {
	t.Helper()
	g := &gateway{injector: New(rules...)}
	g.Server = httptest.NewServer(g.injector.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		g.processed.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, goodBody)
	})))
	t.Cleanup(func() {
		g.injector.Disarm()
		g.CloseClientConnections()
		g.Close()
	})
	return g
}

// result is the result of a request.
type result struct {
	status int
	header http.Header
	body   string
	err    error
}

// client follows no redirect and waits for a moment only.
var client = &http.Client{
	Timeout:       time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// bodyLimit is how much of a response the client reads.
const bodyLimit = 1 << 20

func (g *gateway) send(t *testing.T, method, path string) result {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, g.URL+path, strings.NewReader("the body"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Token", "the-token")
	resp, err := client.Do(req)
	if err != nil {
		return result{err: err}
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return result{status: resp.StatusCode} // the client's timeout does not end its body
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit))
	return result{resp.StatusCode, resp.Header, string(body), err}
}

func (g *gateway) create(t *testing.T) result {
	t.Helper()
	return g.send(t, http.MethodPost, "/v1/invoices")
}

var meumCreate = Of("meum", Create)

func isGood(s result) bool {
	return s.err == nil && s.status == http.StatusCreated && s.body == goodBody
}

func TestFaults(t *testing.T) {
	honeypot := NewHoneypot()
	t.Cleanup(honeypot.Close)
	is := func(status int, parts ...string) func(result) bool {
		return func(s result) bool {
			return s.err == nil && s.status == status && !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(s.body, part) })
		}
	}
	broken := func(s result) bool { return s.err != nil && s.status == 0 }
	cut := func(s result) bool { return s.err != nil && s.status == http.StatusCreated && s.body != goodBody }
	waits := func(value string) func(result) bool {
		return func(s result) bool {
			return s.status == http.StatusTooManyRequests && s.header.Get("Retry-After") == value
		}
	}
	redirects := func(status int) func(result) bool {
		return func(s result) bool {
			return s.status == status && s.header.Get("Location") == honeypot.URL()+"/v1/invoices"
		}
	}
	want := map[string]func(result) bool{
		"close":           broken,
		"hang":            broken,
		"truncated":       cut,
		"slow bytes":      cut,
		"500 JSON":        is(500, "message"),
		"502 HTML":        is(502, "<html>"),
		"200 HTML":        is(200, "<html>"),
		"200 garbage":     is(200, "\xff"),
		"200 empty":       is(200),
		"200 wrong shape": is(200, `"uuid":7`),
		"200 other JSON":  is(200, "[{"),
		"endless body":    func(s result) bool { return s.status == 200 && len(s.body) == bodyLimit },
		"redirect":        redirects(http.StatusTemporaryRedirect),
		"see other":       redirects(http.StatusSeeOther),
		"404 HTML":        is(404, "<html>"), "404 other JSON": is(404, "reason"),
		"404 no such app": is(404, "No such app"), "404 deployment": is(404, "DEPLOYMENT_NOT_FOUND"),
		"404 upstream": is(404, "no healthy upstream"), "404 message": is(404, "statusCode"), "404 empty": is(404),
		"410 edge JSON":   is(410, "gone"),
		"101 and silence": is(http.StatusSwitchingProtocols),
		"401 HTML":        is(401, "<html>"), "403 HTML": is(403, "<html>"),
		"429": waits(""), "429, wait 1 s": waits("1"), "429, wait a day": waits("86400"),
		"429, wait for a date": func(s result) bool {
			at, err := http.ParseTime(s.header.Get("Retry-After"))
			ahead := time.Until(at)
			return s.status == 429 && err == nil && ahead > 0 && ahead <= 2*time.Second
		},
	}
	for _, status := range pageStatuses {
		want[fmt.Sprintf("page %d", status)] = is(status)
	}
	for _, fault := range All(honeypot.URL()) {
		t.Run(fault.Name, func(t *testing.T) {
			t.Parallel()
			name := strings.TrimSuffix(strings.TrimSuffix(fault.Name, ", before"), ", after")
			check, known := want[name]
			if !known {
				t.Fatalf("no test of %q", name)
			}
			g := newGateway(t, Rule{Operation: meumCreate, Fault: fault, Times: 1})
			if got := g.create(t); !check(got) {
				t.Errorf("the client gets %d, %d bytes, %v: %.200q", got.status, len(got.body), got.err, got.body)
			}
			if got := g.processed.Load() == 1; got != fault.Processed {
				t.Errorf("processed: %v, want %v", got, fault.Processed)
			}
			if got := g.create(t); !isGood(got) {
				t.Errorf("the next request gets a wrong response: %+v", got)
			}
		})
	}
	if honeypot.Connections() != 0 {
		t.Error("the honeypot was contacted")
	}
}

func TestFaultNamesAreUnique(t *testing.T) {
	names := map[string]bool{}
	for _, fault := range All("http://localhost:1") {
		if names[fault.Name] {
			t.Errorf("two faults are called %q", fault.Name)
		}
		names[fault.Name] = true
		if strings.HasSuffix(fault.Name, ", after") != fault.Processed {
			t.Errorf("%q: processed is %v", fault.Name, fault.Processed)
		}
	}
}

func TestHugeBodies(t *testing.T) {
	const size = 3 << 18
	for name, fault := range map[string]Fault{
		"announced": Huge(size, true), "not announced": Huge(size, false), "gzip": GzipBomb(size),
	} {
		g := newGateway(t, Rule{Operation: meumCreate, Fault: fault})
		if got := g.create(t); got.err != nil || len(got.body) != size {
			t.Errorf("%s: %d bytes, %v", name, len(got.body), got.err)
		}
	}
}

func TestEchoQuotesTheRequest(t *testing.T) {
	g := newGateway(t, Rule{Operation: meumCreate, Fault: Echo(http.StatusBadRequest)})
	got := g.create(t)
	for _, part := range []string{"POST /v1/invoices", "the-token", "the body"} {
		if got.status != http.StatusBadRequest || !strings.Contains(got.body, part) {
			t.Errorf("%d without %q: %s", got.status, part, got.body)
		}
	}
}
