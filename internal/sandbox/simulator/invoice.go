package simulator

import (
	"encoding/json"
	"time"
)

// Phase is the state of an invoice in terms that all gateways share.
type Phase = string

// The phases.
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

// Phases lists the phases.
func Phases() []Phase {
	return []Phase{
		PhaseOpen, PhasePaid, PhaseOverpaid, PhaseUnderpaid, PhaseExpired, PhaseCanceled, PhaseFailed, PhaseRefunded, PhaseUnknown,
	}
}

// Invoice is an invoice of a simulated gateway in terms that all gateways share.
type Invoice struct {
	Gateway   string
	ID        string // as in the gateway's API
	Reference string // the merchant's own; may be ""
	Amount    string // decimal text
	Currency  string // ISO 4217 or the gateway's code
	Status    string // the gateway's own status
	Phase     Phase

	CreatedAt   time.Time
	ExpiresAt   time.Time // zero means never
	CheckoutURL string
	Language    string // of the payment page, such as "en" or "ar"; may be ""
	Description string // may be ""

	// What the payer is asked to send, and where to. Empty if the gateway does not say.
	PayAddress, PayAmount, PayCurrency, PayNetwork string

	// The merchant's own pages to which the payer returns. Empty if none was given.
	ReturnURL, SuccessURL, FailureURL string

	Events []Event // the events that are possible now, in the order of presentation
}

// Notification is one webhook that the gateway's documentation describes.
type Notification struct {
	ID         string // random, 32 lower-case hexadecimal digits
	Gateway    string
	InvoiceID  string
	Event      string // the gateway's own name; "paid" if it has none
	URL        string // the invoice's own address; "" means the gateway's
	OccurredAt time.Time

	// Data is the invoice as the gateway's API returned it at that moment, and what
	// else its webhook needs: see events.go of the gateway's package.
	Data json.RawMessage
}
