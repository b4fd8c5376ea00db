// Package meum simulates the invoice methods of the Meum merchant API.
// It follows the public documentation at https://docs.meum.io/api-reference/invoices
// and the pages next to it. Older and newer pages contradict each other: this follows
// the newer ones, with ids such as inv_… and nested errors, and the Behaviour selects
// the reading where they leave a choice.
package meum

import (
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The keys of the simulated store. They are not valid anywhere else. For their scopes
// see https://docs.meum.io/api-reference/api-keys-and-scopes.
const (
	APIKey            = "sk_live_sandbox_demo_key"
	ReadOnlyAPIKey    = "sk_live_sandbox_read_only"   // has invoices:read only
	WooCommerceAPIKey = "sk_live_sandbox_woocommerce" // can create but not cancel
)

const (
	// StoreID is the store that the keys belong to, a UUID.
	StoreID = "00000000-5a4d-4b00-8000-000000000001"
	// CustomerID is the customer who requests a quote and pays, a UUID.
	CustomerID = "00000000-5a4d-4b00-8000-000000000002"
)

// Simulator is a simulated Meum with one store.
type Simulator struct {
	*ledger.Ledger[*invoice]
	*wire.Router

	behaviour Behaviour
	limiter   limiter
}

// New returns a simulator that keeps its invoices in ns.
func New(ns *store.Namespace, clock simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{behaviour: behaviour}
	s.Ledger = ledger.New(ns, clock, ledger.Gateway[*invoice]{
		Name: "meum", Events: events, New: func() *invoice { return &invoice{} },
		Describe: s.describe, Notice: notice, Address: func(inv *invoice) string { return wire.OrEmpty(inv.CallbackURL) }, Show: s.show, Snapshot: s.snapshot,
	})
	s.Router = s.Routes(s.write, []ledger.Method[*invoice]{
		{Verb: http.MethodPost, Path: "/v1/invoices", Operation: simulator.OpCreate, Admit: s.admitCreate, Members: createMembers, Handle: s.create},
		{Verb: http.MethodGet, Path: "/v1/invoices", Operation: simulator.OpList, Admit: s.admitList, Parameters: listParameters, Handle: s.list},
		{Verb: http.MethodGet, Path: "/v1/invoices/{id}", Operation: simulator.OpRead, Admit: admit(scopeRead), Handle: s.Get},
		{Verb: http.MethodPost, Path: "/v1/invoices/{id}/cancel", Operation: simulator.OpCancel, Admit: admit(scopeWrite), Handle: s.cancel},
	})
	return s
}
