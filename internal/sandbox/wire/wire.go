// Package wire holds what simulated gateways share in reading requests and
// writing answers. It knows no gateway: what an error body looks like is each
// simulator's own business.
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

// ErrTooLarge reports a request body of more than MaxBody bytes.
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

// ErrNotJSON reports a request that does not say that its body is JSON.
var ErrNotJSON = errors.New("the content type is not application/json")

// ReadJSON reads the whole body, up to MaxBody, of a request that says that it
// is JSON. The errors are ErrNotJSON, ErrTooLarge, and those of the connection.
func ReadJSON(r *http.Request) ([]byte, error) {
	if !IsJSON(r) {
		return nil, ErrNotJSON
	}
	return ReadBody(r)
}

// ReadObject reads a body that is one JSON object. The errors are those of
// ReadJSON and of ParseObject.
func ReadObject(r *http.Request) (*Object, error) {
	body, err := ReadJSON(r)
	if err != nil {
		return nil, err
	}
	return ParseObject(body)
}

// IsJSON reports whether the request says that its body is application/json,
// with or without parameters.
func IsJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/json"
}

// WriteJSON answers with value as compact JSON. Like the gateways, and unlike
// the standard library's default, it leaves <, > and & as they are.
func WriteJSON(w http.ResponseWriter, status int, value any) {
	body, err := EncodeJSON(value)
	if err != nil {
		Write(w, http.StatusInternalServerError, "text/plain; charset=utf-8", []byte(err.Error()))
		return
	}
	Write(w, status, "application/json", body)
}

// EncodeJSON is the compact JSON of value, with <, > and & as they are and no
// newline at the end.
func EncodeJSON(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// Write answers with body as it is.
func Write(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone needs no response
}

// Router finds the handler for a method and path. Unlike http.ServeMux it
// never redirects, and it lets the gateway word its own 404 and 405.
type Router struct {
	mux      *http.ServeMux
	patterns map[string]map[string]route // by pattern, by method

	notFound, notAllowed http.HandlerFunc
}

type route struct {
	operation simulator.Operation
	handler   http.HandlerFunc
}

// NewRouter returns a router with the gateway's responses for an unknown path and for a
// method that a known path does not have. Before notAllowed is called the Allow header
// is set.
func NewRouter(notFound, notAllowed http.HandlerFunc) *Router {
	return &Router{http.NewServeMux(), map[string]map[string]route{}, notFound, notAllowed}
}

// Handle registers the handler of an operation for a method and a path pattern
// of http.ServeMux, such as "/v1/invoices/{id}". A handler for GET also gets
// HEAD.
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

// Operation names the operation of a request, empty where there is none.
func (router *Router) Operation(r *http.Request) simulator.Operation {
	found, _ := find(router.patterns[router.pattern(r)], r)
	return found.operation
}

// pattern is that of the request's path, empty where there is none.
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
