package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// destroyCase is an invoice in a certain state before the destroy.
type destroyCase struct {
	events []simulator.Event
	// phase is the one that the provider reports; "" when the gateway does not know
	// it any more.
	phase gateway.Phase
	// whileOpen and always say when reads show a status that is not documented.
	whileOpen, always bool
	// moves says that money has moved.
	moves bool
}

// destroyCases are all that can become of an invoice at the gateway.
func (g specimen) destroyCases() map[string]destroyCase {
	fates := map[string]destroyCase{
		"open":         {phase: gateway.PhaseOpen},
		"forgotten":    {events: []simulator.Event{simulator.Forget}},
		"unknown_open": {phase: gateway.PhaseUnknown, whileOpen: true},
		"unknown_paid": {phase: gateway.PhaseUnknown, always: true, events: []simulator.Event{simulator.Pay}},
	}
	for event, word := range g.Events {
		fates[string(event)] = destroyCase{events: []simulator.Event{event}, phase: word.Phase, moves: word.Moves()}
	}
	if g.Refund != "" {
		fates["refunded"] = destroyCase{events: []simulator.Event{simulator.Pay, g.Refund}, phase: gateway.PhaseRefunded, moves: true}
	}
	return fates
}

// outcome is how destroy ends for an invoice.
type outcome struct {
	reads, cancels int
	severity       string // of the diagnostic about it; "" means none
	stays          bool   // in state
	canceled       bool   // at the gateway, by destroy
}

// outcomeOf is the table of deletion policies.
func (g specimen) outcomeOf(f destroyCase, policy string) outcome {
	canceled := outcome{reads: 2, cancels: 1, canceled: true}
	if g.CancelShows {
		canceled.reads = 1
	}
	switch {
	case policy == "abandon":
		return outcome{severity: "warning" + "warning"} // in the plan, and when it is done: the state calls it open
	case f.phase == "" && g.Finds:
		return outcome{reads: 1, severity: "warning"}
	case f.phase == "":
		return outcome{reads: 1, severity: "error", stays: true}
	case f.always && !g.UnknownMoves:
		return outcome{reads: 2, cancels: 1, severity: "error", stays: true}
	case f.always && policy == "cancel_or_fail":
		return outcome{reads: 1, severity: "error", stays: true}
	case f.always:
		return outcome{reads: 1, severity: "warning"}
	case f.moves && policy == "cancel_or_fail":
		return outcome{reads: 1, severity: "error", stays: true}
	case f.moves:
		return outcome{reads: 1, severity: "warning"}
	case f.phase == gateway.PhaseOpen, f.phase == gateway.PhaseUnknown, f.phase == gateway.PhaseExpired && g.LateIsCanceled:
		return canceled
	default:
		return outcome{reads: 1}
	}
}

// TestInvoiceDestroy destroys an invoice of every fate under every deletion
// policy, all at once, and counts the requests for each.
func TestInvoiceDestroy(t *testing.T) {
	t.Parallel()
	policies := []string{"cancel", "cancel_or_fail", "abandon"}
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t, readable()...)
		var config strings.Builder
		fates := g.destroyCases()
		for name := range fates {
			for _, policy := range policies {
				config.WriteString(g.resource(name+"-"+policy, g.fewest().with("deletion_policy", fmt.Sprintf("%q", policy))))
			}
		}
		w := s.Workspace(config.String())
		threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
		before := w.State()
		whileOpen, always := map[string]bool{}, map[string]bool{}
		for name, f := range fates {
			for _, policy := range policies {
				id := before[g.address(name+"-"+policy)].Text("id")
				for _, event := range f.events {
					s.Trigger(g.Name, id, event)
				}
				whileOpen[id], always[id] = f.whileOpen, f.always
			}
		}
		s.Intercept(providertest.InjectFault(-1, every(reads), rewriteInvoices(func(id string, invoice map[string]any) {
			if always[id] || whileOpen[id] && invoice[g.StatusField] == g.Open {
				invoice[g.StatusField] = g.Undocumented
			}
		})))
		already := len(s.Requests(g.Name))

		report := w.Destroy("-refresh=false")
		requests, after := s.Requests(g.Name)[already:], w.State()
		said := 0
		for name, f := range fates {
			for _, policy := range policies {
				r, want := before[g.address(name+"-"+policy)], g.outcomeOf(f, policy)
				said += len(want.severity) / len("warning")
				if want.severity == "error" {
					said++
				}
				t.Run(name+" "+policy, func(t *testing.T) {
					got := outcome{severity: severityOf(report, r.Text("id"))}
					got.reads = g.about(requests, g.Requests.Read, r)
					if f.phase == "" && got.reads > want.reads && want.reads > 0 {
						got.reads = want.reads // a new invoice is read again, and what was shared is read alone
					}
					got.cancels = g.about(requests, g.Requests.Cancel, r)
					_, got.stays = after[r.Address]
					if f.phase != "" {
						status := g.facts(t, s, r.Text("id")).Status
						got.canceled = want.canceled && status == g.Events[simulator.Cancel].Status
						if was := g.statusAfter(f); !want.canceled && status != was {
							t.Errorf("at the gateway it went from %q to %q", was, status)
						}
					}
					if got != want {
						t.Errorf("destroy: %+v\n   want: %+v\n%s", got, want, report)
					}
				})
			}
		}
		if len(report.Diagnostics) != said || report.Failed != (len(report.Errors()) > 0) {
			t.Errorf("%d diagnostics, not %d:\n%s", len(report.Diagnostics), said, report)
		}
	})
}

