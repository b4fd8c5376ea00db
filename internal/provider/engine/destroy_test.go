package engine

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func TestDestroyActionFor(t *testing.T) {
	closed := []gateway.Phase{gateway.PhaseCanceled, gateway.PhaseExpired, gateway.PhaseFailed}
	moved := []gateway.Phase{gateway.PhasePaid, gateway.PhaseOverpaid, gateway.PhaseUnderpaid, gateway.PhaseRefunded}
	live := []gateway.Phase{gateway.PhaseOpen, gateway.PhaseUnknown}
	tests := []struct {
		policy  string
		phases  []gateway.Phase
		pending bool
		want    DestroyAction
	}{
		{PolicyCancel, live, true, DestroyCancel},
		{PolicyCancel, live, false, DestroyCancel},
		{PolicyCancel, closed, false, DestroyNothing},
		{PolicyCancel, []gateway.Phase{gateway.PhaseExpired}, true, DestroyCancel},
		{PolicyCancel, moved, false, DestroyForget},
		{PolicyCancelOrFail, live, true, DestroyCancel},
		{PolicyCancelOrFail, closed, false, DestroyNothing},
		{PolicyCancelOrFail, []gateway.Phase{gateway.PhaseExpired}, true, DestroyCancel},
		{PolicyCancelOrFail, moved, false, DestroyKeep},
		{PolicyAbandon, gateway.Phases(), false, DestroyNothing},
		{PolicyAbandon, gateway.Phases(), true, DestroyNothing},
	}
	for _, tt := range tests {
		for _, phase := range tt.phases {
			if got := DestroyActionFor(tt.policy, phase, tt.pending); got != tt.want {
				t.Errorf("DestroyActionFor(%s, %s, pending %t) = %d, want %d", tt.policy, phase, tt.pending, got, tt.want)
			}
		}
	}
}

func TestDestroyActionForKnowsEveryPhase(t *testing.T) {
	for _, policy := range []string{PolicyCancel, PolicyCancelOrFail} {
		for _, phase := range gateway.Phases() {
			v := DestroyActionFor(policy, phase, false)
			if phase.MoneyMoved() && v == DestroyCancel {
				t.Errorf("%s would cancel an invoice that is %s", policy, phase)
			}
			if !phase.Closed() && v != DestroyCancel {
				t.Errorf("%s would leave an invoice that is %s", policy, phase)
			}
		}
	}
}
