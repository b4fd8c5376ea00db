package cryptocloud

import (
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// envelope is a version 2 response; detail is its other form of an error.
type (
	envelope struct {
		Status string `json:"status"`
		Result any    `json:"result"`
	}
	detail struct {
		Detail string `json:"detail"`
	}
)

func success(result any) envelope { return envelope{"success", result} }

// failure is an error of the gateway.
type failure struct {
	status int
	body   any
}

func (*failure) Error() string { return "cryptocloud: the request is refused" }

// refuse returns the documented error about one field: HTTP 400 and a text.
func refuse(field, text string) *failure {
	return &failure{http.StatusBadRequest, envelope{"error", map[string]string{field: text}}}
}

// problems collects errors about several fields, which are reported together.
type problems map[string]string

// invalid records an invalid field.
func (p problems) invalid(field string) { p[field] = "Invalid value " + field + "." }

// missing records a missing required field.
func (p problems) missing(field string) { p[field] = field + " not passed." }

// err returns the failure for the recorded problems; nil if there are none.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &failure{http.StatusBadRequest, envelope{"error", map[string]string(p)}}
}

// onlyKnown rejects undocumented members and query parameters, so that a misspelled one
// is noticed. Without a body, only the parameters count.
func onlyKnown(body *wire.Object, query url.Values, members, parameters []string) error {
	unknown := problems{}
	if body != nil {
		for _, name := range body.Unknown(members...) {
			unknown.invalid(name)
		}
	}
	for name := range maps.Keys(query) {
		if !slices.Contains(parameters, name) {
			unknown.invalid(name)
		}
	}
	return unknown.err()
}

// kind distinguishes methods that reject a key differently.
type kind int

const (
	writes kind = iota
	reads
	balances // a read without a body
)

// v2 returns the handler of a version 2 method: it checks the key, reads the body and
// writes the result.
func (s *Simulator) v2(kind kind, method func(r *http.Request, body *wire.Object) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if refused := s.authorizeV2(r, kind); refused != nil {
			wire.WriteJSON(w, refused.status, refused.body)
			return
		}
		var body *wire.Object
		var err error
		if kind != balances {
			body, err = readObject(r)
		}
		var result any
		if err == nil {
			result, err = method(r, body)
		}
		respond(w, result, err)
	}
}

func readObject(r *http.Request) (*wire.Object, error) {
	body, err := wire.ReadObject(r)
	switch {
	case errors.Is(err, wire.ErrNotJSON):
		return nil, &failure{http.StatusUnsupportedMediaType, detail{"Unsupported media type \"" + r.Header.Get("Content-Type") + "\" in request."}}
	case errors.Is(err, wire.ErrTooLarge):
		return nil, &failure{http.StatusRequestEntityTooLarge, detail{"Request body is too large."}}
	case err != nil:
		return nil, refuse("validate_error", "Invalid request: "+err.Error())
	}
	return body, nil
}

// respond writes the result, the gateway's refusal, or HTTP 500 for a failure of the
// sandbox itself.
func respond(w http.ResponseWriter, result any, err error) {
	var refused *failure
	switch {
	case errors.As(err, &refused):
		wire.WriteJSON(w, refused.status, refused.body)
	case err != nil:
		wire.WriteJSON(w, http.StatusInternalServerError, detail{err.Error()})
	default:
		wire.WriteJSON(w, http.StatusOK, result)
	}
}

// authorizeV2 checks the header "Authorization: Token <key>": see
// https://docs.cryptocloud.plus/en/api-reference-v2/authorization. Without it, the
// response is the generic body. A wrong key gets the same from a write, and a detail
// with the JWT decoder's error from a read: see
// https://docs.cryptocloud.plus/en/api-reference-v2/balance.
func (s *Simulator) authorizeV2(r *http.Request, kind kind) *failure {
	key, given := token(r)
	if key == APIKey {
		return nil
	}
	refused := &failure{http.StatusBadRequest, envelope{"error", map[string]string{"authorization": "Unauthorized request."}}}
	if given && kind != writes {
		refused = &failure{http.StatusForbidden, detail{"Invalid header padding"}}
		if decodable(key) {
			refused.body = detail{"Signature verification failed"}
		}
	}
	if s.behaviour.AuthStatus != 0 {
		refused.status = s.behaviour.AuthStatus
	}
	return refused
}

// token returns the key in the request.
func token(r *http.Request) (key string, given bool) {
	return strings.CutPrefix(r.Header.Get("Authorization"), "Token ")
}

// decodable reports whether key has three parts of base64url.
func decodable(key string) bool {
	parts := strings.Split(key, ".")
	return len(parts) == 3 && !slices.ContainsFunc(parts, func(part string) bool {
		_, err := base64.RawURLEncoding.DecodeString(part)
		return err != nil || part == ""
	})
}

// statusV1 implements the Invoice Status Check of
// https://docs.cryptocloud.plus/en/api-reference-v1-old. The id is the query parameter
// uuid.
func (s *Simulator) statusV1(w http.ResponseWriter, r *http.Request) {
	if key, _ := token(r); key != APIKey {
		wire.WriteJSON(w, http.StatusUnauthorized, map[string]string{"message": "Unauthenticated."})
		return
	}
	query := r.URL.Query()
	if len(query) != 1 || len(query["uuid"]) != 1 || query.Get("uuid") == "" {
		wire.WriteJSON(w, http.StatusBadRequest, map[string]string{"status": "error", "error": "uuid is required"})
		return
	}
	var word string
	err := s.View(r.Context(), func(tx *ledger.Tx[*invoice]) error {
		inv, err := load(tx, query.Get("uuid"))
		if errors.Is(err, simulator.ErrNoInvoice) {
			return &failure{http.StatusBadRequest, map[string]string{"status": "error", "error": "Invoice not found"}}
		}
		if err == nil {
			word = inv.Status
		}
		return err
	})
	if word == overpaid && !s.behaviour.V1Overpaid {
		word = paid
	}
	respond(w, map[string]string{"status": "success", "status_invoice": word}, err)
}
