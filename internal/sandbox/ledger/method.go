package ledger

import (
	"net/http"
	"net/url"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// Method is a method of a gateway's API, which answers within one transaction.
type Method[R Record] struct {
	// Admit checks the credentials of a request.
	Admit func(r *http.Request) error
	// Parameters are those that the query may have, and Members those of the JSON object
	// that is the body. Without members the method takes no body.
	Parameters, Members []string
	// Answer makes the content of a success. With an error, what it wrote is not kept.
	Answer func(c *Call[R]) (any, error)
}

// Call is a request for a method.
type Call[R Record] struct {
	*Tx[R]
	Request *http.Request
	Query   url.Values
	Body    *wire.Object // nil where the method takes none
}

// ID is the id in the path of the request.
func (c *Call[R]) ID() string { return c.Request.PathValue("id") }

// Serve makes the handler of a method. write answers its result or its error: one of the
// gateway's own, a *wire.RequestError, simulator.ErrNoInvoice, or what is wrong with the
// sandbox itself.
func (l *Ledger[R]) Serve(m Method[R], write func(w http.ResponseWriter, result any, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		result, err := l.answer(m, r)
		write(w, result, err)
	}
}

func (l *Ledger[R]) answer(m Method[R], r *http.Request) (result any, err error) {
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
		result, err = m.Answer(c)
		return err
	})
	return result, err
}
