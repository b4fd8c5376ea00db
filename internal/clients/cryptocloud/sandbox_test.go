package cryptocloud

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// behaviours are the readings of what the documentation leaves open. The client
// has to do with each of them.
var behaviours = map[string]sandbox.Behaviour{
	"the main reading":         {},
	"test mode":                {TestMode: true},
	"keys refused with 400":    {AuthStatus: 400},
	"keys refused with 401":    {AuthStatus: 401},
	"keys refused with 403":    {AuthStatus: 403},
	"limit is the end":         {LimitIsEnd: true},
	"oldest first":             {OldestFirst: true},
	"no all_count":             {NoAllCount: true},
	"limit is the end, no cnt": {LimitIsEnd: true, NoAllCount: true, OldestFirst: true},
	"info reversed":            {InfoReversed: true},
	"info repeated":            {InfoRepeated: true, InfoReversed: true},
	"info of 2023":             {InfoOf2023: true},
	"zero amount_in_fiat":      {ZeroAmountInFiat: true},
	"overpaid in version 1":    {V1Overpaid: true},
	"cancel of unknown is 404": {UnknownCancelNotFound: true},
}

func order(t *testing.T, reference string) Spec {
	t.Helper()
	return Spec{Amount: clienttest.Amount(t, "25.00"), Currency: "EUR", OrderID: reference, ShopID: sandbox.ShopID, Email: "a@example.com", Locale: "ru",
		TimeToPay: &TimeToPay{Hours: 3, Minutes: 30}, AvailableCurrencies: []string{"BTC", "USDT_TRC20"}}
}

// TestLife: an invoice is made, read, found, listed and canceled.
func TestLife(t *testing.T) {
	for name, behaviour := range behaviours {
		t.Run(name, func(t *testing.T) {
			c, server := simulated(t, behaviour)
			started := time.Now()
			made, err := c.Create(t.Context(), order(t, "ref-1"))
			if err != nil {
				t.Fatal(err)
			}
			f := made.Facts(time.Now())
			if f.Phase != gateway.PhaseOpen || f.Status != "created" || !strings.HasPrefix(f.ID, "INV-") || f.Currency != "EUR" || !f.Amount.Equal(clienttest.Amount(t, "25")) ||
				f.CreatedAt.Before(started.Add(-time.Second)) || made.ExpiryDate.Sub(made.Created).Round(time.Minute) != 210*time.Minute ||
				!strings.HasPrefix(made.Link, "https://") || *made.TestMode != behaviour.TestMode {
				t.Errorf("%+v", made)
			}
			other, err := c.Create(t.Context(), order(t, "ref-2"))
			if err != nil {
				t.Fatal(err)
			}

			read, err := c.Get(t.Context(), strings.TrimPrefix(made.ID, "INV-"))
			if err != nil {
				t.Fatal(err)
			}
			f = read.Facts(time.Now())
			if f.ID != made.ID || f.Reference != "ref-1" || f.Phase != gateway.PhaseOpen {
				t.Errorf("%+v", f)
			}
			if known := !behaviour.InfoOf2023 && !behaviour.ZeroAmountInFiat; f.Amount.IsPresent() != known || known && !f.Amount.Equal(clienttest.Amount(t, "25")) {
				t.Errorf("the amount is %q", f.Amount)
			}
			many, err := c.read(t.Context(), []string{other.ID, "INV-AAAAAAAA", made.ID})
			if err != nil || len(many) != 2 || many[other.ID] == nil || many[made.ID] == nil {
				t.Errorf("%v, %v", many, err)
			}

			found, err := c.FindByReference(t.Context(), "ref-1", started)
			if err != nil || len(found) != 1 || found[0].ID != made.ID || found[0].UserEmail != "a@example.com" {
				t.Errorf("%v, %v", found, err)
			}
			if found, err := c.FindByReference(t.Context(), "ref", started); err != nil || len(found) != 0 {
				t.Errorf("%v, %v", found, err)
			}

			word, phase, err := c.Status(t.Context(), made.ID)
			if err != nil || word != "created" || phase != gateway.PhaseOpen {
				t.Errorf("%q, %q, %v", word, phase, err)
			}

			if err := clienttest.CancelError(c.Cancel(t.Context(), made)); err != nil {
				t.Fatal(err)
			}
			check(t, clienttest.CancelError(c.Cancel(t.Context(), made)), gateway.ErrClosed)
			read, err = c.Get(t.Context(), made.ID)
			if err != nil || read.Facts(time.Now()).Phase != gateway.PhaseCanceled {
				t.Errorf("%+v, %v", read, err)
			}
			if !behaviour.InfoOf2023 && read.DateFinished.IsZero() {
				t.Error("no date_finished")
			}

			// What the gateway does not know.
			_, err = c.Get(t.Context(), "AAAAAAAA")
			check(t, err, gateway.ErrNotFound)
			err = clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: "INV-AAAAAAAA"}))
			if behaviour.UnknownCancelNotFound {
				check(t, err, gateway.ErrUnexpected)
			} else {
				check(t, err, gateway.ErrClosed)
			}
			trigger(t, server, other.ID, simulator.Forget)
			_, err = c.Get(t.Context(), other.ID)
			check(t, err, gateway.ErrNotFound)

			// Each method of the API that has a key refuses a wrong one.
			for _, key := range []string{"wrong", "wrong.key.either", ""} {
				stranger := newClient(t, server.URL(Name), key)
				_, err = stranger.Create(t.Context(), order(t, "x"))
				check(t, err, gateway.ErrUnauthorized)
				_, err = stranger.Get(t.Context(), made.ID)
				check(t, err, gateway.ErrUnauthorized)
				check(t, clienttest.CancelError(stranger.Cancel(t.Context(), made)), gateway.ErrUnauthorized)
				_, err = stranger.FindByReference(t.Context(), "ref-1", started)
				check(t, err, gateway.ErrUnauthorized)
				_, _, err = stranger.Status(t.Context(), made.ID)
				check(t, err, gateway.ErrUnauthorized)
			}
		})
	}
}

