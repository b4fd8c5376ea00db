// Package page implements the sandbox's web pages: a payment page for each invoice, and
// the start page with all invoices and webhook deliveries.
package page

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"mime"
	"net/http"
	"slices"
	"sync"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// AssetPath is the prefix of the style sheet, the script and the icon.
const AssetPath = "/_sandbox/assets/"

// Pages serves the pages.
type Pages struct {
	Sandbox   *sandbox.Sandbox
	PublicURL string // of the server, without a trailing slash

	// Changed is called after every request that may have made a webhook due.
	Changed func()
}

// templates are parsed when the first page is requested.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(functions).ParseFS(templateFiles, "templates/*.html"))
})

// Assets serves the files below AssetPath.
func Assets() http.Handler {
	files := http.StripPrefix("/_sandbox/", http.FileServerFS(assetFiles))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == AssetPath {
			http.NotFound(w, r)
			return
		}
		secure(w)
		w.Header().Set("Cache-Control", "no-cache")
		files.ServeHTTP(w, r)
	})
}

// secure sets the headers of all pages: they load nothing from other sites and cannot
// be framed.
func secure(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "+
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
}

// render writes a page, or the error that occurred while rendering it.
func render(w http.ResponseWriter, status int, name string, data any) {
	var page bytes.Buffer
	if err := templates().ExecuteTemplate(&page, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	secure(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the client may have gone
}

// Message writes a page with a message.
func Message(w http.ResponseWriter, status int, title, text string) {
	render(w, status, "message", struct{ Title, Text string }{title, text})
}

// problem writes a page with an error.
func problem(w http.ResponseWriter, err error) {
	if errors.Is(err, simulator.ErrNoInvoice) || errors.Is(err, sandbox.ErrNoGateway) {
		Message(w, http.StatusNotFound, "There is no such invoice", "The sandbox has no invoice at this address. It may have been forgotten, or the sandbox may have been reset.")
		return
	}
	Message(w, http.StatusInternalServerError, "The sandbox cannot show this page", err.Error())
}

// isRefusal reports whether err says that an event is not possible.
func isRefusal(err error) bool {
	return errors.Is(err, simulator.ErrNotApplicable) || errors.Is(err, simulator.ErrUnknownEvent)
}

// maxForm limits the body of a form, in bytes.
const maxForm = 64 << 10

// readForm parses the form of a page. If it returns false, it has written an error
// page.
func readForm(w http.ResponseWriter, r *http.Request) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		Message(w, http.StatusUnsupportedMediaType, "Not a form", "The body must be a form, with Content-Type: application/x-www-form-urlencoded.")
		return false
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	var tooLarge *http.MaxBytesError
	switch err := r.ParseForm(); {
	case errors.As(err, &tooLarge):
		Message(w, http.StatusRequestEntityTooLarge, "The form is too large", "The forms on these pages are only a few bytes long.")
		return false
	case err != nil:
		Message(w, http.StatusUnprocessableEntity, "Not a form", "The body is not a valid form.")
		return false
	}
	return true
}

// allow reports whether the method is one of methods. If not, it has written an error
// page.
func allow(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if slices.Contains(methods, r.Method) {
		return true
	}
	w.Header()["Allow"] = methods
	Message(w, http.StatusMethodNotAllowed, "Method not allowed", r.Method+" is not allowed at this address.")
	return false
}
