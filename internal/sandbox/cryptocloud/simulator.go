// Package cryptocloud simulates the CryptoCloud merchant API: the invoice methods of
// version 2 and the status check of version 1.
// It follows the public documentation at
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice and the pages next
// to it. Where that is silent or contradicts itself, the Behaviour selects the reading.
package cryptocloud

import (
	"context"
	"errors"
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The credentials of the simulated project. They are not valid anywhere else.
const (
	// APIKey has the form of a real key: three parts of base64url.
	APIKey = "sandbox.demo.key"
	// ShopID has the form of a real project id: letters and digits.
	ShopID = "SandboxDemoShop1"
)

// Simulator is a simulated CryptoCloud with one project.
type Simulator struct {
	*ledger.Ledger[*invoice]
	*wire.Router

	behaviour Behaviour
}

// New returns a simulator that keeps its invoices in ns.
func New(ns *store.Namespace, clock simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{behaviour: behaviour}
	s.Ledger = ledger.New(ns, clock, ledger.Gateway[*invoice]{
		Name: "cryptocloud", Events: events, New: func() *invoice { return &invoice{} },
		Describe: s.describe, Notice: notice, Show: s.show, Overpays: overpays,
	})
	s.Router = wire.NewRouter(
		func(w http.ResponseWriter, _ *http.Request) {
			wire.WriteJSON(w, http.StatusNotFound, detail{"Not found."})
		},
		func(w http.ResponseWriter, r *http.Request) {
			wire.WriteJSON(w, http.StatusMethodNotAllowed, detail{`Method "` + r.Method + `" not allowed.`})
		},
	)
	s.Handle(http.MethodPost, "/v2/invoice/create", simulator.OpCreate, s.v2(writes, s.create))
	s.Handle(http.MethodPost, "/v2/invoice/merchant/canceled", simulator.OpCancel, s.v2(writes, s.cancel))
	s.Handle(http.MethodPost, "/v2/invoice/merchant/list", simulator.OpList, s.v2(reads, s.list))
	s.Handle(http.MethodPost, "/v2/invoice/merchant/info", simulator.OpRead, s.v2(reads, s.info))
	s.Handle(http.MethodPost, "/v2/invoice/merchant/statistics", simulator.OpOther, s.v2(reads, s.statistics))
	s.Handle(http.MethodPost, "/v2/merchant/wallet/balance/all", simulator.OpOther, s.v2(balances, s.balance))
	s.Handle(http.MethodGet, "/v1/invoice/info", simulator.OpRead, s.statusV1)
	return s
}

// Trigger implements simulator.Simulator. The id may have INV- or not.
func (s *Simulator) Trigger(ctx context.Context, id string, event simulator.Event, amount string) (simulator.Invoice, error) {
	return s.Ledger.Trigger(ctx, withPrefix(id), event, amount)
}

// Invoice implements simulator.Simulator. The id may have INV- or not.
func (s *Simulator) Invoice(ctx context.Context, id string) (simulator.Invoice, error) {
	return s.Ledger.Invoice(ctx, withPrefix(id))
}

// cancel implements the Invoice Cancellation of
// https://docs.cryptocloud.plus/en/api-reference-v2. The response is not the invoice
// but ["ok"].
func (s *Simulator) cancel(r *http.Request, body *wire.Object) (any, error) {
	// Further members are accepted: public clients send shop_id.
	if err := onlyKnown(nil, r.URL.Query(), nil, nil); err != nil {
		return nil, err
	}
	id, _, err := body.Text("uuid")
	switch {
	case err != nil && string(body.Raw("uuid")) != "null":
		return nil, refuse("uuid", "Invalid value uuid.")
	case id == "":
		return nil, refuse("validate_error", "uuid is required")
	}

	err = s.Update(r.Context(), func(tx *ledger.Tx[*invoice]) error {
		inv, err := load(tx, id)
		switch {
		case errors.Is(err, simulator.ErrNoInvoice) && s.behaviour.UnknownCancelNotFound:
			return &failure{http.StatusNotFound, envelope{"error", map[string]string{"validate_error": "Invoice not found"}}}
		case errors.Is(err, simulator.ErrNoInvoice), err == nil && inv.Status != created:
			return refuse("validate_error", "Invoice is not created")
		case err != nil:
			return err
		}
		inv.close(canceled, tx.Now)
		return tx.Save(inv)
	})
	return success([]string{"ok"}), err
}
