package chaos

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// many is how many invoices a configuration has: at least one per parallel request.
var many = map[bool]int{false: 100, true: 200}[full]

func TestParallelism(t *testing.T) {
	for _, p := range sample("parallelism", profiles, 1) {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			s := newEnv(t, p)
			s.Intercept(faults.Latency(20 * time.Millisecond))
			w := s.workspace(t, provider(30*time.Second, 2)+p.resource(
				fmt.Sprintf("count = %d", many), p.Reference+` = "order-${count.index}"`))
			w.apply("-parallelism=50").succeeds(t)
			expectAll(t, s, w)
			if n := s.count(faults.Create); n != many {
				t.Errorf("%d requests to create", n)
			}
			w.destroy("-parallelism=50").succeeds(t)
			if open := s.ledger.open(t); len(open) > 0 || len(w.ids()) > 0 {
				t.Errorf("after the destroy %d invoices are open, and %d in state", len(open), len(w.ids()))
			}
		})
	}
}

// expectAll checks that exactly many invoices exist, each in state once.
func expectAll(t *testing.T, s *env, w *workspace) {
	t.Helper()
	var made []string
	for _, f := range s.ledger.open(t) {
		made = append(made, f.ID)
	}
	ids := w.ids()
	slices.Sort(made)
	slices.Sort(ids)
	if len(made) != many || s.ledger.creates() != many || !slices.Equal(made, ids) {
		t.Errorf("%d creates, %d open invoices, %d in state, and they should be the same %d", s.ledger.creates(), len(made), len(ids), many)
	}
}

// TestTokenExpiresMeanwhile expires Hesabe's access tokens in the middle of an apply
// and of a destroy.
func TestTokenExpiresMeanwhile(t *testing.T) {
	t.Parallel()
	s := newEnv(t, profileOf("hesabe"))
	s.Intercept(faults.Latency(20 * time.Millisecond))
	w := s.workspace(t, provider(30*time.Second, 2)+s.resource(fmt.Sprintf("count = %d", many/2)))
	for _, step := range []struct {
		operation string
		start     func(...string) *running
	}{{faults.Create, w.startApply}, {faults.Cancel, w.startDestroy}} {
		// The fault only signals the middle.
		s.faults.Arm(faults.Rule{Operation: faults.Of(s.Name, step.operation), Fault: faults.Delay(0), After: many / 4, Times: 1})
		injected := s.faults.Injected()
		running := step.start("-parallelism=50")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if err := s.faults.Await(ctx, injected+1); err != nil {
			t.Errorf("the middle of the %s is not reached: %v", running.name, err)
		}
		cancel()
		before := s.count(faults.Login) + s.count(faults.Refresh)
		s.Advance(16 * time.Minute)
		running.wait().succeeds(t)
		logins := s.count(faults.Login) + s.count(faults.Refresh) - before
		t.Logf("%s: %d further logins", running.name, logins)
		if logins < 1 || logins > 2 {
			t.Errorf("%s: %d further logins by 50 parallel requests, when one token expired", running.name, logins)
		}
	}
	if open := s.ledger.open(t); s.ledger.creates() != many/2 || len(open) > 0 {
		t.Errorf("%d invoices were created, %d are still open", s.ledger.creates(), len(open))
	}
}

// TestTwoAtTheSameAccount creates an invoice with the same reference from two states
// at the same time.
func TestTwoAtTheSameAccount(t *testing.T) {
	for _, p := range profiles {
		for _, adopt := range []bool{false, true} {
			if adopt && !p.Finds {
				continue
			}
			t.Run(fmt.Sprintf("%s/adopt_existing %v", p.Name, adopt), func(t *testing.T) {
				t.Parallel()
				createConcurrently(t, p, adopt)
			})
		}
	}
	t.Run("meum/one after the other", func(t *testing.T) {
		t.Parallel()
		meumReportsOlder(t)
	})
}

func createConcurrently(t *testing.T, p profile, adopt bool) {
	t.Helper()
	s := newEnv(t, p, gatewaytest.DuplicateBehaviours()...)
	s.Intercept(faults.Latency(50 * time.Millisecond))
	config := provider(30*time.Second, 2) + p.resource(p.referenceArgument(reference))
	if adopt {
		config = provider(30*time.Second, 2) + p.resource(p.referenceArgument(reference), "adopt_existing = true")
	}
	first, second := s.workspace(t, config), s.workspace(t, config)
	one, other := first.startApply(), second.startApply()
	one.wait().succeeds(t)
	other.wait().succeeds(t)
	ids := append(first.ids(), second.ids()...)
	open := s.ledger.open(t)
	if len(ids) != 2 || s.ledger.creates() > 2 {
		t.Fatalf("%v are in state after %d creates", ids, s.ledger.creates())
	}
	for _, f := range open {
		if !slices.Contains(ids, f.ID) {
			t.Errorf("%s is in neither state", f.ID)
		}
	}
	// Adoption is meant to take over what another state has made: nothing at
	// the gateway says that somebody still wants it.
	if !adopt && ids[0] == ids[1] {
		t.Errorf("both own %s", ids[0])
	}
}

// meumReportsOlder: Meum returns the older invoice for a repeated reference. The
// look-up before the create shows that it is not new.
func meumReportsOlder(t *testing.T) {
	t.Helper()
	s := newEnv(t, profileOf("meum"))
	config := provider(30*time.Second, 2) + s.resource(s.referenceArgument(reference))
	first, second := s.workspace(t, config), s.workspace(t, config)
	first.apply().succeeds(t)
	o := second.apply()
	if !o.failed || !o.says("error", first.ids()[0], reference) || len(second.ids()) > 0 {
		t.Errorf("the second owns %v:\n%s", second.ids(), o)
	}
}
