package meum

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// behaviours are the readings of what the documentation leaves open. The client
// has to do with each of them.
var behaviours = map[string]sandbox.Behaviour{
	"the main reading":        {},
	"flat errors":             {FlatErrors: true},
	"amounts normalized":      {NormalizeAmount: true},
	"metadata stripped":       {StripMetadata: []string{"secret"}},
	"90 days":                 {Window90Days: true},
	"cursors are UUIDs":       {CursorIsUUID: true},
	"duplicates are answered": {Duplicates: sandbox.ReturnExisting200},
	"duplicates are made":     {Duplicates: sandbox.CreateDuplicate},
	"conflicts":               {DuplicateConflict: true, DuplicateOfClosed: true},
	"starts pending":          {StartsPending: true},
	"a lifetime":              {Lifetime: time.Hour},
	"repeated cancel":         {RepeatedCancelOK: true},
	"cancel only awaiting":    {CancelOnlyAwaiting: true},
}

func order(t *testing.T, reference string) Spec {
	t.Helper()
	return Spec{Amount: clienttest.Amount(t, "25"), Currency: "EUR", ExternalOrderID: reference, StoreID: sandbox.StoreID, IntegrationID: sandbox.CustomerID,
		CallbackURL: "https://shop.example/c", ReturnURL: "https://shop.example/r", Metadata: json.RawMessage(`{"secret": 1, "n": 1.50}`)}
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
			if f.Phase != gateway.PhaseOpen || f.Currency != "EUR" || !f.Amount.Equal(clienttest.Amount(t, "25")) || made.CheckoutURL == "" || made.ExpiresAt.IsZero() {
				t.Errorf("%+v", made)
			}
			other, err := c.Create(t.Context(), order(t, "ref-2"))
			if err != nil {
				t.Fatal(err)
			}

			read, err := c.Get(t.Context(), made.ID)
			if err != nil {
				t.Fatal(err)
			}
			f = read.Facts(time.Now())
			if f.ID != made.ID || f.Reference != "ref-1" || f.Phase != gateway.PhaseOpen || !f.Amount.Equal(clienttest.Amount(t, "25")) ||
				f.CreatedAt.Before(started.Add(-time.Second)) || read.ReturnURL != "https://shop.example/r" || len(read.Metadata) == 0 {
				t.Errorf("%+v", read)
			}

			found, err := c.FindByReference(t.Context(), "ref-1", started)
			if err != nil || len(found) != 1 || found[0].ID != made.ID {
				t.Errorf("%v, %v", found, err)
			}
			if found, err := c.FindByReference(t.Context(), "ref", started); err != nil || len(found) != 0 {
				t.Errorf("%v, %v", found, err)
			}

			err = clienttest.CancelError(c.Cancel(t.Context(), made))
			if behaviour.StartsPending && behaviour.CancelOnlyAwaiting {
				check(t, err, gateway.ErrClosed)
			} else if err != nil {
				t.Fatal(err)
			}
			requests := server.Requests(Name)
			if r := requests[len(requests)-1]; r.Path != "/v1/invoices/"+made.ID+"/cancel" || r.Header.Get("Content-Length") != "0" {
				t.Errorf("%+v", r)
			}
			read, err = c.Get(t.Context(), made.ID)
			if err != nil || read.Facts(time.Now()).Phase != gateway.PhaseCanceled || read.CheckoutURL != "" {
				t.Errorf("%+v, %v", read, err)
			}
			if err := clienttest.CancelError(c.Cancel(t.Context(), made)); behaviour.RepeatedCancelOK {
				if err != nil {
					t.Error(err)
				}
			} else {
				check(t, err, gateway.ErrClosed)
			}

			// What the gateway does not know.
			const unknown = "inv_00000000000000000000000000000000"
			_, err = c.Get(t.Context(), unknown)
			check(t, err, gateway.ErrNotFound)
			check(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: unknown})), gateway.ErrNotFound)
			trigger(t, server, other.ID, simulator.Forget)
			_, err = c.Get(t.Context(), other.ID)
			check(t, err, gateway.ErrNotFound)
		})
	}
}

func trigger(t *testing.T, server *sandboxtest.Server, id string, event simulator.Event) {
	t.Helper()
	if _, err := server.Sandbox.Trigger(t.Context(), Name, id, event, ""); err != nil {
		t.Fatal(err)
	}
}

// TestKeys: what each key may do, in both forms of an error.
func TestKeys(t *testing.T) {
	for _, flat := range []bool{false, true} {
		owner, server := simulated(t, sandbox.Behaviour{FlatErrors: flat})
		inv, err := owner.Create(t.Context(), order(t, "ref"))
		if err != nil {
			t.Fatal(err)
		}
		for key, kinds := range map[string][4]error{ // of create, get, list, cancel
			sandbox.ReadOnlyAPIKey:    {gateway.ErrForbidden, nil, nil, gateway.ErrForbidden},
			sandbox.WooCommerceAPIKey: {nil, nil, nil, gateway.ErrForbidden},
			"sk_live_wrong":           {gateway.ErrUnauthorized, gateway.ErrUnauthorized, gateway.ErrUnauthorized, gateway.ErrUnauthorized},
		} {
			c := newClient(t, server.URL(Name), key)
			_, created := c.Create(t.Context(), order(t, "other"))
			_, read := c.Get(t.Context(), inv.ID)
			_, listed := c.FindByReference(t.Context(), "ref", time.Time{})
			for i, err := range []error{created, read, listed, clienttest.CancelError(c.Cancel(t.Context(), inv))} {
				kind := kinds[i]
				if i == 0 && kind != nil && flat {
					kind = gateway.ErrOutcomeUnknown // of a create the older form is not believed
				}
				if kind == nil {
					if err != nil {
						t.Errorf("%s, %d: %v", key, i, err)
					}
				} else if failed := check(t, err, kind); kind == gateway.ErrForbidden && !flat && failed.Code != "INSUFFICIENT_SCOPE" {
					t.Errorf("%+v", failed)
				}
			}
		}
	}
}

