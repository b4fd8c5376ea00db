package acceptance

import (
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

const badGateway = "<html><body>Bad Gateway</body></html>"

// triggerBefore triggers an event just before the gateway sees a request.
func triggerBefore(event simulator.Event) func(*providertest.Env, specimen, string) providertest.Fault {
	return func(s *providertest.Env, g specimen, id string) providertest.Fault {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				s.Trigger(g.Name, id, event)
				next.ServeHTTP(w, r)
			})
		}
	}
}

// TestInvoiceCancelSettledByReading destroys invoices while something comes
// between: what has become of them is read, not guessed, and only what is not
// settled stays in state.
func TestInvoiceCancelSettledByReading(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		policy  string // "" is the default
		retries int
		times   int // of the fault; fewer than none is always
		fault   func(*providertest.Env, specimen, string) providertest.Fault
		cancels int
		// warns and fails are parts of the diagnostics about each invoice; nil means none.
		warns, fails []string
		// ends is the last event of the invoice; "" means that it is open.
		ends simulator.Event
	}{
		{name: "paid meanwhile", times: 1, fault: triggerBefore(simulator.Pay), cancels: 1, warns: []string{"paid"}, ends: simulator.Pay},
		{
			name: "paid meanwhile, which is an error", policy: "cancel_or_fail", times: 1, fault: triggerBefore(simulator.Pay),
			cancels: 1, fails: []string{"paid", "cancel_or_fail"}, ends: simulator.Pay,
		},
		{name: "canceled meanwhile", times: 1, fault: triggerBefore(simulator.Cancel), cancels: 1, ends: simulator.Cancel},
		{name: "forgotten meanwhile", times: 1, fault: triggerBefore(simulator.Forget), cancels: 1, ends: simulator.Forget},
		{name: "the response is lost", times: 1, fault: always(providertest.LoseResponse), cancels: 1, ends: simulator.Cancel},
		{name: "the response is lost, and the cancel repeated", retries: 1, times: 1, fault: always(providertest.LoseResponse), cancels: 2, ends: simulator.Cancel},
		{name: "canceled and answered with HTTP 502", times: 1, fault: always(providertest.RespondAfter(502, "text/html", badGateway)), cancels: 1, ends: simulator.Cancel},
		{name: "canceled and half answered", times: 1, fault: always(providertest.Truncate), cancels: 1, ends: simulator.Cancel},
		{name: "never arrived", retries: 1, times: -1, fault: always(providertest.DropConnection), cancels: 2, fails: []string{"run the command again"}},
		{
			name: "refused with HTTP 503", retries: 1, times: -1, fault: always(providertest.Respond(503, "text/html", badGateway)),
			cancels: 2, fails: []string{"HTTP 503", "run the command again"},
		},
		{name: "refused with HTTP 403", times: -1, fault: always(providertest.Respond(403, "text/html", badGateway)), cancels: 1, fails: []string{"HTTP 403", "not allowed to do this"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			w := s.Workspace(allGateways(func(g specimen) expressions {
				if test.policy == "" {
					return g.fewest()
				}
				return g.fewest().with("deletion_policy", strconv.Quote(test.policy))
			}), "max_retries = "+strconv.Itoa(test.retries))
			threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
			before := w.State()
			for _, g := range specimens {
				id := before[g.address("it")].Text("id")
				s.Intercept(providertest.InjectFault(test.times, only(g.Requests.Cancel), test.fault(s, g, id)))
			}

			report := w.Destroy()
			after := w.State()
			for _, g := range specimens {
				id := before[g.address("it")].Text("id")
				warns, fails := test.warns, test.fails
				switch {
				case test.ends == simulator.Forget && g.Finds:
					warns = []string{"no longer exists", "nothing was canceled"}
				case test.ends == simulator.Forget:
					fails = []string{"does not prove that the invoice no longer exists"}
				}
				expectDiagnostics(t, report, g, id, warns, fails)
				if _, stays := after[g.address("it")]; stays != (fails != nil) {
					t.Errorf("%s: it is in state: %v", g.Name, stays)
				}
				if n := g.count(s, g.Requests.Cancel); n != test.cancels {
					t.Errorf("%s: %d cancels, not %d", g.Name, n, test.cancels)
				}
				if test.ends != simulator.Forget {
					g.expectStatus(t, s, id, test.ends)
				}
			}
			if test.fails != nil && test.ends == "" {
				s.Reset()
				w.Destroy().SucceedsQuietly()
			}
		})
	}
}

