package acceptance

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// action is the address of the gateway's cancel action.
func (g specimen) action(name string) string {
	return "action.payinvoice_" + g.Name + "_cancel_invoice." + name
}

// cancelAction is the block of that action. Its settings are lines such as
// id = "x".
func (g specimen) cancelAction(name string, settings ...string) string {
	return fmt.Sprintf("action \"payinvoice_%s_cancel_invoice\" %q {\n  config {\n    %s\n  }\n}\n", g.Name, name, strings.Join(settings, "\n    "))
}

// createElsewhere creates an invoice with another configuration, and discards the recorded
// requests.
func (g specimen) createElsewhere(t *testing.T, s *providertest.Env, arguments expressions) providertest.Resource {
	t.Helper()
	w := s.Workspace(g.resource("elsewhere", arguments))
	w.Apply().Succeeds()
	s.Calls(g.Name)
	return w.Resource(g.address("elsewhere"))
}

// createByClient creates an invoice for 25 as another system would, and returns its id.
func (g specimen) createByClient(t *testing.T, s *providertest.Env, reference string) string {
	t.Helper()
	made, err := g.inProcess(t, s).Create(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// expectProgress checks the progress messages of an action.
func expectProgress(t *testing.T, r *providertest.Report, want ...string) {
	t.Helper()
	if !slices.Equal(r.Progress, want) {
		t.Errorf("progress\n  %s\nwant\n  %s\n%s", strings.Join(r.Progress, "\n  "), strings.Join(want, "\n  "), r)
	}
}

// canceling are the messages of an open invoice's way.
func (g specimen) canceling(id, status string) []string {
	return []string{
		fmt.Sprintf("Canceling %s invoice %s, which is open (status %q)", g.Title, id, status),
		fmt.Sprintf("%s confirms that invoice %s is canceled", g.Title, id),
	}
}

// TestInvokeCancel: an open invoice is canceled and confirmed; invoked twice,
// it is canceled once.
func TestInvokeCancel(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		made := g.createElsewhere(t, s, g.fewest())
		id := made.Text("id")
		w := s.Workspace(g.cancelAction("it", "id = "+strconv.Quote(id)))

		first := w.Invoke(g.action("it"))
		first.SucceedsQuietly()
		expectProgress(t, first, g.canceling(id, made.Text("status"))...)
		s.ExpectCalls(g.Name, g.canceled()...)
		if status := g.facts(t, s, id).Status; status != g.Events[simulator.Cancel].Status {
			t.Errorf("the gateway says %q", status)
		}

		second := w.Invoke(g.action("it"))
		second.SucceedsQuietly()
		expectProgress(t, second, fmt.Sprintf("%s invoice %s is already canceled", g.Title, id))
		s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)
	})
}

// TestInvokeCancelOfClosed: an invoice that is closed otherwise is an error that
// names its phase, or left alone with a message. Nobody asks to cancel it.
func TestInvokeCancelOfClosed(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		histories := map[string][]simulator.Event{}
		for event, word := range g.Events {
			if word.Phase.Closed() {
				histories[string(event)] = []simulator.Event{event}
			}
		}
		if g.Refund != "" {
			histories["refunded"] = []simulator.Event{simulator.Pay, g.Refund}
		}
		var invoices, actions []string
		for name := range histories {
			invoices = append(invoices, g.resource(name, g.fewest()))
		}
		shop := s.Workspace(strings.Join(invoices, ""))
		shop.Apply().Succeeds()
		ids := map[string]string{}
		for name, history := range histories {
			id := shop.Resource(g.address(name)).Text("id")
			for _, event := range history {
				s.Trigger(g.Name, id, event)
			}
			ids[name] = id
			actions = append(actions, g.cancelAction(name, "id = "+strconv.Quote(id)),
				g.cancelAction(name+"_ignored", "id = "+strconv.Quote(id), "ignore_closed = true"))
		}
		shop.Apply("-refresh-only").Succeeds()
		s.Calls(g.Name)

		w := s.Workspace(strings.Join(actions, ""))
		for name, id := range ids {
			invoice := shop.Resource(g.address(name))
			phase, status := invoice.Text("phase"), invoice.Text("status")
			r, ignoring := w.Invoke(g.action(name)), w.Invoke(g.action(name+"_ignored"))
			ignoring.SucceedsQuietly()
			if phase == string(gateway.PhaseCanceled) {
				r.SucceedsQuietly()
				expectProgress(t, r, fmt.Sprintf("%s invoice %s is already canceled", g.Title, id))
				expectProgress(t, ignoring, r.Progress...)
				continue
			}
			r.Fails(1)
			r.Find("error", "it is "+phase, id, strconv.Quote(status), "ignore_closed = true")
			expectProgress(t, ignoring, fmt.Sprintf("%s invoice %s is not canceled: it is %s (status %q)", g.Title, id, phase, status))
		}
		if n := g.count(s, g.Requests.Cancel); n != 0 {
			t.Errorf("%d requests to cancel", n)
		}
	})
}

