package examplestest

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// mockedModule has every resource and data source, and needs that what it reads is
// an open invoice with amounts and times.
const mockedModule = `
resource "payinvoice_cryptocloud_invoice" "order" { amount = "25.00" }
resource "payinvoice_hesabe_invoice" "order" { amount = "7.500" }
resource "payinvoice_meum_invoice" "order" { amount = "19.90" }
resource "payinvoice_meum_invoice" "other" { amount = "19.90" }

resource "payinvoice_xpays_invoice" "order" {
  order_id           = "order-1001"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
}

resource "payinvoice_sandbox_event" "paid" {
  gateway    = "meum"
  invoice_id = payinvoice_meum_invoice.order.id
  event      = "pay"
}

data "payinvoice_cryptocloud_invoice" "order" { id = payinvoice_cryptocloud_invoice.order.id }
data "payinvoice_hesabe_invoice" "order" { id = payinvoice_hesabe_invoice.order.id }
data "payinvoice_meum_invoice" "order" { id = payinvoice_meum_invoice.order.id }
data "payinvoice_xpays_invoice" "order" { id = payinvoice_xpays_invoice.order.id }
data "payinvoice_cryptocloud_invoice_status" "order" { id = payinvoice_cryptocloud_invoice.order.id }
data "payinvoice_hesabe_invoices" "all" {}
data "payinvoice_meum_invoices" "all" {}
data "payinvoice_cryptocloud_balance" "all" {}

data "payinvoice_cryptocloud_invoices" "all" {
  start = "2026-01-01"
  end   = "2026-01-31"
}

data "payinvoice_cryptocloud_statistics" "all" {
  start = "2026-01-01"
  end   = "2026-01-31"
}

locals {
  invoices = concat(
    [payinvoice_cryptocloud_invoice.order, payinvoice_hesabe_invoice.order, payinvoice_meum_invoice.other, payinvoice_xpays_invoice.order],
    [data.payinvoice_cryptocloud_invoice.order, data.payinvoice_hesabe_invoice.order, data.payinvoice_meum_invoice.order, data.payinvoice_xpays_invoice.order],
  )
  lists = concat(
    data.payinvoice_cryptocloud_invoices.all.invoices, data.payinvoice_hesabe_invoices.all.invoices, data.payinvoice_meum_invoices.all.invoices,
    data.payinvoice_cryptocloud_balance.all.balances,
  )
  numbers = concat(
    [for i in local.invoices : i.amount],
    [payinvoice_cryptocloud_invoice.order.amount_paid, payinvoice_hesabe_invoice.order.service_charge, payinvoice_meum_invoice.other.paid_amount],
    [payinvoice_xpays_invoice.order.payment_amount, payinvoice_xpays_invoice.order.fee_percent],
    values(data.payinvoice_cryptocloud_statistics.all.amounts_usd),
  )
}

output "open" { value = [for i in local.invoices : i.phase == "open" && !i.money_moved] }
output "made" { value = [for i in local.invoices : timecmp(i.created_at, "2026-01-31T00:00:00Z") < 0 && startswith(i.checkout_url, "https://")] }
output "due" { value = [for i in local.invoices : substr(i.expires_at, 0, 10) == "2099-12-31"] }
output "sums" { value = [for n in local.numbers : tonumber(n)] }
output "lists" { value = local.lists }
output "events" { value = payinvoice_sandbox_event.paid.phase }
output "policy" { value = payinvoice_meum_invoice.other.deletion_policy }
output "ship" { value = payinvoice_meum_invoice.order.money_moved }
`

const mockedRun = `
run "nobody_has_paid" {
  assert {
    condition     = alltrue(output.open) && alltrue(output.made) && alltrue(output.due) && length(output.open) == 8
    error_message = "an invoice is not open, or its times are none: ${jsonencode([output.open, output.made, output.due])}"
  }

  assert {
    condition     = length(output.sums) == 19 && length(output.lists) == 0 && output.events == "paid" && output.policy == "cancel"
    error_message = jsonencode([output.sums, output.lists, output.events, output.policy])
  }
}
`

var mockSource = regexp.MustCompile(`(?m)^ *source = .*$`)

// testMocks runs terraform test with the mock file, as its comment says and with a
// module of everything that the provider has.
func testMocks(t *testing.T) {
	mocks := readFile(t, "examples/mocks/payinvoice.tfmock.hcl")
	w := newWorkspace(t, newSandbox(t))
	w.write("versions.tf", readFile(t, "examples/shared/versions.tf"))
	w.write("main.tf", mockedModule)
	w.write("tests/mocks/payinvoice.tfmock.hcl", mocks)
	example := commented(mocks)
	if w.cli.openTofu {
		example = mockSource.ReplaceAllLiteralString(example, mocks)
	}
	w.write("tests/mocked.tftest.hcl", example+mockedRun)
	w.run("init")
	if out := w.run("test"); strings.Count(out, "... pass") != 3 { // two runs and the file
		t.Errorf("not all runs passed:\n%s", out)
	}
	expectMocks(t, w, mocks)
}

// commented is the example inside the comment at the top of a file.
func commented(content string) string {
	var example strings.Builder
	for line := range strings.Lines(content) {
		text, isComment := strings.CutPrefix(line, "#")
		if !isComment {
			break
		}
		if indented, isExample := strings.CutPrefix(text, "   "); isExample || text == "\n" {
			example.WriteString(strings.TrimPrefix(indented, " "))
		}
	}
	return example.String()
}

// expectMocks fails the test where the provider has something that is not mocked,
// except lists, which a mocked provider always returns empty.
func expectMocks(t *testing.T, w *workspace, mocks string) {
	t.Helper()
	var schemas struct {
		Providers map[string]struct {
			Resources map[string]any `json:"resource_schemas"`
			Data      map[string]any `json:"data_source_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(w.run("providers", "schema", "-json")), &schemas); err != nil {
		t.Fatal(err)
	}
	for _, provider := range schemas.Providers {
		for kind, names := range map[string]map[string]any{"mock_resource": provider.Resources, "mock_data": provider.Data} {
			for name := range names {
				isList := strings.HasSuffix(name, "_invoices") || strings.HasSuffix(name, "_balance")
				if !isList && !strings.Contains(mocks, kind+` "`+name+`" {`) {
					t.Errorf("there is no %s %q", kind, name)
				}
			}
		}
	}
}
