package hesabe

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	goodInvoice  = `{"id":14696,"token":"3118174834216193364264","reference_number":"R","amount":"15.000","invoice_status":0}`
	goodResponse = `{"status":true,"message":"Invoice Details","response":` + goodInvoice + `}`
	html         = "<!DOCTYPE html><html><body>Bad gateway</body></html>"
)

// foreign are responses that are not Hesabe's, whatever the request.
var foreign = map[string]string{
	"nothing":              "",
	"blanks":               " \n",
	"a page":               html,
	"null":                 "null",
	"a list":               "[" + goodInvoice + "]",
	"a number":             "14696",
	"a text":               `"ok"`,
	"cut":                  goodResponse[:60],
	"two values":           goodResponse + goodResponse,
	"empty object":         "{}",
	"status is a text":     `{"status":"true","response":` + goodInvoice + `}`,
	"hex that is none":     strings.Repeat("ab", 48),
	"half a block":         "0e7898bd7464d0c4",
	"bad padding":          encrypt([]byte(goodResponse[:48])),
	"response bad padding": `{"response":"` + encrypt([]byte(goodResponse[:64])) + `"}`,
	"sealed page":          seal32(html),
	"sealed nothing":       seal32(""),
	"sealed twice":         seal32(seal32(goodResponse)),
}

// empty are successes without an invoice.
var empty = map[string]string{
	"no response":          `{"status":true,"message":"ok"}`,
	"null response":        `{"status":true,"message":"ok","response":null}`,
	"a text for response":  `{"status":true,"message":"ok","response":"soon"}`,
	"no id":                `{"status":true,"response":{"token":"1"}}`,
	"the id is null":       `{"status":true,"response":{"id":null}}`,
	"the id is a fraction": `{"status":true,"response":{"id":14696.0}}`,
	"the id is an object":  `{"status":true,"response":{"id":{}}}`,
	"sealed without an id": `{"response":"` + seal32(`{"status":true,"response":{}}`) + `"}`,
}

func TestHostileResponses(t *testing.T) {
	all := maps.Clone(foreign)
	maps.Copy(all, empty)
	for name, body := range all {
		t.Run(name, func(t *testing.T) {
			c, s := newStub(t, respondWith(http.StatusOK, body))
			_, err := c.Get(t.Context(), "14696")
			wantKind(t, err, gateway.ErrUnexpected)
			_, err = c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "R"})
			wantKind(t, err, gateway.ErrOutcomeUnknown)
			for _, err := range c.List(t.Context(), Filter{}) {
				wantKind(t, err, gateway.ErrUnexpected)
			}
			if _, ok := foreign[name]; ok {
				wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{Token: "311"})), gateway.ErrUnexpected)
			}
			if n := s.count("POST /api/v1/invoice"); n != 1 {
				t.Errorf("%d creates", n)
			}
		})
	}
}

