package transport

import (
	"fmt"
	"iter"
	"net/http"
	"net/url"
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

// doubtful reports a status after which a create may have been processed, even in
// the gateway's own error form. Some gateways refuse with HTTP 200.
func doubtful(kind Kind, status int) bool {
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
	if host := redirectHost(resp); host != "" {
		text := fmt.Sprintf("a redirect to %s, which is not followed, so that credentials reach no other host", c.quote(host, codeLength))
		if c.redirected != "" {
			text += ": " + c.redirected
		}
		return text
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
