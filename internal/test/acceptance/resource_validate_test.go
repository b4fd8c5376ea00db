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
		for _, wrong := range g.Invalid {
			add(wrong.Argument, wrong.Value)
		}
		report := providertest.NewWorkspace(t, config.String()).Validate()
		for _, row := range rows {
			named := false
			for _, d := range report.Errors() {
				if strings.HasSuffix(d.Snippet.Context, fmt.Sprintf(" %q", row)) {
					named = named || strings.Contains(d.String()+d.Snippet.Code, arguments[row])
					if strings.Contains(d.String(), "error in the provider") || strings.Contains(d.String(), "%!") || strings.Contains(d.String(), "report the following") {
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
		providertest.NewWorkspace(t, config).Validate().SucceedsQuietly()
	})
}
