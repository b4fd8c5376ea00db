package xpays

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestExpiry(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour Behaviour
		after     string
	}{
		"main":  {Behaviour{}, wordsPending},
		"shown": {Behaviour{ExpiryShown: true}, `["PAYMENT_EXPIRED","EXPIRED",true]`},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, test.behaviour)
			p, early := m.create(nil), m.create(nil)
			m.trigger(early, simulator.Expire)
			if got := m.read(idOf(early)); words(got) != test.after || got["expired_at"] != "2024-11-25T06:38:21.260Z" {
				t.Errorf("by the event: %v", got)
			}
			m.clock.advance(lifetime - beforeInsertion - time.Millisecond)
			if got := words(m.read(idOf(p))); got != wordsPending {
				t.Errorf("a millisecond before: %s", got)
			}
			m.clock.advance(time.Millisecond)
			if got := words(m.read(idOf(p))); got != test.after {
				t.Errorf("at the deadline: %s", got)
			}
			if _, err := m.sim.Trigger(t.Context(), idOf(p), simulator.Pay, ""); !errors.Is(err, simulator.ErrNotApplicable) {
				t.Errorf("paid too late: %v", err)
			}
		})
	}
}

func TestEvents(t *testing.T) {
	all := []simulator.Event{
		simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Expire, simulator.Cancel, simulator.Forget, "explode",
	}
	pays := []simulator.Event{simulator.Pay, simulator.Underpay, simulator.Overpay}
	ends := []simulator.Event{simulator.Expire, simulator.Cancel, simulator.Forget}
	for before, possible := range map[simulator.Event][]simulator.Event{
		"":                 append(pays, ends...),
		simulator.Underpay: append(pays, ends...),
		simulator.Expire:   {simulator.Cancel, simulator.Forget},
		simulator.Pay:      {simulator.Forget},
		simulator.Overpay:  {simulator.Forget},
		simulator.Cancel:   {simulator.Forget},
		simulator.Forget:   {},
	} {
		for _, event := range all {
			t.Run(fmt.Sprintf("%s after %s", event, before), func(t *testing.T) {
				m := newMerchant(t, Behaviour{})
				p := m.create(nil)
				if before != "" {
					m.trigger(p, before)
				}
				want := simulator.ErrNotApplicable
				if event == "explode" {
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
				if _, err := m.sim.Trigger(t.Context(), idOf(p), event, ""); !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			})
		}
	}
}

func TestWhatEventsDo(t *testing.T) {
	money := func(p object) string {
		return asJSON([]any{p["payer_paid_currency"], p["payer_paid_amount"], p["merchant_amount"]})
	}
	m := newMerchant(t, Behaviour{})
	for event, want := range map[simulator.Event]string{
		simulator.Pay:      wordsPaid + `["USDT",2.0064882330206117,1.9984622800885292]`,
		simulator.Overpay:  wordsPaid + `["USDT",3.0097323495309176,2.997693420132794]`,
		simulator.Underpay: wordsPending + `["USDT",1.0032441165103059,0]`,
		simulator.Cancel:   wordsCanceled + `[null,null,0]`,
	} {
		p := m.create(nil)
		m.trigger(p, event)
		got := m.read(idOf(p))
		if words(got)+money(got) != want {
			t.Errorf("%s: %s%s, want %s", event, words(got), money(got), want)
		}
		if paid := event != simulator.Cancel; (got["txid"] != nil) != paid || (got["from_address"] != nil) != paid {
			t.Errorf("%s: %v from %v", event, got["txid"], got["from_address"])
		}
	}

	rest := m.create(nil)
	m.trigger(rest, simulator.Underpay)
	m.trigger(rest, simulator.Pay)
	if got := m.read(idOf(rest)); words(got) != wordsPaid || asJSON(got["payer_paid_amount"]) != "2.0064882330206117" {
		t.Errorf("paid the rest: %v", got)
	}

	completed := newMerchant(t, Behaviour{PaidIsCompleted: true})
	p := completed.create(nil)
	completed.trigger(p, simulator.Pay)
	if got := words(completed.read(idOf(p))); got != `["PAYMENT_PAID","COMPLETED",true]` {
		t.Errorf("completed: %s", got)
	}

	forgotten := m.create(nil)
	m.trigger(forgotten, simulator.Forget)
	if status, _ := m.call("GET", pathInfo+idOf(forgotten), ""); status != 404 {
		t.Errorf("forgotten: %d", status)
	}
}

func TestCancelledWord(t *testing.T) {
	m := newMerchant(t, Behaviour{CancelledWord: true})
	p := m.create(nil)
	m.trigger(p, simulator.Cancel)
	if got := words(m.read(idOf(p))); got != `["PAYMENT_CANCELED","CANCELLED",true]` {
		t.Error(got)
	}
}
