package ledger

import (
	"net/http"
	"net/url"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// Method is a method of a gateway's API, which runs in one transaction.
type Method[R Record] struct {
	Verb, Path string // of HTTP; the path is a pattern of http.ServeMux, in which {id} is an invoice's id
	Operation  simulator.Operation
	// Admit checks the credentials of a request.
	Admit func(r *http.Request) error
	// Parameters are the allowed query parameters, and Members the allowed members of
	// the JSON object in the body. Without members, the method takes no body.
	Parameters, Members []string
	// Handle returns the content of a success. If it fails, its writes are discarded.
	Handle func(c *Call[R]) (any, error)
}

// Call is a request to a method.
type Call[R Record] struct {
	*Tx[R]
	Request *http.Request
	Query   url.Values
	Body    *wire.Object // nil if the method takes none
}

// Load reads the invoice in the path of the request.
func (c *Call[R]) Load() (R, error) { return c.Tx.Load(c.Request.PathValue("id")) }

// Get is the Handle of a method that shows an invoice.
func (l *Ledger[R]) Get(c *Call[R]) (any, error) {
	inv, err := c.Load()
	if err != nil {
		return nil, err
	}
	return l.gateway.Show(c.Tx, inv), nil
}

// Routes returns a router for an API with these methods. write writes a result or an
// error: one of the gateway's own, a *wire.RequestError, simulator.ErrNoInvoice, or a
// failure of the sandbox itself.
func (l *Ledger[R]) Routes(write func(w http.ResponseWriter, result any, err error), methods []Method[R]) *wire.Router {
	router := wire.NewRouter(
		func(w http.ResponseWriter, _ *http.Request) {
			write(w, nil, &wire.RequestError{Status: http.StatusNotFound, Message: "No such route"})
		},
		func(w http.ResponseWriter, _ *http.Request) {
			write(w, nil, &wire.RequestError{Status: http.StatusMethodNotAllowed, Message: "Method not allowed"})
		},
	)
	for _, m := range methods {
		router.Handle(m.Verb, m.Path, m.Operation, func(w http.ResponseWriter, r *http.Request) {
			result, err := l.handle(m, r)
			write(w, result, err)
		})
	}
	return router
}

func (l *Ledger[R]) handle(m Method[R], r *http.Request) (result any, err error) {
	if err := m.Admit(r); err != nil {
		return nil, err
	}
	c := &Call[R]{Request: r}
	if c.Query, err = wire.ReadParameters(r, m.Parameters...); err != nil {
		return nil, err
	}
	transact := l.Update
	switch {
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		transact = l.View
	case len(m.Members) == 0:
		err = wire.ReadNothing(r)
	default:
		c.Body, err = wire.ReadMembers(r, m.Members...)
	}
	if err != nil {
		return nil, err
	}
	err = transact(r.Context(), func(tx *Tx[R]) (err error) {
		c.Tx = tx
		result, err = m.Handle(c)
		return err
	})
	return result, err
}
