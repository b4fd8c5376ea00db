package hesabe

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// trigger lets an event trigger to an invoice.
func (m *merchant) trigger(inv object, event simulator.Event) {
	m.t.Helper()
	if _, err := m.sim.Trigger(m.t.Context(), idOf(inv), event, ""); err != nil {
		m.t.Fatalf("%s: %v", event, err)
	}
}

func TestEvents(t *testing.T) {
	applicable := map[simulator.Event][]simulator.Event{ // by what happened before
		"":               {simulator.Pay, simulator.Expire, simulator.Cancel, simulator.Forget},
		simulator.Pay:    {simulator.Forget},
		simulator.Cancel: {simulator.Forget},
		simulator.Expire: {simulator.Cancel, simulator.Forget},
		simulator.Forget: {},
	}
	all := []simulator.Event{
		simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Expire, simulator.Cancel, simulator.Forget, "explode",
	}
	for before, possible := range applicable {
		for _, event := range all {
			t.Run(fmt.Sprintf("%s after %s", event, before), func(t *testing.T) {
				m := newMerchant(t, Behaviour{})
				inv := m.create(nil)
				if before != "" {
					m.trigger(inv, before)
				}
				want := simulator.ErrNotApplicable
				if event == simulator.Underpay || event == simulator.Overpay || event == "explode" {
					want = simulator.ErrUnknownEvent
				}
				for _, one := range possible {
					if one == event {
						want = nil
					}
				}
				if before == simulator.Forget {
					want = simulator.ErrNoInvoice
				}
				if _, err := m.sim.Trigger(t.Context(), idOf(inv), event, ""); !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			})
		}
	}
}

func TestWhatEventsDo(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	paid := m.create(object{"amount": "15.000"})
	m.clock.advance(31 * time.Second)
	m.trigger(paid, simulator.Pay)
	got := m.read(idOf(paid))
	transaction := got["transaction"].(object)
	if !regexp.MustCompile(`^8422171748342192[0-9]{10}$`).MatchString(transaction["token"].(string)) {
		t.Errorf("transaction token %v", transaction["token"])
	}
	numbers := []any{transaction["amount"], transaction["net_amount"], transaction["commission"], transaction["admin_charge"]}
	if asJSON(numbers) != "[15,14.85,0.15,0]" || asJSON(transaction["payment_type"]) != `{"display_name":"KNET","id":1,"name":"KNET"}` {
		t.Errorf("transaction %v", transaction)
	}
	if asJSON([]any{got["invoice_status"], got["visited_count"]}) != "[1,1]" || got["updated_at"] != "2025-05-27 13:36:32" ||
		got["created_at"] != "2025-05-27 13:36:01" {
		t.Errorf("paid %v", got)
	}

	expired := m.create(object{"expiresAt": "2025-06-30"})
	m.trigger(expired, simulator.Expire)
	if got := m.read(idOf(expired)); got["expires_at"] != "2025-05-26" || got["invoice_status"] != json.Number("0") {
		t.Errorf("expired %v", got)
	}

	canceled := m.create(nil)
	m.trigger(canceled, simulator.Cancel)
	if got := m.read(idOf(canceled)); got["invoice_status"] != json.Number("3") || got["transaction"] != nil {
		t.Errorf("canceled %v", got)
	}

	forgotten := m.create(nil)
	m.trigger(forgotten, simulator.Forget)
	if status, _ := m.call("GET", "/api/v1/invoice/"+idOf(forgotten), nil); status != 404 {
		t.Errorf("forgotten: %d", status)
	}
	if status, _ := m.cancel(tokenOf(forgotten)); status != 404 {
		t.Errorf("forgotten, by token: %d", status)
	}
	if total := m.list("")["stats"].(object)["total_invoice_count"]; total != json.Number("3") {
		t.Errorf("%v invoices are left", total)
	}
}

func TestInvoiceIsPayableToTheEndOfItsLastDayInKuwait(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	first, second := m.create(object{"expiresAt": "2025-05-27"}), m.create(object{"expiresAt": "2025-05-27"})
	m.clock.now = time.Date(2025, 5, 27, 20, 59, 59, 0, time.UTC)
	m.trigger(first, simulator.Pay)
	m.clock.advance(time.Second)
	if _, err := m.sim.Trigger(t.Context(), idOf(second), simulator.Pay, ""); !errors.Is(err, simulator.ErrNotApplicable) {
		t.Errorf("paid on the next day: %v", err)
	}
}
