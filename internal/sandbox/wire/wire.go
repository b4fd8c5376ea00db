// Package wire has what simulated gateways share for reading requests and writing
// responses. It knows no gateway: the form of an error body is up to each simulator.
package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// MaxBody is the largest request body that is read, in bytes.
const MaxBody = 1 << 20

// ErrTooLarge means that a request body has more than MaxBody bytes.
var ErrTooLarge = errors.New("the request body is too large")

// ReadBody reads the whole body, up to MaxBody.
func ReadBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > MaxBody {
		return nil, ErrTooLarge
	}
	return body, nil
}

// ErrNotJSON means that a request does not declare its body as JSON.
var ErrNotJSON = errors.New("the content type is not application/json")

// ReadJSON reads the whole body, up to MaxBody, of a request that declares it as JSON.
// The errors are ErrNotJSON, ErrTooLarge, and those of the connection.
func ReadJSON(r *http.Request) ([]byte, error) {
	if !IsJSON(r) {
		return nil, ErrNotJSON
	}
	return ReadBody(r)
}

// ReadObject parses a body that is one JSON object. The errors are those of ReadJSON
// and of ParseObject.
func ReadObject(r *http.Request) (*Object, error) {
	body, err := ReadJSON(r)
	if err != nil {
		return nil, err
	}
	return ParseObject(body)
}

// IsJSON reports whether the request declares its body as application/json, with or
// without parameters.
func IsJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// WriteJSON responds with value as compact JSON. Like the gateways, and unlike the
// standard library's default, it does not escape <, > and &.
func WriteJSON(w http.ResponseWriter, status int, value any) {
	body, err := EncodeJSON(value)
	if err != nil {
		Write(w, http.StatusInternalServerError, "text/plain; charset=utf-8", []byte(err.Error()))
		return
	}
	Write(w, status, "application/json", body)
}

// EncodeJSON returns the compact JSON of value, without escaping <, > and & and without
// a newline at the end.
func EncodeJSON(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// Write responds with body verbatim.
func Write(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone needs no response
}

// Router finds the handler for a method and path. Unlike http.ServeMux it never
// redirects, and it lets the gateway write its own 404 and 405.
type Router struct {
	mux      *http.ServeMux
	patterns map[string]map[string]route // by pattern, then by method

	notFound, notAllowed http.HandlerFunc
}

type route struct {
	operation simulator.Operation
	handler   http.HandlerFunc
}

// NewRouter returns a router with the gateway's responses for an unknown path and for a
// method that a known path does not have. The Allow header is set before notAllowed is
// called.
func NewRouter(notFound, notAllowed http.HandlerFunc) *Router {
	return &Router{http.NewServeMux(), map[string]map[string]route{}, notFound, notAllowed}
}

// Handle registers the handler of an operation for a method and a path pattern of
// http.ServeMux, such as "/v1/invoices/{id}". A handler for GET also gets HEAD.
func (router *Router) Handle(method, pattern string, operation simulator.Operation, handler http.HandlerFunc) {
	methods, known := router.patterns[pattern]
	if !known {
		methods = map[string]route{}
		router.patterns[pattern] = methods
		router.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			router.dispatch(w, r, methods)
		})
	}
	methods[method] = route{operation, handler}
}

// Operation returns the operation of a request; "" if there is none.
func (router *Router) Operation(r *http.Request) simulator.Operation {
	found, _ := find(router.patterns[router.pattern(r)], r)
	return found.operation
}

// pattern returns the pattern of the request's path; "" if there is none.
func (router *Router) pattern(r *http.Request) string {
	p := r.URL.Path
	if p != "/" && p != path.Clean(p) && p != path.Clean(p)+"/" {
		return "" // the mux would redirect
	}
	_, pattern := router.mux.Handler(r)
	return pattern
}

func find(methods map[string]route, r *http.Request) (found route, known bool) {
	found, known = methods[r.Method]
	if !known && r.Method == http.MethodHead {
		found, known = methods[http.MethodGet]
	}
	return found, known
}

func (router *Router) dispatch(w http.ResponseWriter, r *http.Request, methods map[string]route) {
	if found, known := find(methods, r); known {
		found.handler(w, r)
		return
	}
	var allowed []string
	for method := range methods {
		allowed = append(allowed, method)
	}
	slices.Sort(allowed)
	w.Header()["Allow"] = allowed
	router.notAllowed(w, r)
}

func (router *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if router.pattern(r) == "" {
		router.notFound(w, r)
		return
	}
	router.mux.ServeHTTP(w, r)
}
