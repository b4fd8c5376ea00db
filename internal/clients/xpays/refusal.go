package xpays

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// refusal is an error in the documented form, or in that of a sister brand:
//
//	{"error": "text"}
//	{"success": false, "code": 1404, "message": "text", "status_code": 404, …}
//
// Others on the same platform nest the first, or leave out success. That is read,
// but neither form is the gateway's own then.
// https://xpays-docs.pages.dev/payment/cancel-payment.html
type refusal struct {
	code, message string
	// documented says that the response has one of the two forms, and own that its text
	// is not one that any server may return.
	documented, own bool
}

// readRefusal parses an error. It returns false for anything else.
func readRefusal(resp *transport.Response) (refusal, bool) {
	root, err := transport.ParseObject(resp.Body)
	if err != nil {
		return refusal{}, false
	}
	var r refusal
	switch raw := root.Raw("error"); {
	case raw != nil && raw[0] == '{':
		inner := root.Object("error")
		r = refusal{code: inner.Text("code"), message: inner.Text("message")}
	case raw != nil:
		r = refusal{code: root.Text("code"), message: root.Text("error"), documented: root.HasOnlyMembers("error") && raw[0] == '"'}
	case root.Has("code"):
		success := root.Bool("success")
		r = refusal{code: root.Text("code"), message: root.Text("message"), documented: success != nil && !*success}
	}
	r.own = r.documented && !isStatusText(r.message, resp.Status)
	return r, r.message != "" && root.Err() == nil
}

// isStatusText recognizes the name of an HTTP status, which a server in front of the
// gateway may return as well. Of these, "Forbidden" is documented.
func isStatusText(message string, status int) bool {
	if status == http.StatusForbidden && message == http.StatusText(status) {
		return false
	}
	for code := http.StatusBadRequest; code < 600; code++ {
		if strings.EqualFold(message, http.StatusText(code)) {
			return true
		}
	}
	return false
}

// refusesCreate recognizes the gateway's own refusal of a create, after which nothing
// was created.
func refusesCreate(resp *transport.Response) bool {
	r, ok := readRefusal(resp)
	if resp.Status == http.StatusTooManyRequests {
		return ok && r.documented && rateLimit.MatchString(r.message)
	}
	return ok && r.own
}

// rateLimit matches the gateway's text for HTTP 429, which is not documented.
var rateLimit = regexp.MustCompile(`(?i)\b(too many|rate|limit|slow)`)

// refused returns the error for a response that is not a success. A nil kind follows
// from the HTTP status.
func (c *Client) refused(call transport.Call, resp *transport.Response, kind error) error {
	r, ok := readRefusal(resp)
	switch {
	case !ok, resp.Status < http.StatusBadRequest, resp.Status == http.StatusNotFound && !r.saysNotFound():
		return c.http.Unexpected(call, resp, nil)
	default:
		return c.http.Refused(call, resp, transport.Refusal{Kind: kind, Code: r.code, Message: r.message})
	}
}

// createRefused is refused for a create. A conflict is about the order_id.
func (c *Client) createRefused(call transport.Call, resp *transport.Response, spec Spec) error {
	if !refusesCreate(resp) {
		return c.http.Unexpected(call, resp, nil)
	}
	r, _ := readRefusal(resp)
	said := transport.Refusal{Code: r.code, Message: r.message}
	if resp.Status == http.StatusConflict {
		said.Kind = gateway.ErrInvalid
		said.Fields = []gateway.FieldError{{
			Field:   "order_id",
			Message: fmt.Sprintf("a payment with the order_id %q already exists: choose another one", spec.OrderID),
		}}
	}
	return c.http.Refused(call, resp, said)
}

var missingPayment = regexp.MustCompile(`(?i)^\W*(no such (payment|invoice)|unknown (payment|invoice)|(the |this )?(payment|invoice)( [^/]*)? (was |is |could |can )?(not |never )?(be )?(found|known)|` +
	`(the |this )?(payment|invoice)( [^/]*)? (does not|doesn't) exist|(could|can) ?not find (the |this )?(payment|invoice)|no (payment|invoice) (was )?found)\b`)

// saysNotFound recognizes the gateway's own message that it has no such payment.
// Servers in front of it say the same of addresses and applications.
func (r refusal) saysNotFound() bool { return r.own && missingPayment.MatchString(r.message) }

// closedKind is the kind of a refused cancel.
func closedKind(status int) error {
	if status == http.StatusBadRequest || status == http.StatusConflict {
		return gateway.ErrClosed
	}
	return nil
}
