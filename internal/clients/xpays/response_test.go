package xpays

import (
	"net/http"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	page        = "<!DOCTYPE html><html><body>Bad gateway</body></html>"
	goodPayment = `{"id":"` + someID + `","order_id":"A-1001","status":"PENDING"}`
)

func TestShapesOfSuccess(t *testing.T) {
	for name, body := range map[string]string{
		"flat":               `{"data":` + goodPayment + `}`,
		"nested":             `{"data":{"payment":` + goodPayment + `}}`,
		"siblings":           `{"data":{"payment":` + goodPayment + `,"transaction":null,"transaction_fiat":{"id":"1"}}}`,
		"full envelope":      `{"success":true,"code":0,"message":"success","data":` + goodPayment + `}`,
		"null inside":        `{"data":{"payment":null,` + goodPayment[1:] + `}`,
		"id in capitals":     `{"data":` + strings.ToUpper(goodPayment[:46]) + goodPayment[46:] + `}`,
		"order as number":    `{"data":{"id":"` + someID + `","order_id":1001}}`,
		"order not reported": `{"data":{"id":"` + someID + `","order_id":null}}`,
		"unknown members":    `{"data":{"id":"` + someID + `","slip_ref":{"a":[]},"one_time_address":true}}`,
		"generation after":   `{"data":{"payment":{"id":"` + someID + `","payer_paid_currency":"THB","merchant_amount":1.5e-7}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if name == "id in capitals" {
				body = strings.Replace(body, `"ID"`, `"id"`, 1)
			}
			c, _ := newStub(t, respondWith(http.StatusOK, body))
			if inv, err := c.Get(t.Context(), someID); err != nil || inv.ID != someID {
				t.Errorf("%+v, %v", inv, err)
			}
			if err := clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: someID})); err != nil {
				t.Error(err)
			}
			spec := order(t)
			if name == "order as number" {
				spec.OrderID = "1001"
			}
			if inv, err := c.Create(t.Context(), spec); err != nil || inv.ID == "" {
				t.Errorf("%+v, %v", inv, err)
			}
		})
	}
}

func TestHostileResponses(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":           "",
		"a page":            page,
		"null":              "null",
		"a list":            "[" + goodPayment + "]",
		"cut":               `{"data":{"id":"` + someID + `","ord`,
		"two values":        `{"data":` + goodPayment + `}{}`,
		"no data":           goodPayment,
		"null data":         `{"data":null}`,
		"a list for data":   `{"data":[` + goodPayment + `]}`,
		"a text for data":   `{"data":"` + someID + `"}`,
		"no id":             `{"data":{"order_id":"A-1001"}}`,
		"null id":           `{"data":{"id":null}}`,
		"empty id":          `{"data":{"id":""}}`,
		"an object for id":  `{"data":{"id":{}}}`,
		"payment is a text": `{"data":{"payment":"x","id":"` + someID + `"}}`,
		"an error with 200": `{"error":"Forbidden"}`,
		"a failure as 200":  `{"success":false,"code":1404,"message":"Payment not found"}`,
	} {
		t.Run(name, func(t *testing.T) {
			c, s := newStub(t, respondWith(http.StatusOK, body))
			_, err := c.Get(t.Context(), someID)
			wantKind(t, err, gateway.ErrUnexpected)
			wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: someID})), gateway.ErrUnexpected)
			_, err = c.Create(t.Context(), order(t))
			wantKind(t, err, gateway.ErrOutcomeUnknown)
			if got := s.lines(); len(got) != 3 {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestTheWrongInvoice(t *testing.T) {
	c, _ := newStub(t, respondWith(http.StatusOK, `{"data":`+goodPayment+`}`))
	_, err := c.Get(t.Context(), "0"+someID[1:])
	wantKind(t, err, gateway.ErrUnexpected)
	wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: "0" + someID[1:]})), gateway.ErrUnexpected)

	spec := order(t)
	spec.OrderID = "A-1002"
	_, err = c.Create(t.Context(), spec)
	if failed := wantKind(t, err, gateway.ErrOutcomeUnknown); !strings.Contains(failed.Error(), someID) {
		t.Errorf("the id is lost: %v", failed)
	}
}

// A create that was answered with an id has made the payment.
func TestOddCreateResponses(t *testing.T) {
	for _, member := range []string{
		`"created_at":"yesterday"`, `"amount":"a lot"`, `"seq_num":1.5`, `"is_completed":"no"`, `"support_currencies":"USDT"`, `"payment_amount":{}`,
	} {
		c, _ := newStub(t, respondWith(http.StatusOK, `{"data":{`+member+`,"id":"`+someID+`"}}`))
		if inv, err := c.Create(t.Context(), order(t)); err != nil || inv.ID != someID {
			t.Errorf("%s: %+v, %v", member, inv, err)
		}
		_, err := c.Get(t.Context(), someID)
		name, _, _ := strings.Cut(member[1:], `"`)
		if failed := wantKind(t, err, gateway.ErrUnexpected); !strings.Contains(failed.Error(), name) {
			t.Errorf("%v", failed)
		}
	}
}

