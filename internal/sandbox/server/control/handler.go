package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// Prefix is the prefix of every path of the API.
const Prefix = "/_sandbox"

type handler struct {
	sandbox *sandbox.Sandbox
	version string
	changed func()
}

// New returns a handler for the API. changed is called after every request that may
// have made a webhook due.
func New(s *sandbox.Sandbox, version string, changed func()) http.Handler {
	h := &handler{s, version, changed}
	router := wire.NewRouter(
		func(w http.ResponseWriter, r *http.Request) {
			fail(w, http.StatusNotFound, "The sandbox has nothing at "+r.URL.Path+".")
		},
		func(w http.ResponseWriter, r *http.Request) {
			fail(w, http.StatusMethodNotAllowed, r.Method+" is not allowed here; "+strings.Join(w.Header()["Allow"], " and ")+" is.")
		},
	)
	for _, route := range []struct {
		method, path string
		serve        func(r *http.Request) (any, error)
	}{
		{http.MethodGet, "/health", h.health},
		{http.MethodGet, "/invoices", h.invoices},
		{http.MethodPost, "/invoices/{gateway}/{id}/events", h.trigger},
		{http.MethodGet, "/deliveries", h.deliveries},
		{http.MethodPost, "/deliveries/{id}/resend", h.resend},
		{http.MethodGet, "/webhooks", h.webhooks},
		{http.MethodPut, "/webhooks", h.setWebhooks},
		{http.MethodGet, "/clock", h.clock},
		{http.MethodPost, "/clock", h.advance},
		{http.MethodPost, "/faults", h.addFault},
		{http.MethodDelete, "/faults", h.clearFaults},
		{http.MethodDelete, "/data", h.reset},
	} {
		router.Handle(route.method, Prefix+route.path, simulator.OpOther, h.respond(route.serve))
	}
	return router
}

// refusal is an error caused by the request.
type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string { return r.text }

func invalid(format string, args ...any) error {
	return refusal{http.StatusUnprocessableEntity, fmt.Sprintf(format, args...)}
}

// respond writes the value from serve as JSON, or its error. Nil is an empty response.
func (h *handler) respond(serve func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		value, err := serve(r)
		w.Header().Set("Date", h.sandbox.Now().UTC().Format(http.TimeFormat))
		switch {
		case err != nil:
			fail(w, h.statusOf(err), strings.TrimPrefix(err.Error(), "sandbox: "))
		case value == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			wire.WriteJSON(w, http.StatusOK, value)
		}
	}
}

func fail(w http.ResponseWriter, status int, text string) {
	wire.WriteJSON(w, status, Error{text})
}

func (h *handler) statusOf(err error) int {
	var refused refusal
	var event *simulator.EventError
	switch {
	case errors.As(err, &refused):
		return refused.status
	case errors.Is(err, simulator.ErrNoInvoice), errors.Is(err, sandbox.ErrNoDelivery):
		return http.StatusNotFound
	case errors.As(err, &event) && !h.isEvent(event.Event),
		errors.Is(err, simulator.ErrInvalidAmount), errors.Is(err, sandbox.ErrInvalidSetting):
		return http.StatusUnprocessableEntity
	case errors.Is(err, simulator.ErrNotApplicable), errors.Is(err, simulator.ErrUnknownEvent):
		return http.StatusConflict
	default:
		return http.StatusInternalServerError
	}
}

// isEvent reports whether any gateway has the event.
func (h *handler) isEvent(event simulator.Event) bool {
	return slices.ContainsFunc(sandbox.Gateways(), func(gateway string) bool {
		return slices.Contains(h.sandbox.Events(gateway), event)
	})
}

// readBody reads a body that is JSON or, unless it is required, empty.
func readBody(r *http.Request, required bool) ([]byte, error) {
	body, err := wire.ReadBody(r)
	switch {
	case errors.Is(err, wire.ErrTooLarge):
		return nil, refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("The body is larger than %d bytes.", wire.MaxBody)}
	case err != nil:
		return nil, invalid("The body could not be read: %v.", err)
	case (required || len(body) > 0) && !wire.IsJSON(r):
		return nil, refusal{http.StatusUnsupportedMediaType, "The body must be JSON, with Content-Type: application/json."}
	}
	return body, nil
}

// read decodes the body into into. It rejects members that into does not have.
func read(r *http.Request, into any) error {
	body, err := readBody(r, true)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return invalid("The body is not valid: %s.", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return invalid("The body is not valid: something follows the JSON value.")
	}
	return nil
}

// knownGateway rejects a name that is not a gateway's. Empty means none.
func (h *handler) knownGateway(name string, status int) error {
	if name == "" || slices.Contains(sandbox.Gateways(), name) {
		return nil
	}
	return refusal{status, fmt.Sprintf("There is no gateway %q; the gateways are %s.", name, strings.Join(sandbox.Gateways(), ", "))}
}
