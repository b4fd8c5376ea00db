package chaos

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// maxInterruptTime is how long Terraform may run after Ctrl-C. With the race detector
// the provider is several times slower.
var maxInterruptTime = map[bool]time.Duration{false: 2 * time.Second, true: 5 * time.Second}[raceDetector]

// interruption is a Ctrl-C while a request of an operation waits.
type interruption struct {
	name string
	// rules let the operation wait. released is closed a moment after Ctrl-C.
	rules func(p profile, released <-chan struct{}) []faults.Rule
	// command is interrupted. The state has an invoice, unless the command creates
	// one.
	command string
	creates bool
	finds   bool // only for gateways that find by reference
	check   func(t *testing.T, s *env, w *workspace, o outcome)
}

func rule(p profile, operation string, fault faults.Fault) []faults.Rule {
	return []faults.Rule{{Operation: faults.Of(p.Name, operation), Fault: fault}}
}

var longWait = faults.TooManyAfter("429, wait 30 s", "30")

var interruptions = []interruption{
	{
		name: "create with a response in the grace period", command: "apply", creates: true,
		rules: func(p profile, released <-chan struct{}) []faults.Rule {
			return rule(p, faults.Create, faults.HoldUntil(released))
		},
		check: inState,
	},
	{
		name: "create without a response", command: "apply", creates: true, finds: true,
		rules: func(p profile, _ <-chan struct{}) []faults.Rule { return rule(p, faults.Create, faults.HangAfter) },
		check: inState, // the look-up finds it
	},
	{
		name: "create without a response, and not found", command: "apply", creates: true,
		rules: func(p profile, _ <-chan struct{}) []faults.Rule {
			rules := rule(p, faults.Create, faults.HangAfter)
			if p.Finds {
				rules = append(rules, faults.Rule{Operation: faults.Of(p.Name, faults.List), Fault: faults.HangBefore, After: lookUpsBeforeCreate(p)})
			}
			return rules
		},
		check: unknownOutcome,
	},
	{
		name: "wait for a rate limit", command: "apply", creates: true,
		rules: func(p profile, _ <-chan struct{}) []faults.Rule { return rule(p, faults.Create, longWait) },
		check: nothingCreated,
	},
	{
		// Terraform does not tell the provider about an interrupt during the refresh
		// of an apply, but does during a plan.
		name: "read", command: "plan",
		rules: func(p profile, _ <-chan struct{}) []faults.Rule { return rule(p, faults.Read, faults.HangBefore) },
		check: inState,
	},
	{
		name: "cancel", command: "destroy",
		rules: func(p profile, _ <-chan struct{}) []faults.Rule { return rule(p, faults.Cancel, faults.HangBefore) },
		check: keptAndReported,
	},
	{
		name: "cancel that was done", command: "destroy",
		rules: func(p profile, _ <-chan struct{}) []faults.Rule { return rule(p, faults.Cancel, faults.HangAfter) },
		check: keptAndReported,
	},
}

// lookUpsBeforeCreate is how many look-ups come before a create with a reference of the
// user's: the gateway may return an older invoice.
func lookUpsBeforeCreate(p profile) int {
	if p.LooksFirst {
		return 1
	}
	return 0
}

func (i interruption) profiles() []profile {
	if i.finds {
		return finders()
	}
	return profiles
}

func TestInterrupt(t *testing.T) {
	if !hasProcessGroups {
		t.Skip("there are no process groups here")
	}
	for _, i := range interruptions {
		for _, p := range sample("interrupt "+i.name, i.profiles(), 1) {
			t.Run(i.name+"/"+p.Name, func(t *testing.T) {
				t.Parallel()
				i.test(t, p)
			})
		}
	}
}

