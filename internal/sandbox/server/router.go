package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server/control"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server/page"
)

// router sends requests to the gateways' APIs or to the rest of the server. It is not a
// ServeMux, which would redirect unclean paths; gateways do not redirect.
type router struct {
	apis map[string]http.Handler
	own  *http.ServeMux
}

// newRouter returns the handler for everything. changed is called when a webhook may be
// due.
func newRouter(config Config, public *url.URL, guard *guard, changed func()) http.Handler {
	pages := &page.Pages{Sandbox: config.Sandbox, PublicURL: public.String(), Changed: changed}
	r := &router{apis: map[string]http.Handler{}, own: http.NewServeMux()}
	r.own.Handle(control.Prefix+"/", guard.strict(control.New(config.Sandbox, config.Version, changed), refuseCall))
	r.own.Handle(page.AssetPath, guard.wrap(page.Assets(), refusePage))
	r.own.Handle("/{$}", guard.wrap(http.HandlerFunc(pages.Start), refusePage))
	for _, gateway := range sandbox.Gateways() {
		r.own.Handle("/"+gateway+"/pay/{id}", guard.wrap(pages.Payment(gateway), refusePage))
		r.own.Handle("GET /"+gateway+"/pay/{id}/state", guard.wrap(pages.State(gateway), refusePage))
		r.apis[gateway] = behindProxy(public, http.StripPrefix("/"+gateway, config.Sandbox.Handler(gateway)))
	}
	r.own.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		page.Message(w, http.StatusNotFound, "There is nothing here",
			"The sandbox has a start page at /, and the gateways' APIs at /"+strings.Join(sandbox.Gateways(), ", /")+".")
	})
	return r
}

// ServeHTTP serves one request.
func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	gateway, rest, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")
	if api, known := r.apis[gateway]; known && !strings.HasPrefix(rest, "pay/") {
		api.ServeHTTP(w, req)
		return
	}
	r.own.ServeHTTP(w, req)
}

func refuseCall(w http.ResponseWriter, _ *http.Request, reason string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusForbidden)
	_ = json.NewEncoder(w).Encode(control.Error{Error: reason}) // the client may have gone
}

func refusePage(w http.ResponseWriter, _ *http.Request, reason string) {
	page.Message(w, http.StatusForbidden, "This request is refused", reason)
}
