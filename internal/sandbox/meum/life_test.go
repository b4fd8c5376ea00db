package meum_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestLifeCycle(t *testing.T) {
	const (
		pay    = simulator.Pay
		under  = simulator.Underpay
		over   = simulator.Overpay
		expire = simulator.Expire
		cancel = simulator.Cancel
	)
	all := []simulator.Event{simulator.Ready, simulator.Quote, pay, under, over, expire, cancel, simulator.Fail, simulator.Refund, "nonsense"}
	tests := []struct {
		events []simulator.Event
		status string
		takes  []simulator.Event // then, and no other of all
		want   map[string]any
	}{
		{nil, "pending", []simulator.Event{simulator.Ready, expire, cancel}, nil},
		{[]simulator.Event{simulator.Ready}, "awaiting_payment", []simulator.Event{simulator.Quote, pay, under, over, expire, cancel, simulator.Fail}, nil},
		{
			[]simulator.Event{simulator.Ready, simulator.Quote}, "quoted",
			[]simulator.Event{simulator.Quote, pay, under, over, expire, cancel, simulator.Fail},
			map[string]any{"customer_id": meum.CustomerID},
		},
		{[]simulator.Event{simulator.Ready, pay}, "paid", []simulator.Event{simulator.Refund}, map[string]any{
			"paid_amount": "100.00", "paid_at": "2026-07-01T10:00:00.123Z", "customer_id": meum.CustomerID,
		}},
		{[]simulator.Event{simulator.Ready, over}, "paid", []simulator.Event{simulator.Refund}, map[string]any{"paid_amount": "150.00"}},
		{[]simulator.Event{simulator.Ready, simulator.Quote, under}, "underpaid", []simulator.Event{simulator.Refund}, map[string]any{
			"paid_amount": "50.00", "paid_at": nil, "transaction_hash": nil,
		}},
		{[]simulator.Event{expire}, "expired", nil, map[string]any{"expires_at": "2026-07-01T10:00:00.123Z"}},
		{[]simulator.Event{cancel}, "cancelled", nil, nil},
		{[]simulator.Event{simulator.Ready, simulator.Fail}, "failed", nil, nil},
		{[]simulator.Event{simulator.Ready, pay, simulator.Refund}, "refunded", nil, map[string]any{"paid_amount": "100.00"}},
	}
	for _, test := range tests {
		t.Run(test.status, func(t *testing.T) {
			for _, next := range all {
				g := start(t, meum.Behaviour{StartsPending: true})
				id := g.create("")
				g.trigger(id, test.events...)
				got := g.get("/" + id)
				if got.object["status"] != test.status {
					t.Fatal(got)
				}
				open := slices.Contains([]string{"pending", "awaiting_payment", "quoted"}, test.status)
				if has := got.object["checkout_url"] != nil; has != open {
					t.Errorf("checkout_url: %s", got)
				}
				for member, want := range test.want {
					if got.object[member] != want {
						t.Errorf("%s is %v, want %v", member, got.object[member], want)
					}
				}
				_, err := g.Trigger(t.Context(), id, next, "")
				refusal := simulator.ErrNotApplicable
				if next == "nonsense" {
					refusal = simulator.ErrUnknownEvent
				}
				if taken := slices.Contains(test.takes, next); taken != (err == nil) || !taken && !errors.Is(err, refusal) {
					t.Errorf("then %s: %v", next, err)
				}
			}
		})
	}

	t.Run("forget", func(t *testing.T) {
		g := start(t, meum.Behaviour{})
		id := g.create(`"external_order_id":"o"`)
		g.trigger(id, pay, simulator.Forget)
		if _, err := g.Trigger(t.Context(), id, pay, ""); !errors.Is(err, simulator.ErrNoInvoice) {
			t.Errorf("Trigger: %v", err)
		}
		if got := g.get("/" + id); got.status != 404 {
			t.Error(got)
		}
		for _, query := range []string{"", "?status=paid", "?external_order_id=o", "?customer_id=" + meum.CustomerID} {
			if got := g.get(query); fmt.Sprint(got.object["data"]) != "[]" {
				t.Errorf("%s: %s", query, got)
			}
		}
	})
}

