// Package hesabe simulates Hesabe's merchant API for single invoices as its
// public documentation, https://developer.hesabe.com/docs/api, describes it.
// It shares no code with the client that it tests.
package hesabe

import (
	"net/http"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// site is where the simulator lives inside the process; invoices link to it.
const site = "https://hesabe.sandbox.invalid"

// The merchant that the simulator knows: the set that Hesabe publishes for its
// own test system, https://developer.hesabe.com/docs/test-credentials.
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

// kuwait is the zone of every date and time on the wire. They carry no mark of
// it, but tokens hold the second of creation, which tells.
var kuwait = time.FixedZone("Asia/Kuwait", 3*60*60)

// Simulator is Hesabe with one merchant. It implements simulator.Simulator.
type Simulator struct {
	ns        *store.Namespace
	now       simulator.Clock
	behaviour Behaviour
	envelope  *envelope
	router    *wire.Router
}

var _ simulator.Simulator = (*Simulator)(nil)

// New simulates Hesabe over the records in ns, with the time that now tells.
func New(ns *store.Namespace, now simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{ns: ns, now: now, behaviour: behaviour, envelope: newEnvelope(SecretKey, IVKey)}
	s.router = wire.NewRouter(s.noRoute, s.noMethod)
	s.router.Handle(http.MethodPost, "/api/v1/login", s.plain(s.login))
	s.router.Handle(http.MethodPost, "/api/v1/token-refresh", s.plain(s.refresh))
	s.router.Handle(http.MethodPost, "/api/v1/invoice", s.sealed(s.create))
	s.router.Handle(http.MethodGet, "/api/v1/invoice/{key}", s.sealed(s.details))
	s.router.Handle(http.MethodPut, "/api/v1/invoice/{key}", s.sealed(s.cancel))
	s.router.Handle(http.MethodGet, "/api/v1/invoice-dashboard", s.sealed(s.dashboard))
	return s
}

// ServeHTTP answers as Hesabe does, as a server and without a socket.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.router.ServeHTTP(w, r)
}
