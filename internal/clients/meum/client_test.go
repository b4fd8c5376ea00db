package meum

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const theID = "inv_cb1e73f508a2abf4ea639f100de14cef"

// The responses below have the form of the samples in the documentation.
const (
	createResponse = `{"id":"` + theID + `","status":"awaiting_payment","checkout_url":"https://pay.meum.io/` + theID + `","amount":"100.00","currency":"USD",` +
		`"output_asset":"USDC","expires_at":"2099-12-31T23:59:59.999Z"}`
	fullRecord = `{"id":"` + theID + `","external_order_id":"order_demo_1048","status":"paid","amount":"100.00","currency":"USD","order_amount":"90.00",
		"order_currency":"EUR","paid_amount":"100.000001","output_asset":"nep141:sol-x.omft.near","checkout_url":null,"return_url":"https://shop.example/r",
		"customer_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","payment_link_id":null,"transaction_hash":"0x1","metadata":{"a":1.50,"b":"<"},
		"created_at":"2026-07-01T10:00:00.123Z","updated_at":"2026-07-01T10:05:00Z","paid_at":"2026-07-01T12:04:00+02:00","expires_at":"2099-12-31T23:59:59.999Z","extra":{}}`
)

func TestCreateRequest(t *testing.T) {
	tests := []struct {
		name string
		spec Spec
		body string
	}{
		{"the least", Spec{Amount: clienttest.Amount(t, "100"), Currency: "USD"}, `{"amount":"100","currency":"USD"}`},
		{"digits as they are written", Spec{Amount: clienttest.Amount(t, "100.00"), Currency: "EUR", ExternalOrderID: "a<b>&ü"}, `{"amount":"100.00","currency":"EUR","external_order_id":"a<b>&ü"}`},
		{"more digits than a float has", Spec{Amount: clienttest.Amount(t, "12345678901234567890.123456789")}, `{"amount":"12345678901234567890.123456789"}`},
		{"everything", Spec{
			Amount: clienttest.Amount(t, "0.10"), Currency: "USD", ExternalOrderID: "o", StoreID: "s", IntegrationID: "i", CallbackURL: "https://a/?x=1&y=2", ReturnURL: "https://b/",
			Metadata: json.RawMessage(`{ "z": 1.50, "a": "<>" }`),
		}, `{"amount":"0.10","currency":"USD","external_order_id":"o","store_id":"s","integration_id":"i","callback_url":"https://a/?x=1&y=2","return_url":"https://b/","metadata":{"z":1.50,"a":"<>"}}`},
	}
	for _, test := range tests {
		for _, status := range []int{200, 201} {
			t.Run(fmt.Sprint(test.name, status), func(t *testing.T) {
				c, server := newCannedServer(t, status, createResponse)
				inv, err := c.Create(t.Context(), test.spec)
				if err != nil || inv.ID != theID {
					t.Fatal(err)
				}
				r := server.Requests()[0]
				if len(server.Requests()) != 1 || r.Method != "POST" || r.URI != "/v1/invoices" || r.Body != test.body {
					t.Errorf("%+v", r)
				}
				if r.Header.Get("Authorization") != "Bearer sk_live_demo" || r.Header.Get("Content-Type") != "application/json" ||
					r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "test/1" || r.Header.Get("Idempotency-Key") != "" {
					t.Errorf("%v", r.Header)
				}
			})
		}
	}
}

func TestCreateResponse(t *testing.T) {
	c, _ := newCannedServer(t, 201, createResponse)
	inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "100")})
	if err != nil {
		t.Fatal(err)
	}
	f := inv.Facts(time.Now())
	if f.ID != theID || f.Reference != "" || f.Status != "awaiting_payment" || f.Phase != gateway.PhaseOpen || f.Amount.String() != "100.00" ||
		f.Currency != "USD" || !f.CreatedAt.IsZero() {
		t.Errorf("%+v", f)
	}
	if inv.CheckoutURL != "https://pay.meum.io/"+theID || !inv.ExpiresAt.Equal(time.Date(2099, 12, 31, 23, 59, 59, 999e6, time.UTC)) || inv.Metadata != nil {
		t.Errorf("%+v", inv)
	}

	// An older generation of the documentation.
	c, _ = newCannedServer(t, 201, `{"id":"3c90c3cc-0d44-4b50-8888-8dd25736052a","invoiceId":"3c90c3cc-0d44-4b50-8888-8dd25736052a","payment_url":"https://pay.meum.io/x"}`)
	if inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "1")}); err != nil || inv.ID != "3c90c3cc-0d44-4b50-8888-8dd25736052a" || inv.CheckoutURL != "https://pay.meum.io/x" {
		t.Errorf("%+v, %v", inv, err)
	}
	c, _ = newCannedServer(t, 200, `{"invoiceId":"inv_demo_123"}`)
	if inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "1")}); err != nil || inv.ID != "inv_demo_123" {
		t.Errorf("%+v, %v", inv, err)
	}
}