// TestInvokeCancelInTrouble: whatever comes between, the invoice is read before
// anything is reported, and no cancel is sent that must not be.
func TestInvokeCancelInTrouble(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	const html = "<html><body>Please log in to the hotel's network</body></html>"
	tests := []struct {
		name string
		// kind is the request that something happens to.
		kind  func(requests) string
		fault func(s *providertest.Env, g specimen, id string) providertest.Fault
		// retries is the provider's max_retries.
		retries int
		ignore  bool
		fails   []string // what the error says besides the id; nil for success
		cancels int
		status  simulator.Event // what the gateway says at last; "" is open
	}{
		{name: "unauthorized", kind: reads, fault: always(providertest.Respond(401, "application/json", "{}")), fails: []string{"rejected the credentials", "_KEY", "Nothing was canceled"}},
		{name: "a page instead of the invoice", kind: reads, fault: always(providertest.Respond(200, "text/html", html)), fails: []string{"probably did not come from the gateway", "text/html", "Nothing was canceled"}},
		{name: "a page instead of the cancellation", kind: cancels, fault: always(providertest.Respond(200, "text/html", html)), fails: []string{"probably did not come from the gateway", "text/html"}, cancels: 1},
		{name: "forbidden", kind: cancels, fault: always(providertest.Respond(403, "application/json", "{}")), fails: []string{"not allowed to do this"}, cancels: 1},
		{name: "the response is lost", kind: cancels, fault: always(providertest.LoseResponse), cancels: 1, status: simulator.Cancel},
		{name: "every response is lost", kind: cancels, fault: always(providertest.LoseResponse), retries: 1, cancels: 2, status: simulator.Cancel},
		{name: "the request is lost", kind: cancels, fault: always(providertest.DropConnection), fails: []string{"run the command again"}, cancels: 1},
		{name: "paid meanwhile", kind: cancels, fault: payFirst, fails: []string{"it is paid", "ignore_closed"}, cancels: 1, status: simulator.Pay},
		{name: "paid meanwhile and ignored", kind: cancels, fault: payFirst, ignore: true, cancels: 1, status: simulator.Pay},
	}
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		var invoices strings.Builder
		for i := range tests {
			invoices.WriteString(g.resource(fmt.Sprint("number_", i), g.fewest()))
		}
		shop := s.Workspace(invoices.String())
		shop.Apply().Succeeds()
		made := shop.State()
		for i, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				it := made[g.address(fmt.Sprint("number_", i))]
				id, status := it.Text("id"), it.Text("status")
				s.Reset()
				s.Intercept(providertest.InjectFault(-1, every(test.kind), test.fault(s, g, id)))
				w := providertest.NewWorkspace(t, s.Config(
					g.cancelAction("it", "id = "+strconv.Quote(id), fmt.Sprintf("ignore_closed = %v", test.ignore)),
					fmt.Sprintf("max_retries = %d", test.retries)))

				r := w.Invoke(g.action("it"))
				if test.fails == nil {
					r.SucceedsQuietly()
				} else {
					r.Fails(1)
					r.Find("error", append(test.fails, id)...)
				}
				if n := g.count(s, g.Requests.Cancel); n != test.cancels {
					t.Errorf("%d requests to cancel, want %d", n, test.cancels)
				}
				if test.status != "" {
					status = g.Events[test.status].Status
				}
				if is := g.facts(t, s, id).Status; is != status {
					t.Errorf("the gateway says %q, want %q", is, status)
				}
			})
		}
	})
}

