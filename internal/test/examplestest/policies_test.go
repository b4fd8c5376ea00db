package examplestest

import (
	"path"
	"runtime"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// testPolicies checks invoices that keep to each policy and one that violates it.
func testPolicies(t *testing.T) {
	need(t, marks{terraform: "1.14", tofu: "no", program: "jq"})
	if runtime.GOOS == "windows" {
		t.Skip("the script needs a POSIX shell")
	}
	w := newWorkspace(t, newSandbox(t))
	for _, file := range exampleFiles(t) {
		if name, isPolicy := strings.CutPrefix(file, "policies/"); isPolicy {
			w.write(name, readFile(t, path.Join("examples", file)))
		}
	}
	w.write("main.tf", `
resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "25.00"
  order_id = "order-1001"
}

resource "payinvoice_hesabe_invoice" "order" {
  amount           = "7.500"
  reference_number = "order-1002"
}

resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1003"
}

resource "payinvoice_meum_invoice" "no_order" {
  amount = "19.90"
}
`)
	w.run("init")
	w.run("apply", "-auto-approve")
	at := map[string]invoice{}
	for _, i := range w.invoices() {
		at[i.address] = i
	}
	open, paid, noOrder := at["payinvoice_hesabe_invoice.order"], at["payinvoice_cryptocloud_invoice.order"], at["payinvoice_meum_invoice.no_order"]
	w.sandbox.happen(t, paid, simulator.Pay)
	check := func(days string, code int, violations string) {
		t.Helper()
		w := *w
		w.env = append(w.env, "DAYS="+days)
		if out := w.command("bash", "check.sh"); out.code != code || !strings.Contains(out.text, violations) || code == 0 && out.text != "" {
			t.Errorf("code %d, not %d with %q:\n%s", out.code, code, violations, out.text)
		}
	}
	check("30", 0, "")
	check("0", 1, open.id+" has been open since 20")
	w.sandbox.happen(t, noOrder, simulator.Underpay)
	check("30", 1, "paid-without-order:\n"+noOrder.id+" is underpaid, and has no order's reference\n")
}
