package acceptance

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// own are the least arguments and a reference of the user's.
func (g specimen) own() expressions {
	return g.fewest().with(g.Reference, g.argument(g.Reference).Value)
}

// generates reports whether a reference is generated when there is none.
func (g specimen) generates() bool { return !g.argument(g.Reference).Required }

// referenced are invoices of all gateways: own with a reference of the user's,
// tf with a generated one.
func referenced() string {
	var config strings.Builder
	for _, g := range specimens {
		config.WriteString(g.resource("own", g.own()))
		if g.generates() {
			config.WriteString(g.resource("tf", g.fewest()))
		}
	}
	return config.String()
}

// expectOneCreate checks that each invoice of referenced was created once.
func expectOneCreate(t *testing.T, s *providertest.Env) {
	t.Helper()
	for _, g := range specimens {
		want := 1
		if g.generates() {
			want = 2
		}
		if n := g.count(s, g.Requests.Create); n != want {
			t.Errorf("%s: %d creates, not %d", g.Name, n, want)
		}
	}
}

// TestInvoiceFoundAfterALostResponse finds the invoice that was made, where the
// gateway can be searched, and says that the outcome is unknown where it cannot.
// Nothing is made twice.
func TestInvoiceFoundAfterALostResponse(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]providertest.Fault{
		"no response":         providertest.LoseResponse,
		"half a response":     providertest.Truncate,
		"HTTP 502 of a proxy": providertest.RespondAfter(502, "text/html", badGateway),
		"HTTP 500":            providertest.RespondAfter(500, "application/json", `{"error":"Internal Server Error"}`),
		"a page":              providertest.RespondAfter(200, "text/html", "<html>Welcome</html>"),
		"JSON of another API": providertest.RespondAfter(200, "application/json", `{"ok":true}`),
		"nothing":             providertest.RespondAfter(200, "application/json", ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			w := s.Workspace(referenced())
			s.Intercept(providertest.InjectFault(-1, every(creates), fault))

			report := w.Apply()
			state := w.State()
			var lost []string
			for _, g := range specimens {
				if !g.Finds {
					lost = append(lost, g.address("own"))
					report.Find("error", g.Title, "outcome unknown", "order own", "cannot find an invoice", "dashboard", "import")
					continue
				}
				for _, name := range []string{"own", "tf"} {
					r, there := state[g.address(name)]
					if !there || r.Tainted {
						t.Fatalf("%s is in state: %v; tainted: %v\n%s", g.address(name), there, r.Tainted, report)
					}
					g.expectStatus(t, s, r.Text("id"), "")
				}
			}
			report.Fails(len(lost))
			if len(report.Warnings()) > 0 {
				t.Errorf("it warns:\n%s", report)
			}
			expectOneCreate(t, s)
			s.Reset()
			if changed := w.Plan().Changed(); !slices.Equal(changed, lost) {
				t.Errorf("after that the plan changes %q, not %q", changed, lost)
			}
		})
	}
}

