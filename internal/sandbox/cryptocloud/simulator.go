// Package cryptocloud simulates the CryptoCloud merchant API: the invoice
// methods of version 2 and the status check of version 1.
//
// It follows the public documentation at
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice and the
// pages beside it. Where that is silent or contradicts itself, the Behaviour
// says which reading applies.
package cryptocloud

import (
	"context"
	"errors"
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The credentials of the simulated project. They open nothing anywhere else.
const (
	// APIKey has the form of a real key: three parts of base64url.
	APIKey = "sandbox.demo.key"
	// ShopID has the form of a real project id: letters and digits.
	ShopID = "SandboxDemoShop1"
)

// Behaviour chooses among the readings of the documentation. The zero value is
// the main reading.
type Behaviour struct {
	// TestMode makes new invoices those of a project in test mode, see
	// https://docs.cryptocloud.plus/en/start/test-integration.
	TestMode bool

	// AuthStatus is the HTTP status of a refused key in version 2: 400, 401
	// or 403. Zero means 403 where the body has a detail member, else 400.
	AuthStatus int

	LimitIsEnd  bool // list: limit is the index after the last record, not the number of records
	OldestFirst bool // list: oldest invoice first, not newest
	NoAllCount  bool // list: all_count is missing

	InfoReversed bool // info: records in the reverse of the requested order
	InfoRepeated bool // info: each record twice
	InfoOf2023   bool // info: only the members of 2023, without amount_in_fiat, created, invoice_status

	AmountInUSD      bool // amount is in US dollars as in 2023, not in the coin
	ZeroAmountInFiat bool // list and info: amount_in_fiat is 0

	V1Overpaid            bool // version 1 says overpaid, not paid
	UnknownCancelNotFound bool // cancel of an unknown id: 404, not 400 "Invoice is not created"
}

// NotificationFailed is an event of test mode only: the merchant's server did
// not take the notification, and a paid invoice is created again, see
// https://docs.cryptocloud.plus/en/start/test-integration.
const NotificationFailed simulator.Event = "notification_failed"

// Simulator is a simulated CryptoCloud with one project.
type Simulator struct {
	invoices  invoices
	now       simulator.Clock
	behaviour Behaviour
	router    *wire.Router
}

// New makes a simulator that keeps its invoices in ns.
func New(ns *store.Namespace, now simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{invoices: invoices{ns}, now: now, behaviour: behaviour}
	s.router = wire.NewRouter(
		func(w http.ResponseWriter, _ *http.Request) {
			wire.WriteJSON(w, http.StatusNotFound, detail{"Not found."})
		},
		func(w http.ResponseWriter, r *http.Request) {
			wire.WriteJSON(w, http.StatusMethodNotAllowed, detail{`Method "` + r.Method + `" not allowed.`})
		},
	)
	s.router.Handle(http.MethodPost, "/v2/invoice/create", s.v2(writes, s.create))
	s.router.Handle(http.MethodPost, "/v2/invoice/merchant/canceled", s.v2(writes, s.cancel))
	s.router.Handle(http.MethodPost, "/v2/invoice/merchant/list", s.v2(reads, s.list))
	s.router.Handle(http.MethodPost, "/v2/invoice/merchant/info", s.v2(reads, s.info))
	s.router.Handle(http.MethodGet, "/v1/invoice/info", s.statusV1)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

// Happen implements simulator.Simulator. The id has INV- before it or not.
func (s *Simulator) Happen(ctx context.Context, id string, event simulator.Event) error {
	return s.invoices.change(ctx, id, func(inv *invoice) (keep bool, err error) {
		inv.settle(s.now())
		if event == simulator.Forget {
			return false, nil
		}
		return true, inv.happen(event, s.now())
	})
}

// cancel is https://docs.cryptocloud.plus/en/api-reference-v2, Invoice
// Cancellation. The answer is not the invoice but ["ok"].
func (s *Simulator) cancel(r *http.Request, body *wire.Object) (any, error) {
	if err := onlyKnown(body, r.URL.Query(), []string{"uuid"}, nil); err != nil {
		return nil, err
	}
	id, _, err := body.Text("uuid")
	switch {
	case err != nil && string(body.Raw("uuid")) != "null":
		return nil, refuse("uuid", "Invalid value uuid.")
	case id == "":
		return nil, refuse("validate_error", "uuid is required")
	}

	err = s.invoices.change(r.Context(), id, func(inv *invoice) (keep bool, err error) {
		inv.settle(s.now())
		return true, inv.happen(simulator.Cancel, s.now())
	})
	switch {
	case errors.Is(err, simulator.ErrNoInvoice) && s.behaviour.UnknownCancelNotFound:
		return nil, &failure{http.StatusNotFound, envelope{"error", map[string]string{"validate_error": "Invoice not found"}}}
	case errors.Is(err, simulator.ErrNoInvoice), errors.Is(err, simulator.ErrNotApplicable):
		return nil, refuse("validate_error", "Invoice is not created")
	case err != nil:
		return nil, err
	}
	return success([]string{"ok"}), nil
}
