package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestInvoiceDrift lets everything happen that a gateway knows: to an invoice
// that is to be replaced for it, to one that is to be replaced for anything
// else, and to one that is never to be replaced.
func TestInvoiceDrift(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		w := s.Workspace(drifting(g))
		w.Apply().SucceedsQuietly()
		before := w.State()
		for address, r := range before {
			id := r.Text("id")
			s.Trigger(g.Name, id, eventOf(address))
		}
		s.Calls(g.Name)

		plan := w.Plan()
		plan.Succeeds()
		g.expectReads(t, s, g.Requests.Find) // the list serves reads when there are many
		due := expectReplacements(t, g, plan)
		warned := 0
		for _, address := range due {
			if g.Events[eventOf(address)].Moves() {
				warned++
				plan.Find("warning", "Money has moved", before[address].Text("id"))
			}
		}
		if len(plan.Diagnostics) != warned {
			t.Errorf("%d diagnostics, not %d:\n%s", len(plan.Diagnostics), warned, plan)
		}

		report := plan.Apply()
		report.Succeeds()
		after := w.State()
		for address, r := range before {
			if slices.Contains(due, address) {
				expectReplaced(t, g, s, report, r, after[address])
			} else {
				expectDrift(t, g, r, after[address])
			}
		}
		if got, want := g.count(s, g.Requests.Create), len(before)+len(due); got != want {
			t.Errorf("%d creates, not %d", got, want)
		}
		w.Plan().IsEmpty()
	})
}

// drifting are resources named after the event that is to happen to them.
func drifting(g specimen) string {
	var config strings.Builder
	for _, event := range slices.Sorted(maps.Keys(g.Events)) {
		phase := g.Events[event].Phase
		others := slices.DeleteFunc(gateway.Phases(), func(p gateway.Phase) bool {
			never := p == gateway.PhaseExpired && !g.Phases.Has(p) // which is warned about
			return p == phase || !p.Closed() || never
		})
		config.WriteString(g.resource(string(event)+"_never", g.fewest()))
		config.WriteString(g.resource(string(event)+"_other", g.fewest().with("replace_when", list(others...))))
		if phase.Closed() {
			config.WriteString(g.resource(string(event)+"_due", g.fewest().with("replace_when", list(phase))))
		}
	}
	return config.String()
}

func eventOf(address string) simulator.Event {
	_, name, _ := strings.Cut(address, ".")
	event, _, _ := strings.Cut(name, "_")
	return simulator.Event(event)
}

// expectReplacements checks that those are replaced that are due, and shown to
// be because of their phase. It returns which they are.
func expectReplacements(t *testing.T, g specimen, plan *providertest.Plan) (due []string) {
	t.Helper()
	text := plan.Text()
	for address, change := range plan.Changes {
		if !strings.HasSuffix(address, "_due") {
			if change.Action != "no-op" {
				t.Errorf("%s: %s is planned", address, change.Action)
			}
			continue
		}
		due = append(due, address)
		if change.Action != "replace" || !slices.Equal(change.Reasons, []string{"phase"}) || !slices.Contains(change.Unknown, "phase") {
			t.Errorf("%s: %s is planned for %q; known after apply: %q", address, change.Action, change.Reasons, change.Unknown)
		}
		// OpenTofu reports the replacement twice in the line.
		line := fmt.Sprintf(`~ phase = %q( # forces replacement)? -> \(known after apply\) # forces replacement`, g.Events[eventOf(address)].Phase)
		if !regexp.MustCompile(line).MatchString(text) {
			t.Errorf("the plan does not show %q:\n%s", line, text)
		}
	}
	return due
}

// expectDrift checks an invoice to which something happened, and which stays.
func expectDrift(t *testing.T, g specimen, before, after providertest.Resource) {
	t.Helper()
	event := eventOf(before.Address)
	happened := g.Events[event]
	want := merged(before.Values, map[string]any{"status": happened.Status, "phase": string(happened.Phase), "money_moved": happened.Moves()})
	if event == simulator.Pay {
		maps.Copy(want, g.Paid)
	} else {
		// What else the event changes is the gateway's own.
		want = merged(after.Values, map[string]any{"status": want["status"], "phase": want["phase"], "money_moved": want["money_moved"]})
		for _, name := range []string{"id", "amount", "checkout_url", "created_at"} {
			want[name] = before.Values[name]
		}
	}
	t.Run(before.Address, func(t *testing.T) { expectValues(t, after.Values, want) })
}