// TestPhases: what the gateway calls an invoice after each event.
func TestPhases(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{Duplicates: sandbox.CreateDuplicate})
	tests := []struct {
		events []simulator.Event
		phase  gateway.Phase
	}{
		{nil, gateway.PhaseOpen},
		{[]simulator.Event{simulator.Quote}, gateway.PhaseOpen},
		{[]simulator.Event{simulator.Pay}, gateway.PhasePaid},
		{[]simulator.Event{simulator.Overpay}, gateway.PhasePaid},
		{[]simulator.Event{simulator.Underpay}, gateway.PhaseUnderpaid},
		{[]simulator.Event{simulator.Expire}, gateway.PhaseExpired},
		{[]simulator.Event{simulator.Cancel}, gateway.PhaseCanceled},
		{[]simulator.Event{simulator.Fail}, gateway.PhaseFailed},
		{[]simulator.Event{simulator.Pay, simulator.Refund}, gateway.PhaseRefunded},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.events), func(t *testing.T) {
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
			if paid := test.phase.MoneyMoved(); paid != read.PaidAmount.IsPresent() {
				t.Errorf("%+v", read)
			}
			if err = clienttest.CancelError(c.Cancel(t.Context(), inv)); test.phase == gateway.PhaseOpen {
				if err != nil {
					t.Error(err)
				}
			} else {
				check(t, err, gateway.ErrClosed)
			}
		})
	}
}

// TestDuplicates: what comes back for a repeated reference is handed on.
func TestDuplicates(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour sandbox.Behaviour
		same      bool
		kind      error
	}{
		"answered with 201": {sandbox.Behaviour{}, true, nil},
		"answered with 200": {sandbox.Behaviour{Duplicates: sandbox.ReturnExisting200}, true, nil},
		"made":              {sandbox.Behaviour{Duplicates: sandbox.CreateDuplicate}, false, nil},
		"refused":           {sandbox.Behaviour{DuplicateConflict: true}, false, gateway.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := simulated(t, test.behaviour)
			first, err := c.Create(t.Context(), order(t, "ref"))
			if err != nil {
				t.Fatal(err)
			}
			again := order(t, "ref")
			again.Amount = clienttest.Amount(t, "26")
			second, err := c.Create(t.Context(), again)
			if test.kind != nil {
				check(t, err, test.kind)
				return
			}
			if err != nil || (second.ID == first.ID) != test.same || second.Amount.Equal(again.Amount) == test.same {
				t.Errorf("%+v, %v", second, err)
			}
		})
	}
	c, _ := simulated(t, sandbox.Behaviour{NoPayoutWallet: true})
	_, err := c.Create(t.Context(), order(t, "ref"))
	if failed := check(t, err, gateway.ErrInvalid); failed.Code != "payout_wallet_not_configured" {
		t.Errorf("%+v", failed)
	}
	foreign := order(t, "ref")
	foreign.StoreID = sandbox.CustomerID
	_, err = c.Create(t.Context(), foreign)
	if failed := check(t, err, gateway.ErrForbidden); len(failed.Fields) != 1 || failed.Fields[0].Field != "store_id" {
		t.Errorf("%+v", failed)
	}
}

// TestSimulatedList: every invoice once, newest first, in each reading.
func TestSimulatedList(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	var made []string
	for i := range 205 {
		server.Advance(time.Second)
		inv, err := c.Create(t.Context(), order(t, fmt.Sprint("ref-", i)))
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, inv.ID)
	}
	slices.Reverse(made)
	trigger(t, server, made[7], simulator.Cancel)
	for name, behaviour := range behaviours {
		t.Run(name, func(t *testing.T) {
			server.Behave(behaviour)
			before := len(server.Requests(Name))
			got, err := collect(t, c, Filter{})
			if err != nil || !slices.Equal(got, made) {
				t.Errorf("%d invoices, %v", len(got), err)
			}
			if requests := len(server.Requests(Name)) - before; requests != 3 {
				t.Errorf("%d requests for three pages", requests)
			}
			for _, test := range []struct {
				filter Filter
				want   []string
			}{
				{Filter{Status: "cancelled"}, made[7:8]},
				{Filter{ExternalOrderID: "ref-7"}, made[204-7 : 204-6]},
				{Filter{Status: "paid", ExternalOrderID: "ref-7"}, nil},
				{Filter{CustomerID: sandbox.CustomerID}, nil},
				{Filter{PaymentLinkID: "plink_00000000000000000000000000000000"}, nil},
			} {
				if got, err := collect(t, c, test.filter); err != nil || !slices.Equal(got, test.want) {
					t.Errorf("%+v: %v, %v", test.filter, got, err)
				}
			}
			_, err = collect(t, c, Filter{Status: "odd"})
			check(t, err, gateway.ErrInvalid)
		})
	}
}
