package transport

import (
	"errors"
	"net/http"
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
		status                    int
		refused, unexpected       error // of a read
		createRefused, createElse error
	}{
		{200, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{201, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown},
		{302, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrOutcomeUnknown},
		{400, gateway.ErrInvalid, gateway.ErrUnexpected, gateway.ErrInvalid, gateway.ErrUnexpected},
		{401, gateway.ErrUnauthorized, gateway.ErrUnauthorized, gateway.ErrUnauthorized, gateway.ErrUnauthorized},
		{403, gateway.ErrForbidden, gateway.ErrForbidden, gateway.ErrForbidden, gateway.ErrForbidden},
		{404, gateway.ErrNotFound, gateway.ErrUnexpected, gateway.ErrNotFound, gateway.ErrUnexpected},
		{408, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrOutcomeUnknown},
		{409, gateway.ErrInvalid, gateway.ErrUnexpected, gateway.ErrInvalid, gateway.ErrUnexpected},
		{422, gateway.ErrInvalid, gateway.ErrUnexpected, gateway.ErrInvalid, gateway.ErrUnexpected},
		{429, gateway.ErrRateLimited, gateway.ErrRateLimited, gateway.ErrRateLimited, gateway.ErrRateLimited},
		{500, gateway.ErrUnavailable, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, gateway.ErrOutcomeUnknown},
		{503, gateway.ErrUnavailable, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, gateway.ErrOutcomeUnknown},
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
		if got := c.Unexpected(call(Create), resp, nil).Kind; got != test.createElse {
			t.Errorf("%d to a create: %v", test.status, got)
		}
	}
	if got := c.Refused(call(Cancel), response(400, "", ""), Refusal{Kind: gateway.ErrClosed}).Kind; got != gateway.ErrClosed {
		t.Errorf("a kind that the client knows: %v", got)
	}
}

func TestIsRouting(t *testing.T) {
	for body, want := range map[string]bool{
		`{"statusCode":404,"message":"Cannot GET /v1/x","error":"Not Found"}`:               true,
		`{"message":"Route GET:/v1/x not found","error":"Not Found","statusCode":404}`:      true,
		`{"timestamp":"2026-03-01","status":404,"error":"Not Found","path":"/v1/x"}`:        true,
		`{"message":"The route v1/x could not be found."}`:                                  true,
		`{"error":"Cannot POST /v1/x"}`:                                                     true,
		`{"message":"Cannot DELETE /v1/x"}`:                                                 true,
		`{"error":{"code":404,"message":"Cannot GET /v1/x"}}`:                               true,
		`{"error":{"message":"No route found for \"GET /v1/x\""}}`:                          true,
		`{"error":{"message":"Route not found"}}`:                                           true,
		`{"message":"No such route"}`:                                                       true,
		`{"message":"no Route matched with those values"}`:                                  true,
		`{"error":"No matching route"}`:                                                     true,
		`{"message":"No static resource v1/x."}`:                                            true,
		`{"message":"No handler found for GET /v1/x"}`:                                      true,
		`{"error":"Unknown endpoint"}`:                                                      true,
		`{"error":"Endpoint GET /v1/x does not exist"}`:                                     true,
		`{"message":" The requested URL was not found on the server. Check it."}`:           true,
		`{"statusCode":404,"error":"Not Found"}`:                                            true,
		`{"error":"Not Found"}`:                                                             false,
		`{"error":"Invoice not found"}`:                                                     false,
		`{"error":{"code":"not_found","message":"Invoice not found"}}`:                      false,
		`{"error":{"message":"Payment not found"}}`:                                         false,
		`{"message":"Request not found, Please verify the request data"}`:                   false,
		`{"error":"No such invoice"}`:                                                       false,
		`{"error":"No route to the bank"}`:                                                  false,
		`{"error":"Route is not supported for this network"}`:                               false,
		`{"error":{"message":"Resource not found"}}`:                                        false,
		`{"error":{"message":404}}`:                                                         false,
		`{"error":["Route not found"]}`:                                                     false,
		`{"error":{"type":"not_found","message":"Cannot GET what is gone"}}`:                false,
		`{"success":false,"code":1404,"message":"Payment not found","status_code":404}`:     false,
		`{"message":"Cannot cancel a paid invoice"}`:                                        false,
		`{"message":"The payment's route was not found by the bank","error":"Not payable"}`: false,
		`{"message":404,"error":null}`:                                                      false,
	} {
		o, err := ParseObject([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if got := IsRouting(o); got != want || o.Err() != nil {
			t.Errorf("%s: %v, %v", body, got, o.Err())
		}
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
		`(text/html; charset=utf-8): "<h1> Bad gateway </h1>"`: response(502, "text/html; charset=utf-8", "<h1>\n\tBad\x1b[31m gateway\r\n</h1>"),
		"an empty answer (no content type)":                    response(200, "", ""),
		"an empty answer (text/plain)":                         response(200, "text/plain", " \r\n\x00"),
		`(no content type): "�`:                                response(200, "", "\xff\xfe"),
	} {
		got := c.Unexpected(call(Read), resp, nil).Error()
		if !strings.Contains(strings.ReplaceAll(got, " [31m", ""), want) || strings.ContainsAny(got, "\r\n\t\x1b\x00") {
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
		if text := failed.Error(); len(text) > 8000 || strings.ContainsAny(text, "\n\x1b") {
			t.Errorf("%s: %d bytes", name, len(text))
		}
	}
	c.AddSecret("sesame")
	// An attribute is found by its field's name.
	for said, want := range map[string]string{
		"amount": "amount", "itemsList.0.rate": "itemsList.0.rate", "": "", "größe[0]": "größe[0]",
		"is sesame\nopen": "is *** open", strings.Repeat("x", 81): strings.Repeat("x", 80) + "…",
	} {
		fields := []gateway.FieldError{{Field: said, Message: "no"}}
		got := c.Refused(call(Read), resp, Refusal{Fields: fields}).Fields
		if len(got) != 1 || got[0] != (gateway.FieldError{Field: want, Message: "no"}) || fields[0].Field != said {
			t.Errorf("%q: %v", said, got)
		}
	}
}
