package examplestest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// runProvider plans with each way to configure the provider.
func runProvider(t *testing.T, e *example) {
	for _, file := range e.matching("provider*.tf") {
		t.Run(file, func(t *testing.T) {
			w := newWorkspace(t, newSandbox(t))
			e.copyTo(w, file)
			w.write("invoice.tf", "resource \"payinvoice_cryptocloud_invoice\" \"order\" {\n  amount = \"25.00\"\n}\n")
			w.init()
			w.apply()
			// Each keeps its invoices where it says.
			if strings.Contains(file, "sandbox") {
				w.sandbox = &sandboxDir{path.Join(w.dir, ".payinvoice")}
			}
			w.destroy()
		})
	}
}

// runResource makes, imports and destroys what a resource's page shows.
func runResource(t *testing.T, e *example) {
	for _, file := range e.matching("resource*.tf") {
		t.Run(file, func(t *testing.T) {
			w := newWorkspace(t, newSandbox(t))
			e.copyTo(w, file)
			w.init()
			w.apply()
			for name, value := range w.outputs() {
				if value == "" {
					t.Errorf("the output %s is empty", name)
				}
			}
			if file == "resource.tf" {
				runImports(t, e, w)
			}
			w.destroy()
		})
	}
}

// runImports imports the invoice of a workspace into new ones, in each way that
// the page shows. The ids that it shows stand for the invoice's.
func runImports(t *testing.T, e *example, made *workspace) {
	i := made.one()
	command, byID, byIdentity := e.read(t, "import.sh"), e.read(t, "import-by-string-id.tf"), e.read(t, "import-by-identity.tf")

	t.Run("import.sh", func(t *testing.T) {
		match := regexp.MustCompile(`(?m)^terraform (import) (\S+) (\S+)$`).FindStringSubmatch(command)
		if match == nil {
			t.Fatalf("import.sh shows no terraform import:\n%s", command)
		}
		w := newWorkspace(t, made.sandbox)
		e.copyTo(w, "resource.tf")
		w.init()
		w.run(match[1], match[2], i.id)
		w.expectTakenOver(i, w.plan())
	})
	blocks := map[string]struct {
		feature feature
		content string
	}{
		"import-by-string-id.tf": {importBlocks, byID},
		"import-by-identity.tf":  {importByIdentity, byIdentity},
	}
	for file, block := range blocks {
		t.Run(file, func(t *testing.T) {
			need(t, block.feature)
			w := newWorkspace(t, made.sandbox)
			e.copyTo(w, "resource.tf")
			w.write(file, withID(t, block.content, i.id))
			w.init()
			p := w.plan()
			if !p.onlyImports(1) {
				t.Errorf("importing does more than that: %v", p.Changes)
			}
			w.run("apply", "-auto-approve")
			w.expectTakenOver(i, w.plan())
		})
	}
}

var idArgument = regexp.MustCompile(`(\bid += )"[^"]*"`)

// withID replaces the id that a configuration shows.
func withID(t *testing.T, content, id string) string {
	t.Helper()
	if !idArgument.MatchString(content) {
		t.Fatalf("no id in\n%s", content)
	}
	return idArgument.ReplaceAllString(content, fmt.Sprintf("${1}%q", id))
}

// expectTakenOver checks that the state holds just this invoice and that a plan
// leaves it in place: at most, arguments that the gateway does not report are
// recorded.
func (w *workspace) expectTakenOver(want invoice, p plan) {
	w.t.Helper()
	if got := w.one(); got.id != want.id {
		w.t.Errorf("the state holds invoice %s, not %s", got.id, want.id)
	}
	for _, c := range p.Changes {
		if !slices.Equal(c.Actions, []string{"update"}) {
			w.t.Errorf("the plan after the import is to %v %s", c.Actions, c.Address)
		}
	}
	if !p.empty() {
		w.apply()
	}
	w.sandbox.expect(w.t, want, gateway.PhaseOpen)
}

