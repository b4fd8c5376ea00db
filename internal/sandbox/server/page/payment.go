package page

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// payerEvents are the events that the payment page offers, in this order.
var payerEvents = []simulator.Event{
	simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Expire, simulator.Cancel, simulator.Fail,
}

// farFuture is how distant a deadline must be to be shown as none.
const farFuture = 10 * 365 * 24 * time.Hour

// payment is the data of the template pay.
type payment struct {
	T       *text
	Title   string
	State   string // changes when the page is outdated
	Gateway string
	Invoice simulator.Invoice
	Phase   string // in the page's language
	Outcome string // "" while the invoice is open
	Refused string // why the payer's choice had no effect
	Return  string // the merchant's page
	QR      template.HTML
	Actions []action

	Payable  bool
	Deadline string // "" if there is none
	Left     string
	Seconds  int // to count down
}

type action struct {
	Event   simulator.Event
	Label   string
	Primary bool
}

// Payment serves the payment page of a gateway's invoice with the path value id.
func (p *Pages) Payment(gateway string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !allow(w, r, http.MethodGet, http.MethodHead, http.MethodPost):
		case r.Method == http.MethodPost:
			p.pay(w, r, gateway)
		default:
			p.showPayment(w, r, gateway, http.StatusOK, "")
		}
	}
}

// pay triggers the event in the form and shows the page again.
func (p *Pages) pay(w http.ResponseWriter, r *http.Request, gateway string) {
	if !readForm(w, r) {
		return
	}
	event := simulator.Event(r.PostForm.Get("event"))
	if !slices.Contains(payerEvents, event) {
		p.showPayment(w, r, gateway, http.StatusUnprocessableEntity, fmt.Sprintf("%q is not an event on this page.", event))
		return
	}
	_, err := p.Sandbox.Trigger(r.Context(), gateway, r.PathValue("id"), event, "")
	switch {
	case isRefusal(err):
		p.showPayment(w, r, gateway, http.StatusConflict, "")
	case err != nil:
		problem(w, err)
	default:
		p.Changed()
		http.Redirect(w, r, "/"+gateway+"/pay/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
	}
}

func (p *Pages) showPayment(w http.ResponseWriter, r *http.Request, gateway string, status int, refused string) {
	inv, err := p.Sandbox.Invoice(r.Context(), gateway, r.PathValue("id"))
	if err != nil {
		problem(w, err)
		return
	}
	view := newPayment(inv, p.Sandbox.Now())
	if view.Refused = refused; refused == "" && status == http.StatusConflict {
		view.Refused = view.T.Refused
	}
	render(w, status, "pay", view)
}

// State serves what the payment page's script compares to detect a change, as plain
// text.
func (p *Pages) State(gateway string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		inv, err := p.Sandbox.Invoice(r.Context(), gateway, r.PathValue("id"))
		if err != nil {
			problem(w, err)
			return
		}
		secure(w)
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, stateOf(inv)) //nolint:gosec // plain text; the client may have gone
	}
}

func stateOf(inv simulator.Invoice) string {
	return inv.Phase + " " + inv.Status + " " + simulator.Names(inv.Events)
}

func newPayment(inv simulator.Invoice, now time.Time) payment {
	t := textFor(inv.Language)
	phase := inv.Phase
	view := payment{
		T: t, Gateway: sandbox.Title(inv.Gateway), Invoice: inv, State: stateOf(inv),
		Phase: t.Phases[phase], Outcome: t.Outcomes[phase],
		Payable: slices.Contains(inv.Events, simulator.Pay),
	}
	view.Title = fmt.Sprintf("%s: %s %s", view.Phase, inv.Amount, inv.Currency)
	for _, event := range payerEvents {
		if slices.Contains(inv.Events, event) {
			view.Actions = append(view.Actions, action{event, t.Events[event], event == simulator.Pay})
		}
	}
	if phase != simulator.PhaseOpen {
		view.Return = returnURL(inv)
	}
	if view.Payable && inv.PayAddress != "" {
		view.QR = qrCode(inv.PayAddress, t.QRCode)
	}
	if left := inv.ExpiresAt.Sub(now); !inv.ExpiresAt.IsZero() && left < farFuture {
		view.Deadline = moment(inv.ExpiresAt)
		view.Left, view.Seconds = countdown(left)
	}
	return view
}

// countdown formats the remaining time as hours, minutes and seconds, and returns it in
// seconds.
func countdown(left time.Duration) (text string, seconds int) {
	seconds = int(max(0, left).Round(time.Second).Seconds())
	return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60), seconds
}

// returnURL returns the merchant's page for the outcome; "" if none was given.
func returnURL(inv simulator.Invoice) string {
	chosen := inv.ReturnURL
	switch inv.Phase {
	case simulator.PhasePaid, simulator.PhaseOverpaid:
		if inv.SuccessURL != "" {
			chosen = inv.SuccessURL
		}
	case simulator.PhaseExpired, simulator.PhaseCanceled, simulator.PhaseFailed:
		if inv.FailureURL != "" {
			chosen = inv.FailureURL
		}
	}
	if address, err := url.Parse(chosen); err != nil || (address.Scheme != "http" && address.Scheme != "https") {
		return ""
	}
	return chosen
}
