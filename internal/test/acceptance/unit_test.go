package acceptance

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// factories serve the provider inside the test's process.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"payinvoice": func() (tfprotov6.ProviderServer, error) { return providertest.NewServer(), nil },
}

// TestLifecycle is the whole life of an invoice at each gateway: created, planned
// without a change, imported, paid, and left alone by destroy.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		address := g.address("it")
		config := s.Config(g.resource("it", g.fewest()))
		var id string
		phase := func(want gateway.Phase, moved bool) []statecheck.StateCheck {
			return []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("phase"), knownvalue.StringExact(string(want))),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("money_moved"), knownvalue.Bool(moved)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("checkout_url"), knownvalue.NotNull()),
			}
		}
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{
				{
					Config:            config,
					ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate)}},
					ConfigStateChecks: phase(gateway.PhaseOpen, false),
					Check: func(state *terraform.State) error {
						id = state.RootModule().Resources[address].Primary.ID
						return nil
					},
				},
				{
					Config:           config,
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				},
				{
					ResourceName: address,
					ImportState:  true,
				},
				{
					PreConfig:         func() { s.Trigger(g.Name, id, simulator.Pay) },
					Config:            config,
					ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)}},
					ConfigStateChecks: phase(gateway.PhasePaid, true),
				},
			},
			CheckDestroy: func(*terraform.State) error {
				s.ExpectNoCancel(g.Name, g.Requests.Cancel)
				return nil
			},
		})
	})
}

// TestRespellingPlansNothing: the same amount in another spelling is no change.
func TestRespellingPlansNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		config := func(amount string) string { return s.Config(g.resource("it", g.fewest().with("amount", amount))) }
		empty := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{
				{Config: config(`"25"`)},
				{Config: config(`25`), ConfigPlanChecks: empty},
				{Config: config(`"25.0"`), ConfigPlanChecks: empty},
				{Config: config(`"25.00"`), ConfigPlanChecks: empty},
			},
		})
	})
}
