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

// Trigger implements simulator.Simulator. The id has INV- before it or not.
func (s *Simulator) Trigger(ctx context.Context, id string, event simulator.Event) error {
	return s.invoices.change(ctx, id, func(inv *invoice) (keep bool, err error) {
		inv.expireIfDue(s.now())
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
		inv.expireIfDue(s.now())
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
