package acceptance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestPageAfterACreate: a page of any status says nothing of whether the invoice
// was made. It was, and is found, and is not made twice.
func TestPageAfterACreate(t *testing.T) {
	t.Parallel()
	for _, status := range []int{204, 400, 401, 403, 404, 413, 421, 425, 429, 460, 499, 500} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			w := s.Workspace(referenced(), "max_retries = 0")
			s.Intercept(providertest.InjectFault(-1, every(creates), providertest.RespondAfter(status, "text/html", page(status))))
			report := w.Apply()
			report.Fails(1)
			report.Find("error", "XPays", "outcome unknown", "order own")
			if strings.Contains(report.String(), "Nothing was created") {
				t.Errorf("it says that nothing was created:\n%s", report)
			}
			if n := len(w.State()); n != 2*len(finders()) {
				t.Errorf("%d invoices are in state", n)
			}
			expectOneCreate(t, s)
		})
	}
}

// page is a proxy's page with a status; 204 has no body.
func page(status int) string {
	if status == http.StatusNoContent {
		return ""
	}
	return "<html><title>Blocked</title></html>"
}

// TestSwappedResponses: two creates whose responses are swapped each end with their own
// invoice.
func TestSwappedResponses(t *testing.T) {
	t.Parallel()
	eachFinder(t, func(t *testing.T, g specimen, s *providertest.Env) {
		var first, second *httptest.ResponseRecorder
		arrived, made := make(chan struct{}), make(chan struct{})
		var mu sync.Mutex
		s.Intercept(providertest.InjectFault(2, only(g.Requests.Create), func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer := httptest.NewRecorder()
				mu.Lock()
				next.ServeHTTP(answer, r)
				isFirst := first == nil
				if isFirst {
					first = answer
				} else {
					second = answer
				}
				mu.Unlock()
				if isFirst {
					close(arrived)
					<-made
					answer = second
				} else {
					<-arrived
					close(made)
					answer = first
				}
				for name, values := range answer.Header() {
					w.Header()[name] = values
				}
				w.WriteHeader(answer.Code)
				_, _ = w.Write(answer.Body.Bytes())
			})
		}))
		w := s.Workspace(g.resource("a", g.own()) + g.resource("b", g.own()))
		w.Apply().SucceedsQuietly()
		for _, name := range []string{"a", "b"} {
			r := w.Resource(g.address(name))
			if got := g.facts(t, s, r.Text("id")).Reference; got != "order "+name {
				t.Errorf("%s has the invoice of %q", name, got)
			}
		}
		if n := g.count(s, g.Requests.Create); n != 2 {
			t.Errorf("%d creates", n)
		}
		w.Plan().IsEmpty()
	})
}

// TestLostBesideAnOlderOne: a create that never reached the gateway does not take
// an open invoice that somebody else has made with the same reference, however
// short or long a time before.
func TestLostBesideAnOlderOne(t *testing.T) {
	t.Parallel()
	for _, before := range []time.Duration{5 * time.Second, 90 * time.Second, 20 * time.Minute, 20 * time.Hour} {
		t.Run(before.String(), func(t *testing.T) {
			t.Parallel()
			eachFinder(t, func(t *testing.T, g specimen, s *providertest.Env) {
				now := time.Now()
				s.Set(now.Add(-before))
				older := g.createByClient(t, s, "order it")
				s.Set(now)
				s.Intercept(providertest.InjectFault(-1, only(g.Requests.Create), providertest.DropConnection))
				w := s.Workspace(g.resource("it", g.own().with("amount", `"25"`)), "max_retries = 0")
				report := w.Apply()
				report.Fails(1)
				report.Find("error", g.Title, "outcome unknown", "order it")
				if state := w.State(); len(state) > 0 {
					t.Errorf("the state holds %v", state)
				}
				g.expectStatus(t, s, older, "")
				w.Destroy().SucceedsQuietly()
				if n := g.count(s, g.Requests.Cancel); n > 0 {
					t.Errorf("%d cancels", n)
				}
			})
		})
	}
}

// TestSentAgain: a refusal that leaves it open whether the create was processed is
// followed by a look-up, and what is not found is sent again.
func TestSentAgain(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	var body strings.Builder
	for _, g := range finders() {
		body.WriteString(g.resource("it", g.own()))
	}
	w := s.Workspace(body.String(), "max_retries = 0")
	s.Intercept(providertest.InjectFault(1, every(creates), providertest.Respond(429, "text/html", page(429))))
	w.Apply().SucceedsQuietly()
	for _, g := range finders() {
		if n := g.count(s, g.Requests.Create); n != 2 {
			t.Errorf("%s: %d creates", g.Name, n)
		}
		if n := g.count(s, g.Requests.Find); n < 5 {
			t.Errorf("%s: looked up %d times only", g.Name, n)
		}
	}
	w.Plan().IsEmpty()
}

// TestPageWithAnotherClock: a page that dates itself wrongly hides no invoice from the
// look-up, which would have it made again.
func TestPageWithAnotherClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			const brief = `{ create = "40s" }`
			var body strings.Builder
			for _, g := range finders() {
				body.WriteString(g.resource("own", g.own().with("timeouts", brief)) + g.resource("generated", g.fewest().with("timeouts", brief)))
			}
			w := s.Workspace(body.String(), "max_retries = 0")
			dated := func(next http.Handler) http.Handler {
				answer := providertest.RespondAfter(429, "text/html", page(429))(next)
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
					answer.ServeHTTP(w, r)
				})
			}
			s.Intercept(providertest.InjectFault(-1, every(creates), dated))
			w.Apply() // may call an outcome unknown
			for _, g := range finders() {
				if n := g.count(s, g.Requests.Create); n != 2 {
					t.Errorf("%s: %d creates of 2 invoices", g.Name, n)
				}
			}
		})
	}
}

