package meum

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// Error codes with a specific meaning. https://docs.meum.io/api-reference/invoices,
// https://docs.meum.io/api-reference/idempotency
const (
	codeScope         = "INSUFFICIENT_SCOPE"
	codeStoreMismatch = "store_mismatch"
	codeDuplicate     = "EXTERNAL_ORDER_INTEGRATION_CONFLICT"
)

// tooMany is the whole text of a rate limit.
// https://docs.meum.io/api-reference/rate-limits
const tooMany = "Too many requests"

// refusal is an error in one of the documented forms: the present one, the older
// one, and one that names a code beside its text.
//
//	{"error": {"type": "…", "code": "…", "message": "…"}}
//	{"error": "…"}
//	{"error": "…", "code": "…"}
//
// https://docs.meum.io/api-reference/api-keys-and-scopes,
// https://docs.meum.io/api-reference/rate-limits,
// https://docs.meum.io/api-reference/idempotency
type refusal struct {
	nested              bool
	kind, code, message string
	// alone says that the response has nothing else.
	alone bool
}

// readRefusal parses an error. It returns false for anything else.
func readRefusal(body *transport.Object) (refusal, bool) {
	var r refusal
	if raw := body.Raw("error"); raw != nil && raw[0] == '{' {
		inner := body.Object("error")
		r = refusal{nested: true, kind: inner.Text("type"), code: inner.Text("code"), message: inner.Text("message")}
		r.alone = body.HasOnlyMembers("error")
	} else {
		r = refusal{code: body.Text("code"), message: body.Text("error")}
		r.alone = body.HasOnlyMembers("error", "code")
	}
	return r, body.Err() == nil && r.message+r.code+r.kind != ""
}

// refusesCreate recognizes a documented refusal of a create, after which nothing was
// created.
func refusesCreate(resp *transport.Response) bool {
	body, err := transport.ParseObject(resp.Body)
	if err != nil {
		return false
	}
	r, ok := readRefusal(body)
	switch {
	case !ok || !r.alone:
		return false
	case r.nested:
		return r.kind != "" && r.code != "" && r.message != ""
	case resp.Status == http.StatusTooManyRequests:
		return r.message == tooMany && r.code == ""
	default:
		return resp.Status == http.StatusConflict && r.code == codeDuplicate
	}
}

// refused returns the error for a response that is not a success.
func (c *Client) refused(call transport.Call, resp *transport.Response) error {
	body, err := transport.ParseObject(resp.Body)
	if err != nil {
		return c.http.Unexpected(call, resp, nil)
	}
	r, ok := readRefusal(body)
	if !ok || resp.Status < http.StatusBadRequest || call.Kind == transport.Create && !refusesCreate(resp) {
		return c.http.Unexpected(call, resp, body.Err())
	}
	said := transport.Refusal{Code: r.code, Message: r.message}
	if said.Code == "" {
		said.Code = r.kind
	}
	switch {
	case r.code == codeScope:
		said.Kind = gateway.ErrForbidden
	case r.code == codeStoreMismatch: // it is about one field
		said.Fields, said.Message = []gateway.FieldError{{Field: "store_id", Message: r.message}}, ""
	case r.code == codeDuplicate:
		said.Fields = []gateway.FieldError{{Field: "external_order_id", Message: fmt.Sprintf("%s (%s)", r.message, r.code)}}
		said.Message = ""
	case call.Kind == transport.Cancel && (resp.Status == http.StatusBadRequest || resp.Status == http.StatusConflict):
		said.Kind = gateway.ErrClosed
	case resp.Status == http.StatusNotFound && (call.Operation == transport.OpList || !r.saysNotFound()):
		return c.http.Unexpected(call, resp, nil)
	}
	return c.http.Refused(call, resp, said)
}

var (
	missing = regexp.MustCompile(`(?i)\b(not found|not exist|doesn't exist|no such|unknown|could not find|cannot find|can't find|couldn't find|not be found)\b`)
	// notFoundCode matches a code for an invoice, or for anything in general.
	notFoundCode = regexp.MustCompile(`(?i)^(invoice_|resource_)?(not_found|missing)$`)
	anInvoice    = regexp.MustCompile(`(?i)\binvoice\b`)
	// elsewhere matches what servers in front of the gateway cannot find.
	elsewhere = regexp.MustCompile(`(?i)(\b(routes?|routing|endpoints?|urls?|uri|paths?|pages?|files?|apps?|applications?|deployments?|domains?|hosts?|hostnames?|sites?|projects?|` +
		`services?|upstreams?|tunnels?|buckets?|functions?|servers?|backends?|cluster|stage|api|methods?|handlers?|cannot (get|post|put|delete))\b|https?:|/)`)
)

// saysNotFound reports whether the error is about an invoice that does not exist. A
// server in front of the gateway says the same of an address, an application or a
// deployment, often in a similar form.
func (r refusal) saysNotFound() bool {
	if !r.alone || elsewhere.MatchString(r.message) || elsewhere.MatchString(strings.ReplaceAll(r.code, "_", " ")) {
		return false
	}
	if missing.MatchString(r.message) && (anInvoice.MatchString(r.message) || r.nested && r.kind != "") {
		return true
	}
	return r.nested && r.kind != "" && r.message != "" && notFoundCode.MatchString(r.code)
}
