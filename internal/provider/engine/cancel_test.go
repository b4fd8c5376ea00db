package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func TestCancelAndConfirm(t *testing.T) {
	yesterday := createdAt(start.AddDate(0, 0, -1))
	open, canceled, paid := anInvoice("1", yesterday), anInvoice("1", yesterday, inPhase(gateway.PhaseCanceled)), anInvoice("1", yesterday, inPhase(gateway.PhasePaid))
	unknown := anInvoice("1", yesterday, inPhase(gateway.PhaseUnknown))
	overdue := fakeInvoice{facts: open.facts, deadline: start.Add(-time.Hour)}
	without := anInvoice("1", yesterday, inPhase(""), func(f *gateway.Facts) { f.Status = "" })
	tests := map[string]struct {
		cancel    error
		reads     []any
		want      gateway.Phase
		wantGone  bool
		wantErr   string
		wantCalls string
	}{
		"accepted, and no status":        {nil, []any{without}, "", false, "does not return a status", "cancel get get get get"},
		"accepted, and another invoice":  {nil, []any{anInvoice("1", yesterday, withReference("b"))}, "", false, "another invoice", "cancel get"},
		"accepted, and money has moved":  {nil, []any{anInvoice("1", yesterday, withMoney)}, gateway.PhaseOpen, false, "", "cancel get"},
		"accepted and confirmed":         {nil, []any{canceled}, gateway.PhaseCanceled, false, "", "cancel get"},
		"accepted, confirmed later":      {nil, []any{open, open, canceled}, gateway.PhaseCanceled, false, "", "cancel get get get"},
		"accepted, never confirmed":      {nil, []any{open}, gateway.PhaseOpen, false, "still reports", "cancel get get get get"},
		"accepted, and gone":             {nil, []any{fail(gateway.ErrNotFound)}, "", true, "", "cancel get check"},
		"accepted, unreadable":           {nil, []any{fail(gateway.ErrUnavailable)}, "", false, "confirming", "cancel get"},
		"accepted, and yet paid":         {nil, []any{paid}, gateway.PhasePaid, false, "", "cancel get"},
		"refused, canceled already":      {fail(gateway.ErrClosed), []any{canceled}, gateway.PhaseCanceled, false, "", "cancel get"},
		"refused, paid meanwhile":        {fail(gateway.ErrClosed), []any{paid}, gateway.PhasePaid, false, "", "cancel get"},
		"refused, still open":            {fail(gateway.ErrClosed), []any{open}, gateway.PhaseOpen, false, "closed", "cancel get"},
		"refused, unknown":               {fail(gateway.ErrInvalid), []any{unknown}, gateway.PhaseUnknown, false, "invalid request", "cancel get"},
		"refused, overdue":               {fail(gateway.ErrClosed), []any{overdue}, gateway.PhaseExpired, false, "", "cancel get"},
		"lost, overdue":                  {fail(gateway.ErrUnavailable), []any{overdue}, gateway.PhaseExpired, false, "unavailable", "cancel get get"},
		"lost, canceled":                 {fail(gateway.ErrUnavailable), []any{canceled}, gateway.PhaseCanceled, false, "", "cancel get"},
		"lost, still open":               {fail(gateway.ErrUnavailable), []any{open}, gateway.PhaseOpen, false, "unavailable", "cancel get get"},
		"lost, canceled a moment later":  {fail(gateway.ErrUnavailable), []any{open, canceled}, gateway.PhaseCanceled, false, "", "cancel get get"},
		"refused, canceled a bit later":  {fail(gateway.ErrClosed), []any{open, canceled}, gateway.PhaseOpen, false, "closed", "cancel get"},
		"forbidden, still open":          {fail(gateway.ErrForbidden), []any{open}, gateway.PhaseOpen, false, "forbidden", "cancel get"},
		"not found by the cancel, gone":  {fail(gateway.ErrNotFound), []any{fail(gateway.ErrNotFound)}, "", true, "", "cancel get check"},
		"lost, and unreadable":           {fail(gateway.ErrUnavailable), []any{fail(gateway.ErrUnauthorized)}, "", false, "unauthorized", "cancel get"},
		"accepted while overdue, stays":  {nil, []any{overdue}, gateway.PhaseExpired, false, "still reports", "cancel get get get get"},
		"accepted while overdue, closed": {nil, []any{overdue, canceled}, gateway.PhaseCanceled, false, "", "cancel get get"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g := &fakeGateway{cancel: tt.cancel, reads: tt.reads}
			settled, err := anEngine(g).Cancel(context.Background(), open)
			if tt.wantErr == "" && !tt.wantGone && err != nil || tt.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tt.wantErr)) {
				t.Errorf("error %v, want %q", err, tt.wantErr)
			}
			if errors.Is(err, ErrGone) != tt.wantGone || settled.Phase != tt.want {
				t.Errorf("settled %+v, want phase %q, gone %t", settled, tt.want, tt.wantGone)
			}
			if got := strings.Join(g.calls, " "); got != tt.wantCalls {
				t.Errorf("calls %q, want %q", got, tt.wantCalls)
			}
		})
	}
}

func TestAnInterruptedCancelEndsAtOnce(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	interrupt()
	g := &fakeGateway{}
	if _, err := anEngine(g).Cancel(ctx, anInvoice("1")); err == nil {
		t.Error("no error")
	}
	if got := strings.Join(g.calls, " "); got != "cancel" {
		t.Errorf("calls %q: there must be no request after the interruption", got)
	}
}

func TestPendingIsTheGatewaysOwnWord(t *testing.T) {
	overdue := anInvoice("1")
	overdue.deadline = start.Add(-time.Hour)
	if overdue.Facts(start).Phase != gateway.PhaseExpired || !Pending(overdue) {
		t.Error("an overdue invoice that the gateway calls unpaid must count as pending")
	}
	if Pending(anInvoice("1", inPhase(gateway.PhaseExpired))) {
		t.Error("an invoice that the gateway itself calls expired must not count as pending")
	}
}

func withMoney(f *gateway.Facts) { f.MoneyMoved = true }

// TestResponseConfirms: a response that shows the whole invoice, closed, is the
// proof; any other is read after.
func TestResponseConfirms(t *testing.T) {
	canceled := anInvoice("1", inPhase(gateway.PhaseCanceled))
	for name, tt := range map[string]struct {
		answer fakeInvoice
		calls  string
	}{
		"canceled":         {canceled, "cancel"},
		"paid":             {anInvoice("1", inPhase(gateway.PhasePaid)), "cancel"},
		"open":             {anInvoice("1"), "cancel get"},
		"without a status": {anInvoice("1", inPhase(gateway.PhaseCanceled), func(f *gateway.Facts) { f.Status = "" }), "cancel get"},
		"a phase to come":  {anInvoice("1", inPhase("confirming")), "cancel get"},
	} {
		t.Run(name, func(t *testing.T) {
			g := &fakeGateway{canceled: &tt.answer, reads: []any{canceled}}
			if f, err := anEngine(g).Cancel(t.Context(), anInvoice("1")); err != nil || !f.Phase.Closed() {
				t.Errorf("%+v, %v", f, err)
			}
			if got := strings.Join(g.calls, " "); got != tt.calls {
				t.Errorf("calls %q, want %q", got, tt.calls)
			}
		})
	}
}
