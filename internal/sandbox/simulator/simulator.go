// Package simulator defines what every simulated gateway provides.
package simulator

import (
	"context"
	"net/http"
	"time"
)

// Clock returns the time.
type Clock func() time.Time

// Simulator is one gateway: its HTTP API and what happens behind it. Methods with an id
// return ErrNoInvoice if the gateway has no such invoice.
type Simulator interface {
	http.Handler

	// Operation names the operation of a request to the API, for AddFault of the
	// sandbox; it is "" for an unknown request.
	Operation(r *http.Request) Operation

	// Events lists every event that this gateway has, in the order of presentation.
	Events() []Event

	// Trigger triggers an event for an invoice and returns the resulting invoice. A
	// forgotten invoice has the phase unknown.
	// Only Underpay and Overpay take an amount: the total that the payer sends, in the
	// invoice's currency. Empty means the gateway's default.
	// The errors are ErrNoInvoice, an *EventError and an *AmountError.
	Trigger(ctx context.Context, id string, event Event, amount string) (Invoice, error)

	// Invoice returns one invoice as it is now.
	Invoice(ctx context.Context, id string) (Invoice, error)

	// Invoices lists all invoices, newest first.
	Invoices(ctx context.Context) ([]Invoice, error)

	// ExpireDue records the effect of time on invoices. It returns when there will be
	// more to do; zero if that is not known.
	ExpireDue(ctx context.Context) (next time.Time, err error)

	// Webhook returns the request that sends a notification of this gateway.
	Webhook(n Notification, target WebhookTarget) (Webhook, error)
}

// Operation is the kind of an API request.
type Operation string

// The operations.
const (
	OpCreate Operation = "create"
	OpRead   Operation = "read"
	OpList   Operation = "list"
	OpCancel Operation = "cancel" // through the API; the event is Cancel
	OpLogin  Operation = "login"
	OpOther  Operation = "other"
)

// Operations lists the operations that a fault can name.
func Operations() []Operation {
	return []Operation{OpCreate, OpRead, OpList, OpCancel, OpLogin, OpOther}
}