// seed makes the invoice of a resource's page at a gateway, and lets an event
// happen to it.
func seed(t *testing.T, s *sandboxDir, gatewayName string, events ...simulator.Event) invoice {
	t.Helper()
	w := newWorkspace(t, s)
	w.write("main.tf", readFile(t, path.Join("examples/resources", "payinvoice_"+gatewayName+"_invoice", "resource.tf")))
	w.init()
	w.run("apply", "-auto-approve")
	i := w.one()
	for _, event := range events {
		s.happen(t, i, event)
	}
	return i
}

// runDataSource reads a paid and an open invoice that there are.
func runDataSource(t *testing.T, e *example) {
	s := newSandbox(t)
	gatewayName := gatewayOf(e.dir)
	paid := seed(t, s, gatewayName, simulator.Pay)
	open := seed(t, s, gatewayName)

	// What each list asks for, the oldest first.
	lists := map[string][]invoice{
		"payinvoice_cryptocloud_invoices": {open},
		"payinvoice_hesabe_invoices":      {paid},
		"payinvoice_meum_invoices":        {paid, open},
	}
	w := newWorkspace(t, s)
	e.copyTo(w, "data-source.tf")
	w.init()
	var args []string
	if declares(e.read(t, "data-source.tf"), "invoice_id") {
		args = append(args, "-var=invoice_id="+paid.id)
	}
	w.apply(args...)
	outputs := w.outputs()
	want, isList := lists[path.Base(e.dir)]
	switch {
	case len(outputs) != 1:
		t.Errorf("the outputs are %v, not one", outputs)
	case isList:
		for name, value := range outputs {
			if rows, ok := value.([]any); !ok || len(rows) != len(want) {
				t.Errorf("the output %s is %v, not %d invoices", name, value, len(want))
			}
		}
	case outputs["phase"] != "paid" && outputs["paid"] != true:
		t.Errorf("the outputs are %v, which does not say that the invoice is paid", outputs)
	}
	w.run(append([]string{"destroy", "-auto-approve"}, args...)...)
}

// declares reports whether a configuration has an input variable.
func declares(content, variable string) bool {
	return strings.Contains(content, fmt.Sprintf("variable %q", variable))
}

var actionBlock = regexp.MustCompile(`(?m)^action "([a-z_]+)" "([a-z_]+)"`)

// runAction invokes what an action's page shows.
func runAction(t *testing.T, e *example) {
	for _, file := range append(e.matching("action*.tf"), e.matching("main.tf")...) {
		content := e.read(t, file)
		t.Run(file, func(t *testing.T) {
			need(t, actions)
			match := actionBlock.FindStringSubmatch(content)
			if match == nil {
				t.Fatalf("no action in\n%s", content)
			}
			atDestroy := strings.Contains(content, "before_destroy")
			if atDestroy {
				need(t, actionsAtDestroy)
			}
			w := newWorkspace(t, newSandbox(t))
			w.write("main.tf", content)
			w.init()
			switch {
			case atDestroy:
				runBeforeDestroy(t, w)
			case strings.Contains(content, "action_trigger"):
				runTriggered(t, w, gatewayOf(match[1]))
			default:
				runInvoked(t, w, match[1], match[2], declares(content, "invoice_token"))
			}
		})
	}
}

// runInvoked cancels an invoice from the command line, twice.
func runInvoked(t *testing.T, w *workspace, typ, name string, byToken bool) {
	i := seed(t, w.sandbox, gatewayOf(typ))
	arg := "-var=invoice_id=" + i.id
	if byToken {
		arg = "-var=invoice_token=" + tokenOf(t, w.sandbox, i)
	}
	invoke := []string{"apply", "-auto-approve", fmt.Sprintf("-invoke=action.%s.%s", typ, name), arg}
	if out := w.run(invoke...); !strings.Contains(out, "confirms that invoice "+i.id+" is canceled") {
		t.Errorf("the progress does not name the cancellation:\n%s", out)
	}
	w.sandbox.expect(t, i, gateway.PhaseCanceled)
	if out := w.run(invoke...); !strings.Contains(out, "is canceled already") {
		t.Errorf("the second time is not as quiet as it should be:\n%s", out)
	}
}

