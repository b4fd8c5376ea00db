package gateway

import "slices"

// Phase is the state of an invoice in words that all gateways share.
type Phase string

// The phases. PhaseUnknown stands for every word that is not documented; it is
// never read as paid or as gone.
const (
	PhaseOpen      Phase = "open"
	PhasePaid      Phase = "paid"
	PhaseOverpaid  Phase = "overpaid"
	PhaseUnderpaid Phase = "underpaid"
	PhaseExpired   Phase = "expired"
	PhaseCanceled  Phase = "canceled"
	PhaseFailed    Phase = "failed"
	PhaseRefunded  Phase = "refunded"
	PhaseUnknown   Phase = "unknown"
)

// Phases lists every phase, the open one first and the unknown one last.
func Phases() []Phase {
	return []Phase{
		PhaseOpen, PhasePaid, PhaseOverpaid, PhaseUnderpaid, PhaseExpired,
		PhaseCanceled, PhaseFailed, PhaseRefunded, PhaseUnknown,
	}
}

// MoneyMoved reports whether the payer has sent money, returned or not.
func (p Phase) MoneyMoved() bool {
	switch p {
	case PhasePaid, PhaseOverpaid, PhaseUnderpaid, PhaseRefunded:
		return true
	default:
		return false
	}
}

// Closed reports whether the invoice is known to be over. A phase that is not
// listed here is not.
func (p Phase) Closed() bool {
	switch p {
	case PhasePaid, PhaseOverpaid, PhaseUnderpaid, PhaseExpired, PhaseCanceled, PhaseFailed, PhaseRefunded:
		return true
	default:
		return false
	}
}

// PhaseTable is what a gateway's own statuses mean, in the order of an invoice's
// life.
type PhaseTable []StatusPhase

// StatusPhase is what one status means. A late one is that of an invoice whose
// deadline has passed, where the gateway itself keeps the status.
type StatusPhase struct {
	Status string
	Phase  Phase
	Late   bool
}

// Of is the phase of a status. late says that the deadline has passed. A status
// that is not in the table is PhaseUnknown.
func (t PhaseTable) Of(status string, late bool) Phase {
	phase := PhaseUnknown
	for _, row := range t {
		if row.Status == status && (!row.Late || late) {
			phase = row.Phase
		}
	}
	return phase
}

// Statuses are all statuses, each once.
func (t PhaseTable) Statuses() []string {
	var statuses []string
	for _, row := range t {
		if !row.Late {
			statuses = append(statuses, row.Status)
		}
	}
	return statuses
}

// Has reports whether an invoice can be in a phase.
func (t PhaseTable) Has(phase Phase) bool {
	return slices.ContainsFunc(t, func(row StatusPhase) bool { return row.Phase == phase })
}
