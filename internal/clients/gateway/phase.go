package gateway

import "slices"

// Phase is the state of an invoice, in terms that all gateways share.
type Phase string

// The phases. PhaseUnknown stands for every undocumented status; it is never treated as
// paid or as gone.
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

// Phases lists every phase, from the open one to the unknown one.
func Phases() []Phase {
	return []Phase{
		PhaseOpen, PhasePaid, PhaseOverpaid, PhaseUnderpaid, PhaseExpired,
		PhaseCanceled, PhaseFailed, PhaseRefunded, PhaseUnknown,
	}
}

// MoneyMoved reports whether the payer has sent money, refunded or not.
func (p Phase) MoneyMoved() bool {
	switch p {
	case PhasePaid, PhaseOverpaid, PhaseUnderpaid, PhaseRefunded:
		return true
	default:
		return false
	}
}

// Closed reports whether the invoice is known to be closed. Phases that are not listed
// here are not.
func (p Phase) Closed() bool {
	switch p {
	case PhasePaid, PhaseOverpaid, PhaseUnderpaid, PhaseExpired, PhaseCanceled, PhaseFailed, PhaseRefunded:
		return true
	default:
		return false
	}
}

// PhaseTable maps a gateway's statuses to phases, in the order of an invoice's life.
type PhaseTable []StatusPhase

// StatusPhase maps one status to a phase. A late one applies after the deadline, at a
// gateway that keeps the status.
type StatusPhase struct {
	Status string
	Phase  Phase
	Late   bool
}

// Of returns the phase of a status. late says that the deadline has passed. A status
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

// Statuses returns each status once.
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
