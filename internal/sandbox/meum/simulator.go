// Package meum simulates the invoice methods of the Meum merchant API.
//
// It follows the public documentation at https://docs.meum.io/api-reference/invoices
// and the pages beside it. Their generations contradict each other: this is
// the one with ids such as inv_… and nested errors, and the Behaviour says
// which reading applies where that leaves a choice.
package meum

import (
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
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

// Simulator is a simulated Meum with one store.
type Simulator struct {
	*ledger.Ledger[*invoice]
	*wire.Router

	behaviour Behaviour
	limiter   limiter
}

// New makes a simulator that keeps its invoices in ns.
func New(ns *store.Namespace, clock simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{behaviour: behaviour}
	s.Ledger = ledger.New(ns, clock, ledger.Gateway[*invoice]{
		Name: "meum", Events: events, New: func() *invoice { return &invoice{} },
		Describe: s.describe, Notice: notice, Address: (*invoice).callbackURL, Snapshot: s.snapshot,
	})
	s.Router = wire.NewRouter(
		func(w http.ResponseWriter, _ *http.Request) { s.write(w, nil, notFound("No such route")) },
		func(w http.ResponseWriter, _ *http.Request) {
			s.write(w, nil, &wire.RequestError{Status: http.StatusMethodNotAllowed, Message: "Method not allowed"})
		},
	)
	handle := func(method, path string, operation simulator.Operation, m ledger.Method[*invoice]) {
		s.Handle(method, path, operation, s.Serve(m, s.write))
	}
	handle(http.MethodPost, "/v1/invoices", simulator.Create, ledger.Method[*invoice]{Admit: s.admitCreate, Members: createMembers, Answer: s.create})
	handle(http.MethodGet, "/v1/invoices", simulator.List, ledger.Method[*invoice]{Admit: s.admitList, Parameters: listParameters, Answer: s.list})
	handle(http.MethodGet, "/v1/invoices/{id}", simulator.Read, ledger.Method[*invoice]{Admit: admit(scopeRead), Answer: s.get})
	handle(http.MethodPost, "/v1/invoices/{id}/cancel", simulator.Abort, ledger.Method[*invoice]{Admit: admit(scopeWrite), Answer: s.cancel})
	return s
}
