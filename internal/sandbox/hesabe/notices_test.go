package hesabe

import (
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger/ledgertest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func (m *merchant) common() ledgertest.Gateway {
	return ledgertest.Gateway{
		Name: "hesabe", Simulator: m.sim, Namespace: m.ns, Create: func(*testing.T) string { return idOf(m.create(nil)) },
	}
}

func TestHistories(t *testing.T) {
	start := func(t *testing.T) ledgertest.Gateway { return newMerchant(t, Behaviour{}).common() }
	ledgertest.Run(t, start, []ledgertest.History{
		ledgertest.After("pay", "1", "paid", "forget", "paid"),
		ledgertest.After("expire", "0", "expired", "cancel, forget"),
		ledgertest.After("cancel", "3", "canceled", "forget"),
		ledgertest.After("expire, cancel", "3", "canceled", "forget"),
		ledgertest.After("forget", "", "unknown", ""),
	})
}

func TestNotice(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	inv := m.create(object{"webhook": "http://shop.example/own", "referenceNumber": "A-7"})
	m.trigger(inv, simulator.Pay)
	sent := m.common().Sent(t)
	if len(sent) != 1 || sent[0].URL != "http://shop.example/own" || sent[0].Notification.URL != sent[0].URL {
		t.Fatalf("sent %v", sent)
	}
	data := ledgertest.Data(t, sent[0])
	if data["reference_number"] != "A-7" || data["transaction"].(object)["token"] == "" || data["invoice_status"] != 1.0 {
		t.Errorf("data %v", data)
	}
}

func TestDescription(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	inv := m.create(object{"referenceNumber": "A-7", "language": "ar", "description": "two chairs", "expiresAt": dateOf(m.clock.Now())})
	m.common().Change(t, func(s *settings.Settings) { s.PublicURL = "http://127.0.0.1:4480" })
	shown, err := m.sim.Invoice(t.Context(), idOf(inv))
	if err != nil {
		t.Fatal(err)
	}
	if shown.Reference != "A-7" || shown.Amount != "20.000" || shown.Currency != "KWD" || shown.Language != "ar" ||
		shown.Description != "two chairs" || shown.Phase != "open" || dateOf(shown.ExpiresAt.Add(-time.Second)) != inv["expires_at"] {
		t.Errorf("%+v", shown)
	}
	if got := m.read(idOf(inv))["url"]; got != shown.CheckoutURL || shown.CheckoutURL != "http://127.0.0.1:4480/hesabe/pay/"+idOf(inv) {
		t.Errorf("url %v, page %s", got, shown.CheckoutURL)
	}

	m.common().Change(t, func(s *settings.Settings) { s.Ahead = 24 * time.Hour })
	if shown, err = m.sim.Invoice(t.Context(), idOf(inv)); err != nil || shown.Phase != "expired" || simulator.Names(shown.Events) != "cancel, forget" {
		t.Errorf("a day later: %+v, %v", shown, err)
	}
}