// TestCreateOlder: the gateway may answer with an older invoice. The client
// hands it on as it is.
func TestCreateOlder(t *testing.T) {
	c, server := newCannedServer(t, 200, fullRecord)
	inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "7"), ExternalOrderID: "order_demo_1048"})
	if err != nil || len(server.Requests()) != 1 {
		t.Fatal(err)
	}
	if f := inv.Facts(time.Now()); f.Phase != gateway.PhasePaid || f.Amount.String() != "100.00" || f.CreatedAt.IsZero() {
		t.Errorf("%+v", f)
	}
}

// TestCreateOutcome: what a response to a create means for the invoice.
func TestCreateOutcome(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		kind   error
		code   string
		text   string
	}{
		{"no wallet", 400, `{"error":{"type":"invalid_request","code":"payout_wallet_not_configured","message":"Set a wallet."}}`, gateway.ErrInvalid, "payout_wallet_not_configured", "Set a wallet."},
		{"the same, in the older form", 400, `{"error":"payout_wallet_not_configured"}`, gateway.ErrOutcomeUnknown, "", "payout_wallet_not_configured"},
		{"a conflict", 409, `{"error":{"type":"conflict_error","code":"conflict","message":"Already there."}}`, gateway.ErrInvalid, "conflict", "Already there."},
		{"a duplicate of another integration", 409, `{"code":"EXTERNAL_ORDER_INTEGRATION_CONFLICT","error":"Taken."}`, gateway.ErrInvalid, "EXTERNAL_ORDER_INTEGRATION_CONFLICT", "external_order_id: Taken."},
		{"another conflict, in the older form", 409, `{"error":"Conflict"}`, gateway.ErrOutcomeUnknown, "", "Conflict"},
		{"unprocessable", 422, `{"error":{"type":"invalid_request","code":"amount","message":"Too low."}}`, gateway.ErrInvalid, "amount", "Too low."},
		{"a scope", 403, `{"error":{"type":"permission_error","code":"INSUFFICIENT_SCOPE","message":"Missing invoices:write scope"}}`, gateway.ErrForbidden, "INSUFFICIENT_SCOPE", "Missing invoices:write scope"},
		{"a scope with another status", 401, `{"error":{"type":"permission_error","code":"INSUFFICIENT_SCOPE","message":"Missing scope"}}`, gateway.ErrForbidden, "INSUFFICIENT_SCOPE", "Missing scope"},
		{"the key", 401, `{"error":{"type":"authentication_error","code":"invalid_key","message":"Bad key"}}`, gateway.ErrUnauthorized, "invalid_key", "Bad key"},
		{"half of the form", 401, `{"error":{"type":"authentication_error","message":"Bad key"}}`, gateway.ErrOutcomeUnknown, "", "Bad key"},
		{"the form and more", 401, `{"error":{"type":"authentication_error","code":"invalid_key","message":"Bad key"},"path":"/v1/invoices"}`, gateway.ErrOutcomeUnknown, "", "Bad key"},
		{"the key, undocumented", 401, `no`, gateway.ErrOutcomeUnknown, "", "no"},
		{"no route", 404, `{"error":{"code":"not_found","message":"No such route"}}`, gateway.ErrOutcomeUnknown, "", "No such route"},
		{"not found, in the own form", 404, `{"error":{"type":"not_found_error","code":"not_found","message":"Store not found"}}`, gateway.ErrOutcomeUnknown, "not_found", "Store not found"},
		{"too many", 429, `{"error":"Too many requests"}`, gateway.ErrRateLimited, "", "Too many requests"},
		{"too many, by another", 429, `{"error":"Too Many Requests"}`, gateway.ErrOutcomeUnknown, "", "Too Many Requests"},
		{"a proxy's page", 403, `<html>blocked</html>`, gateway.ErrOutcomeUnknown, "", "blocked"},
		{"JSON of somebody else", 400, `{"message":"bad"}`, gateway.ErrOutcomeUnknown, "", "bad"},

		{"out of order", 500, `{"error":{"type":"api_error","code":"internal","message":"oops"}}`, gateway.ErrOutcomeUnknown, "internal", "oops"},
		{"a proxy's error", 504, `<html>time-out</html>`, gateway.ErrOutcomeUnknown, "", "time-out"},
		{"an empty success", 201, ``, gateway.ErrOutcomeUnknown, "", "empty"},
		{"half a success", 201, createResponse[:60], gateway.ErrOutcomeUnknown, "", ""},
		{"no id", 201, `{"status":"awaiting_payment"}`, gateway.ErrOutcomeUnknown, "", "id"},
		{"an odd id", 201, `{"id":"../x"}`, gateway.ErrOutcomeUnknown, "", "id"},
		{"an id that is none", 201, `{"id":{}}`, gateway.ErrOutcomeUnknown, "", "id"},
		{"null", 200, `null`, gateway.ErrOutcomeUnknown, "", ""},
		{"an error called success", 200, `{"error":{"code":"a","message":"b"}}`, gateway.ErrOutcomeUnknown, "", "id"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, server := newCannedServer(t, test.status, test.body)
			inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "25")})
			failed := check(t, err, test.kind)
			if inv != nil || failed.Operation != "create invoice" || failed.Status != test.status || failed.Code != test.code || failed.Resendable != (test.kind == gateway.ErrOutcomeUnknown && test.status == 429) ||
				!strings.Contains(err.Error(), test.text) || len(server.Requests()) != 1 {
				t.Errorf("%v, %v, %d requests", inv, err, len(server.Requests()))
			}
		})
	}

	// With an id there is an invoice, however odd the rest may be.
	c, _ := newCannedServer(t, 201, `{"id":"`+theID+`","amount":"much","expires_at":"never","metadata":[1]}`)
	if inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "25")}); err != nil || inv.ID != theID {
		t.Errorf("%v, %v", inv, err)
	}

	c, server := newCannedServer(t, 403, `{"error":{"type":"permission_error","code":"store_mismatch","message":"Not your store"}}`)
	_, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "25"), StoreID: "x"})
	if failed := check(t, err, gateway.ErrForbidden); len(failed.Fields) != 1 || failed.Fields[0] != (gateway.FieldError{Field: "store_id", Message: "Not your store"}) || failed.Code != "store_mismatch" {
		t.Errorf("%+v", failed)
	}
	_, err = c.Create(t.Context(), Spec{})
	check(t, err, gateway.ErrInvalid)
	_, err = c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "1"), Metadata: json.RawMessage(`{`)})
	check(t, err, gateway.ErrInvalid)
	if len(server.Requests()) != 1 {
		t.Error("a request was sent")
	}
}