func trigger(t *testing.T, server *sandboxtest.Server, id string, event simulator.Event) {
	t.Helper()
	if _, err := server.Sandbox.Trigger(t.Context(), Name, id, event, ""); err != nil {
		t.Fatal(err)
	}
}

// TestPhases: what the gateway calls an invoice after each event.
func TestPhases(t *testing.T) {
	for _, behaviour := range []sandbox.Behaviour{{TestMode: true}, {TestMode: true, V1Overpaid: true}} {
		c, server := simulated(t, behaviour)
		tests := []struct {
			events []simulator.Event
			phase  gateway.Phase
			v1     gateway.Phase
		}{
			{nil, gateway.PhaseOpen, gateway.PhaseOpen},
			{[]simulator.Event{simulator.Pay}, gateway.PhasePaid, gateway.PhasePaid},
			{[]simulator.Event{simulator.Overpay}, gateway.PhaseOverpaid, gateway.PhasePaid},
			{[]simulator.Event{simulator.Underpay}, gateway.PhaseUnderpaid, gateway.PhaseUnderpaid},
			{[]simulator.Event{simulator.Underpay, simulator.Pay}, gateway.PhasePaid, gateway.PhasePaid},
			{[]simulator.Event{simulator.Cancel}, gateway.PhaseCanceled, gateway.PhaseCanceled},
			{[]simulator.Event{simulator.Expire}, gateway.PhaseCanceled, gateway.PhaseCanceled},
			{[]simulator.Event{simulator.Pay, simulator.NotificationFailed}, gateway.PhaseOpen, gateway.PhaseOpen},
		}
		for _, test := range tests {
			t.Run(fmt.Sprint(behaviour.V1Overpaid, test.events), func(t *testing.T) {
				inv, err := c.Create(t.Context(), order(t, "ref"))
				if err != nil {
					t.Fatal(err)
				}
				for _, event := range test.events {
					trigger(t, server, inv.ID, event)
				}
				read, err := c.Get(t.Context(), inv.ID)
				if err != nil || read.Facts(time.Now()).Phase != test.phase {
					t.Errorf("%+v, %v", read, err)
				}
				want := test.v1
				if behaviour.V1Overpaid && test.phase == gateway.PhaseOverpaid {
					want = gateway.PhaseOverpaid
				}
				if _, phase, err := c.Status(t.Context(), inv.ID); err != nil || phase != want {
					t.Errorf("version 1: %q, %v", phase, err)
				}
				err = clienttest.CancelError(c.Cancel(t.Context(), inv))
				if test.phase == gateway.PhaseOpen {
					if err != nil {
						t.Error(err)
					}
				} else {
					check(t, err, gateway.ErrClosed)
				}
			})
		}
	}
}

