package acceptance

import (
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// TestOneErrorForAnEmptyString: modules often pass "" for "none".
func TestOneErrorForAnEmptyString(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("hesabe")
	report := providertest.NewWorkspace(t, g.resource("it", g.fewest().with("expires_at", `""`).with("language", `""`))).Validate()
	report.Fails(2)
	report.Find("error", "expires_at", "null")
	report.Find("error", "language", "null")
}

func TestCalculatedAmount(t *testing.T) {
	t.Parallel()
	report := providertest.NewWorkspace(t, meumSpecimen.resource("it", meumSpecimen.fewest().with("amount", "19.99 - 0.01 / 3"))).Validate()
	report.Fails(1)
	report.Find("error", "amount", `format("%.2f", …)`)
}

func TestMaxRetriesIsAWholeNumber(t *testing.T) {
	t.Parallel()
	report := providertest.NewWorkspace(t, providerBlock("  max_retries = 1.5\n")+meumSpecimen.resource("it", meumSpecimen.fewest())).Validate()
	report.Fails(1)
	if d := report.Find("error", "max_retries", "whole number", "1.5"); strings.Contains(d.Detail, "mistake in the provider") {
		t.Error(d)
	}
}

// TestPlanWarnings are about arguments that are valid, and probably not meant.
func TestPlanWarnings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		gateway, argument, value string
		says                     []string
	}{
		"decimals of USD":       {"meum", "amount", `"10.005"`, []string{"amount", "10.005", "USD has 2 decimals"}},
		"decimals of JPY":       {"cryptocloud", "amount", `"10.5"`, []string{"amount", "JPY has 0 decimals"}},
		"undocumented language": {"cryptocloud", "locale", `"de"`, []string{"locale", "de"}},
		"phase without meaning": {"cryptocloud", "replace_when", `["expired"]`, []string{"replace_when", "canceled"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := providertest.NewStage(t)
			g := gatewayNamed(test.gateway)
			arguments := g.fewest().with(test.argument, test.value)
			if strings.Contains(name, "JPY") {
				arguments = arguments.with("currency", `"JPY"`)
			}
			plan := s.Workspace(g.resource("it", arguments)).Plan()
			plan.Succeeds()
			plan.Find("warning", test.says...)
			s.ExpectCalls(g.name)
		})
	}
}

// TestPlanRefuses what only a new invoice needs, before anything is canceled.
func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		gateway, argument, value string
		says                     []string
	}{
		"a day that is over":       {"hesabe", "expires_at", `"2020-01-01"`, []string{"expires_at", "2020-01-01", "Kuwait"}},
		"http outside the sandbox": {"meum", "callback_url", `"http://127.0.0.1:3000/hook"`, []string{"callback_url", "https"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := providertest.NewStage(t)
			g := gatewayNamed(test.gateway)
			plan := s.Workspace(g.resource("it", g.fewest().with(test.argument, test.value))).Plan()
			plan.Fails(1)
			plan.Find("error", test.says...)
			s.ExpectCalls(g.name)
		})
	}
}