func TestGet(t *testing.T) {
	c, server := newCannedServer(t, 200, fullRecord)
	inv, err := c.Get(t.Context(), theID)
	if err != nil {
		t.Fatal(err)
	}
	if r := server.Requests()[0]; r.Method != "GET" || r.URI != "/v1/invoices/"+theID || r.Body != "" || r.Header.Get("Authorization") != "Bearer sk_live_demo" || r.Header.Get("Content-Type") != "" {
		t.Errorf("%+v", r)
	}
	f := inv.Facts(time.Now())
	if f.ID != theID || f.Reference != "order_demo_1048" || f.Status != "paid" || f.Phase != gateway.PhasePaid || f.Amount.String() != "100.00" ||
		f.Currency != "USD" || !f.CreatedAt.Equal(time.Date(2026, 7, 1, 10, 0, 0, 123e6, time.UTC)) {
		t.Errorf("%+v", f)
	}
	if inv.OrderAmount.String() != "90.00" || inv.OrderCurrency != "EUR" || inv.PaidAmount.String() != "100.000001" || inv.OutputAsset != "nep141:sol-x.omft.near" ||
		inv.CheckoutURL != "" || inv.ReturnURL != "https://shop.example/r" || inv.CustomerID != "3c90c3cc-0d44-4b50-8888-8dd25736052a" || inv.PaymentLinkID != "" ||
		inv.TransactionHash != "0x1" || string(inv.Metadata) != `{"a":1.50,"b":"<"}` || !inv.UpdatedAt.Equal(time.Date(2026, 7, 1, 10, 5, 0, 0, time.UTC)) ||
		!inv.PaidAt.Equal(time.Date(2026, 7, 1, 10, 4, 0, 0, time.UTC)) {
		t.Errorf("%+v", inv)
	}
}

