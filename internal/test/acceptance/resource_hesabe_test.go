package acceptance

import (
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

var hesabeSpecimen = gatewayNamed("hesabe")

// TestHesabeSMSNeedsNumber refuses to plan an SMS to nowhere.
func TestHesabeSMSNeedsNumber(t *testing.T) {
	t.Parallel()
	g := hesabeSpecimen
	needs := g.argument("invoice_type").Needs
	for _, missing := range [][]string{needs, needs[:1], needs[1:], nil} {
		s := providertest.NewEnv(t)
		plan := s.Workspace(g.resource("it", g.all().without(missing...))).Plan()
		if len(missing) == 0 {
			plan.SucceedsQuietly()
			continue
		}
		plan.Fails(len(missing))
		for _, name := range needs {
			named := slices.ContainsFunc(plan.Errors(), func(d providertest.Diagnostic) bool { return strings.Contains(d.Summary, name) })
			if named != slices.Contains(missing, name) {
				t.Errorf("without %q it names %s: %v\n%s", missing, name, named, plan)
			}
		}
		s.ExpectCalls(g.Name)
	}

	// Nor is an invoice canceled to make such a one in its place.
	s := providertest.NewEnv(t)
	w := s.Workspace(g.resource("it", g.fewest()))
	w.Apply().SucceedsQuietly()
	w.Configure(s.Config(g.resource("it", g.fewest().with("invoice_type", `"sms"`))))
	w.Apply().Fails(len(needs))
	g.expectStatus(t, s, w.Resource(g.address("it")).Text("id"), "")
}
