package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// badAmounts are no amounts of any gateway.
var badAmounts = []string{
	`""`, `" 25"`, `"1e3"`, `"1E3"`, `"+25"`, `"-25"`, `-25`, `"0"`, `0`, `"0.00"`, `"1,000"`, `"1 000"`, `"1_000"`, `"1.000,50"`,
	`".5"`, `"5."`, `"025"`, `"0x10"`, `"NaN"`, `"Infinity"`, `"ten"`, `"٢٥"`,
}

// invalid are arguments of single gateways that are refused, with the argument
// that the error is about. The rest of the arguments is valid.
func invalid() map[string][]struct{ argument, value string } {
	type refusals = []struct{ argument, value string }
	return map[string]refusals{
		"cryptocloud": {
			{"currency", `"XXX"`}, {"currency", `"usd"`}, {"currency", `""`}, {"order_id", `""`}, {"shop_id", `""`}, {"email", `""`},
			{"time_to_pay", `{ hours = -1 }`}, {"time_to_pay", `{ hours = 1.5 }`}, {"time_to_pay", `{ minutes = 0.5 }`}, {"time_to_pay", `{}`}, {"time_to_pay", `{ hours = 0, minutes = 0 }`}, {"available_currencies", `[]`}, {"available_currencies", `[""]`},
			{"cryptocurrency", `""`}, {"email_to_send", `""`}, {"period", `"hour"`}, {"period", `"day"`},
		},
		"hesabe": {
			{"amount", `"0.0001"`}, {"amount", `20.2505`}, {"amount", `99999999.9999`}, {"invoice_type", `"post"`},
			{"mobile_number", `"+965 66666666"`}, {"country_code", `"kw"`}, {"customer_name", `""`}, {"customer_email", `""`}, {"reference_number", `""`},
			{"description", `""`}, {"expires_at", `"01.03.2099"`}, {"expires_at", `"2099-02-30"`}, {"expires_at", `"2099-03-01T00:00:00Z"`}, {"expires_at", `""`},
			{"language", `"fr"`}, {"allocate_pay_type", `[]`}, {"allocate_pay_type", `[0]`}, {"allocate_pay_type", `[1.5]`}, {"items", `[{ title = "Book", rate = 1, quantity = 1.5, amount = 1 }]`}, {"items", `[]`},
			{"items", `[{ title = "", rate = 1, quantity = 1, amount = 1 }]`}, {"items", `[{ title = "Book", rate = "1e2", quantity = 1, amount = 1 }]`},
			{"items", `[{ title = "Book", rate = 1, quantity = 0, amount = 1 }]`}, {"items", `[{ title = "Book", rate = 1, quantity = 1, amount = "1.0001" }]`},
			{"webhook", `""`},
		},
		"xpays": {
			{"order_id", `""`}, {"from_fiat_currency", `""`}, {"to_crypto_currency", `""`}, {"chain", `""`}, {"additional_data", `"[1]"`}, {"additional_data", `"{"`},
			{"additional_data", `""`}, {"additional_data", `"null"`}, {"additional_data", `"{\"a\":1,\"a\":2}"`}, {"url_return", `""`}, {"url_success", `""`}, {"url_failed", `""`},
		},
		"meum": {
			{"currency", `"usd"`}, {"currency", `"US"`}, {"external_order_id", `""`}, {"store_id", `""`}, {"integration_id", `""`},
			{"callback_url", `"ftp://shop.example/hook"`}, {"callback_url", `"shop.example"`}, {"callback_url", `""`}, {"return_url", `""`},
			{"metadata", `"[]"`}, {"metadata", `"text"`}, {"metadata", `""`},
		},
	}
}

// TestInvoiceArgumentsRefused refuses at validation what no gateway would
// accept, and names the argument.
func TestInvoiceArgumentsRefused(t *testing.T) {
	t.Parallel()
	common := map[string][]string{
		"amount":          badAmounts,
		"deletion_policy": {`"keep"`, `""`},
		"replace_when":    {`["open"]`, `["unknown"]`, `["paid", "gone"]`, `[""]`},
		"timeouts":        {`{ create = "soon" }`, `{ delete = "10" }`, `{ read = "-2m" }`, `{ create = "0s" }`},
	}
	each(t, func(t *testing.T, g specimen) {
		// One resource for each wrong value; row tells which an error is about.
		var config strings.Builder
		var rows []string
		arguments := map[string]string{}
		add := func(argument, value string) {
			row := fmt.Sprintf("row%d", len(rows))
			rows = append(rows, row)
			arguments[row] = argument
			config.WriteString(g.resource(row, g.fewest().with(argument, value)))
		}
		for argument, values := range common {
			for _, value := range values {
				add(argument, value)
			}
		}
		for _, wrong := range invalid()[g.Name] {
			add(wrong.argument, wrong.value)
		}
		report := providertest.NewWorkspace(t, config.String()).Validate()
		for _, row := range rows {
			named := false
			for _, d := range report.Errors() {
				if strings.HasSuffix(d.Snippet.Context, fmt.Sprintf(" %q", row)) {
					named = named || strings.Contains(d.String()+d.Snippet.Code, arguments[row])
					if strings.Contains(d.String(), "error in the provider") || strings.Contains(d.String(), "report the following") {
						t.Errorf("%s: a wrong argument is called a mistake in the provider:\n%s", arguments[row], d)
					}
				}
			}
			if !named {
				_, at, _ := strings.Cut(config.String(), row)
				t.Errorf("no error names %s of %s:\n%s", arguments[row], row, at[:min(len(at), 160)])
			}
		}
	})
}

// TestInvoiceArgumentsAccepted refuses nothing that is valid or not known yet.
func TestInvoiceArgumentsAccepted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		unknown := g.all()
		for _, a := range g.Arguments {
			unknown[a.Name] = "terraform_data.unknown.output"
		}
		config := g.resource("all", g.all().merge(g.local())) + g.resource("fewest", g.fewest().with("replace_when", "[]")) + g.resource("unknown", unknown)
		for i, amount := range []string{`1`, `"1"`, `0.001`, `"0.1"`, `99999999.99`, `"25.500"`, `100000000000000000000`} {
			config += g.resource(fmt.Sprint("amount", i), g.fewest().with("amount", amount))
		}
		config += "resource \"terraform_data\" \"unknown\" {}\n"
		providertest.NewWorkspace(t, config).Validate().IsSilent()
	})
}
