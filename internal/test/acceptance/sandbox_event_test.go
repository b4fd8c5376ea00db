package acceptance

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// sandboxServer serves a sandbox as "sandbox serve" does, as far as the provider
// uses it, and notes what it is sent.
type sandboxServer struct {
	*httptest.Server
	sandbox *sandbox.Sandbox

	mu    sync.Mutex
	paths []string
	sent  strings.Builder // headers and bodies
}

func startSandboxServer(t *testing.T) *sandboxServer {
	t.Helper()
	opened, err := sandbox.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &sandboxServer{sandbox: opened}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sandbox/health", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"ok","sandbox":"payinvoice","version":"test"}`)
	})
	mux.HandleFunc("POST /_sandbox/invoices/{gateway}/{id}/events", func(w http.ResponseWriter, r *http.Request) {
		inv, err := opened.Trigger(r.Context(), r.PathValue("gateway"), r.PathValue("id"), simulator.Pay, "")
		if err != nil {
			w.WriteHeader(http.StatusConflict)
			_, _ = fmt.Fprintf(w, `{"error":%q}`, err)
			return
		}
		_, _ = fmt.Fprintf(w, `{"gateway":%q,"id":%q,"status":%q,"phase":%q}`, inv.Gateway, inv.ID, inv.Status, inv.Phase)
	})
	for _, name := range sandbox.Gateways() {
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, opened.Handler(name)))
	}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note(r)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		s.Close()
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *sandboxServer) note(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paths = append(s.paths, r.URL.Path)
	_ = r.Header.Write(&s.sent)
}

func eventBlock(name, gateway, id, event string, more ...string) string {
	return fmt.Sprintf("resource \"payinvoice_sandbox_event\" %q {\n  gateway = %q\n  invoice_id = %s\n  event = %q\n  %s\n}\n",
		name, gateway, id, event, strings.Join(more, "\n  "))
}

func TestSandboxServer(t *testing.T) {
	setVariables(t, map[string]string{"MEUM_API_KEY": "sk_live_real_key_of_ours"})
	s := startSandboxServer(t)
	config := providerBlock(fmt.Sprintf("  sandbox = { url = %q }\n", s.URL))
	w := providertest.NewWorkspace(t, config+meumSpecimen.resource("it", meumSpecimen.fewest()))
	plan := w.Plan()
	plan.Find("warning", "no invoice is real", s.URL, "provider attribute sandbox")
	plan.Apply().Succeeds()
	if len(s.paths) == 0 || s.paths[0] != "/_sandbox/health" || !slices.Contains(s.paths, "/meum/v1/invoices") {
		t.Errorf("requests for %q", s.paths)
	}
	if strings.Contains(s.sent.String(), "sk_live_real_key_of_ours") {
		t.Error("a real credential was sent to the sandbox")
	}
	w.Configure(config + meumSpecimen.resource("it", meumSpecimen.fewest()) +
		eventBlock("paid", "meum", meumSpecimen.address("it")+".id", "pay"))
	w.Apply().Succeeds()
	if event := w.Resource("payinvoice_sandbox_event.paid"); event.Text("phase") != "paid" || event.Text("status") != "paid" {
		t.Errorf("after the event: %v", event)
	}
}

func TestSandboxServerFromEnvironment(t *testing.T) {
	s := startSandboxServer(t)
	setVariables(t, map[string]string{"PAYINVOICE_SANDBOX": s.URL})
	w := providertest.NewWorkspace(t, meumSpecimen.resource("it", meumSpecimen.fewest()))
	plan := w.Plan()
	plan.Succeeds()
	plan.Find("warning", "no invoice is real", s.URL, "PAYINVOICE_SANDBOX")
}

func TestSandboxServerRefused(t *testing.T) {
	setVariables(t, nil)
	var asked []string
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html><title>Welcome</title></html>")
	}))
	t.Cleanup(page.Close)
	for name, test := range map[string]struct {
		settings string
		says     []string
	}{
		"no sandbox": {fmt.Sprintf("url = %q", page.URL), []string{"cannot be used", page.URL}},
		"no URL":     {`url = "sandbox"`, []string{"Invalid address"}},
		"both":       {fmt.Sprintf("url = %q, data_dir = %q", page.URL, t.TempDir()), []string{"both", "sandbox.data_dir", "sandbox.url"}},
	} {
		t.Run(name, func(t *testing.T) {
			plan := providertest.NewWorkspace(t, providerBlock("  sandbox = { "+test.settings+" }\n")+meumSpecimen.resource("it", meumSpecimen.fewest())).Plan()
			plan.Fails(1)
			plan.Find("error", test.says...)
		})
	}
	if slices.ContainsFunc(asked, func(path string) bool { return path != "/_sandbox/health" }) {
		t.Errorf("a server that is no sandbox got %q", asked)
	}
}

