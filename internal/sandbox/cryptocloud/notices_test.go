package cryptocloud_test

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger/ledgertest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func (g *gateway) common() ledgertest.Gateway {
	return ledgertest.Gateway{
		Name: "cryptocloud", Simulator: g.Simulator, Namespace: g.ns,
		Create: func(*testing.T) string { return g.create("")["uuid"].(string) },
	}
}

func TestHistories(t *testing.T) {
	start := func(t *testing.T) ledgertest.Gateway { return start(t, cryptocloud.Behaviour{TestMode: true}).common() }
	ledgertest.Run(t, start, []ledgertest.History{
		ledgertest.After("pay", "paid", "paid", "notification_failed, forget", "paid"),
		ledgertest.After("overpay", "overpaid", "overpaid", "forget", "paid"),
		ledgertest.After("underpay", "partial", "underpaid", "pay, overpay, forget"),
		ledgertest.After("underpay 1.5, pay", "paid", "paid", "notification_failed, forget", "paid"),
		ledgertest.After("expire", "canceled", "canceled", "forget"),
		ledgertest.After("cancel", "canceled", "canceled", "forget"),
		ledgertest.After("pay, notification_failed", "created", "open", "pay, underpay, overpay, expire, cancel, forget", "paid"),
		ledgertest.After("pay, notification_failed, pay", "paid", "paid", "notification_failed, forget", "paid", "paid"),
		ledgertest.After("forget", "", "unknown", ""),
	})
}

func TestAmounts(t *testing.T) {
	start := func(t *testing.T) ledgertest.Gateway { return start(t, cryptocloud.Behaviour{}).common() }
	ledgertest.Amounts(t, start, "25", "24.99", "25.000001")

	// What is due in coins, 25 and the fee of 1.4, is sent in the same part as
	// the amount is of the price.
	g := start(t)
	g.Change(t, func(s *settings.Settings) {
		s.Webhooks = map[string]settings.Webhook{"cryptocloud": {URL: "http://x.example"}}
	})
	for event, amount := range map[simulator.Event]string{simulator.Underpay: "12.5", simulator.Overpay: "50"} {
		if _, err := g.Simulator.Trigger(t.Context(), g.Create(t), event, amount); err != nil {
			t.Fatal(err)
		}
	}
	sent := g.Sent(t)
	if len(sent) != 1 {
		t.Fatalf("sent %v", sent)
	}
	record := ledgertest.Data(t, sent[0])
	if record["amount_paid"] != 52.8 || record["status"] != "overpaid" || record["uuid"] != sent[0].InvoiceID || record["order_id"] != "None" {
		t.Errorf("the record is %v", record)
	}
}

// TestIdentifiers: an id has INV- before it or not, as in the API.
func TestIdentifiers(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	id := g.create("")["uuid"].(string)
	for _, given := range []string{id, id[len("INV-"):]} {
		inv, err := g.Invoice(t.Context(), given)
		if err != nil || inv.ID != id {
			t.Errorf("%s is %s, %v", given, inv.ID, err)
		}
	}
	if inv, err := g.Trigger(t.Context(), id[len("INV-"):], simulator.Pay, ""); err != nil || inv.ID != id {
		t.Errorf("%s, %v", inv.ID, err)
	}
}

func TestDescription(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	id := g.create(`"order_id":"A-7","currency":"EUR","add_fields":{"cryptocurrency":"USDT_TRC20","time_to_pay":{"hours":1}}`)["uuid"].(string)
	g.common().Change(t, func(s *settings.Settings) { s.PublicURL = "http://127.0.0.1:4480" })
	inv, err := g.Invoice(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if inv.Reference != "A-7" || inv.Amount != "25" || inv.Currency != "EUR" || inv.CheckoutURL != "http://127.0.0.1:4480/cryptocloud/pay/"+id ||
		inv.PayAddress == "" || inv.PayAmount != "30.4" || inv.PayCurrency != "USDT" || inv.PayNetwork != "TRC20" || inv.ExpiresAt.IsZero() {
		t.Errorf("%+v", inv)
	}
	if link := g.info(id)[0]["link"]; link != inv.CheckoutURL {
		t.Errorf("the API's link is %v", link)
	}
}
