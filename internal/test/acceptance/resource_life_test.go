package acceptance

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestInvoiceLife makes, reads and cancels an invoice with all arguments and
// with the least.
func TestInvoiceLife(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		for name, arguments := range map[string]expressions{"all": g.all(), "least": g.fewest()} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				testLifecycle(t, g, arguments)
			})
		}
	})
}

func testLifecycle(t *testing.T, g specimen, arguments expressions) {
	s := providertest.NewEnv(t)
	w := s.Workspace(g.resource("it", arguments))

	plan := w.Plan()
	plan.SucceedsQuietly()
	s.ExpectCalls(g.Name)

	plan.Apply().SucceedsQuietly()
	s.ExpectCalls(g.Name, g.created(arguments)...)
	it := w.Resource(g.address("it"))
	expectValues(t, it.Values, g.expected(arguments, plan.Changes[g.address("it")].After))

	w.Plan().IsEmpty()
	s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)

	w.Apply("-refresh-only").SucceedsQuietly()
	s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)
	if after := w.Resource(g.address("it")); !reflect.DeepEqual(after, it) {
		t.Errorf("reading changed the state from\n%v\nto\n%v", it, after)
	}

	w.Destroy().SucceedsQuietly()
	s.ExpectCalls(g.Name, slices.Concat(g.calls(g.Requests.Read), g.canceled())...)
	if state := w.State(); len(state) > 0 {
		t.Errorf("after destroy the state holds %v", state)
	}
	if got, want := g.facts(t, s, it.Text("id")).Status, g.Events[simulator.Cancel].Status; got != want {
		t.Errorf("after destroy the gateway says %q, not %q", got, want)
	}
	for _, other := range sandbox.Gateways() {
		if other != g.Name {
			s.ExpectCalls(other)
		}
	}
}

// expected are all attributes of a new invoice with these arguments, which the
// plan has evaluated.
func (g specimen) expected(arguments expressions, planned map[string]any) map[string]any {
	want := map[string]any{"deletion_policy": "cancel", "replace_when": nil, "timeouts": nil}
	if g.Finds {
		want["adopt_existing"] = false
	}
	maps.Copy(want, g.Computed)
	for _, a := range g.Arguments {
		want[a.Name] = nil
	}
	if len(arguments) < len(g.Arguments) {
		maps.Copy(want, g.Least)
	}
	for name := range arguments {
		want[name] = planned[name]
	}
	return want
}

// expectValues compares attributes with all that they should be.
func expectValues(t *testing.T, got, want map[string]any) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, ok := got[name]
		if !ok {
			t.Errorf("there is no attribute %s", name)
		} else if !matches(value, want[name]) {
			t.Errorf("%s is %#v, not %v", name, value, want[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("the attribute %s (%#v) is not expected", name, got[name])
		}
	}
}

// matches compares a value with what it should be: text with an expression, a
// list element by element, anything else with its like.
func matches(got, want any) bool {
	switch want := want.(type) {
	case *regexp.Regexp:
		text, ok := got.(string)
		return ok && want.MatchString(text)
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return false
		}
		for i := range want {
			if !matches(list[i], want[i]) {
				return false
			}
		}
		return true
	default:
		return reflect.DeepEqual(got, want)
	}
}

// merged are attributes with others in place of some.
func merged(values ...map[string]any) map[string]any {
	all := map[string]any{}
	for _, v := range values {
		maps.Copy(all, v)
	}
	return all
}