// TestSimulatedList: every invoice of the days, once, in each reading.
func TestSimulatedList(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var made []string
	for i := range 206 {
		switch i {
		case 0:
			server.Set(noon)
		case 103:
			server.Set(noon.AddDate(0, 0, 1))
		case 205:
			server.Set(noon.AddDate(0, 0, 5))
		}
		inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "1"), OrderID: fmt.Sprint("ref-", i%10), ShopID: sandbox.ShopID})
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, inv.ID)
	}
	for _, name := range []string{"the main reading", "limit is the end", "oldest first", "no all_count", "limit is the end, no cnt"} {
		t.Run(name, func(t *testing.T) {
			server.Behave(behaviours[name])
			c := newClient(t, server.URL(Name), sandbox.APIKey) // one that knows no reading
			for _, test := range []struct {
				filter Filter
				want   []string
			}{
				{Filter{Start: noon, End: noon}, made[:103]},
				{Filter{Start: noon, End: noon.AddDate(0, 0, 4)}, made[:205]},
				{Filter{Start: noon.AddDate(0, 0, 5), End: noon.AddDate(0, 0, 6)}, made[205:]},
				{Filter{Start: noon.AddDate(0, 0, -30), End: noon.AddDate(0, 0, -1)}, nil},
			} {
				got, err := collect(t, c, test.filter)
				if err != nil {
					t.Fatal(err)
				}
				slices.Sort(got)
				if want := slices.Sorted(slices.Values(test.want)); !slices.Equal(got, want) {
					t.Errorf("%d invoices, not %d", len(got), len(want))
				}
			}
			got, err := collect(t, c, Filter{Start: noon, End: noon.AddDate(0, 0, 1), OrderID: "ref-7"})
			if err != nil || len(got) != 20 {
				t.Errorf("%d invoices of an order, %v", len(got), err)
			}
			_, err = collect(t, c, Filter{Start: noon, End: noon.AddDate(0, 0, -1)})
			check(t, err, gateway.ErrInvalid)
		})
	}
}

// TestSimulatedRefusals: the gateway names the fields.
func TestSimulatedRefusals(t *testing.T) {
	c, _ := simulated(t, sandbox.Behaviour{})
	spec := order(t, "x")
	spec.Currency, spec.Cryptocurrency, spec.Period = "XXX", "GOLD", "hour"
	_, err := c.Create(t.Context(), spec)
	failed := check(t, err, gateway.ErrInvalid)
	var fields []string
	for _, f := range failed.Fields {
		fields = append(fields, f.Field)
	}
	if !slices.Equal(fields, []string{"cryptocurrency", "currency", "period"}) {
		t.Errorf("%+v", failed)
	}
	if _, _, err := c.Status(t.Context(), "AAAAAAAA"); !errors.Is(err, gateway.ErrInvalid) {
		t.Error(err)
	}
}
