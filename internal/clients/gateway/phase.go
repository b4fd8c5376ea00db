package gateway

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
