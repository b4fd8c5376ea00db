package acceptance

import (
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

var xpaysSpecimen = gatewayNamed("xpays")

// TestXPaysSameOrder: a payment that is open and the same is what was ordered. XPays
// has no look-up, so applying again is how one is found whose response was lost.
func TestXPaysSameOrder(t *testing.T) {
	t.Parallel()
	g := xpaysSpecimen
	s := providertest.NewEnv(t, xpays.Behaviour{RepeatedOrder: xpays.RepeatedOrderExisting})
	now := time.Now()
	s.Set(now.Add(-5 * time.Minute))
	s.Intercept(providertest.InjectFault(1, only(g.Requests.Create), providertest.LoseResponse))
	w := s.Workspace(g.resource("it", g.own()))
	w.Apply().Fails(1)
	s.Set(now)

	report := w.Apply()
	report.Succeeds()
	it := w.Resource(g.address("it"))
	report.Find("warning", "is not a new one", it.Text("id"), "adopted", "order it")
	if n := g.count(s, g.Requests.Create); n != 2 {
		t.Errorf("%d creates", n)
	}
	w.Plan().IsEmpty()
	w.Destroy().SucceedsQuietly()
	g.expectStatus(t, s, it.Text("id"), simulator.Cancel)
}

// TestXPaysRepeatedOrder takes no older payment for a new one where XPays
// answers a create with the payment that has the order_id already.
func TestXPaysRepeatedOrder(t *testing.T) {
	t.Parallel()
	g := xpaysSpecimen
	existing := xpays.Behaviour{RepeatedOrder: xpays.RepeatedOrderExisting}
	for name, test := range map[string]struct {
		behaviour xpays.Behaviour
		existing  expressions
		happens   simulator.Event
		says      []string
	}{
		"canceled":          {existing, g.own(), simulator.Cancel, []string{"it is canceled"}},
		"paid":              {existing, g.own(), simulator.Pay, []string{"it is paid"}},
		"another amount":    {existing, g.own().with("amount", `26`), "", []string{"it is for 26 USD, not 12.50 USD"}},
		"answered with 409": {xpays.Behaviour{RepeatedOrder: xpays.RepeatedOrderConflict}, g.own(), "", []string{"HTTP 409", "choose another"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t, test.behaviour)
			shop := s.Workspace(g.resource("it", test.existing))
			shop.Apply().SucceedsQuietly()
			older := shop.Resource(g.address("it")).Text("id")
			if test.happens != "" {
				s.Trigger(g.Name, older, test.happens)
			}
			w := s.Workspace(g.resource("it", g.own()))
			report := w.Apply()
			report.Fails(1)
			if d := report.Find("error", append(test.says, g.Title, "order it")...); strings.Contains(d.Detail, "adopt_existing") {
				t.Errorf("it advises what XPays does not have:\n%s", d)
			}
			if state := w.State(); len(state) > 0 {
				t.Errorf("the state holds %v", state)
			}
			g.expectStatus(t, s, older, test.happens)
		})
	}
}
