// Package meum simulates the invoice methods of the Meum merchant API.
//
// It follows the public documentation at https://docs.meum.io/api-reference/invoices
// and the pages beside it. Their generations contradict each other: this is
// the one with ids such as inv_… and nested errors, and the Behaviour says
// which reading applies where that leaves a choice.
package meum

import (
	"context"
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The keys of the simulated store. They open nothing anywhere else. For their
// scopes see https://docs.meum.io/api-reference/api-keys-and-scopes.
const (
	APIKey            = "sk_live_sandbox_demo_key"
	ReadOnlyAPIKey    = "sk_live_sandbox_read_only"   // has invoices:read only
	WooCommerceAPIKey = "sk_live_sandbox_woocommerce" // can create but not cancel
)

const (
	// StoreID is the store that the keys belong to, a UUID.
	StoreID = "00000000-5a4d-4b00-8000-000000000001"
	// CustomerID is the customer who quotes and pays, a UUID.
	CustomerID = "00000000-5a4d-4b00-8000-000000000002"
)

// Events that only a Meum invoice meets, see
// https://docs.meum.io/payments/payment-lifecycle.
const (
	Ready  simulator.Event = "ready"  // a pending invoice can be paid
	Quote  simulator.Event = "quote"  // the customer chose a token
	Fail   simulator.Event = "fail"   // the payment or its processing failed
	Refund simulator.Event = "refund" // the platform returned the money
)

// Simulator is a simulated Meum with one store.
type Simulator struct {
	invoices  invoices
	now       simulator.Clock
	behaviour Behaviour
	limiter   limiter
	router    *wire.Router
}

// New makes a simulator that keeps its invoices in ns.
func New(ns *store.Namespace, now simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{invoices: invoices{ns}, now: now, behaviour: behaviour}
	s.router = wire.NewRouter(
		func(w http.ResponseWriter, _ *http.Request) { s.answer(w, 0, nil, notFound("No such route")) },
		func(w http.ResponseWriter, _ *http.Request) {
			s.answer(w, 0, nil, &failure{http.StatusMethodNotAllowed, invalidRequest, "method_not_allowed", "Method not allowed"})
		},
	)
	s.router.Handle(http.MethodPost, "/v1/invoices", s.create)
	s.router.Handle(http.MethodGet, "/v1/invoices", s.list)
	s.router.Handle(http.MethodGet, "/v1/invoices/{id}", s.get)
	s.router.Handle(http.MethodPost, "/v1/invoices/{id}/cancel", s.cancel)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// Trigger implements simulator.Simulator.
func (s *Simulator) Trigger(ctx context.Context, id string, event simulator.Event) error {
	return s.invoices.change(ctx, id, func(inv *invoice) (keep bool, err error) {
		inv.expireIfDue(s.now())
		if event == simulator.Forget {
			return false, nil
		}
		return true, inv.happen(event, s.now())
	})
}