// TestIDs: whatever an id holds, the request stays on its path.
func TestIDs(t *testing.T) {
	for id, path := range map[string]string{
		"inv_demo_123":                         "inv_demo_123",
		"3c90c3cc-0d44-4b50-8888-8dd25736052a": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
		"inv_x?limit=1":                        "inv_x%3Flimit=1",
		"inv_x#y":                              "inv_x%23y",
		"inv_%2e%2e":                           "inv_%252e%252e",
		"inv_ü":                                "inv_%C3%BC",
		"...":                                  "...",
	} {
		c, server := newCannedServer(t, 200, `{"id":`+fmt.Sprintf("%q", id)+`}`)
		if inv, err := c.Get(t.Context(), id); err != nil || inv.ID != id {
			t.Errorf("%q: %v", id, err)
		}
		if err := clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: id})); err != nil {
			t.Errorf("%q: %v", id, err)
		}
		if got := server.Requests()[0].URI; got != "/v1/invoices/"+path {
			t.Errorf("%q: %s", id, got)
		}
		if got := server.Requests()[1].URI; got != "/v1/invoices/"+path+"/cancel" {
			t.Errorf("%q: %s", id, got)
		}
	}
	c, server := newCannedServer(t, 200, fullRecord)
	for _, id := range []string{"", ".", "..", "/", "inv_x/", "inv_x/cancel", "../invoices", `inv_x\y`, "inv x", "inv_x\n", "inv_\x00", "inv_\xff", strings.Repeat("x", 201)} {
		_, err := c.Get(t.Context(), id)
		check(t, err, gateway.ErrInvalid)
		check(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: id})), gateway.ErrInvalid)
	}
	if len(server.Requests()) != 0 {
		t.Errorf("%d requests", len(server.Requests()))
	}
}

// TestGetFinds: not found is only what the gateway itself says.
func TestGetFinds(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		kind   error
	}{
		{"not found", 404, `{"error":{"type":"not_found_error","code":"not_found","message":"Invoice not found"}}`, gateway.ErrNotFound},
		{"not found, in the older form", 404, `{"error":"Invoice not found"}`, gateway.ErrNotFound},
		{"not found, with a code alone", 404, `{"error":{"code":"not_found"}}`, gateway.ErrUnexpected},
		{"a page", 404, `<html>404</html>`, gateway.ErrUnexpected},
		{"an empty 404", 404, ``, gateway.ErrUnexpected},
		{"an empty object", 404, `{}`, gateway.ErrUnexpected},
		{"an empty error", 404, `{"error":{}}`, gateway.ErrUnexpected},
		{"no error", 404, `{"error":null}`, gateway.ErrUnexpected},
		{"an empty text", 404, `{"error":""}`, gateway.ErrUnexpected},
		{"an array", 404, `{"error":["x"]}`, gateway.ErrUnexpected},
		{"somebody else's 404", 404, `{"message":"Not found"}`, gateway.ErrUnexpected},
		{"half of it", 404, `{"error":"Invoice`, gateway.ErrUnexpected},
		{"gone", 410, `{"error":"Gone"}`, gateway.ErrUnexpected},
		{"a redirect", 302, `{"error":"x"}`, gateway.ErrUnexpected},
		{"the key", 401, `{"error":"Unauthorized"}`, gateway.ErrUnauthorized},
		{"a scope", 403, `{"error":{"type":"permission_error","code":"INSUFFICIENT_SCOPE","message":"Missing invoices:read scope"}}`, gateway.ErrForbidden},
		{"out of order", 503, `{"error":"down"}`, gateway.ErrUnavailable},
		{"another one", 200, `{"id":"inv_other"}`, gateway.ErrUnexpected},
		{"another case", 200, `{"id":"` + strings.ToUpper(theID) + `"}`, gateway.ErrUnexpected},
		{"no id", 200, `{"status":"paid"}`, gateway.ErrUnexpected},
		{"a list", 200, `{"data":[` + fullRecord + `]}`, gateway.ErrUnexpected},
		{"a page called success", 200, `<html>`, gateway.ErrUnexpected},
		{"an odd amount", 200, `{"id":"` + theID + `","amount":"much"}`, gateway.ErrUnexpected},
		{"an odd time", 200, `{"id":"` + theID + `","created_at":"1. 7. 2026"}`, gateway.ErrUnexpected},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _ := newCannedServer(t, test.status, test.body)
			_, err := c.Get(t.Context(), theID)
			if failed := check(t, err, test.kind); failed.Operation != "read invoice" || failed.Status != test.status {
				t.Errorf("%+v", failed)
			}
		})
	}
	c, _ := newCannedServer(t, 200, `{"id":"`+theID+`"}`)
	if inv, err := c.Get(t.Context(), theID); err != nil || inv.Facts(time.Now()).Phase != gateway.PhaseUnknown {
		t.Errorf("a record of which everything else is missing: %v", err)
	}
}

