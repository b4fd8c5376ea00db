package acceptance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

const accountData = `
data "payinvoice_cryptocloud_balance" "it" {}

data "payinvoice_cryptocloud_statistics" "it" {
  start = %q
  end   = %q
}

output "usdt" {
  value = one([for b in data.payinvoice_cryptocloud_balance.it.balances : b if b.code == "USDT_TRC20"])
}

output "counts" {
  value = data.payinvoice_cryptocloud_statistics.it.counts
}

output "sums" {
  value = data.payinvoice_cryptocloud_statistics.it.amounts_usd
}
`

func TestAccountData(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	g := gatewayNamed("cryptocloud")
	paid := g.createElsewhere(t, s, g.fewest())
	g.createElsewhere(t, s, g.fewest())
	id := paid.Text("id")
	s.Trigger(g.Name, id, simulator.Pay)

	today := s.Now().UTC().Format(time.DateOnly)
	w := s.Workspace(fmt.Sprintf(accountData, today, today))
	w.Apply().Succeeds()
	s.Calls(g.Name)
	usdt := output(t, w, "usdt")
	if usdt["network"] != "TRC20" || usdt["enabled"] != true || usdt["balance_crypto"] == "" {
		t.Errorf("balance %v", usdt)
	}
	counts := output(t, w, "counts")
	if counts["all"] != 2.0 || counts["paid"] != 1.0 || counts["created"] != 1.0 {
		t.Errorf("counts %v", counts)
	}
	if sums := output(t, w, "sums"); sums["all"] == "" || sums["canceled"] != "0" {
		t.Errorf("sums %v", sums)
	}
}

func TestAccountDataRefused(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	plan := s.Workspace(fmt.Sprintf(accountData, "2026-03-02", "2026-03-01")).Plan()
	plan.Find("error", "end", "not before start")
}

// TestBalanceKeepsDigits: amounts are text with every digit.
func TestBalanceKeepsDigits(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); len(body) > 0 || r.URL.Path != "/v2/merchant/wallet/balance/all" {
			t.Errorf("%s with the body %q", r.URL.Path, body)
		}
		_, _ = io.WriteString(w, `{"status":"success","result":[{"currency":{"code":"BTC","short_code":"BTC","enable":false,"obj_network":{"code":"BTC"}},
			"balance_crypto":0.123456789012345678,"balance_usd":1.499999996212864e-06,"available_balance":0,"available_balance_usd":0.0}]}`)
	}))
	t.Cleanup(server.Close)
	w := providertest.NewWorkspace(t, fmt.Sprintf(`
provider "payinvoice" {
  cryptocloud = { api_key = "a.b.c", endpoint = %q }
}
data "payinvoice_cryptocloud_balance" "it" {}
output "it" { value = one(data.payinvoice_cryptocloud_balance.it.balances) }
`, server.URL))
	w.Apply().Succeeds()
	it := output(t, w, "it")
	if it["balance_crypto"] != "0.123456789012345678" || it["balance_usd"] != "0.000001499999996212864" || it["enabled"] != false {
		t.Errorf("%v", it)
	}
}

// output is an output of the configuration that was applied.
func output(t *testing.T, w *providertest.Workspace, name string) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal([]byte(w.Output(name)), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