func TestExpiry(t *testing.T) {
	g := start(t, meum.Behaviour{Lifetime: time.Hour})
	id := g.create(`"external_order_id":"o"`)
	g.clock = g.clock.Add(time.Hour - time.Second)
	if got := g.get("/" + id); got.object["status"] != "awaiting_payment" || got.object["expires_at"] != "2026-07-01T11:00:00.123Z" {
		t.Errorf("before the deadline: %s", got)
	}
	g.clock = g.clock.Add(time.Second)
	got := g.get("/" + id)
	if got.object["status"] != "expired" || got.object["checkout_url"] != nil || got.object["updated_at"] != "2026-07-01T11:00:00.123Z" {
		t.Errorf("past the deadline: %s", got)
	}
	if got := g.cancel(id); got.status != 400 {
		t.Errorf("cancel past the deadline: %s", got)
	}
	if _, err := g.Trigger(t.Context(), id, simulator.Pay, ""); !errors.Is(err, simulator.ErrNotApplicable) {
		t.Errorf("payment past the deadline: %v", err)
	}
	if data := g.get("?status=awaiting_payment").object["data"].([]any); len(data) != 0 {
		t.Errorf("listed as open: %v", data)
	}
	if data := g.get("?status=expired").object["data"].([]any); len(data) != 1 {
		t.Errorf("listed as expired: %v", data)
	}
}

func TestCancel(t *testing.T) {
	const notOpen = `400 {"error":{"code":"invoice_not_open","message":"Invoice is not open","type":"invalid_request_error"}}`
	tests := []struct {
		name      string
		behaviour meum.Behaviour
		events    []simulator.Event
		want      string // "" for a cancelled invoice
	}{
		{"awaiting", meum.Behaviour{}, nil, ""},
		{"pending", meum.Behaviour{StartsPending: true}, nil, ""},
		{"quoted", meum.Behaviour{}, []simulator.Event{simulator.Quote}, ""},
		{"pending, refused", meum.Behaviour{StartsPending: true, CancelOnlyAwaiting: true}, nil, notOpen},
		{"quoted, refused", meum.Behaviour{CancelOnlyAwaiting: true}, []simulator.Event{simulator.Quote}, notOpen},
		{"awaiting, not refused", meum.Behaviour{CancelOnlyAwaiting: true}, nil, ""},
		{"paid", meum.Behaviour{}, []simulator.Event{simulator.Pay}, notOpen},
		{"underpaid", meum.Behaviour{}, []simulator.Event{simulator.Underpay}, notOpen},
		{"repeated", meum.Behaviour{}, []simulator.Event{simulator.Cancel}, notOpen},
		{"repeated, taken", meum.Behaviour{RepeatedCancelOK: true, CancelOnlyAwaiting: true}, []simulator.Event{simulator.Cancel}, ""},
		{"flat error", meum.Behaviour{FlatErrors: true}, []simulator.Event{simulator.Pay}, `400 {"error":"Invoice is not open"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := start(t, test.behaviour)
			id := g.create("")
			g.trigger(id, test.events...)
			got := g.cancel(id)
			if test.want != "" && got.String() != test.want {
				t.Error(got)
			}
			if test.want == "" && (got.object["status"] != "cancelled" || got.object["checkout_url"] != nil || len(got.object) != 18) {
				t.Error(got)
			}
		})
	}

	g := start(t, meum.Behaviour{})
	id := g.create("")
	if got := g.cancel("inv_00000000000000000000000000000000"); got.status != 404 {
		t.Errorf("unknown: %s", got)
	}
	for _, content := range []string{"{}", "x"} {
		if got := g.do(http.MethodPost, "/v1/invoices/"+id+"/cancel", content, header(meum.APIKey)); got.status != 400 {
			t.Errorf("with a body: %s", got)
		}
	}
	if got := g.do(http.MethodPost, "/v1/invoices/"+id+"/cancel?force=1", "", header(meum.APIKey)); got.status != 400 {
		t.Errorf("with a parameter: %s", got)
	}
	if got := g.get("/" + id); got.object["status"] != "awaiting_payment" {
		t.Errorf("a refused cancel changed the invoice: %s", got)
	}
}
