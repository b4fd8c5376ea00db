package transport

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// What an error quotes at most of a gateway's texts, in characters.
const (
	excerptLength = 160 // of an unreadable answer
	codeLength    = 80
	fieldLength   = 80
	messageLength = 600
	causeLength   = 300
)

// maxFields is how many complaints about fields an error repeats at most.
const maxFields = 20

// Response is an answer, read whole.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK reports a 2xx status.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status < 300 }

// Refusal is what a client read in an answer that has the gateway's own
// documented error form.
type Refusal struct {
	// Kind overrides what the status says, but for a create with a status that
	// leaves its outcome in doubt.
	Kind          error
	Code, Message string
	Fields        []gateway.FieldError
}

// Refused makes the error of an answer in the gateway's own error form.
func (c *Client) Refused(call Call, resp *Response, r Refusal) *gateway.Error {
	kind := r.Kind
	if kind == nil || doubtful(call.Kind, resp.Status) {
		kind = refusalKind(call.Kind, resp.Status)
	}
	var fields []gateway.FieldError
	for _, f := range r.Fields[:min(len(r.Fields), maxFields)] {
		// The name is a key of the answer, so it may be anything, too.
		fields = append(fields, gateway.FieldError{Field: c.quote(f.Field, fieldLength), Message: c.quote(f.Message, messageLength)})
	}
	return &gateway.Error{
		Gateway: c.name, Operation: call.Operation, Kind: kind, Status: resp.Status,
		Code: c.quote(r.Code, codeLength), Message: c.quote(r.Message, messageLength), Fields: fields,
	}
}

// Date is when the answer was made, by the clock of whoever made it; zero when
// it does not say.
func (r *Response) Date() time.Time {
	at, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// routing is what web frameworks say about an address that they do not serve.
// What else may be missing, such as a resource or a page, is not among it.
var routing = regexp.MustCompile(`(?i)^\s*(` + strings.Join([]string{
	`cannot (get|head|post|put|patch|delete|options) /`,
	`(the )?(requested )?(route|endpoint)( .*)? (not found|could not be found|does not exist)`,
	`(no such|no matching|unknown|undefined) (route|endpoint)\b`,
	`no route(s)? (found|match|matches|matched)\b`,
	`no (static resource|handler found for) `,
	`the requested url( .*)? was not found on th(e|is) server`,
}, "|") + `)`)

// IsRouting recognizes a web framework's own error about the address, such as
// {"statusCode": 404, "message": "Cannot GET /v1/things", "error": "Not Found"}
// or {"error": {"message": "Route not found"}}: it says nothing of what was asked
// for.
func IsRouting(body *Object) bool {
	said := func(name string) (text string) {
		_ = json.Unmarshal(body.Raw(name), &text) // what is no text says nothing
		return text
	}
	var inner struct{ Message any }
	_ = json.Unmarshal(body.Raw("error"), &inner)
	within, _ := inner.Message.(string)
	if slices.ContainsFunc([]string{said("message"), said("error"), within}, routing.MatchString) {
		return true
	}
	return strings.EqualFold(said("error"), http.StatusText(http.StatusNotFound)) && (body.Has("statusCode") || body.Has("path"))
}

// Unexpected makes the error of an answer that is not in any documented form:
// a proxy's page, a redirect, a truncated or misshapen body. A create that was
// answered so may have been processed.
func (c *Client) Unexpected(call Call, resp *Response, cause error) *gateway.Error {
	return &gateway.Error{
		Gateway: c.name, Operation: call.Operation, Kind: unexpectedKind(call.Kind, resp.Status),
		Status: resp.Status, Message: c.describe(resp), Err: c.quotable(cause),
	}
}

func refusalKind(kind Kind, status int) error {
	if doubtful(kind, status) {
		return gateway.ErrOutcomeUnknown
	}
	switch {
	case status == http.StatusNotFound:
		return gateway.ErrNotFound
	case status == http.StatusBadRequest, status == http.StatusConflict, status == http.StatusUnprocessableEntity:
		return gateway.ErrInvalid
	default:
		return statusKind(status)
	}
}

func unexpectedKind(kind Kind, status int) error {
	if doubtful(kind, status) || kind == Create && status >= 200 && status < 300 {
		return gateway.ErrOutcomeUnknown
	}
	return statusKind(status)
}

// doubtful reports a status after which a create may have been processed. A
// redirect is one: whoever answers it may have passed the request on first.
func doubtful(kind Kind, status int) bool {
	return kind == Create && (status >= http.StatusInternalServerError || status == http.StatusRequestTimeout ||
		status >= http.StatusMultipleChoices && status < http.StatusBadRequest)
}

func statusKind(status int) error {
	switch {
	case status == http.StatusUnauthorized:
		return gateway.ErrUnauthorized
	case status == http.StatusForbidden:
		return gateway.ErrForbidden
	case status == http.StatusTooManyRequests:
		return gateway.ErrRateLimited
	case status >= http.StatusInternalServerError:
		return gateway.ErrUnavailable
	default:
		return gateway.ErrUnexpected
	}
}

// describe tells what came instead of the documented answer.
func (c *Client) describe(resp *Response) string {
	if host := redirectHost(resp); host != "" {
		return fmt.Sprintf("a redirect to %s, which is not followed, so that credentials reach no other host", c.quote(host, codeLength))
	}
	contentType := c.quote(resp.Header.Get("Content-Type"), codeLength)
	if contentType == "" {
		contentType = "no content type"
	}
	text := c.quote(string(resp.Body), excerptLength)
	if text == "" {
		return "an empty answer (" + contentType + ")"
	}
	return fmt.Sprintf("an answer that is not the documented JSON (%s): %q", contentType, text)
}

func redirectHost(resp *Response) string {
	if resp.Status < 300 || resp.Status >= 400 {
		return ""
	}
	target, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || target.Host == "" {
		return "another page"
	}
	return target.Host
}

// quote makes a text from outside fit for an error or a log: without secrets,
// on one line, without control characters, of bounded length.
func (c *Client) quote(text string, most int) string { return excerpt(c.redactor.runes(text), most) }

// quotedError is a cause that speaks in quote's form.
type quotedError struct {
	text  string
	cause error
}

func (e *quotedError) Error() string { return e.text }
func (e *quotedError) Unwrap() error { return e.cause }

// quotable is a cause that may quote an answer, as those of net/http and
// encoding/json do, in a form fit for an error.
func (c *Client) quotable(cause error) error {
	if cause == nil {
		return nil
	}
	return &quotedError{text: c.quote(cause.Error(), causeLength), cause: cause}
}

// excerpt is the beginning of a text on one line, without control characters.
func excerpt(text iter.Seq[rune], most int) string {
	var b strings.Builder
	length, space := 0, false
	for r := range text {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			space = b.Len() > 0
			continue
		}
		if length >= most {
			b.WriteString("…")
			break
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
		length++
	}
	return b.String()
}