func TestCancel(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		kind   error
	}{
		{"done", 200, `{"id":"` + theID + `","status":"cancelled"}`, nil},
		{"paid meanwhile", 200, fullRecord, nil},
		{"closed", 400, `{"error":{"code":"invoice_not_open","message":"Invoice is not open"}}`, gateway.ErrClosed},
		{"closed, a conflict", 409, `{"error":"Invoice is not open"}`, gateway.ErrClosed},
		{"not found", 404, `{"error":{"code":"not_found","message":"Invoice not found"}}`, gateway.ErrNotFound},
		{"a page that is gone", 404, `<html>`, gateway.ErrUnexpected},
		{"a scope", 403, `{"error":{"type":"permission_error","code":"INSUFFICIENT_SCOPE","message":"Missing invoices:write scope"}}`, gateway.ErrForbidden},
		{"a proxy's 400", 400, `<html>`, gateway.ErrUnexpected},
		{"out of order", 500, `{"error":"oops"}`, gateway.ErrUnavailable},
		{"no body", 204, ``, gateway.ErrUnexpected},
		{"another one", 200, `{"id":"inv_other","status":"cancelled"}`, gateway.ErrUnexpected},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, server := newCannedServer(t, test.status, test.body)
			err := clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: theID}))
			if test.kind == nil {
				if err != nil {
					t.Error(err)
				}
			} else if failed := check(t, err, test.kind); failed.Operation != "cancel invoice" {
				t.Errorf("%+v", failed)
			}
			r := server.Requests()[0]
			if r.Method != "POST" || r.URI != "/v1/invoices/"+theID+"/cancel" || r.Body != "" || r.Length != 0 ||
				r.Header.Get("Content-Type") != "" || r.Header.Get("Idempotency-Key") != "" {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestFacts(t *testing.T) {
	for status, want := range map[string]gateway.Phase{
		"pending": "open", "quoted": "open", "awaiting_payment": "open", "paid": "paid", "underpaid": "underpaid", "expired": "expired",
		"failed": "failed", "refunded": "refunded", "cancelled": "canceled",
		"": "unknown", "canceled": "unknown", "Paid": "unknown", "overpaid": "unknown", "processing": "unknown",
	} {
		inv := &Invoice{ID: theID, Status: status, ExpiresAt: time.Unix(0, 0)}
		if f := inv.Facts(time.Now()); f.Phase != want || f.Status != status {
			t.Errorf("%q is %q", status, f.Phase)
		}
	}
}

func TestErrorsKeepTheKey(t *testing.T) {
	c, _ := newCannedServer(t, 400, `{"error":{"code":"sk_live_demo","message":"Bearer sk_live_demo is not welcome"}}`)
	if _, err := c.Get(t.Context(), theID); strings.Contains(err.Error(), "sk_live_demo") {
		t.Error(err)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, server := newCannedServer(t, 201, createResponse)
	_, err := c.Create(ctx, Spec{Amount: clienttest.Amount(t, "1")})
	check(t, err, gateway.ErrUnavailable)
	if len(server.Requests()) != 0 {
		t.Error("a request was sent")
	}
}

func TestCancelShowsTheInvoice(t *testing.T) {
	for name, test := range map[string]struct {
		body  string
		shown bool
	}{
		"whole":          {fullRecord, true},
		"without status": {`{"id":"` + theID + `","amount":"100.00","status":null}`, false},
		"without amount": {`{"id":"` + theID + `","status":"cancelled"}`, false},
	} {
		c, _ := newCannedServer(t, http.StatusOK, test.body)
		answer, shown, err := c.Cancel(t.Context(), &Invoice{ID: theID})
		if err != nil || shown != test.shown || answer.ID != theID {
			t.Errorf("%s: %+v, %v, %v", name, answer, shown, err)
		}
	}
}

func TestCheckAccount(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"an empty list":  {200, `{"data":[],"has_more":false,"next_cursor":null}`, nil},
		"one row":        {200, `{"data":[` + fullRecord + `],"has_more":true,"next_cursor":"x"}`, nil},
		"another's list": {200, `{"data":[]}`, gateway.ErrUnexpected},
		"a page":         {200, `<html></html>`, gateway.ErrUnexpected},
		"no such app":    {404, `{"error":"No such app"}`, gateway.ErrUnexpected},
		"a revoked key":  {401, `{"error":{"type":"authentication_error","code":"invalid_key","message":"Invalid API key"}}`, gateway.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			c, server := newCannedServer(t, test.status, test.body)
			if err := c.CheckAccount(t.Context()); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if all := server.Requests(); len(all) != 1 || all[0].Method != http.MethodGet || all[0].URI != "/v1/invoices?limit=1" {
				t.Errorf("%+v", all)
			}
		})
	}
}

