// Package hesabe simulates Hesabe's merchant API for single invoices, from its public
// documentation at https://developer.hesabe.com/docs/api. It shares no code with the
// client that it tests.
package hesabe

import (
	"net/http"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// site is the simulator's address inside the process; invoices link to it.
const site = "https://hesabe.sandbox.invalid"

// The simulated merchant: the set that Hesabe publishes for its own test system,
// https://developer.hesabe.com/docs/test-credentials.
const (
	Username     = "test"
	Password     = "Test@1234"
	MerchantCode = "842217"
	AccessCode   = "c333729b-d060-4b74-a49d-7686a8353481"
	SecretKey    = "PkW64zMe5NVdrlPVNnjo2Jy9nOb7v1Xg"
	IVKey        = "5NVdrlPVNnjo2Jy9"
)

// merchantID is the merchant's number in invoices, which is not its code.
const merchantID = "84"

// kuwait is the time zone of every date and time on the wire. They do not say so, but
// tokens contain the second of creation, which shows it.
var kuwait = time.FixedZone("Asia/Kuwait", 3*60*60)

// Simulator is Hesabe with one merchant.
type Simulator struct {
	*ledger.Ledger[*invoice]
	*wire.Router

	behaviour Behaviour
	envelope  *envelope
}

// New returns a simulator that keeps its invoices in ns.
func New(ns *store.Namespace, clock simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{behaviour: behaviour, envelope: newEnvelope(SecretKey, IVKey)}
	s.Ledger = ledger.New(ns, clock, ledger.Gateway[*invoice]{
		Name: "hesabe", Events: events, New: func() *invoice { return &invoice{} },
		Describe: s.describe, Notice: notice, Show: show,
		Address: func(inv *invoice) string { return inv.Webhook },
	})
	s.Router = wire.NewRouter(s.noRoute, s.noMethod)
	s.Handle(http.MethodPost, "/api/v1/login", simulator.OpLogin, s.plain(s.login))
	s.Handle(http.MethodPost, "/api/v1/token-refresh", simulator.OpLogin, s.plain(s.refresh))
	s.Handle(http.MethodPost, "/api/v1/invoice", simulator.OpCreate, s.sealed(s.create))
	s.Handle(http.MethodPost, "/api/v1/invoice/resend", simulator.OpOther, s.sealed(s.resend))
	s.Handle(http.MethodGet, "/api/v1/invoice/{key}", simulator.OpRead, s.sealed(s.details))
	s.Handle(http.MethodPut, "/api/v1/invoice/{key}", simulator.OpCancel, s.sealed(s.cancel))
	s.Handle(http.MethodGet, "/api/v1/invoice-dashboard", simulator.OpList, s.sealed(s.list))
	return s
}
