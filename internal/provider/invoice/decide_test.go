package invoice

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func TestJudge(t *testing.T) {
	closed := []gateway.Phase{gateway.PhaseCanceled, gateway.PhaseExpired, gateway.PhaseFailed}
	moved := []gateway.Phase{gateway.PhasePaid, gateway.PhaseOverpaid, gateway.PhaseUnderpaid, gateway.PhaseRefunded}
	live := []gateway.Phase{gateway.PhaseOpen, gateway.PhaseUnknown}
	tests := []struct {
		policy  string
		phases  []gateway.Phase
		pending bool
		want    verdict
	}{
		{policyCancel, live, true, verdictCancel},
		{policyCancel, live, false, verdictCancel},
		{policyCancel, closed, false, verdictGone},
		{policyCancel, []gateway.Phase{gateway.PhaseExpired}, true, verdictCancel},
		{policyCancel, moved, false, verdictForget},
		{policyCancelOrFail, live, true, verdictCancel},
		{policyCancelOrFail, closed, false, verdictGone},
		{policyCancelOrFail, []gateway.Phase{gateway.PhaseExpired}, true, verdictCancel},
		{policyCancelOrFail, moved, false, verdictKeep},
		{policyAbandon, gateway.Phases(), false, verdictGone},
		{policyAbandon, gateway.Phases(), true, verdictGone},
	}
	for _, tt := range tests {
		for _, phase := range tt.phases {
			if got := judge(tt.policy, phase, tt.pending); got != tt.want {
				t.Errorf("judge(%s, %s, pending %t) = %d, want %d", tt.policy, phase, tt.pending, got, tt.want)
			}
		}
	}
}

func TestJudgeKnowsEveryPhase(t *testing.T) {
	for _, policy := range []string{policyCancel, policyCancelOrFail} {
		for _, phase := range gateway.Phases() {
			v := judge(policy, phase, false)
			if phase.MoneyMoved() && v == verdictCancel {
				t.Errorf("%s would cancel an invoice that is %s", policy, phase)
			}
			if !phase.Closed() && v != verdictCancel {
				t.Errorf("%s would leave an invoice that is %s", policy, phase)
			}
		}
	}
}