// tokenOf is the token of a Hesabe invoice.
func tokenOf(t *testing.T, s *sandboxDir, i invoice) string {
	t.Helper()
	w := newWorkspace(t, s)
	w.write("main.tf", fmt.Sprintf("data \"payinvoice_hesabe_invoice\" \"i\" {\n  id = %q\n}\noutput \"token\" {\n  value = data.payinvoice_hesabe_invoice.i.token\n}\n", i.id))
	w.init()
	w.run("apply", "-auto-approve")
	token, _ := w.outputs()["token"].(string)
	return token
}

// runTriggered cancels an invoice because another one is made.
func runTriggered(t *testing.T, w *workspace, gatewayName string) {
	i := seed(t, w.sandbox, gatewayName)
	id := "-var=invoice_id=" + i.id
	w.apply(id)
	w.sandbox.expect(t, i, gateway.PhaseCanceled)
	w.destroy(id)
}

// runBeforeDestroy cancels the workspace's own invoice by an action and lets
// destroy find it canceled.
func runBeforeDestroy(t *testing.T, w *workspace) {
	w.apply()
	i := w.one()
	if out := w.destroy(); !strings.Contains(out, "confirms that invoice "+i.id+" is canceled") {
		t.Errorf("destroy does not show the action's progress:\n%s", out)
	}
}

var listBlock = regexp.MustCompile(`(?m)^list "payinvoice_([a-z]+)_invoice"`)

// runListResource finds an open invoice, writes its configuration and imports
// it by that.
func runListResource(t *testing.T, e *example) {
	for _, file := range e.matching("*.tfquery.hcl") {
		content := e.read(t, file)
		t.Run(file, func(t *testing.T) {
			need(t, queries)
			match := listBlock.FindStringSubmatch(content)
			if match == nil {
				t.Fatalf("no list in\n%s", content)
			}
			s := newSandbox(t)
			seed(t, s, match[1], simulator.Cancel)
			open := seed(t, s, match[1])

			w := newWorkspace(t, s)
			w.write(file, content)
			w.init()
			if out := w.run("query"); !strings.Contains(out, "id="+open.id) {
				t.Errorf("invoice %s is not found:\n%s", open.id, out)
			}
			if strings.Contains(content, "order_id") {
				return // finds the canceled one too
			}
			w.run("query", "-generate-config-out=generated.tf")
			w.remove(file)
			if p := w.plan(); !p.onlyImports(1) || !slices.Equal(p.Changes[0].Actions, []string{"no-op"}) {
				t.Errorf("the generated configuration does more than import: %v\n%s", p.Changes, p.text)
			}
			w.apply()
			w.destroy()
		})
	}
}

// otherRun is an assertion about what another run has put out.
var otherRun = regexp.MustCompile(`\brun\.[a-z_]+\.`)

// runModuleTests runs a module's own tests.
func runModuleTests(t *testing.T, e *example) {
	w := newWorkspace(t, newSandbox(t))
	e.copyTo(w)
	w.init()
	for _, file := range e.matching("tests/*.tftest.hcl") {
		content := e.read(t, file)
		t.Run(file, func(t *testing.T) {
			need(t, testCommand)
			if strings.Contains(content, "override_resource") {
				need(t, overrides)
			}
			if otherRun.MatchString(content) {
				need(t, otherRuns)
			}
			out := w.of(t).run("test", "-filter="+file)
			if runs := strings.Count("\n"+content, "\nrun \""); runs == 0 || strings.Count(out, "\"... pass") != runs {
				t.Errorf("not all of %d runs passed:\n%s", runs, out)
			}
		})
	}
}