// TestInvoiceOutcomeUnknown asks once, and looks for the invoice for a while,
// when the gateway may or may not have seen the request.
func TestInvoiceOutcomeUnknown(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]providertest.Fault{
		"no response": providertest.DropConnection,
		"HTTP 502":    providertest.Respond(502, "text/html", badGateway),
		"HTTP 403":    providertest.Respond(403, "text/html", "<html>Forbidden</html>"),
		"HTTP 404":    providertest.Respond(404, "text/html", "<html>Not Found</html>"),
		"HTTP 413":    providertest.Respond(413, "application/json", `{"message":"Too large"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const lookups = 5
			s := providertest.NewEnv(t)
			w := s.Workspace(allGateways(specimen.own))
			s.Intercept(providertest.InjectFault(-1, every(creates), fault))

			report := w.Apply()
			report.Fails(len(specimens))
			for _, g := range specimens {
				texts := []string{g.Title, "outcome unknown", "order it", "dashboard", "import"}
				calls := slices.DeleteFunc(g.created(g.own()), func(call string) bool { return call == g.Requests.Read })
				if g.Finds {
					texts = append(texts, "did not find it", "adopt_existing")
					calls = append(calls, slices.Repeat([]string{g.Requests.Find}, lookups)...)
				}
				report.Find("error", texts...)
				s.ExpectCalls(g.Name, calls...)
			}
			if state := w.State(); len(state) > 0 {
				t.Errorf("the state holds %v", state)
			}

			s.Reset()
			w.Apply().SucceedsQuietly()
			for _, g := range specimens {
				s.ExpectCalls(g.Name, g.created(g.own())...)
			}
		})
	}
}

// refuseCreate is each gateway's own way to refuse a create.
func refuseCreate(http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g, _ := gatewaytest.ForRequest(r.Method, r.URL.Path)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, strings.ReplaceAll(g.Refusal, "TEXT", "You may not do this."))
	})
}

// TestInvoiceCreateRefused makes no second attempt and searches for nothing
// when the gateway itself clearly says no.
func TestInvoiceCreateRefused(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.own))
	s.Intercept(providertest.InjectFault(-1, every(creates), refuseCreate))
	report := w.Apply()
	report.Fails(len(specimens))
	for _, g := range specimens {
		report.Find("error", g.Title, "order it", "HTTP 400", "You may not do this", "Nothing was created")
		s.ExpectCalls(g.Name, slices.DeleteFunc(g.created(g.own()), func(call string) bool { return call == g.Requests.Read })...)
	}
	if state := w.State(); len(state) > 0 {
		t.Errorf("the state holds %v", state)
	}
}

// TestInvoiceCreateNeverConnected says that the gateway is out of reach, and not
// that the outcome is unknown, when no request left this machine.
func TestInvoiceCreateNeverConnected(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	addresses := map[string]string{}
	for _, g := range specimens {
		addresses[g.Name] = unusedAddress(t)
	}
	report := providertest.NewWorkspace(t, movedTo(s, addresses, "max_retries = 1")).Apply()
	report.Fails(len(specimens))
	for _, g := range specimens {
		if d := report.Find("error", g.Title, "order it", "gateway unavailable", "connection refused"); strings.Contains(d.String(), "outcome unknown") {
			t.Errorf("%s", d)
		}
	}
}

// TestInvoiceCreateRetriedWhenNeverConnected repeats a create, once the gateway
// can be reached, when the connection before was refused.
func TestInvoiceCreateRetriedWhenNeverConnected(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	asked, addresses := map[string]*atomic.Int32{}, map[string]string{}
	for _, g := range specimens {
		creates, address := &atomic.Int32{}, unusedAddress(t)
		asked[g.Name], addresses[g.Name] = creates, address
		gateway := s.Sandbox.Handler(g.Name)
		listenLate(t, address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if gatewaytest.Matches(g.Requests.Create, r.Method, r.URL.Path) {
				creates.Add(1)
			}
			gateway.ServeHTTP(w, r)
		}))
	}
	providertest.NewWorkspace(t, movedTo(s, addresses, "max_retries = 20")).Apply().SucceedsQuietly()
	for _, g := range specimens {
		if n := asked[g.Name].Load(); n != 1 {
			t.Errorf("%s: %d creates", g.Name, n)
		}
	}
}

// TestInvoiceNotReadBack keeps a new invoice, untainted, when the read that is
// to complete it fails. The next read completes it.
func TestInvoiceNotReadBack(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.all), "max_retries = 0")
	s.Intercept(providertest.InjectFault(-1, every(reads), providertest.Respond(500, "text/html", badGateway)))
	report := w.Apply()
	report.Succeeds()
	state := w.State()
	warned := 0
	for _, g := range specimens {
		r, there := state[g.address("it")]
		if !there || r.Tainted || r.Text("id") == "" || r.Text("phase") != "open" || r.Text("checkout_url") == "" {
			t.Errorf("%s: in state: %v, tainted: %v, %v", g.Name, there, r.Tainted, r.Values)
		}
		if g.ReadsBack {
			warned++
			report.Find("warning", g.Title, r.Text("id"), "could not be read back", "HTTP 500")
		}
	}
	if len(report.Warnings()) != warned {
		t.Errorf("%d warnings, not %d:\n%s", len(report.Warnings()), warned, report)
	}

	s.Reset()
	plan := w.Plan()
	plan.IsEmpty()
	w.Apply("-refresh-only").SucceedsQuietly()
	for address, r := range w.State() {
		g := specimens[slices.IndexFunc(specimens, func(g specimen) bool { return g.address("it") == address })]
		expectValues(t, r.Values, g.expected(g.all(), plan.Changes[address].After))
	}
	w.Plan().IsEmpty()
}

// TestInvoiceSeveralFound takes none of several invoices that may all be the one
// whose response was lost.
func TestInvoiceSeveralFound(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t, gatewaytest.DuplicateBehaviours()...)
	w := s.Workspace(referenced())
	s.Intercept(providertest.InjectFault(-1, every(creates), processTwice))
	report := w.Apply()
	for _, g := range specimens {
		if !g.Finds {
			continue
		}
		for _, subject := range []string{"order own", `"tf-`} {
			if d := report.Find("error", g.Title, "outcome unknown", subject); g.idsIn(d.Detail) != 2 {
				t.Errorf("the error should name two invoices:\n%s", d)
			}
		}
	}
	expectOneCreate(t, s)
	if state := w.State(); len(state) > 0 {
		t.Errorf("the state holds %v", state)
	}
}

// processTwice lets the gateway process a request twice, and loses both responses.
func processTwice(next http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			for range 2 {
				r.Body = io.NopCloser(bytes.NewReader(body))
				next.ServeHTTP(httptest.NewRecorder(), r)
			}
		}
		panic(http.ErrAbortHandler)
	})
}

// movedTo is a configuration in which the gateways are at other addresses.
func movedTo(s *providertest.Env, addresses map[string]string, settings ...string) string {
	config := s.Config(allGateways(specimen.own), settings...)
	for name, address := range addresses {
		config = strings.ReplaceAll(config, s.URL(name), "http://"+address)
	}
	return config
}

// listenLate serves at an address where nobody has listened for a while.
func listenLate(t *testing.T, address string, handler http.Handler) {
	t.Helper()
	started := make(chan *httptest.Server, 1)
	time.AfterFunc(3*time.Second, func() {
		server := httptest.NewUnstartedServer(handler)
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Error(err)
		} else {
			_ = server.Listener.Close()
			server.Listener = listener
			server.Start()
		}
		started <- server
	})
	t.Cleanup(func() { (<-started).Close() })
}

// unusedAddress is an address of this machine at which nobody listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
