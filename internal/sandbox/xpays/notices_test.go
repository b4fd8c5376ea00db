package xpays

import (
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger/ledgertest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func (m *merchant) common() ledgertest.Gateway {
	return ledgertest.Gateway{
		Name: "xpays", Simulator: m.sim, Namespace: m.ns, Create: func(*testing.T) string { return idOf(m.create(nil)) },
	}
}

func TestHistories(t *testing.T) {
	start := func(t *testing.T) ledgertest.Gateway { return newMerchant(t, Behaviour{}).common() }
	ledgertest.Run(t, start, []ledgertest.History{
		ledgertest.After("pay", "SUCCESS", "paid", "forget", "PAYMENT_PAID"),
		ledgertest.After("overpay", "SUCCESS", "paid", "forget", "PAYMENT_PAID"),
		ledgertest.After("underpay", "PENDING", "open", "pay, underpay, overpay, expire, cancel, forget"),
		ledgertest.After("underpay 0.5, pay", "SUCCESS", "paid", "forget", "PAYMENT_PAID"),
		ledgertest.After("expire", "PENDING", "expired", "cancel, forget"),
		ledgertest.After("cancel", "CANCELED", "canceled", "forget", "PAYMENT_CANCELED"),
		ledgertest.After("expire, cancel", "CANCELED", "canceled", "forget", "PAYMENT_CANCELED"),
		ledgertest.After("forget", "", "unknown", ""),
	})
}

func TestAmounts(t *testing.T) {
	start := func(t *testing.T) ledgertest.Gateway { return newMerchant(t, Behaviour{}).common() }
	ledgertest.Amounts(t, start, "2", "1.999999", "2.000001")

	m := newMerchant(t, Behaviour{})
	m.common().Change(t, func(s *settings.Settings) {
		s.Webhooks = map[string]settings.Webhook{"xpays": {URL: "http://x.example"}}
	})
	p := m.create(nil) // due are 2.0064882330206117 USDT for 2 USD
	if _, err := m.sim.Trigger(t.Context(), idOf(p), simulator.Underpay, "0.5"); err != nil {
		t.Fatal(err)
	}
	if got := m.read(idOf(p)); asJSON(got["payer_paid_amount"]) != "0.5016220582551529" {
		t.Errorf("a quarter of the price: %v", got["payer_paid_amount"])
	}
	m.trigger(p, simulator.Pay)
	sent := m.common().Sent(t)
	if len(sent) != 1 {
		t.Fatalf("sent %v", sent)
	}
	data := ledgertest.Data(t, sent[0])
	if data["payment"].(object)["payment_status"] != "PAYMENT_PAID" || data["transaction"].(object)["txid"] == "" {
		t.Errorf("data %v", data)
	}
}

// TestCancelByTheAPIIsNotified: whoever cancels, the webhook is sent once.
func TestCancelByTheAPIIsNotified(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	m.common().Change(t, func(s *settings.Settings) {
		s.Webhooks = map[string]settings.Webhook{"xpays": {URL: "http://x.example"}}
	})
	p := m.create(nil)
	for range 2 {
		if status, body := m.cancel(idOf(p)); status != 200 {
			t.Fatal(body)
		}
	}
	sent := m.common().Sent(t)
	if len(sent) != 1 || sent[0].Event != "PAYMENT_CANCELED" || ledgertest.Data(t, sent[0])["transaction"] != nil {
		t.Errorf("sent %v", sent)
	}
}

func TestDescription(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	p := m.create(object{"url_return": "https://shop.example/r", "url_success": "https://shop.example/s", "url_failed": "https://shop.example/f"})
	m.common().Change(t, func(s *settings.Settings) { s.PublicURL, s.Ahead = "http://127.0.0.1:4480", time.Hour })
	inv, err := m.sim.Invoice(t.Context(), idOf(p))
	if err != nil {
		t.Fatal(err)
	}
	if inv.Reference != "391" || inv.Amount != "2" || inv.Currency != "USD" || inv.PayAddress != p["address"] || inv.PayAmount != "2.00648823" ||
		inv.PayCurrency != "USDT" || inv.PayNetwork != "tron" || inv.Phase != "expired" || // an hour is over for every process
		inv.ReturnURL != "https://shop.example/r" || inv.SuccessURL != "https://shop.example/s" || inv.FailureURL != "https://shop.example/f" {
		t.Errorf("%+v", inv)
	}
	if got := m.read(idOf(p))["payment_url"]; got != inv.CheckoutURL || inv.CheckoutURL != "http://127.0.0.1:4480/xpays/pay/"+idOf(p) {
		t.Errorf("payment_url %v, page %s", got, inv.CheckoutURL)
	}
}