func TestMoneyMoved(t *testing.T) {
	for name, test := range map[string]struct {
		record string
		moved  bool
	}{
		"unpaid":                         {`{"status":"awaiting_payment","paid_amount":null,"transaction_hash":null}`, false},
		"nothing paid":                   {`{"status":"quoted","paid_amount":"0.00","transaction_hash":""}`, false},
		"a part of it while still open":  {`{"status":"quoted","paid_amount":"0.01"}`, true},
		"a transaction while still open": {`{"status":"awaiting_payment","transaction_hash":"5kQ"}`, true},
		"by the older name":              {`{"status":"pending","tx_hash":"5kQ"}`, true},
		"paid":                           {`{"status":"paid"}`, true},
		"underpaid":                      {`{"status":"underpaid"}`, true},
		"refunded":                       {`{"status":"refunded"}`, true},
		"expired":                        {`{"status":"expired"}`, false},
		"expired with money":             {`{"status":"expired","paid_amount":"3"}`, true},
		"no documented word":             {`{"status":"confirming","paid_amount":"3"}`, true},
	} {
		record, err := transport.ParseObject([]byte(test.record))
		if err != nil {
			t.Fatal(err)
		}
		inv, _ := readInvoice(record)
		if got := inv.Facts(time.Now()); got.MoneyMoved != test.moved {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestOddWords: a status, which goes into diagnostics and into the state, is short,
// can be printed, and is no credential.
func TestOddWords(t *testing.T) {
	for name, word := range map[string]string{
		"3 MB": strings.Repeat("x", 3<<20), "a colour": `\u001b[31mpaid`, "lines": `paid\npaid`, "binary": `\ufffd\u0000`, "the key": "sk_live_demo", "half a key": "is sk_live_demo?",
	} {
		c, _ := newCannedServer(t, http.StatusOK, `{"id":"`+theID+`","status":"`+word+`","amount":"1"}`)
		inv, err := c.Get(t.Context(), theID)
		if err == nil {
			err = errors.New(inv.Status)
		}
		if text := err.Error(); len(text) > 2<<10 || strings.ContainsAny(text, "\n\x1b\x00\ufffd") || strings.Contains(text, "sk_live_demo") {
			t.Errorf("%s: %.300q", name, text)
		}
	}
}