func always(fault providertest.Fault) func(*providertest.Env, specimen, string) providertest.Fault {
	return func(*providertest.Env, specimen, string) providertest.Fault { return fault }
}

// payFirst lets the payer be faster than the cancellation.
func payFirst(s *providertest.Env, g specimen, id string) providertest.Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.Trigger(g.Name, id, simulator.Pay)
			next.ServeHTTP(w, r)
		})
	}
}

// TestInvokeCancelUnknownStatus: a status that is not documented is not taken
// for a closed one: the gateway is asked.
func TestInvokeCancelUnknownStatus(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	g := gatewayNamed("xpays")
	s := providertest.NewEnv(t, xpays.Behaviour{PendingPaymentStatus: "PAYMENT_PONDERED"})
	id := g.createElsewhere(t, s, g.fewest()).Text("id")
	r := s.Workspace(g.cancelAction("it", "id = "+strconv.Quote(id))).Invoke(g.action("it"))
	r.SucceedsQuietly()
	expectProgress(t, r, fmt.Sprintf("Canceling XPays invoice %s, which is unknown (status \"PENDING\")", id), g.canceling(id, "")[1])
	s.ExpectCalls(g.Name, g.canceled()...)
}

// TestInvokeCancelNamesTheInvoice: ids in every accepted form, and errors for
// the others.
func TestInvokeCancelNamesTheInvoice(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		w := s.Workspace(g.cancelAction("unknown", "id = "+strconv.Quote(g.UnknownID)) + g.cancelAction("wrong", "id = "+strconv.Quote(g.InvalidID)))

		r := w.Invoke(g.action("unknown"))
		r.Fails(1)
		r.Find("error", "No such "+g.Title+" invoice", g.UnknownID, "nothing was canceled")
		s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)

		r = w.Invoke(g.action("wrong"))
		r.Fails(1)
		r.Find("error", "Not a valid "+g.Title+" invoice id")
		s.ExpectCalls(g.Name)
	})
}

// TestInvokeCancelBareID: CryptoCloud's ids are accepted without INV-.
func TestInvokeCancelBareID(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	g := gatewayNamed("cryptocloud")
	s := providertest.NewEnv(t)
	id := g.createElsewhere(t, s, g.fewest()).Text("id")
	r := s.Workspace(g.cancelAction("it", "id = "+strconv.Quote(strings.TrimPrefix(id, "INV-")))).Invoke(g.action("it"))
	r.SucceedsQuietly()
	expectProgress(t, r, g.canceling(id, "created")...)
	s.ExpectCalls(g.Name, g.canceled()...)
}

