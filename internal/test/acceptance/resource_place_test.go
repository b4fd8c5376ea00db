package acceptance

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// commands are all ways in which a state's invoices may be used.
var commands = map[string]func(*providertest.Workspace) *providertest.Report{
	"plan":                      func(w *providertest.Workspace) *providertest.Report { return w.Plan().Report },
	"plan without a refresh":    func(w *providertest.Workspace) *providertest.Report { return w.Plan("-refresh=false").Report },
	"apply":                     func(w *providertest.Workspace) *providertest.Report { return w.Apply() },
	"destroy":                   func(w *providertest.Workspace) *providertest.Report { return w.Destroy() },
	"destroy without a refresh": func(w *providertest.Workspace) *providertest.Report { return w.Destroy("-refresh=false") },
	"a refresh":                 func(w *providertest.Workspace) *providertest.Report { return w.Apply("-refresh-only") },
	"a replacement": func(w *providertest.Workspace) *providertest.Report {
		return w.Apply("-replace=" + xpaysSpecimen.address("it"))
	},
	"an apply without a refresh": func(w *providertest.Workspace) *providertest.Report { return w.Apply("-refresh=false") },
}

// expectRefused runs all commands, each of which has to fail for each gateway's
// invoice with these texts, ask nobody, and leave the state as it is.
func expectRefused(t *testing.T, s *providertest.Env, w *providertest.Workspace, texts ...string) {
	t.Helper()
	before := w.State()
	for _, g := range specimens {
		s.Calls(g.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		report := commands[name](w)
		report.Fails(len(specimens))
		for _, g := range specimens {
			report.Find("error", append(texts, g.Title, before[g.address("it")].Text("id"), "payinvoice_"+g.Name+"_invoice", "stays in the state")...)
			s.ExpectCalls(g.Name)
		}
		if after := w.State(); len(after) != len(before) {
			t.Errorf("after %s the state holds %v", name, after)
		}
	}
}

// TestSwitchToTheSandbox: invoices of real gateways are not looked for in the
// sandbox, and the other way round.
func TestSwitchToTheSandbox(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	body := allGateways(specimen.fewest)
	w := s.Workspace(body)
	w.Apply().SucceedsQuietly()
	sandbox := `sandbox = { data_dir = ` + strconv.Quote(t.TempDir()) + ` }`
	w.Configure(s.Config(body, sandbox))
	expectRefused(t, s, w, "the real gateway at 127.0.0.1:", "the sandbox", "PAYINVOICE_SANDBOX")
	w.Configure(s.Config(body))
	w.Plan().IsEmpty()

	simulated := s.Workspace(body, sandbox)
	simulated.Apply().Succeeds()
	simulated.Configure(s.Config(body))
	expectRefused(t, s, simulated, "the real gateway at 127.0.0.1:", "the sandbox", "PAYINVOICE_SANDBOX")
	simulated.Configure(s.Config(body, sandbox))
	simulated.Destroy().Succeeds()
}

// TestSandboxForgets: in the sandbox, where nothing is real, its word is enough.
func TestSandboxForgets(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	body := allGateways(specimen.fewest)
	w := s.Workspace(body, `sandbox = { data_dir = `+strconv.Quote(t.TempDir())+` }`)
	w.Apply().Succeeds()
	w.Configure(s.Config(body, `sandbox = { data_dir = `+strconv.Quote(t.TempDir())+` }`))
	report := w.Apply()
	report.Succeeds()
	for _, g := range specimens {
		report.Find("warning", g.Title, "no longer exists")
	}
}

// otherAccounts is the configuration with another account at each gateway.
func otherAccounts(config string) string {
	for _, g := range specimens {
		for _, setting := range []string{"api_key", "access_code"} {
			if secret := g.Credentials[setting]; secret != "" {
				config = strings.ReplaceAll(config, strconv.Quote(secret), strconv.Quote("other-"+secret[len("other-"):]))
			}
		}
	}
	return config
}

// TestAnotherAccount: invoices of one account are not looked for in another, and
// found again where its credentials were only renewed.
func TestAnotherAccount(t *testing.T) {
	s := providertest.NewEnv(t)
	body := allGateways(specimen.fewest)
	w := s.Workspace(body)
	threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
	w.Configure(otherAccounts(s.Config(body)))
	expectRefused(t, s, w, "with the credentials of another account", "PAYINVOICE_RENEWED_CREDENTIALS")

	// The simulated gateways know one account only: they answer the new credentials
	// as if they were the old ones.
	t.Setenv("PAYINVOICE_RENEWED_CREDENTIALS", "meum, cryptocloud")
	report := w.Plan()
	report.Fails(len(specimens))
	for _, g := range []specimen{cryptocloudSpecimen, meumSpecimen} {
		report.Find("error", g.Title, "rejected the credentials")
	}
	for _, g := range []specimen{hesabeSpecimen, xpaysSpecimen} {
		report.Find("error", g.Title, "with the credentials of another account")
	}

	w = s.Workspace(meumSpecimen.resource("it", meumSpecimen.fewest()))
	w.Apply().SucceedsQuietly()
	renewed := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+meumSpecimen.Credentials["api_key"])
			next.ServeHTTP(w, r)
		})
	}
	s.Intercept(providertest.InjectFault(-1, func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/v1/") }, renewed))
	w.Configure(otherAccounts(s.Config(meumSpecimen.resource("it", meumSpecimen.fewest()))))
	w.Plan().IsEmpty()
	w.Apply("-refresh-only").SucceedsQuietly()
	t.Setenv("PAYINVOICE_RENEWED_CREDENTIALS", "")
	w.Plan().IsEmpty()

	t.Setenv("PAYINVOICE_RENEWED_CREDENTIALS", "maum")
	w.Plan().Find("error", "PAYINVOICE_RENEWED_CREDENTIALS", "maum", "cryptocloud, hesabe, xpays, meum")
}

// TestMovedEndpoint: an invoice that is found at another endpoint, and is the same,
// is recorded there; one that is not found there stays in state.
func TestMovedEndpoint(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	body := allGateways(specimen.fewest)
	w := s.Workspace(body)
	threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
	moved := s.Config(body)
	for _, g := range specimens {
		target, err := url.Parse(s.URL(g.Name))
		if err != nil {
			t.Fatal(err)
		}
		proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(target))
		t.Cleanup(proxy.Close)
		moved = strings.ReplaceAll(moved, s.URL(g.Name), proxy.URL)
	}
	w.Configure(moved)
	w.Plan().IsEmpty()
	w.Apply("-refresh-only").SucceedsQuietly()

	other := providertest.NewEnv(t)
	w.Configure(other.Config(body))
	for _, name := range []string{"plan", "destroy", "destroy without a refresh"} {
		report := commands[name](w)
		report.Fails(len(specimens))
		for _, g := range specimens {
			report.Find("error", g.Title, "does not prove that the invoice no longer exists", "it was created at", "stays in the state")
			if n := g.count(other, g.Requests.Cancel); n > 0 {
				t.Errorf("%s: %d cancels", g.Name, n)
			}
		}
	}
	if n := len(w.State()); n != len(specimens) {
		t.Errorf("%d invoices are in state", n)
	}
	w.Configure(moved)
	w.Destroy().SucceedsQuietly()
}

