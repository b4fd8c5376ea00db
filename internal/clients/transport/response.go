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

// What an error quotes at most of a gateway's texts, in bytes. All of it together is
// less than 2 KB.
const (
	excerptLength = 240 // of an unreadable answer
	codeLength    = 80
	fieldLength   = 80
	messageLength = 600
	causeLength   = 300
	fieldsLength  = 800 // of all complaints about fields
)

// Response is an answer, read whole.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK reports a 2xx status.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status < 300 }

// Refusal is what a client read in an answer that has the gateway's own
// documented error form: of a create, it is believed.
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
	if kind == nil || mayHaveProcessed(call.Kind, resp.Status) {
		kind = refusalKind(call.Kind, resp.Status)
	}
	return &gateway.Error{
		Gateway: c.name, Operation: call.Operation, Kind: kind, Status: resp.Status,
		Code: c.quote(r.Code, codeLength), Message: c.quote(r.Message, messageLength), Fields: c.quoteFields(r.Fields),
	}
}

// quoteFields quotes as many complaints as an error has room for.
func (c *Client) quoteFields(fields []gateway.FieldError) []gateway.FieldError {
	var quoted []gateway.FieldError
	room := fieldsLength
	for _, f := range fields {
		// The name is a key of the answer, so it may be anything, too.
		f = gateway.FieldError{Field: c.quote(f.Field, fieldLength), Message: c.quote(f.Message, causeLength)}
		if room -= len(f.Field) + len(f.Message); room < 0 {
			break
		}
		quoted = append(quoted, f)
	}
	return quoted
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

// Unexpected makes the error of an answer that is not in any documented form: a
// proxy's page, a redirect, a truncated or misshapen body. Whatever its status says,
// a create that was answered so may have been processed. After 429 that is unlikely:
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

// mayHaveProcessed reports a status after which a create may have been processed, even in
// the gateway's own error form. Some gateways refuse with HTTP 200.
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

// describe tells what came instead of the documented answer.
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

// excerpt is the beginning of an unreadable answer; of a page, its title.
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

// redirectHost is the host that a redirect names; "" where it names none.
func redirectHost(resp *Response) string {
	target, err := url.Parse(resp.Header.Get("Location"))
	if err != nil {
		return ""
	}
	return target.Host
}

// quote makes a text from outside fit for an error or a log: without secrets, on
// one line, without control characters and markup, of bounded length.
func (c *Client) quote(text string, most int) string { return c.redactor.quote(text, most) }

// Mask replaces secrets in what was decrypted of an answer, as Do does in what is
// not encrypted.
func (c *Client) Mask(body []byte) []byte { return c.redactor.data(body) }

// quotedError is a cause that speaks in quote's form.
type quotedError struct {
	text  string
	cause error
}

func (e *quotedError) Error() string { return e.text }
func (e *quotedError) Unwrap() error { return e.cause }

// quotable is a cause in words and in a form fit for an error.
func (c *Client) quotable(cause error) error {
	if cause == nil {
		return nil
	}
	return &quotedError{text: c.quote(explain(cause), causeLength), cause: cause}
}
