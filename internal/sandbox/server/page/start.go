package page

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// The number of rows on a page.
const (
	invoicesPerPage   = 50
	deliveriesPerPage = 25
)

// start is the data of the template start.
type start struct {
	Now   time.Time
	Ahead string // "" if it is not

	Gateway, Phase string // the filter
	Gateways       []string
	Phases         []simulator.Phase
	PublicURL      string
	Self           string // this page with its filter
	Refused        string

	Invoices      []simulator.Invoice
	InvoicePages  pager
	Deliveries    []sandbox.Delivery
	DeliveryPages pager
}

// pager links the parts of a list.
type pager struct {
	Of                        string
	First, Last, Shown, Total int
	Previous, Next            string
}

// functions are the functions of the templates.
var functions = template.FuncMap{
	"head":    newHead,
	"moment":  moment,
	"rfc3339": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"clock":   func(t time.Time) string { return t.UTC().Format(time.DateTime) },
	"short":   short,
	"outcome": outcome,
	"last":    func(attempts []sandbox.Attempt) sandbox.Attempt { return attempts[len(attempts)-1] },
}

// head is the data of the template head.
type head struct {
	Lang, Dir, Title string
	Script           bool
	State            string
}

func newHead(lang, dir, title string, script bool, state string) head {
	return head{lang, dir, title, script, state}
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// short shortens an id for a table.
func short(id string) string {
	if len(id) > 16 {
		return id[:15] + "…"
	}
	return id
}

// outcome describes the result of an attempt in a few words.
func outcome(a sandbox.Attempt) string {
	switch {
	case a.Status != 0:
		return "HTTP " + strconv.Itoa(a.Status)
	default:
		return a.Error
	}
}

// Start serves the start page.
func (p *Pages) Start(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead, http.MethodPost) {
		return
	}
	if r.Method == http.MethodPost {
		p.change(w, r)
		return
	}
	p.showStart(w, r, http.StatusOK, "")
}

// change does what the form requests and shows the page again.
func (p *Pages) change(w http.ResponseWriter, r *http.Request) {
	if !readForm(w, r) {
		return
	}
	form := r.PostForm
	var err error
	if id := form.Get("resend"); id != "" {
		_, err = p.Sandbox.Resend(r.Context(), id)
	} else {
		_, err = p.Sandbox.Trigger(r.Context(), form.Get("gateway"), form.Get("id"), simulator.Event(form.Get("event")), "")
	}
	switch {
	case err == nil:
		p.Changed()
		http.Redirect(w, r, selfOf(r), http.StatusSeeOther)
	case isRefusal(err):
		p.showStart(w, r, http.StatusConflict, err.Error())
	case errors.Is(err, simulator.ErrNoInvoice), errors.Is(err, sandbox.ErrNoDelivery):
		p.showStart(w, r, http.StatusNotFound, err.Error())
	default:
		problem(w, err)
	}
}

func (p *Pages) showStart(w http.ResponseWriter, r *http.Request, status int, refused string) {
	view, err := p.newStart(r)
	if err != nil {
		problem(w, err)
		return
	}
	view.Refused = refused
	render(w, status, "start", view)
}

func (p *Pages) newStart(r *http.Request) (view start, err error) {
	ctx, query := r.Context(), r.URL.Query()
	view = start{
		Gateway: oneOf(query.Get("gateway"), sandbox.Gateways()), Phase: oneOf(query.Get("phase"), simulator.Phases()),
		Gateways: sandbox.Gateways(), Phases: simulator.Phases(),
		PublicURL: p.PublicURL, Self: selfOf(r), Now: p.Sandbox.Now(),
	}
	ahead, err := p.Sandbox.Ahead(ctx)
	if err != nil {
		return view, err
	}
	if ahead != 0 {
		view.Ahead = ahead.String()
	}
	invoices, err := p.Sandbox.Invoices(ctx, view.Gateway, view.Phase)
	if err != nil {
		return view, err
	}
	deliveries, err := p.Sandbox.Deliveries(ctx, view.Gateway, "")
	if err != nil {
		return view, err
	}
	view.Invoices, view.InvoicePages = part(r, "invoices", invoices, invoicesPerPage)
	view.Deliveries, view.DeliveryPages = part(r, "deliveries", deliveries, deliveriesPerPage)
	return view, nil
}

// oneOf returns value if it is one of values; otherwise "".
func oneOf(value string, values []string) string {
	if slices.Contains(values, value) {
		return value
	}
	return ""
}

// part returns the part of a list in the query parameter of its name.
func part[T any](r *http.Request, name string, list []T, size int) ([]T, pager) {
	number, _ := strconv.Atoi(r.URL.Query().Get(name)) // 0 if it is not a number
	number = min(max(1, number), max(1, (len(list)+size-1)/size))
	from, to := (number-1)*size, min(number*size, len(list))
	pages := pager{Of: name, First: from + 1, Last: to, Shown: to - from, Total: len(list)}
	if number > 1 {
		pages.Previous = selfWith(r, name, number-1)
	}
	if to < len(list) {
		pages.Next = selfWith(r, name, number+1)
	}
	return list[from:to], pages
}

// selfOf returns the URL of the start page with its filter.
func selfOf(r *http.Request) string {
	kept := url.Values{}
	for _, name := range []string{"gateway", "phase", "invoices", "deliveries"} {
		if value := r.URL.Query().Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	return "/?" + kept.Encode()
}

func selfWith(r *http.Request, name string, number int) string {
	query := r.URL.Query()
	query.Set(name, strconv.Itoa(number))
	return fmt.Sprintf("/?%s#%s", query.Encode(), name)
}
