// Package simulator says what every simulated gateway offers the sandbox.
package simulator

import (
	"context"
	"net/http"
	"time"
)

// Clock tells the time.
type Clock func() time.Time

// Simulator is one gateway: its HTTP API and what happens behind it. Methods
// with an id return ErrNoInvoice where the gateway has no invoice with it.
type Simulator interface {
	http.Handler

	// Operation names what a request to the API asks for, for AddFault of the
	// sandbox; it is empty for a request that the gateway does not know.
	Operation(r *http.Request) Operation

	// Events lists every event that this gateway knows, in the order of
	// presentation.
	Events() []Event

	// Trigger lets an event happen to an invoice and returns the invoice right
	// after it. A forgotten invoice has the phase unknown.
	//
	// Only Underpay and Overpay take an amount: what the payer sends in all,
	// in the invoice's currency. Empty stands for a gateway's usual amount.
	//
	// The errors are ErrNoInvoice, an *EventError and an *AmountError.
	Trigger(ctx context.Context, id string, event Event, amount string) (Invoice, error)

	// Invoice returns one invoice as it stands now.
	Invoice(ctx context.Context, id string) (Invoice, error)

	// Invoices lists all invoices, newest first.
	Invoices(ctx context.Context) ([]Invoice, error)

	// ExpireDue records what the passing of time has done to invoices. It
	// returns when there will be more to do; zero: at no known time.
	ExpireDue(ctx context.Context) (next time.Time, err error)

	// Webhook is the request that sends a notification of this gateway.
	Webhook(n Notification, target WebhookTarget) (Webhook, error)
}

// Operation is the kind of an API request.
type Operation string

// The operations.
const (
	Create Operation = "create"
	Read   Operation = "read"
	List   Operation = "list"
	Abort  Operation = "cancel" // through the API; the event is Cancel
	Login  Operation = "login"
	Other  Operation = "other"
)

// Operations lists the operations that a fault can name.
func Operations() []Operation { return []Operation{Create, Read, List, Abort, Login, Other} }
