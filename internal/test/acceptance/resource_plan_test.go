package acceptance

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// local are the arguments that no gateway hears of, set to something else than
// their defaults.
func (g specimen) local() expressions {
	local := expressions{
		"deletion_policy": `"cancel_or_fail"`,
		"replace_when":    `["paid", "canceled"]`,
		"timeouts":        `{ create = "10m", read = "1m", delete = "90s" }`,
	}
	if g.Finds {
		local["adopt_existing"] = "true"
	}
	return local
}

// merge is a copy with all of others.
func (e expressions) merge(others expressions) expressions {
	merged := maps.Clone(e)
	maps.Copy(merged, others)
	return merged
}

// TestInvoiceChangesInPlace changes what only Terraform knows, one argument by
// one and all together, without a request, and leaves everything else known.
func TestInvoiceChangesInPlace(t *testing.T) {
	t.Parallel()
	var before, after strings.Builder
	for _, g := range specimens {
		for name, value := range g.local() {
			before.WriteString(g.resource(name, g.all()))
			after.WriteString(g.resource(name, g.all().with(name, value)))
		}
		before.WriteString(g.resource("all", g.all()))
		after.WriteString(g.resource("all", g.all().merge(g.local())))
	}
	s := providertest.NewEnv(t)
	w := s.Workspace(before.String())
	w.Apply().SucceedsQuietly()
	first := w.State()
	for _, config := range []string{after.String(), before.String()} {
		for _, g := range specimens {
			s.Calls(g.Name)
		}
		w.Configure(s.Config(config))
		plan := w.Plan()
		plan.SucceedsQuietly()
		if len(plan.Changes) != len(first) {
			t.Errorf("%d changes, not %d", len(plan.Changes), len(first))
		}
		for address := range plan.Changes {
			expectUpdate(t, plan, address)
		}
		for _, g := range specimens {
			g.expectOnly(t, s, g.calls(g.Requests.Read)...)
		}
		plan.Apply().SucceedsQuietly()
		for _, g := range specimens {
			s.ExpectCalls(g.Name)
		}
		w.Plan().IsEmpty()
	}
	for address, r := range w.State() {
		expectValues(t, r.Values, first[address].Values)
	}
}

// expectUpdate checks that the plan for a resource is an update in place with
// nothing unknown.
func expectUpdate(t *testing.T, plan *providertest.Plan, address string) {
	t.Helper()
	if c := plan.Changes[address]; c.Action != "update" || len(c.Reasons)+len(c.Unknown) > 0 {
		t.Errorf("%s: %s is planned for %q; known after apply: %q", address, c.Action, c.Reasons, c.Unknown)
	}
}

// TestInvoiceAmountRespelled plans nothing for another spelling of the same
// amount, alone or beside a change in place.
func TestInvoiceAmountRespelled(t *testing.T) {
	t.Parallel()
	spelled := func(amount string, others ...string) func(specimen) expressions {
		return func(g specimen) expressions { return g.fewest().with(append(others, "amount", amount)...) }
	}
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(spelled(`25`)))
	w.Apply().SucceedsQuietly()
	for _, amount := range []string{`"25"`, `"25.0"`, `"25.00"`, `25.0`, `"25.000"`, `25`} {
		w.Configure(s.Config(allGateways(spelled(amount))))
		w.Plan().IsEmpty()
	}

	w.Configure(s.Config(allGateways(spelled(`"25.00"`, "deletion_policy", `"abandon"`))))
	plan := w.Plan()
	for _, g := range specimens {
		expectUpdate(t, plan, g.address("it"))
	}
	plan.Apply().SucceedsQuietly()
	w.Plan().IsEmpty()
	w.Configure(s.Config(allGateways(spelled(`25.0`, "deletion_policy", `"abandon"`))))
	w.Plan().IsEmpty()

	w.Configure(s.Config(allGateways(spelled(`25.01`, "deletion_policy", `"abandon"`))))
	plan = w.Plan()
	for _, g := range specimens {
		if change := plan.Changes[g.address("it")]; change.Action != "replace" || !slices.Equal(change.Reasons, []string{"amount"}) {
			t.Errorf("%s: another amount: %s is planned for %q", g.Name, change.Action, change.Reasons)
		}
	}
}

// TestInvoiceArgumentsRespelled plans nothing when every argument that can be
// spelled otherwise is: sets in another order, JSON with other spaces, amounts
// at any depth.
func TestInvoiceArgumentsRespelled(t *testing.T) {
	t.Parallel()
	respelled := func(g specimen) expressions {
		arguments := g.all()
		for _, a := range g.Arguments {
			if a.Same != "" {
				arguments[a.Name] = a.Same
			}
		}
		return arguments
	}
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.all))
	w.Apply().SucceedsQuietly()
	w.Configure(s.Config(allGateways(respelled)))
	w.Plan().IsEmpty()

	w.Configure(s.Config(allGateways(func(g specimen) expressions { return respelled(g).merge(g.local()) })))
	plan := w.Plan()
	for _, g := range specimens {
		expectUpdate(t, plan, g.address("it"))
	}
	plan.Apply().SucceedsQuietly()
	w.Plan().IsEmpty()
	for _, g := range specimens {
		if n := g.count(s, g.Requests.Create); n != 1 {
			t.Errorf("%s: %d creates", g.Name, n)
		}
	}
}

// TestInvoiceArgumentsForceReplacement changes, removes and adds each argument
// that is sent to a gateway: no gateway can change an invoice.
func TestInvoiceArgumentsForceReplacement(t *testing.T) {
	t.Parallel()
	// changed is what becomes of the arguments, and which of them differ then.
	type changed func(specimen, argument) (expressions, []string)
	tests := []struct {
		name   string
		before func(specimen) expressions
		after  changed
	}{
		{"changed", specimen.all, func(g specimen, a argument) (expressions, []string) {
			return g.all().with(a.Name, a.Other), []string{a.Name}
		}},
		{"removed", specimen.all, func(g specimen, a argument) (expressions, []string) {
			if a.Required {
				return g.all(), nil
			}
			gone := []string{a.Name}
			for _, other := range g.Arguments {
				if slices.Contains(other.Needs, a.Name) {
					gone = append(gone, other.Name)
				}
			}
			return g.all().without(gone...), gone
		}},
		{"added", specimen.fewest, func(g specimen, a argument) (expressions, []string) {
			if a.Required {
				return g.fewest(), nil
			}
			arguments, added := g.fewest(), append([]string{a.Name}, a.Needs...)
			for _, name := range added {
				arguments[name] = g.argument(name).Value
			}
			return arguments, added
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// One invoice for each argument of each gateway.
			var before, after strings.Builder
			want := map[string][]string{}
			for _, g := range specimens {
				for _, a := range g.Arguments {
					arguments, differ := test.after(g, a)
					before.WriteString(g.resource(a.Name, test.before(g)))
					after.WriteString(g.resource(a.Name, arguments))
					slices.Sort(differ)
					want[g.address(a.Name)] = differ
				}
			}
			s := providertest.NewEnv(t)
			w := s.Workspace(before.String())
			w.Apply().SucceedsQuietly()
			w.Configure(s.Config(after.String()))
			plan := w.Plan()
			plan.SucceedsQuietly()
			for address, reasons := range want {
				action := "replace"
				if len(reasons) == 0 {
					action = "no-op"
				}
				if change := plan.Changes[address]; change.Action != action || !slices.Equal(change.Reasons, reasons) {
					t.Errorf("%s: %s is planned for %q, not %s for %q", address, change.Action, change.Reasons, action, reasons)
				}
			}
		})
	}
}
