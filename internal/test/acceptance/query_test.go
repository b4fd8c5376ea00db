package acceptance

import (
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestQueryGeneratesConfiguration brings invoices that were made without
// Terraform under management: what terraform query generates imports them as it
// stands, and then nothing is left to do.
func TestQueryGeneratesConfiguration(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t)
		ids := g.createInvoices(t, s, "order-1", "order-2", "order-3", "order-4")
		s.Trigger(g.Name, ids[1], simulator.Pay)
		s.Trigger(g.Name, ids[2], simulator.Cancel)
		s.Trigger(g.Name, ids[3], simulator.Expire)
		g.createElsewhere(t, s, g.all())
		ids = append(ids, "one with all arguments")

		w := s.Workspace(sourced)
		w.Query(g.list(firstDay(g)), "-generate-config-out=generated.tf").SucceedsQuietly()
		s.ExpectCalls(g.Name, g.calls(g.Requests.Find)...)
		generated := w.Read("generated.tf")
		if n := strings.Count(generated, "\nimport {"); n != len(ids) {
			t.Errorf("%d invoices are imported, want %d:\n%s", n, len(ids), generated)
		}

		plan := w.Plan()
		plan.SucceedsQuietly()
		if changed := plan.Changed(); len(changed) > 0 || len(plan.Changes) != len(ids) {
			t.Errorf("the import changes %v:\n%s", changed, plan.Text())
		}
		plan.Apply().SucceedsQuietly()
		if n := len(w.State()); n != len(ids) {
			t.Errorf("the state has %d invoices, want %d", n, len(ids))
		}
		w.Plan().IsEmpty()
		if made, canceled := g.count(s, g.Requests.Create), g.count(s, g.Requests.Cancel); made != 1 || canceled != 0 {
			t.Errorf("%d invoices were made and %d canceled, besides those of the shop", made, canceled)
		}
	})
}
