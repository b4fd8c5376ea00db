package cryptocloud_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

const (
	balancePath    = "/v2/merchant/wallet/balance/all"
	statisticsPath = "/v2/invoice/merchant/statistics"
)

func TestBalance(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	g.trigger(g.create("")["uuid"], simulator.Pay)
	g.trigger(g.create("")["uuid"], simulator.Pay)
	g.create("")
	g.behave(cryptocloud.Behaviour{TestMode: true}) // balances do not move
	g.trigger(g.create("")["uuid"], simulator.Pay)

	balances := map[string]map[string]any{}
	for _, balance := range g.post(balancePath, "").records(t) {
		balances[balance["currency"].(map[string]any)["code"].(string)] = balance
	}
	got := balances["USDT_TRC20"]
	// Twice 25 and the fee of 1.4, less that fee and the service's of 0.48.
	for member, want := range map[string]string{
		"balance_crypto": "49.04", "balance_usd": "49.04", "available_balance": "49.04", "available_balance_usd": "49.04",
	} {
		if got[member] != json.Number(want) {
			t.Errorf("%s is %v, want %s", member, got[member], want)
		}
	}
	currency := got["currency"].(map[string]any)
	if currency["short_code"] != "USDT" || currency["enable"] != true || currency["obj_network"].(map[string]any)["code"] != "TRC20" ||
		currency["network"] != nil || currency["fullcode"] != nil {
		t.Errorf("the currency is %v", currency)
	}
	if empty := balances["BTC"]; empty["balance_crypto"] != json.Number("0.0") {
		t.Errorf("without a payment: %v", empty)
	}
	refused := g.do(http.MethodPost, balancePath, "", http.Header{"Authorization": {"Token x"}})
	if refused.status != 403 || refused.body != `{"detail":"Invalid header padding"}` {
		t.Errorf("with another key: %d %s", refused.status, refused.body)
	}
}

func TestStatistics(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	for _, event := range []simulator.Event{simulator.Pay, simulator.Overpay, simulator.Underpay, simulator.Cancel, simulator.Cancel} {
		g.trigger(g.create("")["uuid"], event)
	}
	g.create(`"amount":10.5`)
	g.clock = g.clock.AddDate(0, 0, 1) // the last one expires; those after it are of another day
	g.create("")
	for body, want := range map[string]string{
		`{"start":"01.03.2026","end":"01.03.2026"}`: `{"amount":{"all":135.5,"canceled":60.5,"created":0,"overpaid":25.0,"paid":25.0,"partial":25.0},` +
			`"count":{"all":6,"canceled":3,"created":0,"overpaid":1,"paid":1,"partial":1}}`,
		`{"start":"02.03.2026","end":"03.03.2026"}`: `{"amount":{"all":25.0,"canceled":0,"created":25.0,"overpaid":0,"paid":0,"partial":0},` +
			`"count":{"all":1,"canceled":0,"created":1,"overpaid":0,"paid":0,"partial":0}}`,
	} {
		if got := g.post(statisticsPath, body); got.body != `{"status":"success","result":`+want+`}` {
			t.Errorf("%s: %s", body, got.body)
		}
	}
	for body, want := range map[string]string{
		`{}`: `{"end":"end not passed.","start":"start not passed."}`,
		`{"start":"2026-03-01","end":"01.03.2026"}`:               `{"start":"Invalid value start."}`,
		`{"start":"02.03.2026","end":"01.03.2026"}`:               `{"validate_error":"end must not be earlier than start"}`,
		`{"start":"01.03.2026","end":"01.03.2026","shop_id":"x"}`: `{"shop_id":"Invalid value shop_id."}`,
	} {
		if got := g.post(statisticsPath, body); got.status != 400 || got.body != `{"status":"error","result":`+want+`}` {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

// TestWhatTheGatewayTakes: text amounts, other languages, and further members
// of info and cancel.
func TestWhatTheGatewayTakes(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	made := g.create(`"amount":"12.50"`)
	id := made["uuid"].(string)
	if made["amount_in_fiat"] != json.Number("12.5") {
		t.Errorf("a text amount is %v", made["amount_in_fiat"])
	}
	if got := g.post(createPath+"?locale=de", `{"amount":1,"shop_id":"x"}`); got.status != 200 {
		t.Errorf("another language: %d %s", got.status, got.body)
	}
	if got := g.post(infoPath, `{"uuids":["`+id+`"],"shop_id":"x"}`); got.status != 200 {
		t.Errorf("info: %d %s", got.status, got.body)
	}
	if got := g.post(cancelPath, `{"uuid":"`+id+`","shop_id":"x"}`); got.status != 200 {
		t.Errorf("cancel: %d %s", got.status, got.body)
	}
}

func TestReadingsOfAmountAndLink(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{RoundsToCents: true, LinkWithoutScheme: true})
	for sent, want := range map[string]string{"10.004": "10.0", "0.999": "1.0", "10.006": "10.01"} {
		made := g.create(`"amount":` + sent)
		listed := g.info(made["uuid"].(string))[0]
		for name, got := range map[string]map[string]any{"create": made, "info": listed} {
			if fmt.Sprint(got["amount_in_fiat"]) != want {
				t.Errorf("%s of %s: %v, want %s", name, sent, got["amount_in_fiat"], want)
			}
			if link := got["link"].(string); !strings.HasPrefix(link, "pay.cryptocloud.sandbox.invalid/") {
				t.Errorf("%s: link %s", name, link)
			}
		}
	}
}