// expectReplaced checks that a new invoice took the place of one, and what has
// become of the old one.
func expectReplaced(t *testing.T, g specimen, s *providertest.Env, report *providertest.Report, before, after providertest.Resource) {
	t.Helper()
	old, happened := before.Text("id"), g.Events[eventOf(before.Address)]
	if after.Text("id") == old || after.Text("phase") != "open" {
		t.Errorf("%s: in place of %s there is %s, which is %s", before.Address, old, after.Text("id"), after.Text("phase"))
	}
	status := happened.Status
	if happened.Phase == gateway.PhaseExpired && g.LateIsCanceled {
		status = g.Events[simulator.Cancel].Status
	}
	if got := g.facts(t, s, old).Status; got != status {
		t.Errorf("%s: the gateway says %q of the old invoice, not %q", before.Address, got, status)
	}
	if happened.Phase.MoneyMoved() {
		report.Find("warning", g.Title, old, string(happened.Phase), happened.Status, "removed from the state")
	}
}

// TestInvoiceForgotten removes from state what the gateway itself no longer
// knows, with a warning, and plans it anew.
func TestInvoiceForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		w := s.Workspace(g.resource("gone", g.fewest()) + g.resource("here", g.fewest()))
		threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
		gone, here := w.Resource(g.address("gone")).Text("id"), w.Resource(g.address("here")).Text("id")
		s.Trigger(g.Name, gone, simulator.Forget)
		s.Calls(g.Name)

		plan := w.Plan()
		if !g.Finds {
			plan.Fails(1)
			plan.Find("error", g.Title, gone, "payinvoice_"+g.Name+"_invoice", "stays in the state", "terraform state rm", "removed block")
			return
		}
		plan.Succeeds()
		plan.Find("warning", g.Title, gone, "payinvoice_"+g.Name+"_invoice", "removed from the state", "import")
		if got := len(plan.Diagnostics); got != 1 {
			t.Errorf("%d diagnostics, not 1:\n%s", got, plan)
		}
		if changed := plan.Changed(); !slices.Equal(changed, []string{g.address("gone")}) || plan.Changes[g.address("gone")].Action != "create" {
			t.Errorf("the plan is\n%s", plan.Text())
		}
		g.expectOnly(t, s, g.calls(g.Requests.Read, g.Checks)...)

		plan.Apply().SucceedsQuietly()
		s.ExpectCalls(g.Name, g.created(g.fewest())...)
		if id := w.Resource(g.address("gone")).Text("id"); id == gone || w.Resource(g.address("here")).Text("id") != here {
			t.Errorf("the invoice is %s after %s was forgotten", id, gone)
		}
		w.Plan().IsEmpty()
	})
}

// TestInvoiceKeepsCheckoutURL keeps the payment page when the gateway stops
// returning it.
func TestInvoiceKeepsCheckoutURL(t *testing.T) {
	t.Parallel()
	for name, absent := range map[string]string{"null": `null`, "empty": `""`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t, readable()...)
			w := s.Workspace(allGateways(specimen.fewest))
			w.Apply().SucceedsQuietly()
			before := w.State()
			s.Intercept(providertest.InjectFault(-1, every(reads), providertest.Rewrite(func(r *http.Request, body string) string {
				link := specimenOf(r).CheckoutURLField
				return regexp.MustCompile(`"`+link+`":"[^"]*"`).ReplaceAllString(body, `"`+link+`":`+absent)
			})))
			w.Apply("-refresh-only").SucceedsQuietly()
			for address, r := range w.State() {
				if got, want := r.Text("checkout_url"), before[address].Text("checkout_url"); got != want || want == "" {
					t.Errorf("%s: checkout_url is %q after %q", address, got, want)
				}
			}
			w.Plan().IsEmpty()
		})
	}
}