// TestSandboxEvent: each gateway's invoice is paid in the same apply that makes it;
// reading the event asks nobody, and destroying it undoes nothing.
func TestSandboxEvent(t *testing.T) {
	setVariables(t, nil)
	dir := filepath.Join(t.TempDir(), "sandbox")
	config := sandboxBlock(dir) + allGateways(specimen.fewest)
	invoices := config
	for _, g := range specimens {
		config += eventBlock(g.Name, g.Name, g.address("it")+".id", "pay")
	}
	w := providertest.NewWorkspace(t, config)
	w.Apply().Succeeds()
	for _, g := range specimens {
		event := w.Resource("payinvoice_sandbox_event." + g.Name)
		if event.Text("phase") != "paid" || event.Text("happened_at") == "" || event.Text("id") == "" {
			t.Errorf("%s: %v", g.Name, event)
		}
	}
	again := w.Plan()
	if changed := again.Changed(); len(changed) > 0 {
		t.Errorf("the next plan changes %q", changed)
	}
	w.Configure(invoices)
	w.Apply().Succeeds()
	for _, g := range specimens {
		if phase := w.Resource(g.address("it")).Text("phase"); phase != "paid" {
			t.Errorf("%s: the invoice is %s", g.Name, phase)
		}
	}
}

func TestSandboxEventRefused(t *testing.T) {
	setVariables(t, nil)
	block := sandboxBlock(filepath.Join(t.TempDir(), "sandbox"))
	for name, test := range map[string]struct {
		event string
		plan  bool // refused by the plan
		says  []string
	}{
		"unknown gateway":    {eventBlock("it", "paypal", `"x"`, "pay"), true, []string{"gateway", "meum"}},
		"unknown event":      {eventBlock("it", "meum", `"x"`, "steal"), true, []string{"event", "pay"}},
		"of another gateway": {eventBlock("it", "hesabe", `"1"`, "quote"), true, []string{"quote", "hesabe", "pay"}},
		"amount without use": {eventBlock("it", "meum", `"x"`, "pay", `amount = "1"`), true, []string{"amount", "underpay"}},
		"unknown invoice":    {eventBlock("it", "meum", `"inv_0123456789abcdef0123456789abcdef"`, "pay"), false, []string{"inv_0123456789abcdef0123456789abcdef", "invoice_id"}},
		"amount above the price": {
			meumSpecimen.resource("it", meumSpecimen.fewest()) + eventBlock("it", "meum", meumSpecimen.address("it")+".id", "underpay", `amount = "1000000"`),
			false, []string{"amount", "1000000"},
		},
		"not in this phase": {
			meumSpecimen.resource("it", meumSpecimen.fewest()) + eventBlock("it", "meum", meumSpecimen.address("it")+".id", "refund"),
			false, []string{"refund", "pay"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := providertest.NewWorkspace(t, block+test.event)
			if test.plan {
				plan := w.Plan()
				plan.Fails(1)
				plan.Find("error", test.says...)
				return
			}
			apply := w.Apply()
			apply.Fails(1)
			apply.Find("error", test.says...)
		})
	}
}

func TestSandboxEventNeedsTheSandbox(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	plan := s.Workspace(eventBlock("it", "meum", `"x"`, "pay")).Plan()
	plan.Fails(1)
	plan.Find("error", "sandbox", "payinvoice_sandbox_event")
	s.ExpectCalls("meum")
}

func TestSandboxEventAction(t *testing.T) {
	providertest.NeedsTerraform(t, providertest.WithActions)
	setVariables(t, nil)
	block := sandboxBlock(filepath.Join(t.TempDir(), "sandbox"))
	invoice := meumSpecimen.resource("it", meumSpecimen.fewest())
	w := providertest.NewWorkspace(t, block+invoice)
	w.Apply().Succeeds()
	w.Configure(block + invoice + fmt.Sprintf(`
action "payinvoice_sandbox_event" "part" {
  config {
    gateway    = "meum"
    invoice_id = %s.id
    event      = "underpay"
  }
}
`, meumSpecimen.address("it")))
	report := w.Invoke("action.payinvoice_sandbox_event.part")
	report.Succeeds()
	if progress := strings.Join(report.Progress, "\n"); !strings.Contains(progress, "underpaid") {
		t.Errorf("progress: %s", progress)
	}
	again := w.Invoke("action.payinvoice_sandbox_event.part")
	again.Fails(1)
	again.Find("error", "underpay", "underpaid")
}
