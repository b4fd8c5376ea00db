package faults

import (
	"context"
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

// goodAnswer is long enough for half of it to be something else.
var goodAnswer = `{"data":"` + strings.Repeat("0123456789", 10) + `"}`

func newGateway(t *testing.T, rules ...Rule) *gateway {
	t.Helper()
	g := &gateway{injector: New(rules...)}
	g.Server = httptest.NewServer(g.injector.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		g.processed.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, goodAnswer)
	})))
	t.Cleanup(func() {
		g.injector.Disarm()
		g.CloseClientConnections()
		g.Close()
	})
	return g
}

// seen is what a client gets.
type seen struct {
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

// most is how much of an answer the client reads.
const most = 1 << 20

func (g *gateway) ask(t *testing.T, method, path string) seen {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, g.URL+path, strings.NewReader("the body"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Token", "the-token")
	resp, err := client.Do(req)
	if err != nil {
		return seen{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, most))
	return seen{resp.StatusCode, resp.Header, string(body), err}
}

func (g *gateway) create(t *testing.T) seen {
	t.Helper()
	return g.ask(t, http.MethodPost, "/v1/invoices")
}

var meumCreate = Of("meum", Create)

func good(s seen) bool { return s.err == nil && s.status == http.StatusCreated && s.body == goodAnswer }

func TestFaults(t *testing.T) {
	trap := NewTrap()
	t.Cleanup(trap.Close)
	is := func(status int, parts ...string) func(seen) bool {
		return func(s seen) bool {
			return s.err == nil && s.status == status && !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(s.body, part) })
		}
	}
	broken := func(s seen) bool { return s.err != nil && s.status == 0 }
	cut := func(s seen) bool { return s.err != nil && s.status == http.StatusCreated && s.body != goodAnswer }
	waits := func(value string) func(seen) bool {
		return func(s seen) bool {
			return s.status == http.StatusTooManyRequests && s.header.Get("Retry-After") == value
		}
	}
	redirects := func(status int) func(seen) bool {
		return func(s seen) bool {
			return s.status == status && s.header.Get("Location") == trap.URL()+"/v1/invoices"
		}
	}
	want := map[string]func(seen) bool{
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
		"endless body":    func(s seen) bool { return s.status == 200 && len(s.body) == most },
		"redirect":        redirects(http.StatusTemporaryRedirect),
		"see other":       redirects(http.StatusSeeOther),
		"404 HTML":        is(404, "<html>"), "404 other JSON": is(404, "reason"),
		"401 HTML": is(401, "<html>"), "403 HTML": is(403, "<html>"),
		"429": waits(""), "429, wait 1 s": waits("1"), "429, wait a day": waits("86400"),
		"429, wait for a date": func(s seen) bool {
			at, err := http.ParseTime(s.header.Get("Retry-After"))
			ahead := time.Until(at)
			return s.status == 429 && err == nil && ahead > 0 && ahead <= 2*time.Second
		},
	}
	for _, fault := range All(trap.URL()) {
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
			if got := g.create(t); !good(got) {
				t.Errorf("the next request is not answered well: %+v", got)
			}
		})
	}
	if trap.Contacts() != 0 {
		t.Error("the trap was contacted")
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

func TestRules(t *testing.T) {
	closed := func(s seen) bool { return s.err != nil }
	for name, c := range map[string]struct {
		rules []Rule
		want  string // of five creates: . is answered, x is not
	}{
		"none":              {nil, "....."},
		"all":               {[]Rule{{Operation: meumCreate, Fault: CloseBefore}}, "xxxxx"},
		"twice":             {[]Rule{{Operation: meumCreate, Fault: CloseBefore, Times: 2}}, "xx..."},
		"after two":         {[]Rule{{Operation: meumCreate, Fault: CloseBefore, After: 2}}, "..xxx"},
		"one in the middle": {[]Rule{{Operation: meumCreate, Fault: CloseAfter, After: 3, Times: 1}}, "...x."},
		"another operation": {[]Rule{{Operation: Of("meum", Cancel), Fault: CloseBefore}}, "....."},
		"two rules": {[]Rule{
			{Operation: meumCreate, Fault: CloseBefore, Times: 1},
			{Operation: meumCreate, Fault: CloseAfter, After: 2, Times: 1},
		}, "x..x."},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t, c.rules...)
			got := ""
			for range 5 {
				switch s := g.create(t); {
				case closed(s):
					got += "x"
				case good(s):
					got += "."
				}
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if n := g.injector.Struck(); n != strings.Count(c.want, "x") {
				t.Errorf("struck %d", n)
			}
		})
	}
}

