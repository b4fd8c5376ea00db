package transport

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func response(status int, contentType, body string) *Response {
	resp := &Response{Status: status, Header: http.Header{}, Body: []byte(body)}
	if contentType != "" {
		resp.Header.Set("Content-Type", contentType)
	}
	return resp
}

// TestKinds is the meaning of a status, in the gateway's own error form and in
// any other.
func TestKinds(t *testing.T) {
	c := New(Config{Gateway: "Example"})
	tests := []struct {
		status              int
		refused, unexpected error // of a read
		createRefused       error // of a create; in any other form it is in doubt
	}{
		{101, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{200, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrUnexpected},
		{201, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrUnexpected},
		{302, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{400, gateway.ErrInvalid, gateway.ErrUnexpected, gateway.ErrInvalid},
		{401, gateway.ErrUnauthorized, gateway.ErrUnauthorized, gateway.ErrUnauthorized},
		{403, gateway.ErrForbidden, gateway.ErrForbidden, gateway.ErrForbidden},
		{404, gateway.ErrNotFound, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{408, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{409, gateway.ErrInvalid, gateway.ErrUnexpected, gateway.ErrInvalid},
		{413, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{422, gateway.ErrInvalid, gateway.ErrUnexpected, gateway.ErrInvalid},
		{425, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{429, gateway.ErrRateLimited, gateway.ErrRateLimited, gateway.ErrRateLimited},
		{460, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{499, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{500, gateway.ErrUnavailable, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown},
		{503, gateway.ErrUnavailable, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown},
	}
	for _, test := range tests {
		resp := response(test.status, "text/html", "<html>")
		for _, kind := range []Kind{Read, Cancel, Login} {
			if got := c.Refused(call(kind), resp, Refusal{}).Kind; got != test.refused {
				t.Errorf("%d to a %s in the own form: %v", test.status, kindName(kind), got)
			}
			if got := c.Unexpected(call(kind), resp, nil).Kind; got != test.unexpected {
				t.Errorf("%d to a %s: %v", test.status, kindName(kind), got)
			}
		}
		if got := c.Refused(call(Create), resp, Refusal{}).Kind; got != test.createRefused {
			t.Errorf("%d to a create in the own form: %v", test.status, got)
		}
		if got := c.Unexpected(call(Create), resp, nil); got.Kind != gateway.ErrOutcomeUnknown || got.Resendable != (test.status == 429) {
			t.Errorf("%d to a create: %v, resendable %v", test.status, got.Kind, got.Resendable)
		}
	}
	if got := c.Refused(call(Cancel), response(400, "", ""), Refusal{Kind: gateway.ErrClosed}).Kind; got != gateway.ErrClosed {
		t.Errorf("a kind that the client knows: %v", got)
	}
}

func TestDate(t *testing.T) {
	for text, want := range map[string]time.Time{
		"Sun, 01 Mar 2026 09:15:02 GMT": time.Date(2026, 3, 1, 9, 15, 2, 0, time.UTC),
		"yesterday":                     {},
		"":                              {},
	} {
		if got := (&Response{Header: http.Header{"Date": {text}}}).Date(); !got.Equal(want) {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestUnexpectedSaysWhatCame(t *testing.T) {
	c := New(Config{Gateway: "Example"})
	for want, resp := range map[string]*Response{
		`(text/html; charset=utf-8, 29 bytes): "Bad gateway"`:         response(502, "text/html; charset=utf-8", "<h1>\n\tBad\x1b[31m gateway\r\n</h1>"),
		`(text/html, 77 bytes): "502 Bad gateway"`:                    response(502, "text/html", "<html><head><title>502 Bad gateway</title></head><body>Sorry.</body></html>  "),
		`(text/html, 52 bytes): no text`:                              response(502, "text/html", "<html><body><script>go('/login')</script></body>    "),
		`(text/plain, 19 bytes): "no healthy upstream"`:               response(503, "text/plain", "no healthy upstream"),
		`(application/json, 23 bytes): "{\"error\":\"No such app\"}"`: response(404, "application/json", `{"error":"No such app"}`),
		"an empty response (no content type)":                         response(200, "", ""),
		"an empty response (text/plain)":                              response(200, "text/plain", " \r\n"),
		`(text/plain, 4 bytes): binary data`:                          response(200, "text/plain", " \r\n\x00"),
		`(no content type, 2 bytes): binary data`:                     response(200, "", "\xff\xfe"),
	} {
		got := c.Unexpected(call(Read), resp, nil).Error()
		if !strings.Contains(got, want) || strings.ContainsAny(got, "\r\n\t\x1b\x00") {
			t.Errorf("%q, not %q", got, want)
		}
	}
	cause := errors.New("it lacks the id")
	failed := c.Unexpected(call(Read), response(200, "application/json", `{}`), cause)
	if !errors.Is(failed, cause) || !errors.Is(failed, gateway.ErrUnexpected) || !strings.Contains(failed.Error(), "it lacks the id") {
		t.Error(failed)
	}
}

// TestErrorsAreBounded: a gateway's text may be anything.
func TestErrorsAreBounded(t *testing.T) {
	c := New(Config{Gateway: "Example"})
	huge := strings.Repeat("ü\n\x1b", 1<<20)
	resp := response(400, huge, huge)
	resp.Header.Set("Location", "https://"+strings.Repeat("x", 1<<20)+"/")
	many := make([]gateway.FieldError, 5000)
	for i := range many {
		many[i] = gateway.FieldError{Field: "a", Message: "too long"}
	}
	for name, failed := range map[string]*gateway.Error{
		"texts":          c.Refused(call(Read), resp, Refusal{Code: huge, Message: huge, Fields: []gateway.FieldError{{Field: "a", Message: huge}}}),
		"a field's name": c.Refused(call(Read), resp, Refusal{Fields: []gateway.FieldError{{Field: huge, Message: "too long"}}}),
		"many fields":    c.Refused(call(Read), resp, Refusal{Fields: many}),
		"a body":         c.Unexpected(call(Read), resp, errors.New(huge)),
		"a redirect":     c.Unexpected(call(Read), &Response{Status: 302, Header: resp.Header}, nil),
	} {
		if text := failed.Error(); len(text) > 2048 || strings.ContainsAny(text, "\n\x1b") {
			t.Errorf("%s: %d bytes", name, len(text))
		}
	}
	c.AddSecret("sesame")
	// An attribute is found by its field's name.
	for said, want := range map[string]string{
		"amount": "amount", "itemsList.0.rate": "itemsList.0.rate", "": "", "größe[0]": "größe[0]",
		"is sesame\nopen": "is *** open", strings.Repeat("x", 81): strings.Repeat("x", 77) + "…",
	} {
		fields := []gateway.FieldError{{Field: said, Message: "no"}}
		got := c.Refused(call(Read), resp, Refusal{Fields: fields}).Fields
		if len(got) != 1 || got[0] != (gateway.FieldError{Field: want, Message: "no"}) || fields[0].Field != said {
			t.Errorf("%q: %v", said, got)
		}
	}
}

// TestFieldErrorsAreLimited: those that take no room are limited too.
func TestFieldErrorsAreLimited(t *testing.T) {
	fields := slices.Repeat([]gateway.FieldError{{Field: "<a>", Message: "<b>"}}, 1000)
	refused := New(Config{Gateway: "Example"}).Refused(call(Read), response(400, "", "{}"), Refusal{Fields: fields})
	if len(refused.Fields) != maxFields {
		t.Errorf("%d field errors", len(refused.Fields))
	}
}