// TestInvokeCancelByToken: Hesabe's invoices have a second name, the token,
// which must be looked up in a list whose search may or may not know tokens.
func TestInvokeCancelByToken(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	g := gatewayNamed("hesabe")
	tests := []struct {
		name      string
		behaviour hesabe.Behaviour
		calls     []string
	}{
		{"the search knows tokens", hesabe.Behaviour{Search: hesabe.SearchColumns}, []string{g.Requests.Find, g.Requests.Cancel, g.Requests.Read}},
		{"the search does not", hesabe.Behaviour{}, []string{g.Requests.Find, g.Requests.Find, g.Requests.Cancel, g.Requests.Read}},
		{"rows have no token", hesabe.Behaviour{Search: hesabe.SearchColumns, RowsWithout: []string{"token"}}, []string{g.Requests.Find, g.Requests.Read, g.Requests.Cancel, g.Requests.Read}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t, test.behaviour)
			made := g.createElsewhere(t, s, g.fewest())
			w := s.Workspace(g.cancelAction("it", "token = "+strconv.Quote(made.Text("token"))))
			r := w.Invoke(g.action("it"))
			r.SucceedsQuietly()
			expectProgress(t, r, g.canceling(made.Text("id"), "0")...)
			s.ExpectCalls(g.Name, g.calls(test.calls...)...)
		})
	}
	t.Run("no such token", func(t *testing.T) {
		t.Parallel()
		s := providertest.NewEnv(t)
		r := s.Workspace(g.cancelAction("it", `token = "841759657093983406"`)).Invoke(g.action("it"))
		r.Fails(1)
		r.Find("error", "No such Hesabe invoice", "the token 841759657093983406", "nothing was canceled")
		if n := g.count(s, g.Requests.Cancel); n != 0 {
			t.Errorf("%d requests to cancel", n)
		}
	})
	for name, settings := range map[string][]string{
		"neither id nor token": nil,
		"both":                 {`id = "14696"`, `token = "3118174834216193364264"`},
		"no digits":            {`token = "T-1"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			r := s.Workspace(g.cancelAction("it", settings...)).Invoke(g.action("it"))
			if !r.Failed {
				t.Error("it is accepted")
			}
			s.ExpectCalls(g.Name)
		})
	}
}

// unknownUntilApply is a variable whose value is unknown during validation.
func unknownUntilApply(name, value string) string {
	return fmt.Sprintf("variable %q {\n  type    = string\n  default = %s\n}\n", name, value)
}

// TestInvokeCancelLateNames: what names the invoice is checked again when it is
// known, before any request.
func TestInvokeCancelLateNames(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	each(t, func(t *testing.T, g specimen) {
		if g.HasAlternative {
			return
		}
		for _, id := range []string{"null", `""`} {
			s := providertest.NewEnv(t)
			r := s.Workspace(unknownUntilApply("id", id) + g.cancelAction("it", "id = var.id")).Invoke(g.action("it"))
			r.Fails(1)
			r.Find("error", "Missing id", "null or empty", "nothing was canceled")
			s.ExpectCalls(g.Name)
		}
	})
	g := gatewayNamed("hesabe")
	both := g.cancelAction("it", "id = var.id", "token = var.token")
	for _, test := range []struct{ id, token, says string }{
		{"null", "null", "Neither id nor token is set"},
		{`""`, "null", "Neither id nor token is set"},
		{"null", `""`, "Neither id nor token is set"},
		{`""`, `""`, "Neither id nor token is set"},
		{`"14696"`, `"3118174834216193364264"`, "Both id and token are set"},
		{`"14696"`, `"no token"`, "Both id and token are set"},
	} {
		t.Run(fmt.Sprintf("hesabe, id %s, token %s", test.id, test.token), func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			r := s.Workspace(unknownUntilApply("id", test.id) + unknownUntilApply("token", test.token) + both).Invoke(g.action("it"))
			r.Fails(1)
			says := []string{test.says, "xactly one of id and token", "nothing was canceled"}
			if test.says[0] == 'B' {
				says = append(says, test.id, test.token)
			}
			r.Find("error", says...)
			s.ExpectCalls(g.Name)
		})
	}
	for _, unset := range []string{"null", `""`} {
		t.Run("hesabe, one is set, the other is "+unset, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t, hesabe.Behaviour{Search: hesabe.SearchColumns})
			first, second := g.createElsewhere(t, s, g.fewest()), g.createElsewhere(t, s, g.fewest())
			r := s.Workspace(unknownUntilApply("id", strconv.Quote(first.Text("id"))) + unknownUntilApply("token", unset) + both).Invoke(g.action("it"))
			r.SucceedsQuietly()
			expectProgress(t, r, g.canceling(first.Text("id"), "0")...)
			s.ExpectCalls(g.Name, g.canceled()...)

			r = s.Workspace(unknownUntilApply("id", unset) + unknownUntilApply("token", strconv.Quote(second.Text("token"))) + both).Invoke(g.action("it"))
			r.SucceedsQuietly()
			expectProgress(t, r, g.canceling(second.Text("id"), "0")...)
			s.ExpectCalls(g.Name, g.calls(g.Requests.Find, g.Requests.Cancel, g.Requests.Read)...)
		})
	}
}

// TestInvokeCancelUnconfigured: without credentials one error says which.
func TestInvokeCancelUnconfigured(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithActions)
	each(t, func(t *testing.T, g specimen) {
		w := providertest.NewWorkspace(t, g.cancelAction("it", "id = "+strconv.Quote(g.UnknownID)))
		r := w.Invoke(g.action("it"))
		r.Fails(1)
		r.Find("error", g.Title+" is not configured correctly", g.UnknownID, g.Name+".", strings.ToUpper(g.Name)+"_")
	})
}
