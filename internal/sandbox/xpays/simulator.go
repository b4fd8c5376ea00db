// Package xpays simulates XPays' API for invoice payments, from its public
// documentation at https://xpays-docs.pages.dev. It shares no code with the client that
// it tests.
package xpays

import (
	"errors"
	"net/http"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The credentials of the simulated merchant.
const (
	APIKey    = "key_sandboxdemo000000000"
	SecretKey = "sandbox-demo-secret"
)

// Simulator is XPays with one merchant.
type Simulator struct {
	*ledger.Ledger[*payment]
	*wire.Router

	behaviour Behaviour
}

// New returns a simulator that keeps its invoices in ns.
func New(ns *store.Namespace, clock simulator.Clock, behaviour Behaviour) *Simulator {
	s := &Simulator{behaviour: behaviour}
	s.Ledger = ledger.New(ns, clock, ledger.Gateway[*payment]{
		Name: "xpays", Events: events, New: func() *payment { return &payment{} },
		Describe: s.describe, Notice: notice, Snapshot: s.snapshot,
	})
	s.Router = wire.NewRouter(s.noRoute, s.noMethod)
	s.Handle(http.MethodPost, "/v1/payment/createInvoicePayment", simulator.OpCreate, s.serve(s.create))
	s.Handle(http.MethodGet, "/v1/payment/info", simulator.OpRead, s.serve(s.info))
	s.Handle(http.MethodPost, "/v1/payment/cancel", simulator.OpCancel, s.serve(s.cancel))
	return s
}

func (s *Simulator) noRoute(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, refuse(http.StatusNotFound, "Cannot "+r.Method+" "+r.URL.Path))
}

func (s *Simulator) noMethod(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, refuse(http.StatusMethodNotAllowed, "Method Not Allowed"))
}

// call is a request with a valid signature.
type call struct {
	request *http.Request
	body    []byte
	now     time.Time
}

// endpoint returns the content of the member data.
type endpoint func(c *call) (data any, err error)

// serve checks a request and calls an endpoint.
func (s *Simulator) serve(fn endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := s.receive(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data, err := fn(c)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if s.behaviour.FullEnvelope {
			wire.WriteJSON(w, http.StatusOK, fullEnvelope{Success: true, Message: "success", Data: data})
			return
		}
		wire.WriteJSON(w, http.StatusOK, envelope{Data: data})
	}
}

// maxBody limits a body, in bytes. No limit is documented; this is the default of the
// usual parser of a Node server, https://expressjs.com/en/api.html .
const maxBody = 100 << 10

func (s *Simulator) receive(r *http.Request) (*call, error) {
	body, err := wire.ReadBody(r)
	switch {
	case errors.Is(err, wire.ErrTooLarge), len(body) > maxBody:
		return nil, refuse(http.StatusRequestEntityTooLarge, "The body is too large")
	case err != nil:
		return nil, invalid("The body could not be read")
	case len(body) > 0 && !wire.IsJSON(r):
		return nil, refuse(http.StatusUnsupportedMediaType, "The content type must be application/json")
	}
	now, err := s.Now(r.Context())
	if err != nil {
		return nil, err
	}
	return &call{request: r, body: body, now: now}, s.authenticate(r, body, now)
}

// envelope is the body of every success.
type envelope struct {
	Data any `json:"data"`
}

// fullEnvelope is the body at sibling brands.
type fullEnvelope struct {
	Success bool   `json:"success"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data"`
}

// refusal is an error caused by the request.
type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string { return "xpays sandbox: " + r.text }

func refuse(status int, text string) error { return refusal{status, text} }

func invalid(text string) error { return refuse(http.StatusBadRequest, text) }

var (
	errUnauthorized = refuse(http.StatusUnauthorized, "Unauthorized")
	errForbidden    = refuse(http.StatusForbidden, "Forbidden")
	errNotFound     = refuse(http.StatusNotFound, "Payment not found")
)

// fail writes an error; one that is not a refusal is an internal one.
func (s *Simulator) fail(w http.ResponseWriter, r *http.Request, err error) {
	var refused refusal
	var request *wire.RequestError
	switch {
	case errors.As(err, &refused):
	case errors.As(err, &request):
		refused = refusal{request.Status, request.Message}
	default:
		// The reason is for debugging.
		refused = refusal{http.StatusInternalServerError, "Internal Server Error: " + err.Error()}
	}
	if !s.behaviour.ErrorMessages {
		// https://xpays-docs.pages.dev/payment/cancel
		wire.WriteJSON(w, refused.status, map[string]string{"error": refused.text})
		return
	}
	now, err := s.Now(r.Context())
	if err != nil {
		now = time.Now() // the store failed
	}
	wire.WriteJSON(w, refused.status, map[string]any{
		"success": false, "code": 1000 + refused.status, "message": refused.text,
		"timestamp": timestamp(now), "status_code": refused.status,
	})
}
