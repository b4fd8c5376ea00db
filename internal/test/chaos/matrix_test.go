package chaos

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

func TestFaults(t *testing.T) {
	all := allTrials()
	if !full {
		all = sampledTrials(all)
	}
	for _, c := range all {
		t.Run(c.String(), func(t *testing.T) {
			t.Parallel()
			newRun(t, c).steps()
		})
	}
}

// run is a trial under way.
type run struct {
	t     *testing.T
	trial trial
	env   *env
	w     *workspace
	count tally

	// output has all warnings and errors so far.
	output []string
	// inState are the ids in the state after the last command.
	inState []string
	// foreign are invoices of somebody else, which must stay as they are.
	foreign []string
}

func newRun(t *testing.T, c trial) *run {
	t.Helper()
	var middleware func(http.Handler) http.Handler
	if c.scenario.operation == faults.Refresh {
		middleware = shortLivedTokens
	}
	r := &run{t: t, trial: c, env: newEnvWith(t, c.profile, middleware, behaviours(c)...), count: tally{tried: 1}}
	r.w = r.env.workspace(t, r.config())
	return r
}

// behaviours are those of the gateways for a repeated reference.
func behaviours(c trial) []any {
	if c.style == adopting {
		return gatewaytest.DuplicateBehaviours()
	}
	return nil
}

// config is the configuration of a trial.
func (r *run) config() string {
	attempt, timeouts := time.Second, `timeouts = { create = "20s", read = "10s", delete = "10s" }`
	if r.trial.scenario.operation == faults.Refresh { // where responses take longer, see shortLivedTokens
		attempt, timeouts = 3*time.Second, `timeouts = { create = "60s", read = "30s", delete = "30s" }`
	}
	lines := []string{timeouts}
	if r.trial.style != generated {
		lines = append(lines, r.env.referenceArgument(reference))
	}
	if r.trial.style == adopting {
		lines = append(lines, "adopt_existing = true")
	}
	return provider(attempt, 1) + r.env.resource(lines...)
}

const reference = "order-chaos-1"

// rules are those of the faulty steps.
func (r *run) rules() []faults.Rule {
	fault := r.fault()
	rules := []faults.Rule{{Operation: faults.Of(r.env.Name, r.trial.scenario.operation), Fault: fault, Times: r.trial.times}}
	if r.trial.scenario.extraRules != nil {
		rules = append(rules, r.trial.scenario.extraRules(r.trial.profile)...)
	}
	return rules
}

// fault returns the trial's fault, now that there is a gateway and a honeypot.
func (r *run) fault() faults.Fault {
	r.t.Helper()
	if r.trial.scenario.custom != nil {
		return r.trial.scenario.custom(r)
	}
	at := slices.IndexFunc(faults.All(r.env.honeypot.URL()), func(f faults.Fault) bool { return f.Name == r.trial.fault.Name })
	return faults.All(r.env.honeypot.URL())[at]
}

// steps runs the steps and counts what went wrong.
func (r *run) steps() {
	r.t.Helper()
	for _, step := range r.trial.scenario.steps {
		r.step(step)
	}
	if r.env.faults.Injected() == 0 {
		r.t.Error("no request met the fault: the trial tried nothing")
	}
	if r.t.Failed() || r.count != (tally{tried: 1}) {
		r.t.Logf("CHAOS_SEED=%d; requests:\n%s\noutput of Terraform:\n%s", seed, r.requests(), strings.Join(r.output, "\n"))
	}
	tables.add(r.t, r.env.Name, r.trial.scenario.name, r.count)
}

func (r *run) requests() string {
	var lines []string
	for _, q := range r.env.Requests(r.env.Name) {
		lines = append(lines, q.Method+" "+q.Path)
	}
	return strings.Join(lines, "\n")
}

func (r *run) step(step rune) {
	r.t.Helper()
	destroys := step == destroyFaulty || step == destroyClean
	faulty := step == applyFaulty || step == destroyFaulty
	if faulty {
		r.env.faults.Arm(r.rules()...)
	}
	o := r.command(destroys)
	if faulty {
		r.env.faults.Disarm()
	}
	r.output = append(r.output, fmt.Sprintf("--- terraform %s (faults: %v, failed: %v)\n%s", o.command, faulty, o.failed, o))
	if o.failed && !faulty {
		r.count.unrecovered++
	}
	if o.failed && faulty && r.trial.mustSucceed(destroys, len(r.inState) > 0) {
		r.t.Errorf("terraform %s should succeed in spite of the fault", o.command)
	}
	r.reconcile(destroys)
	if step == applyClean && len(r.inState) != 1 {
		r.t.Errorf("after an apply without faults %d invoices are in state", len(r.inState))
	}
	if faulty && !destroys {
		r.followAdvice(o)
	}
}

func (r *run) command(destroys bool) outcome {
	r.t.Helper()
	if destroys {
		return r.w.destroy()
	}
	return r.w.apply()
}

// reconcile compares the state with the gateway's ledger.
func (r *run) reconcile(destroyed bool) {
	r.t.Helper()
	ledger, ids := r.env.ledger.all(r.t), r.w.ids()
	var open []gateway.Facts
	for _, f := range ledger {
		if slices.Contains(r.foreign, f.ID) {
			if f.Phase != gateway.PhaseOpen || slices.Contains(ids, f.ID) {
				r.t.Errorf("somebody else's %s is %s, and the state has %v", f.ID, f.Phase, ids)
			}
			continue
		}
		if f.Phase == gateway.PhaseOpen {
			open = append(open, f)
		}
		gone := slices.Contains(r.inState, f.ID) && !slices.Contains(ids, f.ID)
		if gone && (!destroyed || f.Phase == gateway.PhaseOpen) {
			r.count.removals++
		}
	}
	if n := len(open); n > 1 {
		r.count.duplicates += n - 1
	}
	for _, f := range open {
		if !slices.Contains(ids, f.ID) && !r.reported(f) {
			r.count.orphans++
		}
	}
	for _, i := range r.w.state() {
		if i.Status != "" {
			r.t.Errorf("%s is %s in the state", i.id(), i.Status)
		}
	}
	r.inState = ids
}

// reported reports whether an error or a warning has named the invoice.
func (r *run) reported(f gateway.Facts) bool {
	output := strings.Join(r.output, "\n")
	return strings.Contains(output, f.ID) || f.Reference != "" && strings.Contains(output, f.Reference)
}

var quotedReference = regexp.MustCompile(`Look for the reference "([^"]+)"`)

// followAdvice follows the error "outcome unknown": it looks for the reference at the
// gateway, and imports the invoice that has it. With adopt_existing the next apply does
// that by itself.
func (r *run) followAdvice(o outcome) {
	r.t.Helper()
	if r.trial.style == adopting {
		return
	}
	for _, text := range o.errors() {
		match := quotedReference.FindStringSubmatch(text)
		if !strings.Contains(text, "outcome unknown") || match == nil {
			continue
		}
		for _, f := range r.env.ledger.open(r.t) {
			if f.Reference == match[1] {
				imported := r.w.run("import", "-input=false", "-no-color", r.env.address(), f.ID)
				if imported.failed {
					r.t.Errorf("the import that the error recommends fails:\n%s%s", imported.stdout, imported.stderr)
				}
			}
		}
		r.inState = r.w.ids()
	}
}
