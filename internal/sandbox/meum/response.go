package meum

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// The types of errors. Only permissionError is documented.
const (
	permissionError     = "permission_error"
	authenticationError = "authentication_error"
	invalidRequest      = "invalid_request_error"
	notFoundError       = "not_found_error"
	apiError            = "api_error"
)

// failure is an error of the gateway.
type failure struct {
	status              int
	kind, code, message string
}

func (f *failure) Error() string { return "meum: " + f.message }

// errIntegrationConflict has its own form: a code next to the text.
var errIntegrationConflict = &failure{
	http.StatusConflict, "", "EXTERNAL_ORDER_INTEGRATION_CONFLICT", "This external_order_id belongs to another integration",
}

func badRequest(message string) *failure {
	return &failure{http.StatusBadRequest, invalidRequest, "invalid_request", message}
}

func notFound(message string) *failure {
	return &failure{http.StatusNotFound, notFoundError, "not_found", message}
}

// requestCodes are the codes of errors about the whole request, by status.
var requestCodes = map[int]string{
	http.StatusBadRequest: "invalid_request", http.StatusUnsupportedMediaType: "unsupported_media_type",
	http.StatusRequestEntityTooLarge: "payload_too_large", http.StatusMethodNotAllowed: "method_not_allowed",
}

// write writes the result or the error, in the form of
// https://docs.meum.io/api-reference/api-keys-and-scopes or in the older flat one.
func (s *Simulator) write(w http.ResponseWriter, result any, err error) {
	var refused *failure
	var request *wire.RequestError
	switch {
	case err == nil:
		status := http.StatusOK
		if made, ok := result.(created); ok {
			status, result = made.status, made.record
		}
		wire.WriteJSON(w, status, result)
		return
	case errors.As(err, &refused):
	case errors.As(err, &request):
		refused = &failure{request.Status, invalidRequest, requestCodes[request.Status], request.Message}
		if request.Status == http.StatusNotFound {
			refused = notFound(request.Message)
		}
	case errors.Is(err, simulator.ErrNoInvoice):
		refused = notFound("Invoice not found")
	default: // the sandbox itself failed
		refused = &failure{http.StatusInternalServerError, apiError, "internal_error", err.Error()}
	}
	switch {
	case refused == errIntegrationConflict:
		wire.WriteJSON(w, refused.status, map[string]string{"code": refused.code, "error": refused.message})
	case s.behaviour.FlatErrors || refused.status == http.StatusTooManyRequests:
		wire.WriteJSON(w, refused.status, map[string]string{"error": refused.message})
	default:
		wire.WriteJSON(w, refused.status, map[string]map[string]string{
			"error": {"type": refused.kind, "code": refused.code, "message": refused.message},
		})
	}
}

const (
	scopeRead   = "invoices:read"
	scopeWrite  = "invoices:write"
	scopeCreate = "invoices:create" // of keys for WooCommerce
)

// scopes of the keys, see https://docs.meum.io/api-reference/api-keys-and-scopes.
var scopes = map[string][]string{
	APIKey:            {scopeRead, scopeWrite},
	ReadOnlyAPIKey:    {scopeRead},
	WooCommerceAPIKey: {scopeRead, scopeCreate},
}

// admit returns a check of the header "Authorization: Bearer sk_live_…", whose key must
// have one of the scopes. An error names the first one.
func admit(oneOf ...string) func(r *http.Request) error {
	return func(r *http.Request) error {
		key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		has, known := scopes[key]
		if !known {
			return &failure{http.StatusUnauthorized, authenticationError, "UNAUTHORIZED", "Invalid API key"}
		}
		if slices.ContainsFunc(oneOf, func(scope string) bool { return slices.Contains(has, scope) }) {
			return nil
		}
		return &failure{http.StatusForbidden, permissionError, "INSUFFICIENT_SCOPE", "Missing " + oneOf[0] + " scope"}
	}
}

// limiter applies a RateLimit over a sliding window.
type limiter struct {
	mu       sync.Mutex
	admitted map[string][]time.Time // by client, within the window
}

// admit reports whether the client may create now, and counts it if so.
func (l *limiter) admit(limit RateLimit, client string, now time.Time) bool {
	if limit.Creates <= 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.admitted == nil {
		l.admitted = map[string][]time.Time{}
	}
	recent := slices.DeleteFunc(l.admitted[client], func(t time.Time) bool { return !now.Before(t.Add(limit.Per)) })
	admitted := len(recent) < limit.Creates
	if admitted {
		recent = append(recent, now)
	}
	l.admitted[client] = recent
	return admitted
}

// client returns the address by which requests are counted.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
