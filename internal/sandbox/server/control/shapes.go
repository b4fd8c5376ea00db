// Package control is the sandbox's own HTTP API: its JSON, its handler and its client.
package control

import (
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// Product is the name of the sandbox in Health.
const Product = "payinvoice"

// Health identifies a running sandbox.
type Health struct {
	Status  string `json:"status"`  // "ok"
	Sandbox string `json:"sandbox"` // Product
	Version string `json:"version"`
}

// Invoice is an invoice of a simulated gateway.
type Invoice struct {
	Gateway     string     `json:"gateway"`
	ID          string     `json:"id"`
	Reference   string     `json:"reference"`
	Amount      string     `json:"amount"` // decimal text
	Currency    string     `json:"currency"`
	Status      string     `json:"status"` // the gateway's own word
	Phase       string     `json:"phase"`
	CreatedAt   time.Time  `json:"created_at"`
	ExpiresAt   *time.Time `json:"expires_at"` // null: never
	CheckoutURL string     `json:"checkout_url"`
}

// NewInvoice returns an invoice in the API's form.
func NewInvoice(inv simulator.Invoice) Invoice {
	shown := Invoice{
		Gateway: inv.Gateway, ID: inv.ID, Reference: inv.Reference, Amount: inv.Amount, Currency: inv.Currency,
		Status: inv.Status, Phase: inv.Phase, CreatedAt: inv.CreatedAt.UTC(), CheckoutURL: inv.CheckoutURL,
	}
	if !inv.ExpiresAt.IsZero() {
		at := inv.ExpiresAt.UTC()
		shown.ExpiresAt = &at
	}
	return shown
}

// Trigger requests an event. Amount is decimal text for underpay and overpay, or empty.
type Trigger struct {
	Event  string `json:"event"`
	Amount string `json:"amount,omitempty"`
}

// Delivery is the delivery of one webhook.
type Delivery struct {
	ID        string    `json:"id"`
	Gateway   string    `json:"gateway"`
	InvoiceID string    `json:"invoice_id"`
	Event     string    `json:"event"`
	URL       string    `json:"url"`
	State     string    `json:"state"` // pending, delivered or failed
	Attempts  []Attempt `json:"attempts"`
}

// Attempt is one attempt. Status is the HTTP status of the response; 0 if there was
// none.
type Attempt struct {
	At     time.Time `json:"at"`
	Status int       `json:"status"`
	Error  string    `json:"error"`
}

// NewDelivery returns a delivery in the API's form.
func NewDelivery(d sandbox.Delivery) Delivery {
	shown := Delivery{
		ID: d.ID, Gateway: d.Gateway, InvoiceID: d.InvoiceID, Event: d.Event, URL: d.URL, State: d.State,
		Attempts: []Attempt{},
	}
	for _, a := range d.Attempts {
		shown.Attempts = append(shown.Attempts, Attempt{At: a.At.UTC(), Status: a.Status, Error: a.Error})
	}
	return shown
}

// Webhook is where and how a gateway sends its webhooks. The secret is write-only;
// SecretSet reports whether one replaces the documented one.
type Webhook struct {
	URL       string  `json:"url"`
	Secret    *string `json:"secret,omitempty"` // absent: unchanged
	SecretSet bool    `json:"secret_set,omitempty"`
	Format    string  `json:"format,omitempty"`
}

// Clock is the simulated time, and how far it is ahead of the real one.
type Clock struct {
	Now   time.Time `json:"now"`
	Ahead string    `json:"ahead"` // such as "48h0m0s"
}

// Advance moves the clock forward by a duration such as "48h".
type Advance struct {
	Advance string `json:"advance"`
}

// Fault makes requests to a gateway's API fail. Empty members match any request; Times
// 0 means until the faults are removed.
type Fault struct {
	Gateway   string `json:"gateway,omitempty"`
	Operation string `json:"operation,omitempty"`
	Status    int    `json:"status,omitempty"`
	Delay     string `json:"delay,omitempty"` // such as "2s"
	Drop      bool   `json:"drop,omitempty"`
	Times     int    `json:"times,omitempty"`
}

// Error is the body of every response that is not a success.
type Error struct {
	Error string `json:"error"`
}
