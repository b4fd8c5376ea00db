package acceptance

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// finders are the gateways that can be searched for a reference.
func finders() []specimen {
	return slices.DeleteFunc(slices.Clone(specimens), func(g specimen) bool { return !g.Finds })
}

// eachFinder runs a test with each gateway that can be searched, in an environment
// where a reference can be used again.
func eachFinder(t *testing.T, test func(*testing.T, specimen, *providertest.Env)) {
	t.Helper()
	for _, g := range finders() {
		t.Run(g.Name, func(t *testing.T) {
			t.Parallel()
			test(t, g, providertest.NewEnv(t, gatewaytest.DuplicateBehaviours()...))
		})
	}
}

// adopting are arguments under which an existing invoice is taken over.
func adopting(arguments expressions) expressions { return arguments.with("adopt_existing", "true") }

// TestInvoiceAdopted takes over an open invoice with the same reference, amount
// and currency without a create, and makes a new one in place of any other.
func TestInvoiceAdopted(t *testing.T) {
	t.Parallel()
	eachFinder(t, func(t *testing.T, g specimen, s *providertest.Env) {
		amount := g.argument("amount")
		// others are invoices that are there already, and that are not taken.
		others := map[string]expressions{
			"amount":                 g.own().with("amount", amount.Other),
			"reference":              g.own().with(g.Reference, `"order something else"`),
			string(simulator.Cancel): g.own(),
			string(simulator.Pay):    g.own(),
			string(simulator.Expire): g.own(),
		}
		if g.Currency != "" {
			others["currency"] = g.own().with(g.Currency, g.argument(g.Currency).Other)
		}
		existing := maps.Clone(others)
		existing["same"] = g.own()
		existing["respelled"] = g.own().with("amount", amount.Same)
		var before, after strings.Builder
		for name, arguments := range existing {
			before.WriteString(g.resource(name, arguments))
			after.WriteString(g.resource(name, adopting(g.own())))
		}
		shop := s.Workspace(before.String())
		shop.Apply().SucceedsQuietly()
		there := shop.State()
		for _, event := range []simulator.Event{simulator.Cancel, simulator.Pay, simulator.Expire} {
			id := there[g.address(string(event))].Text("id")
			s.Trigger(g.Name, id, event)
		}
		made := g.count(s, g.Requests.Create)

		w := s.Workspace(after.String())
		report := w.Apply()
		report.Succeeds()
		for address, r := range w.State() {
			_, name, _ := strings.Cut(address, ".")
			_, isOther := others[name]
			if taken := r.Text("id") == there[address].Text("id"); taken == isOther || r.Text("phase") != "open" {
				t.Errorf("%s: taken over: %v; it is %s", address, taken, r.Text("phase"))
			} else if taken {
				report.Find("warning", "is not a new one", r.Text("id"), "adopted")
			}
		}
		if n := g.count(s, g.Requests.Create) - made; n != len(others) {
			t.Errorf("%d creates, not %d", n, len(others))
		}
		w.Plan().IsEmpty()
	})
}

// TestInvoiceAdoptedByRequests asks for nothing but a search and a read.
func TestInvoiceAdoptedByRequests(t *testing.T) {
	t.Parallel()
	eachFinder(t, func(t *testing.T, g specimen, s *providertest.Env) {
		shop := s.Workspace(g.resource("it", g.own()))
		shop.Apply().SucceedsQuietly()
		s.Calls(g.Name)
		w := s.Workspace(g.resource("it", adopting(g.own())))
		w.Apply().Find("warning", "is not a new one", "adopted")
		s.ExpectCalls(g.Name, g.adopted()...)
		want := merged(shop.Resource(g.address("it")).Values, map[string]any{"adopt_existing": true})
		expectValues(t, w.Resource(g.address("it")).Values, want)
	})
}

// TestInvoiceAdoptedOnce shares no invoice between resources that have the same
// reference.
func TestInvoiceAdoptedOnce(t *testing.T) {
	t.Parallel()
	eachFinder(t, func(t *testing.T, g specimen, s *providertest.Env) {
		shared := g.own().with(g.Reference, `"shared"`)
		shop := s.Workspace(g.resource("a", shared) + g.resource("b", shared))
		shop.Apply().SucceedsQuietly()
		existing := stateIDs(shop.State())
		made := g.count(s, g.Requests.Create)

		w := s.Workspace(g.resource("a", adopting(shared)) + g.resource("b", adopting(shared)) + g.resource("c", adopting(shared)))
		report := w.Apply()
		report.Succeeds()
		if n := len(report.Warnings()); n != 2 {
			t.Errorf("%d warnings of what was taken over:\n%s", n, report)
		}
		ids := stateIDs(w.State())
		if len(slices.Compact(ids)) != 3 || !slices.Contains(ids, existing[0]) || !slices.Contains(ids, existing[1]) {
			t.Errorf("of %q the resources have %q", existing, ids)
		}
		if n := g.count(s, g.Requests.Create) - made; n != 1 {
			t.Errorf("%d creates, not 1", n)
		}
	})
}

// stateIDs are the ids in a state, sorted.
func stateIDs(state map[string]providertest.Resource) []string {
	var ids []string
	for _, r := range state {
		ids = append(ids, r.Text("id"))
	}
	slices.Sort(ids)
	return ids
}

// TestInvoiceAdoptionNotSearched makes no invoice when it cannot tell whether
// there is one.
func TestInvoiceAdoptionNotSearched(t *testing.T) {
	t.Parallel()
	eachFinder(t, func(_ *testing.T, g specimen, s *providertest.Env) {
		w := s.Workspace(g.resource("it", adopting(g.own())), "max_retries = 0")
		s.Intercept(providertest.InjectFault(-1, only(g.Requests.Find), providertest.Respond(503, "text/html", badGateway)))
		report := w.Apply()
		report.Fails(1)
		report.Find("error", g.Title, "order it", "before creating one", "HTTP 503")
		s.ExpectCalls(g.Name, g.calls(g.Requests.Find)...)
	})
}

// TestInvoiceAdoptedAfterOutcomeUnknown follows the advice of that error: the
// next apply takes over what was made.
func TestInvoiceAdoptedAfterOutcomeUnknown(t *testing.T) {
	t.Parallel()
	var config strings.Builder
	for _, g := range finders() {
		config.WriteString(g.resource("it", adopting(g.own())))
	}
	s := providertest.NewEnv(t)
	w := s.Workspace(config.String(), "max_retries = 0")
	s.Intercept(providertest.InjectFault(1, every(creates), providertest.LoseResponse))
	s.Intercept(providertest.InjectFault(-1, searchesAfterTheFirst(), providertest.Respond(503, "text/html", badGateway)))
	report := w.Apply()
	report.Fails(len(finders()))
	for _, g := range finders() {
		report.Find("error", g.Title, "outcome unknown", "order it", "HTTP 503", "adopt_existing = true")
		if n := g.count(s, g.Requests.Create); n != 1 {
			t.Errorf("%s: %d creates", g.Name, n)
		}
	}

	s.Reset()
	report = w.Apply()
	report.Succeeds()
	for _, g := range finders() {
		report.Find("warning", g.Title, "is not a new one", "adopted", "order it", "was created at")
		s.ExpectCalls(g.Name, g.adopted()...)
	}
}

// searchesAfterTheFirst chooses the searches at each gateway but for the first,
// which is for an invoice to adopt.
func searchesAfterTheFirst() providertest.Matcher {
	var seen sync.Map
	return func(r *http.Request) bool {
		if !every(finds)(r) {
			return false
		}
		_, again := seen.LoadOrStore(specimenOf(r).Name, true)
		return again
	}
}
