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
	_, _ = w.Write(body) // a client that has gone needs no answer
}

// Router finds the handler for a method and path. Unlike http.ServeMux it
// never redirects, and it lets the gateway word its own 404 and 405.
type Router struct {
	mux      *http.ServeMux
	patterns map[string]map[string]http.HandlerFunc // by pattern, by method

	notFound, notAllowed http.HandlerFunc
}

// NewRouter makes a router with the gateway's answers for an unknown path and
// for a method that a known path does not have. Before notAllowed is called
// the Allow header is set.
func NewRouter(notFound, notAllowed http.HandlerFunc) *Router {
	return &Router{http.NewServeMux(), map[string]map[string]http.HandlerFunc{}, notFound, notAllowed}
}

// Handle registers handler for a method and a path pattern of http.ServeMux,
// such as "/v1/invoices/{id}". A handler for GET also gets HEAD.
func (router *Router) Handle(method, pattern string, handler http.HandlerFunc) {
	methods, known := router.patterns[pattern]
	if !known {
		methods = map[string]http.HandlerFunc{}
		router.patterns[pattern] = methods
		router.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			router.dispatch(w, r, methods)
		})
	}
	methods[method] = handler
}

func (router *Router) dispatch(w http.ResponseWriter, r *http.Request, methods map[string]http.HandlerFunc) {
	handler, known := methods[r.Method]
	if !known && r.Method == http.MethodHead {
		handler, known = methods[http.MethodGet]
	}
	if known {
		handler(w, r)
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

// ServeHTTP implements http.Handler.
func (router *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := r.URL.Path
	unclean := p != "/" && p != path.Clean(p) && p != path.Clean(p)+"/" // the mux would redirect
	_, pattern := router.mux.Handler(r)
	if unclean || pattern == "" {
		router.notFound(w, r)
		return
	}
	router.mux.ServeHTTP(w, r)
}