// TestAnotherInvoiceUnderTheID: an id of one account may exist in another. What the
// gateway never changes tells them apart.
func TestAnotherInvoiceUnderTheID(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(invoice map[string]any){
		"another time of creation": func(invoice map[string]any) {
			for _, name := range []string{"created", "created_at"} {
				if text, ok := invoice[name].(string); ok && len(text) > 4 {
					invoice[name] = "2025" + text[4:]
				}
			}
		},
		"another reference": func(invoice map[string]any) {
			for _, name := range []string{"order_id", "reference_number", "external_order_id"} {
				if _, ok := invoice[name].(string); ok {
					invoice[name] = "somebody else's"
				}
			}
		},
		"another token": func(invoice map[string]any) {
			if _, ok := invoice["token"]; ok {
				invoice["token"] = json.Number("3118174834216193364264")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t, readable(hesabe.Behaviour{})...)
			concerned := specimens
			if name == "another token" {
				concerned = []specimen{hesabeSpecimen}
			}
			var body strings.Builder
			for _, g := range concerned {
				body.WriteString(g.resource("it", g.own()))
			}
			w := s.Workspace(body.String())
			w.Apply().SucceedsQuietly()
			before := w.State()
			s.Intercept(providertest.InjectFault(-1, every(reads), rewriteInvoices(func(_ string, invoice map[string]any) { change(invoice) })))
			for _, command := range []string{"plan", "apply", "destroy", "destroy without a refresh"} {
				report := commands[command](w)
				report.Fails(len(concerned))
				for _, g := range concerned {
					report.Find("error", g.Title, before[g.address("it")].Text("id"), "another invoice under this id", "stays in the state")
				}
			}
			for _, g := range concerned {
				if n := g.count(s, g.Requests.Cancel); n > 0 {
					t.Errorf("%s: %d cancels", g.Name, n)
				}
			}
			if n := len(w.State()); n != len(concerned) {
				t.Errorf("%d invoices are in state", n)
			}
			s.Reset()
			w.Destroy().SucceedsQuietly()
		})
	}
}