func (i interruption) test(t *testing.T, p profile) {
	t.Helper()
	s := newEnv(t, p)
	w := s.workspace(t, provider(30*time.Second, 2)+p.resource(p.referenceArgument(reference)))
	if !i.creates {
		w.apply().succeeds(t)
	}
	released := make(chan struct{})
	s.faults.Arm(i.rules(p, released)...)
	running := i.start(w)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := s.faults.Await(ctx, 1); err != nil {
		t.Fatalf("the request that should wait did not arrive: %v", err)
	}
	if err := signalGroup(running.Cmd, interrupt); err != nil {
		t.Fatal(err)
	}
	pressed := time.Now()
	time.AfterFunc(300*time.Millisecond, func() { close(released) })
	<-running.ended
	took := time.Since(pressed)
	o := running.wait()
	t.Logf("ended %s after Ctrl-C", took.Round(time.Millisecond))
	if took > maxInterruptTime {
		t.Errorf("ended only %s after Ctrl-C", took)
	}
	i.check(t, s, w, o)
	s.faults.Disarm()
	i.afterwards(t, s, w)
}

func (i interruption) start(w *workspace) *running {
	w.t.Helper()
	if i.command == "plan" {
		return w.start("plan", "-json", "-input=false")
	}
	return w.start(i.command, operation...)
}

// afterwards checks that the next commands repair everything, once the user has
// followed the error.
func (i interruption) afterwards(t *testing.T, s *env, w *workspace) {
	t.Helper()
	if open := s.ledger.open(t); len(open) == 1 && len(w.ids()) == 0 {
		if o := w.run("import", "-input=false", "-no-color", s.address(), open[0].ID); o.failed {
			t.Fatalf("import: %s%s", o.stdout, o.stderr)
		}
	}
	if i.command != "destroy" {
		w.apply().succeeds(t)
		if open := s.ledger.open(t); len(open) != 1 || !slices.Equal(w.ids(), []string{open[0].ID}) {
			t.Errorf("after the next apply %v is open, and %v in state", open, w.ids())
		}
	}
	w.destroy().succeeds(t)
	if open := s.ledger.open(t); len(open) != 0 || len(w.ids()) != 0 {
		t.Errorf("after the destroy %v is open, and %v in state", open, w.ids())
	}
}

// inState checks that the one invoice is in state.
func inState(t *testing.T, s *env, w *workspace, o outcome) {
	t.Helper()
	ledger := s.ledger.all(t)
	if len(ledger) != 1 || !slices.Equal(w.ids(), []string{ledger[0].ID}) {
		t.Errorf("the gateway has %v, the state %v:\n%s", ledger, w.ids(), o)
	}
	for _, i := range w.state() {
		if i.Status != "" {
			t.Errorf("%s is %s", i.id(), i.Status)
		}
	}
}

// unknownOutcome checks for the error "outcome unknown", which names the reference.
func unknownOutcome(t *testing.T, _ *env, w *workspace, o outcome) {
	t.Helper()
	if !o.failed || !o.says("error", "outcome unknown", reference) || len(w.ids()) > 0 {
		t.Errorf("no error about an unknown outcome; the state has %v:\n%s", w.ids(), o)
	}
}

// nothingCreated checks that nothing was created, and that the error names the
// reference. CryptoCloud documents no 429, so none counts as its own there.
func nothingCreated(t *testing.T, s *env, w *workspace, o outcome) {
	t.Helper()
	if s.Name == "cryptocloud" {
		unknownOutcome(t, s, w, o)
	} else if !o.failed || !o.says("error", reference) || o.says("error", "outcome unknown") {
		t.Errorf("the error should name the reference, and not call the outcome unknown:\n%s", o)
	}
	if ledger := s.ledger.all(t); len(ledger) > 0 || len(w.ids()) > 0 {
		t.Errorf("the gateway has %v, the state %v", ledger, w.ids())
	}
}

// keptAndReported checks that the invoice stays in the state, unless the gateway has
// confirmed that it is closed, and that the error names it.
func keptAndReported(t *testing.T, s *env, w *workspace, o outcome) {
	t.Helper()
	f := s.ledger.all(t)[0]
	if len(w.ids()) == 0 && f.Phase == gateway.PhaseCanceled && !o.failed {
		return
	}
	if !slices.Equal(w.ids(), []string{f.ID}) || !strings.Contains(strings.Join(o.errors(), "\n"), f.ID) {
		t.Errorf("the state has %v, and the error should name %s:\n%s", w.ids(), f.ID, o)
	}
}