func TestStatuses(t *testing.T) {
	const (
		plainMessage = `{"message":"Request not found, Please verify the request data"}`
		refusal      = `{"status":false,"message":"no","response":null}`
	)
	for name, test := range map[string]struct {
		status              int
		body                string
		get, create, cancel error
	}{
		"proxy's 404":              {404, html, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404 of an address":        {404, `{"message":"The route api/v1/invoice could not be found."}`, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404, another refusal":     {404, refusal, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404, an envelope":         {404, goodResponse, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404, empty object":        {404, `{}`, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404, bad ciphertext":      {404, strings.Repeat("ab", 48), gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404 as documented":        {404, plainMessage, gateway.ErrNotFound, gateway.ErrOutcomeUnknown, gateway.ErrNotFound},
		"404, other case":          {404, `{"message":"REQUEST NOT FOUND"}`, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404 in two languages":     {404, `{"status":false,"message":{"ar":"الطلب","en":"Request not found, x"}}`, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404 sealed":               {404, seal32(plainMessage), gateway.ErrNotFound, gateway.ErrOutcomeUnknown, gateway.ErrNotFound},
		"not found with 200":       {200, `{"status":false,"message":"Request not found, x","response":null}`, gateway.ErrInvalid, gateway.ErrOutcomeUnknown, gateway.ErrClosed},
		"refused with 200":         {200, refusal, gateway.ErrInvalid, gateway.ErrOutcomeUnknown, gateway.ErrClosed},
		"refused with 422":         {422, `{"response":"` + seal32(refusal) + `"}`, gateway.ErrInvalid, gateway.ErrInvalid, gateway.ErrClosed},
		"field of a cancel":        {422, `{"status":false,"message":"no","response":{"statusId":["bad"]}}`, gateway.ErrInvalid, gateway.ErrInvalid, gateway.ErrInvalid},
		"404 as documented, whole": {404, `{"status":false,"message":"Request not found, Please verify the request data","response":null}`, gateway.ErrNotFound, gateway.ErrOutcomeUnknown, gateway.ErrNotFound},
		"404 that says success":    {404, `{"status":true,"message":"Request not found, Please verify the request data","response":null}`, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404 and more":             {404, `{"message":"Request not found, Please verify the request data","path":"/x"}`, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"404 in both languages":    {404, `{"status":false,"message":{"ar":"الطلب","en":"Request not found, Please verify the request data"}}`, gateway.ErrNotFound, gateway.ErrOutcomeUnknown, gateway.ErrNotFound},
		"404 sealed, other words":  {404, seal32(`{"status":false,"message":"Request not found","response":null}`), gateway.ErrNotFound, gateway.ErrOutcomeUnknown, gateway.ErrNotFound},
		"404 sealed, an address":   {404, seal32(`{"message":"The route could not be found."}`), gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"refused with 200, sealed": {200, seal32(refusal), gateway.ErrInvalid, gateway.ErrInvalid, gateway.ErrClosed},
		"refused with 403, sealed": {403, seal32(refusal), gateway.ErrForbidden, gateway.ErrForbidden, gateway.ErrForbidden},
		"refused with 413":         {413, refusal, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"refused with 400":         {400, refusal, gateway.ErrInvalid, gateway.ErrInvalid, gateway.ErrClosed},
		"another's 400":            {400, `{"status":false,"message":"no"}`, gateway.ErrInvalid, gateway.ErrOutcomeUnknown, gateway.ErrClosed},
		"400 and more":             {400, `{"status":false,"message":"no","response":null,"path":"/x"}`, gateway.ErrInvalid, gateway.ErrOutcomeUnknown, gateway.ErrClosed},
		"another's 429":            {429, `{"message":"Too many requests"}`, gateway.ErrRateLimited, gateway.ErrOutcomeUnknown, gateway.ErrRateLimited},
		"403":                      {403, refusal, gateway.ErrForbidden, gateway.ErrOutcomeUnknown, gateway.ErrForbidden},
		"a page with 403":          {403, html, gateway.ErrForbidden, gateway.ErrOutcomeUnknown, gateway.ErrForbidden},
		"405":                      {405, `{"message":"not allowed"}`, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"redirect":                 {302, goodResponse, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
		"429":                      {429, refusal, gateway.ErrRateLimited, gateway.ErrRateLimited, gateway.ErrRateLimited},
		"500 as documented":        {500, `{"message":"Internal server error occurred"}`, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, gateway.ErrUnavailable},
		"500 with fields":          {500, `{"status":false,"message":"no","response":{"amount":["bad"]}}`, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, gateway.ErrUnavailable},
		"500 that says success":    {500, goodResponse, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, gateway.ErrUnavailable},
		"a page with 502":          {502, html, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, gateway.ErrUnavailable},
		"a cut refusal":            {422, refusal[:20], gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, gateway.ErrUnexpected},
	} {
		t.Run(name, func(t *testing.T) {
			c, s := newStub(t, respondWith(test.status, test.body))
			_, err := c.Get(t.Context(), "14696")
			wantKind(t, err, test.get)
			_, err = c.Create(t.Context(), Spec{Amount: money(t, "1")})
			wantKind(t, err, test.create)
			failed := wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{Token: "311"})), test.cancel)
			if failed.Status != test.status || failed.Operation != "cancel invoice" {
				t.Errorf("%+v", failed)
			}
			if n := s.count("POST /api/v1/invoice"); n != 1 {
				t.Errorf("%d creates", n)
			}
		})
	}
}

func TestCancelIsConfirmedByStatusAlone(t *testing.T) {
	for body, good := range map[string]bool{
		`{"status":true,"message":"Invoice status update successful","response":null}`: true,
		`{"status":true}`: true,
		`{"response":"` + seal32(`{"status":true,"message":{"en":"Done","ar":"تم"},"response":[]}`) + `"}`: true,
		`"` + strings.ToUpper(seal32(`{"status":true,"message":"ok"}`)) + `"`:                              true,
		" " + seal32(`{"status":true}`) + "\n":                                                             true,
		`{"message":"Invoice status update successful"}`:                                                   false,
		goodInvoice:                      false,
		`{"status":null,"message":"ok"}`: false,
		`{"status":1,"message":"ok"}`:    false,
	} {
		c, s := newStub(t, respondWith(http.StatusOK, body))
		err := clienttest.CancelError(c.Cancel(t.Context(), &Invoice{Token: "311"}))
		if good != (err == nil) {
			t.Errorf("%s: %v", body, err)
		}
		if !good {
			wantKind(t, err, gateway.ErrUnexpected)
		}
		if n := s.count("PUT /api/v1/invoice/311"); n != 1 {
			t.Errorf("%d cancels", n)
		}
	}
}

func TestTheWrongInvoice(t *testing.T) {
	c, _ := newStub(t, respondWith(http.StatusOK, goodResponse))
	_, err := c.Get(t.Context(), "14697")
	wantKind(t, err, gateway.ErrUnexpected)

	_, err = c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "S"})
	failed := wantKind(t, err, gateway.ErrOutcomeUnknown)
	if !strings.Contains(failed.Error(), "14696") {
		t.Errorf("the id is lost: %v", failed)
	}
}

// A create that was answered with an id has made the invoice.
func TestOddCreateResponses(t *testing.T) {
	for name, response := range map[string]string{
		"id alone":      `{"id":14696}`,
		"id as text":    `{"id":"14696"}`,
		"bad time":      `{"id":14696,"created_at":"yesterday"}`,
		"bad amount":    `{"id":14696,"amount":"a lot"}`,
		"bad customer":  `{"id":14696,"customer":7}`,
		"bad products":  `{"id":14696,"products":{"a":1}}`,
		"empty members": `{"id":14696,"customer":[],"transaction":[],"products":[null],"payment_method":null,"reference_number":""}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, body := range []string{`{"status":true,"message":"ok","response":` + response + `}`, response} {
				c, _ := newStub(t, respondWith(http.StatusCreated, body))
				inv, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "R"})
				if err != nil || inv.ID != "14696" {
					t.Errorf("%+v, %v", inv, err)
				}
				_, err = c.Get(t.Context(), "14696")
				if strings.HasPrefix(name, "bad") {
					wantKind(t, err, gateway.ErrUnexpected)
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestExcerptIsDecrypted(t *testing.T) {
	c, _ := newStub(t, respondWith(http.StatusOK, seal32(`{"status":true,"response":{"hello":"you"}}`)))
	_, err := c.Get(t.Context(), "1")
	if failed := wantKind(t, err, gateway.ErrUnexpected); !strings.Contains(failed.Message, "hello") {
		t.Errorf("%v", failed)
	}
}