// expectDiagnostics checks that an invoice has no diagnostics except a warning or an error
// that holds these texts.
func expectDiagnostics(t *testing.T, report *providertest.Report, g specimen, id string, warns, fails []string) {
	t.Helper()
	want := ""
	for severity, texts := range map[string][]string{"warning": warns, "error": fails} {
		if texts != nil {
			want = severity
			report.Find(severity, append(slices.Clone(texts), g.Title, id)...)
		}
	}
	if got := severityOf(report, id); got != want {
		t.Errorf("of %s it says: %q, not %q\n%s", id, got, want, report)
	}
}

// expectStatus checks that the gateway has the status of an invoice to which
// this happened; "" is nothing.
func (g specimen) expectStatus(t *testing.T, s *providertest.Env, id string, happened simulator.Event) {
	t.Helper()
	want := g.Events[happened].Status
	if happened == "" {
		want, _ = g.Computed["status"].(string)
	}
	if got := g.facts(t, s, id).Status; got != want {
		t.Errorf("the gateway says %q of %s, not %q", got, id, want)
	}
}

// TestInvoiceCancelNotConfirmed keeps an invoice whose cancellation the gateway
// accepts, but does not show, neither in its response nor when it is read.
func TestInvoiceCancelNotConfirmed(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t, readable()...)
	w := s.Workspace(allGateways(specimen.fewest))
	w.Apply().SucceedsQuietly()
	before := w.State()
	for _, g := range specimens {
		s.Intercept(providertest.InjectFault(-1, only(g.Requests.Read), rewriteInvoices(func(_ string, invoice map[string]any) {
			invoice[g.StatusField] = g.Open
		})))
	}
	report := w.Destroy()
	kept := 0
	left := w.State()
	for _, g := range specimens {
		id := before[g.address("it")].Text("id")
		if n := g.count(s, g.Requests.Cancel); n != 1 {
			t.Errorf("%s: %d cancels", g.Name, n)
		}
		_, stays := left[g.address("it")]
		if g.CancelShows == stays {
			t.Errorf("%s: it is in state: %v", g.Name, stays)
		}
		if !g.CancelShows {
			kept++
			report.Find("error", g.Title, id, "accepted the cancellation", "stays in the state")
		}
	}
	report.Fails(kept)
	s.Reset()
	w.Destroy("-refresh=false").SucceedsQuietly()
}

// TestInvoiceDestroyUnread keeps an invoice that destroy cannot read, and says that
// nothing was canceled.
func TestInvoiceDestroyUnread(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.fewest), "max_retries = 0")
	w.Apply().SucceedsQuietly()
	before := w.State()
	s.Intercept(providertest.InjectFault(-1, every(reads), providertest.Respond(503, "text/html", badGateway)))
	report := w.Destroy("-refresh=false")
	report.Fails(len(specimens))
	left := w.State()
	for _, g := range specimens {
		report.Find("error", "Cannot read the "+g.Title+" invoice", before[g.address("it")].Text("id"), "HTTP 503", "Nothing was canceled")
		if _, stays := left[g.address("it")]; !stays {
			t.Errorf("%s: it is not in state", g.Name)
		}
		if n := g.count(s, g.Requests.Cancel); n != 0 {
			t.Errorf("%s: %d cancels", g.Name, n)
		}
	}
}

// TestInvoiceLateCancelRefused lets go of an invoice that is past its deadline,
// and that the gateway will not cancel: nobody can pay it any more.
func TestInvoiceLateCancelRefused(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t, hesabe.Behaviour{ExpiredCancelRefused: true}, xpays.Behaviour{ExpiredCancelRefused: true})
	w := s.Workspace(allGateways(specimen.fewest))
	w.Apply().SucceedsQuietly()
	for _, g := range specimens {
		id := w.Resource(g.address("it")).Text("id")
		s.Trigger(g.Name, id, simulator.Expire)
	}
	w.Destroy().SucceedsQuietly()
	for _, g := range specimens {
		want := 0
		if g.LateIsCanceled {
			want = 1
		}
		if n := g.count(s, g.Requests.Cancel); n != want {
			t.Errorf("%s: %d cancels, not %d", g.Name, n, want)
		}
	}
}