// TestMeumDates: an invoice that the look-up before did not show is new, whatever
// its dates say.
func TestMeumDates(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	for _, behind := range []time.Duration{90 * time.Second, 15 * time.Minute, -15 * time.Minute} {
		t.Run(behind.String(), func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			dated := time.Now().Add(-behind).UTC().Format(time.RFC3339)
			either := func(r *http.Request) bool { return only(g.Requests.Create)(r) || only(g.Requests.Read)(r) }
			s.Intercept(providertest.InjectFault(-1, either, rewriteInvoices(func(_ string, invoice map[string]any) {
				if _, ok := invoice["created_at"]; ok {
					invoice["created_at"] = dated
				}
			})))
			w := s.Workspace(g.resource("it", g.own()))
			w.Apply().SucceedsQuietly()
			w.Plan().IsEmpty()
			if n := g.count(s, g.Requests.Create); n != 1 {
				t.Errorf("%d creates", n)
			}
		})
	}
}

// TestCryptoCloudRounds: an amount that is rounded as a number is the same amount,
// also where it is looked up.
func TestCryptoCloudRounds(t *testing.T) {
	t.Parallel()
	g := cryptocloudSpecimen
	for amount, rounded := range map[string]string{"10.004": "10.0", "0.999": "1.0", "10.006": "10.01"} {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, lost %t", amount, lost), func(t *testing.T) {
				t.Parallel()
				s := providertest.NewEnv(t)
				s.Intercept(providertest.InjectFault(-1, func(*http.Request) bool { return true }, providertest.Rewrite(func(_ *http.Request, body string) string {
					return strings.ReplaceAll(body, amount, rounded)
				})))
				if lost {
					s.Intercept(providertest.InjectFault(1, only(g.Requests.Create), providertest.LoseResponse))
				}
				w := s.Workspace(g.resource("it", g.own().with("amount", `"`+amount+`"`)))
				w.Apply().Succeeds()
				w.Plan().IsEmpty()
				if n := g.count(s, g.Requests.Create); n != 1 {
					t.Errorf("%d creates", n)
				}
			})
		}
	}
}

// TestCancelWithoutAStatus: a response that does not say how the invoice stands
// confirms nothing.
func TestCancelWithoutAStatus(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t, readable()...)
	w := s.Workspace(allGateways(specimen.fewest))
	w.Apply().SucceedsQuietly()
	before := w.State()
	without := rewriteInvoices(func(_ string, invoice map[string]any) {
		for _, name := range []string{"status", "invoice_status", "payment_status"} {
			if _, ok := invoice["id"]; ok || invoice["uuid"] != nil {
				delete(invoice, name)
			}
		}
	})
	s.Intercept(providertest.InjectFault(-1, every(reads), without))
	s.Intercept(providertest.InjectFault(-1, every(cancels), without))
	report := w.Destroy("-refresh=false")
	report.Fails(len(specimens))
	for _, g := range specimens {
		report.Find("error", g.Title, before[g.address("it")].Text("id"))
	}
	if n := len(w.State()); n != len(specimens) {
		t.Errorf("%d invoices are in state", n)
	}
}

// TestReplaceWhenWithoutARefresh: what the state calls open, and is past its
// deadline, is read during the plan, and only that reading decides.
func TestReplaceWhenWithoutARefresh(t *testing.T) {
	t.Parallel()
	g := xpaysSpecimen
	for name, test := range map[string]struct {
		late    bool
		paid    bool
		want    string
		request []string
	}{
		"before its deadline": {want: "no-op"},
		"past it":             {late: true, want: "replace", request: g.calls(g.Requests.Read)},
		"paid meanwhile":      {late: true, paid: true, want: "no-op", request: g.calls(g.Requests.Read)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			now := time.Now()
			if test.late {
				s.Set(now.Add(-24 * time.Hour))
			}
			w := s.Workspace(g.resource("it", g.fewest().with("replace_when", `["expired"]`)))
			w.Apply().Succeeds()
			id := w.Resource(g.address("it")).Text("id")
			w.ChangeState(func(instance map[string]any) {
				attributes := instance["attributes"].(map[string]any)
				attributes["status"], attributes["phase"] = "PENDING", "open"
			})
			if test.paid {
				s.Trigger(g.Name, id, simulator.Pay)
			}
			s.Set(now)
			s.Calls(g.Name)
			plan := w.Plan("-refresh=false")
			plan.Succeeds()
			if got := plan.Changes[g.address("it")].Action; got != test.want && !(test.want == "no-op" && got == "") {
				t.Errorf("the plan is to %q, not to %s", got, test.want)
			}
			if calls := s.Calls(g.Name); !slices.Equal(calls, test.request) {
				t.Errorf("requests %q, not %q", calls, test.request)
			}
			if test.late && !test.paid {
				s.Intercept(providertest.InjectFault(-1, every(reads), providertest.Respond(403, "application/json", "{}")))
				w.Plan("-refresh=false").Find("error", "Cannot read the "+g.Title+" invoice", id, "Whether replace_when applies is not known")
			}
		})
	}
}
