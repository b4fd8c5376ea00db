// Package simulator says what every simulated gateway offers the sandbox.
package simulator

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// ErrNoInvoice reports that the simulated gateway holds no invoice with the id.
var ErrNoInvoice = errors.New("sandbox: no such invoice")

// ErrNotApplicable reports that the event cannot happen to the invoice as it
// stands, for example a payment of a canceled invoice.
var ErrNotApplicable = errors.New("sandbox: the event cannot happen to this invoice now")

// Event is something that happens to an invoice outside the gateway's API.
type Event string

// The events a simulated invoice can meet.
const (
	Pay      Event = "pay"      // the payer sends the exact amount
	Underpay Event = "underpay" // the payer sends less
	Overpay  Event = "overpay"  // the payer sends more
	Expire   Event = "expire"   // the deadline passes
	Cancel   Event = "cancel"   // somebody cancels in the gateway's dashboard
	Forget   Event = "forget"   // the gateway no longer knows the invoice
)

// Clock tells the simulated time.
type Clock func() time.Time

// Simulator is one gateway: its HTTP API and what happens behind it.
type Simulator interface {
	http.Handler

	// Trigger lets an event happen to the invoice that the API knows by id.
	// It answers ErrNoInvoice or ErrNotApplicable where that is so.
	Trigger(ctx context.Context, id string, event Event) error
}
