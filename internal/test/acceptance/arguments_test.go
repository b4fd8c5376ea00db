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

// TestOneErrorForEachKindOfText: also where the text has a form of its own.
func TestOneErrorForEachKindOfText(t *testing.T) {
	t.Parallel()
	report := providertest.NewWorkspace(t, meumSpecimen.resource("it", meumSpecimen.fewest().
		with("currency", `""`).with("store_id", `""`).with("metadata", `""`).with("callback_url", `""`).with("deletion_policy", `""`))).Validate()
	report.Fails(5)
	for _, name := range []string{"currency", "store_id", "metadata", "callback_url", "deletion_policy"} {
		report.Find("error", name, "null")
	}
	report = providertest.NewWorkspace(t, "data \"payinvoice_hesabe_invoices\" \"it\" {\n  from_date = \"\"\n  search = \"\"\n}\n").Validate()
	report.Fails(2)
	report.Find("error", "from_date", "null")
	report.Find("error", "search", "null")
}

func TestCalculatedPercentage(t *testing.T) {
	t.Parallel()
	report := providertest.NewWorkspace(t, xpaysSpecimen.resource("it", xpaysSpecimen.fewest().with("discount_percent", "19.99 - 0.01 / 3"))).Validate()
	report.Fails(1)
	report.Find("error", "discount_percent", `format("%.2f", …)`)
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
			s := providertest.NewEnv(t)
			g := gatewayNamed(test.gateway)
			arguments := g.fewest().with(test.argument, test.value)
			if strings.Contains(name, "JPY") {
				arguments = arguments.with("currency", `"JPY"`)
			}
			plan := s.Workspace(g.resource("it", arguments)).Plan()
			plan.Succeeds()
			plan.Find("warning", test.says...)
			s.ExpectCalls(g.Name)
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
			s := providertest.NewEnv(t)
			g := gatewayNamed(test.gateway)
			plan := s.Workspace(g.resource("it", g.fewest().with(test.argument, test.value))).Plan()
			plan.Fails(1)
			plan.Find("error", test.says...)
			s.ExpectCalls(g.Name)
		})
	}
}

// TestPlanOfAnInvoiceThatExists refuses nothing and warns about nothing that matters
// for a new invoice only, but for a phase that it waits for in vain.
func TestPlanOfAnInvoiceThatExists(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	w := s.Workspace(meumSpecimen.resource("it", meumSpecimen.fewest().with("amount", `"10.005"`)) +
		cryptocloudSpecimen.resource("it", cryptocloudSpecimen.fewest()))
	apply := w.Apply()
	apply.Succeeds()
	if !strings.Contains(apply.String(), "10.005") {
		t.Errorf("the decimals are not mentioned:\n%s", apply)
	}
	w.Plan().IsEmpty()
	w.Configure(s.Config(meumSpecimen.resource("it", meumSpecimen.fewest().with("amount", `"10.005"`)) +
		cryptocloudSpecimen.resource("it", cryptocloudSpecimen.fewest().with("replace_when", `["expired"]`))))
	plan := w.Plan()
	plan.Succeeds()
	if len(plan.Warnings()) != 1 {
		t.Errorf("it says:\n%s", plan)
	}
	plan.Find("warning", "replace_when", "canceled")
}

// TestReplacementRefused: an invoice is not canceled for one that Hesabe would refuse,
// also while the credentials are not known yet.
func TestReplacementRefused(t *testing.T) {
	setVariables(t, nil)
	g := gatewayNamed("hesabe")
	s := providertest.NewEnv(t)
	w := s.Workspace(g.resource("it", g.fewest()))
	w.Apply().SucceedsQuietly()
	s.Calls(g.Name)
	for name, config := range map[string]string{
		"known":   s.Config(g.resource("it", g.fewest().with("expires_at", `"2020-02-29"`))),
		"unknown": unknownSettings(s, 1) + g.resource("it", g.fewest().with("expires_at", `"2020-02-29"`)),
	} {
		w.Configure(config)
		plan := w.Plan()
		plan.Fails(1)
		plan.Find("error", "expires_at", "2020-02-29", "Kuwait")
		if calls := strings.Join(s.Calls(g.Name), "\n"); strings.Contains(calls, "PUT ") || strings.Contains(calls, g.Requests.Create) {
			t.Errorf("%s: there was %s", name, calls)
		}
	}
}

// TestCallbackInTheSandbox: an application under test seldom has TLS.
func TestCallbackInTheSandbox(t *testing.T) {
	setVariables(t, nil)
	it := meumSpecimen.resource("it", meumSpecimen.fewest().with("callback_url", `"http://127.0.0.1:9/hook"`))
	providertest.NewWorkspace(t, sandboxBlock(t.TempDir())+it).Apply().Succeeds()
	server := startSandboxServer(t)
	providertest.NewWorkspace(t, providerBlock("  sandbox = { url = \""+server.URL+"\" }\n")+it).Apply().Succeeds()
}