// statusAfter is the gateway's word for an invoice of this fate.
func (g specimen) statusAfter(f destroyCase) string {
	status := fmt.Sprint(g.Open)
	for _, event := range f.events {
		if status = string(f.phase); g.Events[event].Status != "" {
			status = g.Events[event].Status
		}
	}
	return status
}

// about is how many of the requests were this one and about an invoice.
func (g specimen) about(requests []sandboxtest.Request, request string, r providertest.Resource) int {
	n := 0
	for _, made := range requests {
		if gatewaytest.Matches(request, made.Method, made.Path) && names(made, r.Text("id"), r.Text("token")) {
			n++
		}
	}
	return n
}

// names reports whether a request names one of these keys, which are "" where
// there is none: as a segment of its path, a parameter, or text in its body.
func names(r sandboxtest.Request, keys ...string) bool {
	words := strings.Split(r.Path, "/")
	for _, values := range r.Query {
		words = append(words, values...)
	}
	return slices.ContainsFunc(keys, func(key string) bool {
		return key != "" && (slices.Contains(words, key) || strings.Contains(string(r.Body), `"`+key+`"`))
	})
}

// severityOf is that of the diagnostic about an invoice; "" when there is none.
func severityOf(report *providertest.Report, id string) string {
	severity := ""
	for _, d := range report.Diagnostics {
		if slices.Contains(strings.FieldsFunc(d.String(), func(r rune) bool { return strings.ContainsRune(" :,.\n", r) }), id) {
			severity += d.Severity
		}
	}
	return severity
}

// rewriteInvoices changes the invoices in a response. Numbers are json.Number.
func rewriteInvoices(change func(id string, invoice map[string]any)) providertest.Fault {
	return providertest.Rewrite(func(_ *http.Request, body string) string {
		decoder := json.NewDecoder(strings.NewReader(body))
		decoder.UseNumber()
		var answer any
		if decoder.Decode(&answer) != nil {
			return body
		}
		changeInvoices(answer, change)
		changed, err := json.Marshal(answer)
		if err != nil {
			panic(err) // it was JSON before
		}
		return string(changed)
	})
}

func changeInvoices(value any, change func(string, map[string]any)) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			changeInvoices(element, change)
		}
	case map[string]any:
		for _, name := range []string{"uuid", "id"} {
			if id, ok := value[name]; ok {
				change(fmt.Sprint(id), value)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			changeInvoices(value[name], change)
		}
	}
}

// TestPlanForetellsDestroy: where a destroy is going to fail because of a payment, the
// plan says so.
func TestPlanForetellsDestroy(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	for policy, fails := range map[string]bool{"cancel": false, "cancel_or_fail": true} {
		t.Run(policy, func(t *testing.T) {
			s := providertest.NewEnv(t)
			w := s.Workspace(g.resource("it", g.fewest().with("deletion_policy", strconv.Quote(policy))))
			w.Apply().SucceedsQuietly()
			id := w.Resource(g.address("it")).Text("id")
			s.Trigger(g.Name, id, simulator.Pay)
			plan := w.Plan("-destroy")
			plan.Succeeds()
			warning := plan.Find("warning", "Money has moved", id)
			if strings.Contains(warning.Detail, "the apply will fail") != fails {
				t.Errorf("the plan says: %s", warning.Detail)
			}
			if destroyed := w.Destroy(); destroyed.Failed != fails {
				t.Errorf("destroy fails: %v", destroyed.Failed)
			}
		})
	}
}

// TestDestroyedAtTwoAddresses: an invoice that was imported to two addresses is
// canceled once, and neither address reports that it was not.
func TestDestroyedAtTwoAddresses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		made := g.createElsewhere(t, s, g.fewest())
		id := made.Text("id")
		same := g.fewest().with(g.Reference, strconv.Quote(made.Text(g.Reference)))
		w := s.Workspace(g.resource("one", same) + g.resource("two", same))
		w.Import(g.address("one"), id).Succeeds()
		w.Import(g.address("two"), id).Succeeds()
		already := len(s.Requests(g.Name))

		w.Destroy("-refresh=false").SucceedsQuietly()
		if cancels := g.about(s.Requests(g.Name)[already:], g.Requests.Cancel, made); cancels != 1 {
			t.Errorf("%d requests to cancel, not 1", cancels)
		}
		g.expectStatus(t, s, id, simulator.Cancel)
	})
}
