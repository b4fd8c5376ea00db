package hesabe

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// call is a request to an endpoint, which runs in one transaction.
type call struct {
	request *http.Request
	body    []byte
	payload *wire.Object // decrypted if the endpoint expects an encrypted one
	now     time.Time
}

// isRead reports whether the request has no body.
func (c *call) isRead() bool {
	return c.request.Method == http.MethodGet || c.request.Method == http.MethodHead
}

type endpoint func(tx transaction, c *call) (httpResponse, error)

// httpResponse is an HTTP response: a JSON body, which may have to be encrypted.
type httpResponse struct {
	status int
	body   any
	sealed bool
}

// reply is the envelope of every response, encrypted or not.
type reply struct {
	Status   bool `json:"status"`
	Message  any  `json:"message"`
	Response any  `json:"response"`
}

func (s *Simulator) success(message string, response any) httpResponse {
	return httpResponse{status: http.StatusOK, body: reply{true, s.message(message), response}, sealed: true}
}

func (s *Simulator) message(text string) any {
	if s.behaviour.MessageByLanguage {
		return map[string]string{"en": text, "ar": "رسالة: " + text}
	}
	return text
}

func (s *Simulator) noRoute(w http.ResponseWriter, r *http.Request) {
	s.write(w, httpResponse{}, plainMessage(http.StatusNotFound,
		"The route %s could not be found.", strings.TrimPrefix(r.URL.Path, "/")))
}

func (s *Simulator) noMethod(w http.ResponseWriter, r *http.Request) {
	s.write(w, httpResponse{}, plainMessage(http.StatusMethodNotAllowed,
		"The %s method is not supported for this route. Supported methods: %s.",
		r.Method, strings.Join(w.Header().Values("Allow"), ", ")))
}

// plain serves an endpoint that takes an unencrypted JSON object.
func (s *Simulator) plain(fn endpoint) http.HandlerFunc {
	return s.serve(func(_ transaction, c *call) (err error) {
		if c.payload, err = wire.ParseObject(c.body); err != nil {
			return badRequest()
		}
		return nil
	}, fn)
}

// sealed serves an endpoint for a merchant who is logged in, with an encrypted payload.
func (s *Simulator) sealed(fn endpoint) http.HandlerFunc {
	return s.serve(func(tx transaction, c *call) error {
		if err := authenticate(tx, c); err != nil {
			return err
		}
		return s.openPayload(c)
	}, fn)
}

// serve reads a request, and admits and answers it in one transaction.
func (s *Simulator) serve(admit func(transaction, *call) error, fn endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := s.receive(r)
		if err != nil {
			s.write(w, httpResponse{}, err)
			return
		}
		transact := s.Update
		if c.isRead() {
			transact = s.View
		}
		var a httpResponse
		err = transact(r.Context(), func(tx transaction) error {
			c.now = tx.Now
			if err := admit(tx, c); err != nil {
				return err
			}
			var err error
			a, err = fn(tx, c)
			return err
		})
		s.write(w, a, err)
	}
}

func (s *Simulator) receive(r *http.Request) (*call, error) {
	c := &call{request: r}
	if c.isRead() {
		return c, nil // its payload is in the query
	}
	var err error
	c.body, err = wire.ReadJSON(r)
	switch {
	case errors.Is(err, wire.ErrNotJSON):
		return nil, plainMessage(http.StatusUnsupportedMediaType, "The content type must be application/json.")
	case errors.Is(err, wire.ErrTooLarge):
		return nil, plainMessage(http.StatusRequestEntityTooLarge, "The request is too large.")
	case err != nil:
		return nil, plainMessage(http.StatusBadRequest, "The request could not be read.")
	}
	return c, nil
}

// openPayload decrypts the payload and checks the merchant code in it. A payload
// encrypted with another key is a signature error.
func (s *Simulator) openPayload(c *call) error {
	sealed, err := s.sealedPayload(c)
	if err != nil {
		return err
	}
	plain, err := s.envelope.open(sealed)
	if err != nil {
		return unauthorized()
	}
	if c.payload, err = wire.ParseObject(plain); err != nil {
		return unauthorized() // a wrong key may leave valid padding
	}
	f := newForm(c.payload)
	code := f.required(merchantCodeField)
	if len(f.complaints) > 0 {
		return s.invalid(f.complaints)
	}
	if code != MerchantCode {
		return unauthorized()
	}
	return nil
}

// The members for encryption.
const (
	dataField         = "data"
	merchantCodeField = "merchantCode"
)

// sealedPayload returns the ciphertext: in the query of a GET, and the only member of
// any other request's body.
func (s *Simulator) sealedPayload(c *call) (string, error) {
	if c.isRead() {
		sealed := c.request.URL.Query().Get(dataField)
		if sealed == "" {
			return "", s.invalid(complaints{dataField: {"The data field is required."}})
		}
		return sealed, nil
	}
	body, err := wire.ParseObject(c.body)
	if err != nil {
		return "", badRequest()
	}
	f := newForm(body)
	sealed := f.required(dataField)
	if found := f.done(); len(found) > 0 {
		return "", s.invalid(found)
	}
	return sealed, nil
}

// form starts the form of a sealed call: its payload, and the other query parameters.
// It records unknown and repeated parameters.
func (c *call) form(known ...string) (f *form, parameters map[string]string) {
	f, parameters = newForm(c.payload, merchantCodeField), map[string]string{}
	query, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		f.complaints.add("query", "The query is malformed.")
	}
	for name, values := range query {
		switch {
		case name == dataField && c.isRead():
		case !slices.Contains(known, name):
			f.complaints.add(name, "The %s field is not allowed.", name)
		case len(values) > 1:
			f.complaints.add(name, "The %s field must not be repeated.", name)
		default:
			parameters[name] = values[0]
		}
	}
	return f, parameters
}

// write writes the response, or the one for err.
func (s *Simulator) write(w http.ResponseWriter, a httpResponse, err error) {
	var refused refusal
	switch {
	case errors.As(err, &refused):
		a = refused.httpResponse
		if a.status == http.StatusUnauthorized && !a.sealed && s.behaviour.RejectionStatus != 0 {
			a.status = s.behaviour.RejectionStatus
		}
	case err != nil:
		// The documented text, and the reason, for debugging.
		a = httpResponse{status: http.StatusInternalServerError, body: map[string]string{
			"message": "Internal server error occurred: " + err.Error(),
		}}
	}
	if !a.sealed {
		wire.WriteJSON(w, a.status, a.body)
		return
	}
	plain, err := wire.EncodeJSON(a.body)
	if err != nil {
		panic(err) // all responses can be encoded
	}
	sealed := s.envelope.seal(plain, maxPadding)
	switch s.behaviour.Encoding {
	case EncodingBare:
		wire.Write(w, a.status, "text/html; charset=UTF-8", []byte(sealed))
	case EncodingText:
		wire.WriteJSON(w, a.status, sealed)
	case EncodingPlain:
		wire.Write(w, a.status, "application/json", plain)
	default:
		wire.WriteJSON(w, a.status, map[string]string{"response": sealed})
	}
}
