package acceptance

import (
	"reflect"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestIdentity: the identity is the id from the create on, and stays so.
func TestIdentity(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithImportByIdentity)
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		w := s.Workspace(g.resource("it", g.fewest()))
		id := ""
		expect := func(when string) {
			t.Helper()
			it := w.Resource(g.address("it"))
			if id == "" {
				id = it.Text("id")
			}
			if want := map[string]any{"id": id}; !reflect.DeepEqual(it.Identity, want) || it.Text("id") != id {
				t.Errorf("%s the identity is %v and the id %s, want %v", when, it.Identity, it.Text("id"), want)
			}
		}

		w.Apply().SucceedsQuietly()
		expect("after the create")
		w.Apply("-refresh-only").SucceedsQuietly()
		expect("after a refresh")
		s.Calls(g.Name)
		w.Configure(s.Config(g.resource("it", g.fewest().with("deletion_policy", `"abandon"`))))
		plan := w.Plan()
		if is := plan.Changes[g.address("it")].Action; is != "update" {
			t.Errorf("the plan is to %s", is)
		}
		plan.Apply().SucceedsQuietly()
		expect("after an update in place")
		s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)
		w.Plan().IsEmpty()
		w.Apply("-refresh-only").SucceedsQuietly()
		expect("after another refresh")

		// Another identity means another invoice.
		old := id
		w.Configure(s.Config(g.resource("it", g.fewest().with("deletion_policy", `"abandon"`, "amount", g.argument("amount").Other))))
		replaced := w.Apply()
		replaced.Succeeds()
		replaced.Find("warning", "can still be paid", old, "to be removed from the state")
		replaced.Find("warning", "can still be paid", old, "was removed from the state")
		id = ""
		expect("after a replacement")
		if id == old {
			t.Error("the replacement has the old id")
		}
	})
}
