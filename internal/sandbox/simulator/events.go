package simulator

import (
	"errors"
	"fmt"
	"strings"
)

// Event is something that happens to an invoice outside the gateway's API.
type Event string

// The events. Not every gateway has all of them.
const (
	Pay      Event = "pay"      // the payer sends the exact amount
	Underpay Event = "underpay" // the payer sends less
	Overpay  Event = "overpay"  // the payer sends more
	Expire   Event = "expire"   // the deadline passes
	Cancel   Event = "cancel"   // somebody cancels in the gateway's dashboard
	Fail     Event = "fail"     // the payment or its processing fails
	Refund   Event = "refund"   // the money is returned
	Forget   Event = "forget"   // the gateway no longer has the invoice

	Quote              Event = "quote"               // the payer chooses a coin (Meum)
	Ready              Event = "ready"               // a pending invoice can be paid (Meum)
	NotificationFailed Event = "notification_failed" // the merchant did not take the webhook (CryptoCloud)

)

var (
	// ErrNoInvoice means that the simulated gateway has no invoice with this id.
	ErrNoInvoice = errors.New("sandbox: no such invoice")

	// ErrNotApplicable means that the event is not possible for the invoice as it is,
	// for example a payment of a canceled invoice.
	ErrNotApplicable = errors.New("sandbox: the event is not possible for this invoice now")

	// ErrUnknownEvent means that the gateway does not have the event.
	ErrUnknownEvent = errors.New("sandbox: the gateway has no such event")

	// ErrInvalidAmount means that the event cannot have this amount.
	ErrInvalidAmount = errors.New("sandbox: the amount is not valid for the event")
)

// EventError is an event that did not happen, and the events that are possible. It is
// ErrNotApplicable or ErrUnknownEvent.
type EventError struct {
	Event    Event
	Gateway  string
	ID       string  // of the invoice
	Phase    Phase   // of the invoice
	Status   string  // the gateway's own status
	Possible []Event // for this invoice now
	Kind     error   // ErrNotApplicable or ErrUnknownEvent
}

// Error says why the event did not happen and which ones can.
func (e *EventError) Error() string {
	possible := "no event can happen to it"
	if names := Names(e.Possible); names != "" {
		possible = "possible now: " + names
	}
	if errors.Is(e.Kind, ErrUnknownEvent) {
		return fmt.Sprintf("%q is not an event of %s; of invoice %s (%s), %s", e.Event, e.Gateway, e.ID, e.Phase, possible)
	}
	return fmt.Sprintf("%q cannot happen to %s invoice %s, which is %s (%s): %s", e.Event, e.Gateway, e.ID, e.Phase, e.Status, possible)
}

// Unwrap returns Kind.
func (e *EventError) Unwrap() error { return e.Kind }

// AmountError is an ErrInvalidAmount with a reason.
type AmountError struct {
	Event  Event
	Amount string
	Reason string // such as "must be below the price, 25.00 USD"
}

// Error names the amount and the reason.
func (e *AmountError) Error() string {
	return fmt.Sprintf("amount %q of %q %s", e.Amount, e.Event, e.Reason)
}

// Unwrap returns ErrInvalidAmount.
func (e *AmountError) Unwrap() error { return ErrInvalidAmount }

// Names formats events as text, such as "pay, cancel".
func Names(events []Event) string {
	names := make([]string, len(events))
	for i, event := range events {
		names[i] = string(event)
	}
	return strings.Join(names, ", ")
}
