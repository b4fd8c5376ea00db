package transport

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Limits on what an error quotes from a gateway, in bytes. All of it together is less
// than 2 KB.
const (
	excerptLength = 240 // of an unreadable response
	codeLength    = 80
	fieldLength   = 80
	messageLength = 600
	causeLength   = 300
	fieldsLength  = 800 // of all field errors
	maxFields     = 20
)

// Response is a response that has been read completely.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK reports whether the status is 2xx.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status < 300 }

// Refusal is what a client has read from a response in the gateway's own documented
// error form. It is trusted even for a create.
type Refusal struct {
	// Kind overrides the kind that follows from the status, except for a create with a
	// status that leaves its outcome unknown.
	Kind          error
	Code, Message string
	Fields        []gateway.FieldError
}

// Refused returns the error for a response in the gateway's own error form.
func (c *Client) Refused(call Call, resp *Response, r Refusal) *gateway.Error {
	kind := r.Kind
	if kind == nil || mayHaveProcessed(call.Kind, resp.Status) {
		kind = refusalKind(call.Kind, resp.Status)
	}
	return &gateway.Error{
		Gateway: c.name, Operation: call.Operation, Kind: kind, Status: resp.Status,
		Code: c.quote(r.Code, codeLength), Message: c.quote(r.Message, messageLength), Fields: c.quoteFields(r.Fields),
	}
}

// quoteFields quotes as many field errors as an error has room for.
func (c *Client) quoteFields(fields []gateway.FieldError) []gateway.FieldError {
	var quoted []gateway.FieldError
	room := fieldsLength
	for _, f := range fields[:min(len(fields), maxFields)] {
		// The name comes from the response too, so it can be anything.
		f = gateway.FieldError{Field: c.quote(f.Field, fieldLength), Message: c.quote(f.Message, causeLength)}
		if room -= len(f.Field) + len(f.Message); room < 0 {
			break
		}
		quoted = append(quoted, f)
	}
	return quoted
}

// Date returns the response's Date header; zero if it has none.
func (r *Response) Date() time.Time {
	at, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// Unexpected returns the error for a response that is not in any documented form: a
// proxy's page, a redirect, a truncated or malformed body. A create with such a
// response may have been processed, whatever its status. After 429 that is unlikely, so
// the error is Resendable.
func (c *Client) Unexpected(call Call, resp *Response, cause error) *gateway.Error {
	failed := &gateway.Error{
		Gateway: c.name, Operation: call.Operation, Kind: statusKind(resp.Status),
		Status: resp.Status, Message: c.describe(resp), Err: c.quotable(cause),
	}
	if call.Kind == Create {
		failed.Kind = gateway.ErrOutcomeUnknown
		failed.Resendable = resp.Status == http.StatusTooManyRequests
	}
	return failed
}

func refusalKind(kind Kind, status int) error {
	if mayHaveProcessed(kind, status) {
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

// mayHaveProcessed reports whether a create may have been processed despite this
// status, even in the gateway's own error form. Some gateways reject requests with HTTP
// 200.
func mayHaveProcessed(kind Kind, status int) bool {
	if kind != Create {
		return false
	}
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests:
		return false
	default:
		return status < 200 || status >= 300
	}
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

// describe describes what came instead of the documented response.
func (c *Client) describe(resp *Response) string {
	if resp.Status >= 300 && resp.Status < 400 {
		host := redirectHost(resp)
		if host == "" {
			return "a redirect to another page, which is not followed"
		}
		text := fmt.Sprintf("a redirect to %s, which is not followed, so that credentials reach no other host", c.quote(host, codeLength))
		if c.redirectAdvice != nil {
			text += c.redirectAdvice(host)
		}
		return text
	}
	what := c.quote(resp.Header.Get("Content-Type"), codeLength)
	if what == "" {
		what = "no content type"
	}
	if len(bytes.TrimSpace(resp.Body)) == 0 {
		return "an empty response (" + what + ")"
	}
	return fmt.Sprintf("a response that is not the documented JSON (%s, %d bytes): %s", what, len(resp.Body), c.excerpt(resp.Body))
}

// excerpt returns the beginning of an unreadable response; for an HTML page, its title.
func (c *Client) excerpt(body []byte) string {
	if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return "binary data"
	}
	text := string(body)
	if body[0] == '<' || bytes.Contains(body, []byte("<html")) {
		if title := gateway.PageTitle(text); title != "" {
			text = title
		}
	}
	if text = c.quote(text, excerptLength); text == "" {
		return "no text"
	}
	return strconv.Quote(text)
}

// redirectHost returns the host of a redirect; "" if it names none.
func redirectHost(resp *Response) string {
	target, err := url.Parse(resp.Header.Get("Location"))
	if err != nil {
		return ""
	}
	return target.Host
}

// quote makes external text fit for an error or a log: without secrets, on one line,
// without control characters or markup, and of limited length.
func (c *Client) quote(text string, most int) string { return c.redactor.quote(text, most) }

// Mask masks secrets in the decrypted part of a response, as Do does in the rest.
func (c *Client) Mask(body []byte) []byte { return c.redactor.data(body) }

// quotedError is a cause whose text has passed quote.
type quotedError struct {
	text  string
	cause error
}

func (e *quotedError) Error() string { return e.text }
func (e *quotedError) Unwrap() error { return e.cause }

// quotable describes a cause in a form fit for an error.
func (c *Client) quotable(cause error) error {
	if cause == nil {
		return nil
	}
	return &quotedError{text: c.quote(explain(cause), causeLength), cause: cause}
}