func TestDisarmEndsWhatHangs(t *testing.T) {
	g := newGateway(t, Rule{Operation: meumCreate, Fault: HangAfter})
	patient := &http.Client{}
	done := make(chan error, 1)
	go func() {
		resp, err := patient.Post(g.URL+"/v1/invoices", "text/plain", nil)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := g.injector.Await(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if g.processed.Load() != 1 {
		t.Error("not processed by the time the fault strikes")
	}
	select {
	case err := <-done:
		t.Fatalf("it does not hang: %v", err)
	default:
	}
	g.injector.Disarm()
	if err := <-done; err == nil {
		t.Error("answered, though the connection should end")
	}
	if got := g.create(t); !good(got) {
		t.Errorf("after Disarm: %+v", got)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := New().Await(ctx, 1); err == nil {
		t.Error("no error, and nothing was struck")
	}
}

func TestDelayHoldAndLatencyAnswerWell(t *testing.T) {
	released := make(chan struct{})
	g := newGateway(t,
		Rule{Operation: meumCreate, Fault: Delay(20 * time.Millisecond), Times: 1},
		Rule{Operation: meumCreate, Fault: HoldUntil(released), Times: 1})
	began := time.Now()
	if got := g.create(t); !good(got) || time.Since(began) < 20*time.Millisecond {
		t.Errorf("delayed: %+v after %s", got, time.Since(began))
	}
	time.AfterFunc(20*time.Millisecond, func() { close(released) })
	if got := g.create(t); !good(got) {
		t.Errorf("held: %+v", got)
	}
	slow := httptest.NewServer(Latency(10 * time.Millisecond)(g.Config.Handler))
	defer slow.Close()
	if got := (&gateway{Server: slow}).create(t); !good(got) {
		t.Errorf("with latency: %+v", got)
	}
}

func TestTrapCountsConnections(t *testing.T) {
	trap := NewTrap()
	defer trap.Close()
	if trap.Contacts() != 0 {
		t.Error("contacts before any")
	}
	resp, err := http.Get(trap.URL())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if trap.Contacts() == 0 || !strings.Contains(trap.URL(), "//localhost:") {
		t.Errorf("%d contacts at %s", trap.Contacts(), trap.URL())
	}
}

func TestOperations(t *testing.T) {
	for request, want := range map[string]string{
		"POST /v2/invoice/create":               "cryptocloud create",
		"POST /v2/invoice/merchant/info":        "cryptocloud read",
		"POST /v2/invoice/merchant/list":        "cryptocloud list",
		"POST /v2/invoice/merchant/canceled":    "cryptocloud cancel",
		"POST /api/v1/login":                    "hesabe login",
		"POST /api/v1/token-refresh":            "hesabe refresh",
		"POST /api/v1/invoice":                  "hesabe create",
		"GET /api/v1/invoice/14696":             "hesabe read",
		"GET /api/v1/invoice-dashboard":         "hesabe list",
		"PUT /api/v1/invoice/311817483421":      "hesabe cancel",
		"POST /v1/payment/createInvoicePayment": "xpays create",
		"GET /v1/payment/info":                  "xpays read",
		"POST /v1/payment/cancel":               "xpays cancel",
		"POST /v1/invoices":                     "meum create",
		"GET /v1/invoices":                      "meum list",
		"GET /v1/invoices/inv_1":                "meum read",
		"POST /v1/invoices/inv_1/cancel":        "meum cancel",
		"POST /v1/invoices/inv_1":               "",
		"GET /v1/invoices/":                     "",
		"GET /v1/invoices/inv_1/status":         "",
		"GET /v2/invoice/create":                "",
	} {
		method, path, _ := strings.Cut(request, " ")
		var got []string
		for _, o := range operations {
			if o.Matches(httptest.NewRequest(method, path, nil)) {
				got = append(got, o.String())
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(strings.Split(want, "\n")) && (want != "" || len(got) > 0) {
			t.Errorf("%s is %v, want %q", request, got, want)
		}
	}
	if n := len(Operations("hesabe")); n != 6 {
		t.Errorf("hesabe has %d operations", n)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown operation does not panic")
		}
	}()
	Of("xpays", List)
}

func TestRespond(t *testing.T) {
	g := newGateway(t, Rule{Operation: meumCreate, Fault: Respond("mine", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Method)
	})})
	if got := g.create(t); got.body != http.MethodPost || g.processed.Load() != 0 {
		t.Errorf("%+v, processed %d", got, g.processed.Load())
	}
}
