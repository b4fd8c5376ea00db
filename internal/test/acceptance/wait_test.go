package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// waitAction is the block of the gateway's wait action. Its settings are lines such
// as id = "x".
func (g specimen) waitAction(name string, settings ...string) string {
	return fmt.Sprintf("action \"payinvoice_%s_wait_for_invoice\" %q {\n  config {\n    %s\n  }\n}\n", g.Name, name, strings.Join(settings, "\n    "))
}

func (g specimen) waitAddress(name string) string {
	return "action.payinvoice_" + g.Name + "_wait_for_invoice." + name
}

// TestWaitForInvoice: paid already needs one read; paid meanwhile ends the wait;
// another closed phase is an error at once.
func TestWaitForInvoice(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		id := g.createElsewhere(t, s, g.fewest()).Text("id")
		quoted := fmt.Sprintf("id = %q", id)
		w := s.Workspace(g.waitAction("it", quoted, `interval = "1s"`, `timeout = "30s"`) + g.waitAction("canceled", quoted, `phases = ["canceled"]`))

		time.AfterFunc(1500*time.Millisecond, func() { s.Trigger(g.Name, id, simulator.Pay) })
		began := time.Now()
		report := w.Invoke(g.waitAddress("it"))
		report.Succeeds()
		progress := strings.Join(report.Progress, "\n")
		if !strings.Contains(progress, "is open") || !strings.Contains(progress, "waiting for paid or overpaid") || !strings.Contains(progress, "is paid") {
			t.Errorf("progress:\n%s", progress)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}

		s.Calls(g.Name)
		w.Invoke(g.waitAddress("it")).Succeeds()
		s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)

		report = w.Invoke(g.waitAddress("canceled"))
		report.Fails(1)
		report.Find("error", id, "is paid, not canceled")
		s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)
	})
}

func TestWaitForInvoiceTimesOut(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	s := providertest.NewEnv(t)
	g := meumSpecimen
	id := g.createElsewhere(t, s, g.fewest()).Text("id")
	report := s.Workspace(g.waitAction("it", fmt.Sprintf("id = %q", id), `timeout = "2s"`, `interval = "1s"`)).Invoke(g.waitAddress("it"))
	report.Fails(1)
	report.Find("error", id, "not paid or overpaid in time", "still open", "2s")
}

// TestWaitForInvoiceByToken: Hesabe knows an invoice by its token too.
func TestWaitForInvoiceByToken(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	s := providertest.NewEnv(t)
	g := gatewayNamed("hesabe")
	made := g.createElsewhere(t, s, g.fewest())
	id := made.Text("id")
	s.Trigger(g.Name, id, simulator.Pay)
	s.Workspace(g.waitAction("it", fmt.Sprintf("token = %q", made.Text("token")))).Invoke(g.waitAddress("it")).Succeeds()
}

// TestWaitsShareReads: CryptoCloud answers for many invoices at once.
func TestWaitsShareReads(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	s := providertest.NewEnv(t)
	g := gatewayNamed("cryptocloud")
	const n = 5
	var blocks, addresses []string
	var ids []string
	for i := range n {
		id := g.createElsewhere(t, s, g.fewest()).Text("id")
		ids = append(ids, id)
		name := fmt.Sprintf("w%d", i)
		blocks = append(blocks, g.waitAction(name, fmt.Sprintf("id = %q", id), `interval = "1s"`, `timeout = "30s"`))
		addresses = append(addresses, g.waitAddress(name))
	}
	time.AfterFunc(4500*time.Millisecond, func() {
		for _, id := range ids {
			s.Trigger(g.Name, id, simulator.Pay)
		}
	})
	trigger := ""
	for i := range n {
		trigger += fmt.Sprintf("resource \"terraform_data\" \"it%d\" {\n  lifecycle {\n    action_trigger {\n      events  = [after_create]\n      actions = [%s]\n    }\n  }\n}\n", i, addresses[i])
	}
	s.Calls(g.Name)
	s.Intercept(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(50 * time.Millisecond)
			next.ServeHTTP(w, r)
		})
	})
	s.Workspace(strings.Join(blocks, "") + trigger).Apply().Succeeds()
	requests, reads := 0, 0
	for _, r := range s.Requests(g.Name) {
		if strings.HasSuffix(r.Path, "/v2/invoice/merchant/info") {
			requests++
			for _, id := range ids {
				reads += strings.Count(string(r.Body), id)
			}
		}
	}
	if reads < 3*n || requests > reads-n {
		t.Errorf("%d waits of about five intervals each read %d invoices with %d requests", n, reads, requests)
	}
}

func TestWaitForInvoiceRefused(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	s := providertest.NewEnv(t)
	g := meumSpecimen
	for name, test := range map[string]struct {
		settings []string
		says     []string
	}{
		"short interval": {[]string{`id = "x"`, `interval = "10ms"`}, []string{"interval", "1s"}},
		"no duration":    {[]string{`id = "x"`, `timeout = "soon"`}, []string{"timeout", "soon"}},
		"unknown phase":  {[]string{`id = "x"`, `phases = ["done"]`}, []string{"phases", "done"}},
		"no phase":       {[]string{`id = "x"`, `phases = []`}, []string{"phases"}},
	} {
		t.Run(name, func(t *testing.T) {
			report := s.Workspace(g.waitAction("it", test.settings...)).In(t).Validate()
			report.Fails(1)
			report.Find("error", test.says...)
		})
	}
	s.ExpectCalls(g.Name)
}
