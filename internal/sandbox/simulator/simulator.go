// Package simulator says what every simulated gateway offers the sandbox.
package simulator

import (
	"context"
	"net/http"
	"time"
)

// Clock tells the time.
type Clock func() time.Time

// Simulator is one gateway: its HTTP API and what happens behind it.
type Simulator interface {
	http.Handler

	// Trigger lets an event happen to the invoice that the API knows by id.
	// It returns ErrNoInvoice or ErrNotApplicable where that is so.
	Trigger(ctx context.Context, id string, event Event) error
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
