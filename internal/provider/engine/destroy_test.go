package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func TestDestroyActionFor(t *testing.T) {
	for _, tt := range []struct {
		policy                             string
		open, closed, moved, gone, unclear DestroyAction
	}{
		{PolicyCancel, DestroyCancel, DestroyDone, DestroyLeave, DestroyGone, DestroyFail},
		{PolicyCancelOrFail, DestroyCancel, DestroyDone, DestroyKeep, DestroyGone, DestroyFail},
		{PolicyAbandon, DestroyAbandon, DestroyAbandon, DestroyAbandon, DestroyAbandon, DestroyAbandon},
		{"a policy to come", DestroyFail, DestroyFail, DestroyFail, DestroyFail, DestroyFail},
	} {
		for s, want := range map[condition]DestroyAction{
			conditionOpen: tt.open, conditionClosed: tt.closed, conditionMoneyMoved: tt.moved, conditionGone: tt.gone, conditionUnclear: tt.unclear,
		} {
			if got := destroyActionFor(tt.policy, s); got != want {
				t.Errorf("%s, condition %d: %d, want %d", tt.policy, s, got, want)
			}
		}
	}
}

func TestStanding(t *testing.T) {
	for _, phase := range append(gateway.Phases(), "confirming", "") {
		for _, moved := range []bool{false, true} {
			for _, pending := range []bool{false, true} {
				want := conditionOpen
				switch {
				case moved || phase.MoneyMoved():
					want = conditionMoneyMoved
				case !pending && (phase == gateway.PhaseCanceled || phase == gateway.PhaseExpired || phase == gateway.PhaseFailed):
					want = conditionClosed
				}
				if got := conditionOf(gateway.Facts{Phase: phase, MoneyMoved: moved}, pending, nil); got != want {
					t.Errorf("%q, money moved %t, pending %t: %d, want %d", phase, moved, pending, got, want)
				}
			}
		}
	}
	if conditionOf(gateway.Facts{}, false, ErrGone) != conditionGone || conditionOf(gateway.Facts{Phase: gateway.PhaseCanceled}, false, fail(gateway.ErrNotFound)) != conditionUnclear {
		t.Error("only what is proved is gone")
	}
}

func TestDestroy(t *testing.T) {
	old := createdAt(start.Add(-time.Hour))
	for name, tt := range map[string]struct {
		policy string
		known  StoredInvoice
		reads  []any
		want   DestroyAction
		calls  string
	}{
		"open":                         {PolicyCancel, aKnown(), []any{anInvoice("1", old), anInvoice("1", old, inPhase(gateway.PhaseCanceled))}, DestroyDone, "get cancel get"},
		"paid meanwhile":               {PolicyCancelOrFail, aKnown(), []any{anInvoice("1", old), anInvoice("1", old, inPhase(gateway.PhasePaid))}, DestroyKeep, "get cancel get"},
		"money, still open":            {PolicyCancel, aKnown(), []any{anInvoice("1", old, withMoney)}, DestroyLeave, "get"},
		"money, or fail":               {PolicyCancelOrFail, aKnown(), []any{anInvoice("1", old, withMoney)}, DestroyKeep, "get"},
		"proved gone":                  {PolicyCancel, aKnown(), []any{fail(gateway.ErrNotFound)}, DestroyGone, "get check"},
		"gone after":                   {PolicyCancel, aKnown(), []any{anInvoice("1", old), fail(gateway.ErrNotFound)}, DestroyGone, "get cancel get check"},
		"an old state":                 {PolicyCancel, StoredInvoice{ID: "1"}, []any{fail(gateway.ErrNotFound)}, DestroyFail, "get"},
		"an old state, and gone after": {PolicyCancel, StoredInvoice{ID: "1"}, []any{anInvoice("1", old), fail(gateway.ErrNotFound)}, DestroyGone, "get cancel get check"},
		"another one":                  {PolicyCancel, aKnown(), []any{anInvoice("1", old, withReference("b"))}, DestroyFail, "get"},
		"the sandbox":                  {PolicyCancel, aKnown(func(r *Provenance) { r.Sandbox = true }), nil, DestroyFail, ""},
		"abandoned":                    {PolicyAbandon, aKnown(func(r *Provenance) { r.Sandbox = true }), nil, DestroyAbandon, ""},
		"unreadable":                   {PolicyCancel, aKnown(), []any{fail(gateway.ErrUnauthorized)}, DestroyFail, "get"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &fakeGateway{reads: tt.reads}
			d, err := anEngine(g).Destroy(t.Context(), tt.policy, tt.known)
			if d.Action != tt.want || (d.Action == DestroyFail) != (err != nil && d.Action != DestroyGone) {
				t.Errorf("action %d, %v; want %d", d.Action, err, tt.want)
			}
			if got := strings.Join(g.calls, " "); got != tt.calls {
				t.Errorf("calls %q, want %q", got, tt.calls)
			}
		})
	}
}
