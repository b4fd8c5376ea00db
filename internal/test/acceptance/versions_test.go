package acceptance

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestVanished: what the gateway no longer knows leaves the state with a
// warning, in every version of Terraform. Before 1.12 a resource with an
// identity schema must have an identity even when it is removed.
func TestVanished(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		w := s.Workspace(g.resource("it", g.fewest()))
		threeMinutesAgo(s, func() { w.Apply().SucceedsQuietly() })
		id := w.Resource(g.address("it")).Text("id")
		s.Trigger(g.Name, id, simulator.Forget)
		s.Calls(g.Name)

		plan := w.Plan()
		if !g.Finds {
			plan.Fails(1)
			plan.Find("error", id, "does not prove that the invoice no longer exists")
			return
		}
		plan.Succeeds()
		plan.Find("warning", g.Title+" invoice no longer exists", id, "payinvoice_"+g.Name+"_invoice")
		if is := plan.Changes[g.address("it")].Action; is != "create" {
			t.Errorf("the plan is to %s", is)
		}
		g.expectOnly(t, s, g.calls(g.Requests.Read, g.Checks)...)

		refresh := w.Apply("-refresh-only")
		refresh.Succeeds()
		refresh.Find("warning", id)
		if len(w.State()) != 0 {
			t.Error("the invoice is still in state")
		}
		s.Calls(g.Name)
		w.Destroy().SucceedsQuietly()
		s.ExpectCalls(g.Name)
	})
}
