package meum_test

import (
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger/ledgertest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func (g *gateway) common() ledgertest.Gateway {
	return ledgertest.Gateway{
		Name: "meum", Simulator: g.Simulator, Namespace: g.ns, Create: func(*testing.T) string { return g.create("") },
	}
}

func TestHistories(t *testing.T) {
	start := func(t *testing.T) ledgertest.Gateway { return start(t, meum.Behaviour{StartsPending: true}).common() }
	const open = "quote, pay, underpay, overpay, expire, cancel, fail, forget"
	ledgertest.Run(t, start, []ledgertest.History{
		ledgertest.After("ready", "awaiting_payment", "open", open, "invoice.created"),
		ledgertest.After("ready, quote", "quoted", "open", open, "invoice.created"),
		ledgertest.After("ready, pay", "paid", "paid", "refund, forget", "invoice.created", "invoice.paid"),
		ledgertest.After("ready, overpay", "paid", "paid", "refund, forget", "invoice.created", "invoice.paid"),
		ledgertest.After("ready, underpay", "underpaid", "underpaid", "refund, forget", "invoice.created", "invoice.underpaid"),
		ledgertest.After("expire", "expired", "expired", "forget", "invoice.created", "invoice.expired"),
		ledgertest.After("cancel", "cancelled", "canceled", "forget", "invoice.created", "invoice.cancelled"),
		ledgertest.After("ready, fail", "failed", "failed", "forget", "invoice.created", "invoice.failed"),
		ledgertest.After("ready, pay, refund", "refunded", "refunded", "forget", "invoice.created", "invoice.paid", "invoice.refunded"),
		ledgertest.After("forget", "", "unknown", "", "invoice.created"),
	})
}

func TestAmounts(t *testing.T) {
	start := func(t *testing.T) ledgertest.Gateway { return start(t, meum.Behaviour{}).common() }
	ledgertest.Amounts(t, start, "100.00", "99.99", "100.01")

	g := start(t)
	id := g.Create(t)
	g.Change(t, func(s *settings.Settings) {
		s.Webhooks = map[string]settings.Webhook{"meum": {URL: "http://x.example"}}
	})
	if _, err := g.Simulator.Trigger(t.Context(), id, simulator.Underpay, "12.3"); err != nil {
		t.Fatal(err)
	}
	record := ledgertest.Data(t, g.Sent(t)[0])["record"].(map[string]any)
	if record["paid_amount"] != "12.30" || record["status"] != "underpaid" {
		t.Errorf("the record is %v", record)
	}
}

// TestOwnAddress: the invoice's own address goes before the gateway's, and with
// neither nothing is sent.
func TestOwnAddress(t *testing.T) {
	g := start(t, meum.Behaviour{})
	own := g.create(`"callback_url":"http://shop.example/own","integration_id":"00000000-0000-4000-8000-000000000000"`)
	g.create("")
	sent := g.common().Sent(t)
	if len(sent) != 1 || sent[0].URL != "http://shop.example/own" || sent[0].Notification.URL != sent[0].URL || sent[0].InvoiceID != own {
		t.Fatalf("sent %+v", sent)
	}
	data := ledgertest.Data(t, sent[0])
	if data["integration_id"] != "00000000-0000-4000-8000-000000000000" || data["payment_url"] != "https://pay.meum.sandbox.invalid/"+own {
		t.Errorf("data %v", data)
	}
}

// TestExpiryIsNotified: the passing of time sends its webhook once, and says
// when it will do more.
func TestExpiryIsNotified(t *testing.T) {
	g := start(t, meum.Behaviour{Lifetime: time.Hour})
	common := g.common()
	common.Change(t, func(s *settings.Settings) {
		s.Webhooks = map[string]settings.Webhook{"meum": {URL: "http://x.example"}}
	})
	g.create("")
	g.clock = g.clock.Add(time.Minute)
	g.create("")
	expire := func(want int, next time.Duration) {
		t.Helper()
		at, err := g.ExpireDue(t.Context())
		if left := at.Sub(g.clock).Round(time.Second); err != nil || next > 0 && left != next || next == 0 && !at.IsZero() {
			t.Errorf("next in %s, %v", left, err)
		}
		if sent := common.Sent(t); len(sent) != want || want > 2 && sent[want-1].Event != "invoice.expired" {
			t.Errorf("%d webhooks", len(sent))
		}
	}
	expire(2, 59*time.Minute)
	common.Change(t, func(s *settings.Settings) { s.Ahead = 59 * time.Minute }) // of whatever process
	expire(3, time.Hour)
	g.clock = g.clock.Add(time.Hour)
	expire(4, 0)
	expire(4, 0)
}

func TestPublicURL(t *testing.T) {
	g := start(t, meum.Behaviour{})
	id := g.create("")
	common := g.common()
	for url, want := range map[string]string{
		"": "https://pay.meum.sandbox.invalid/" + id, "http://127.0.0.1:4480": "http://127.0.0.1:4480/meum/pay/" + id,
	} {
		common.Change(t, func(s *settings.Settings) { s.PublicURL = url })
		shown, err := g.Invoice(t.Context(), id)
		if got := g.get("/" + id).object["checkout_url"]; got != want || shown.CheckoutURL != want || err != nil {
			t.Errorf("%s, %s, %v", got, shown.CheckoutURL, err)
		}
	}
}