// TestNotFoundWithoutProof: not every "not found" is the gateway's word about its
// account's invoice.
func TestNotFoundWithoutProof(t *testing.T) {
	t.Parallel()
	edge := func(body string) providertest.Fault { return providertest.Respond(404, "application/json", body) }
	for name, fault := range map[string]providertest.Fault{
		"no such app":         edge(`{"error":"No such app"}`),
		"deployment":          edge(`{"error":{"code":"DEPLOYMENT_NOT_FOUND","message":"The deployment could not be found"}}`),
		"no healthy upstream": edge(`{"error":"no healthy upstream"}`),
		"a page":              providertest.Respond(404, "text/html", "<html>Not Found</html>"),
		"Meum's own words":    edge(`{"error":"Invoice not found"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			w := s.Workspace(allGateways(specimen.fewest))
			threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
			// An edge before the gateway answers everything so.
			s.Intercept(providertest.InjectFault(-1, every(reads), fault))
			s.Intercept(providertest.InjectFault(-1, every(finds), fault))
			for _, command := range []string{"plan", "destroy", "destroy without a refresh"} {
				report := commands[command](w)
				report.Fails(len(specimens))
				for _, g := range specimens {
					report.Find("error", g.Title)
				}
			}
			for _, g := range specimens {
				if n := g.count(s, g.Requests.Cancel); n > 0 {
					t.Errorf("%s: %d cancels", g.Name, n)
				}
			}
			s.Reset()
			w.Plan().IsEmpty()
		})
	}
}

// TestStateOfAnOlderVersion: what an older version wrote is recorded at the first
// good read, and until then nothing leaves the state.
func TestStateOfAnOlderVersion(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	body := allGateways(specimen.fewest)
	w := s.Workspace(body)
	threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
	w.ChangeState(func(instance map[string]any) { delete(instance["attributes"].(map[string]any), "money_moved") })
	w.ChangePrivate(func(private map[string][]byte) {
		if private["provenance"] == nil || private["arguments"] == nil {
			t.Fatalf("private state %q", private)
		}
		delete(private, "provenance")
	})
	other := providertest.NewEnv(t)
	w.Configure(other.Config(body))
	report := w.Plan()
	report.Fails(len(specimens))
	for _, g := range specimens {
		report.Find("error", g.Title, "does not record where")
	}

	w.Configure(s.Config(body))
	w.Plan().IsEmpty()
	w.Apply("-refresh-only").SucceedsQuietly()
	for _, r := range w.State() {
		if r.Values["money_moved"] != false {
			t.Errorf("%s: money_moved is %v", r.Address, r.Values["money_moved"])
		}
	}
	w.Configure(otherAccounts(s.Config(body)))
	w.Plan().Fails(len(specimens))
	w.Configure(s.Config(body))
	w.Destroy("-refresh=false").SucceedsQuietly()
}

// TestReadsLag: reads that show a new invoice after some seconds neither lose it
// nor make a second one.
func TestReadsLag(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	var body strings.Builder
	lagging := []specimen{cryptocloudSpecimen, meumSpecimen}
	for _, g := range lagging {
		body.WriteString(g.resource("it", g.fewest()))
	}
	w := s.Workspace(body.String())
	lag := func() { // for two seconds from the first request on
		var since time.Time
		s.Intercept(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !every(reads)(r) {
					next.ServeHTTP(w, r)
					return
				}
				if since.IsZero() {
					since = time.Now()
				}
				switch {
				case time.Since(since) > 2*time.Second:
					next.ServeHTTP(w, r)
				case r.Method == http.MethodPost:
					providertest.Respond(200, "application/json", `{"status":"success","result":[]}`)(nil).ServeHTTP(w, r)
				default:
					providertest.Respond(404, "application/json", `{"error":{"type":"not_found","code":"INVOICE_NOT_FOUND","message":"Invoice not found"}}`)(nil).ServeHTTP(w, r)
				}
			})
		})
	}
	lag()
	w.Apply().SucceedsQuietly()
	for _, r := range w.State() {
		if r.Text("created_at") == "" {
			t.Errorf("%s has no created_at", r.Address)
		}
	}
	s.Reset()
	lag()
	w.Plan().IsEmpty()
	s.Reset()
	lag()
	w.Destroy("-refresh=false").SucceedsQuietly()
	for _, g := range lagging {
		if n := g.count(s, g.Requests.Cancel); n != 1 {
			t.Errorf("%s: %d cancels", g.Name, n)
		}
	}
}