func TestStatuses(t *testing.T) {
	for name, test := range map[string]struct {
		status              int
		body                string
		get, cancel, create error
		message, code       string
	}{
		"400":                   {400, `{"error":"Error message"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrInvalid, "Error message", ""},
		"400 of a sister":       {400, `{"success":false,"code":1000,"message":"bad"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrInvalid, "bad", "1000"},
		"an object":             {400, `{"error":{"message":"bad","code":"E1"}}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrOutcomeUnknown, "bad", "E1"},
		"a list besides":        {400, `{"error":"Bad Request","message":["x"],"code":{}}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"403":                   {403, `{"error":"Forbidden"}`, gateway.ErrForbidden, gateway.ErrForbidden, gateway.ErrForbidden, "Forbidden", ""},
		"401":                   {401, `{"error":"Unauthorized"}`, gateway.ErrUnauthorized, gateway.ErrUnauthorized, gateway.ErrOutcomeUnknown, "Unauthorized", ""},
		"a page with 401":       {401, page, gateway.ErrUnauthorized, gateway.ErrUnauthorized, gateway.ErrOutcomeUnknown, "", ""},
		"404":                   {404, `{"error":"Payment not found"}`, gateway.ErrNotFound, gateway.ErrNotFound, gateway.ErrOutcomeUnknown, "Payment not found", ""},
		"404 of a sister":       {404, `{"success":false,"code":1404,"message":"Payment not found"}`, gateway.ErrNotFound, gateway.ErrNotFound, gateway.ErrOutcomeUnknown, "Payment not found", "1404"},
		"proxy's 404":           {404, page, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"404, a text":           {404, `"not found"`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"404, another form":     {404, `{"message":"no Route matched with those values"}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"404, empty error":      {404, `{"error":""}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"404, null error":       {404, `{"error":null}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"404, a success":        {404, `{"data":` + goodPayment + `}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"404 of a framework":    {404, `{"statusCode":404,"message":"Cannot GET /v1/payment/info?id=1","error":"Not Found"}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"404, cannot be":        {404, `{"error":"Cannot find payment"}`, gateway.ErrNotFound, gateway.ErrNotFound, gateway.ErrOutcomeUnknown, "Cannot find payment", ""},
		"409":                   {409, `{"error":"Conflict"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrOutcomeUnknown, "Conflict", ""},
		"409, a page":           {409, page, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"403, not documented":   {403, `{"error":"forbidden"}`, gateway.ErrForbidden, gateway.ErrForbidden, gateway.ErrOutcomeUnknown, "forbidden", ""},
		"400, the status":       {400, `{"error":"Bad Request"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrOutcomeUnknown, "Bad Request", ""},
		"400 and more":          {400, `{"error":"no","path":"/x"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrOutcomeUnknown, "no", ""},
		"400, code alone":       {400, `{"code":1000,"message":"bad"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrOutcomeUnknown, "bad", "1000"},
		"400, success":          {400, `{"success":true,"code":1000,"message":"bad"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrOutcomeUnknown, "bad", "1000"},
		"409 in words":          {409, `{"error":"Duplicate order_id"}`, gateway.ErrInvalid, gateway.ErrClosed, gateway.ErrInvalid, "Duplicate order_id", ""},
		"429 of a sister":       {429, `{"success":false,"code":1429,"message":"slow"}`, gateway.ErrRateLimited, gateway.ErrRateLimited, gateway.ErrRateLimited, "slow", "1429"},
		"413":                   {413, `{"error":"large"}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "large", ""},
		"422":                   {422, `{"error":"bad"}`, gateway.ErrInvalid, gateway.ErrInvalid, gateway.ErrInvalid, "bad", ""},
		"429":                   {429, `{"error":"slow"}`, gateway.ErrRateLimited, gateway.ErrRateLimited, gateway.ErrRateLimited, "slow", ""},
		"redirect":              {302, `{"error":"moved"}`, gateway.ErrUnexpected, gateway.ErrUnexpected, gateway.ErrOutcomeUnknown, "", ""},
		"500":                   {500, `{"error":"boom"}`, gateway.ErrUnavailable, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, "boom", ""},
		"a page with 502":       {502, page, gateway.ErrUnavailable, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, "", ""},
		"500 that says success": {500, `{"data":` + goodPayment + `}`, gateway.ErrUnavailable, gateway.ErrUnavailable, gateway.ErrOutcomeUnknown, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, s := newStub(t, respondWith(test.status, test.body))
			_, err := c.Get(t.Context(), someID)
			failed := wantKind(t, err, test.get)
			if failed.Status != test.status || test.message != "" && failed.Message != test.message || failed.Code != test.code {
				t.Errorf("%+v", failed)
			}
			wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: someID})), test.cancel)
			_, err = c.Create(t.Context(), order(t))
			wantKind(t, err, test.create)
			posts := 0
			for _, r := range s.requests() {
				if r.method == http.MethodPost {
					posts++
				}
			}
			if posts != 2 {
				t.Errorf("%q", s.lines())
			}
		})
	}
}
