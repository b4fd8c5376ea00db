package hesabe

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const loginResponse = `{"status":true,"message":"Success","response":{"token":{"token_type":"Bearer","expires_in":900,"access_token":"access","refresh_token":"refresh"}}}`

func connectDemo(f *testing.F) func(transport.Config) gateway.Gateway[Spec, *Invoice] {
	return func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
		c, err := New(demo, cfg)
		if err != nil {
			f.Fatal(err)
		}
		return c
	}
}

func fuzzResponses(f *testing.F, wrap func(body string) string) {
	f.Add(200, `{"status":true,"message":"Invoice","response":{"id":14696,"token":"3118174834216193364264","invoice_status":0,"amount":"15.000","expires_at":"2026-05-30","created_at":"2026-05-27 13:36:01","customer":{"name":"sample"},"products":[null],"transaction":null}}`)
	f.Add(200, `{"id":14696,"token":"3118174834216193364264","invoice_status":1,"transaction":{"id":1190281,"amount":15,"net_amount":14.9}}`)
	f.Add(200, `{"status":true,"message":"Invoice Dashboard","response":{"invoices":{"data":[{"id":14696}],"pagination":{"total":1,"count":1,"next_page_url":null}}}}`)
	f.Add(422, `{"status":false,"message":{"en":"no","ar":"لا"},"response":{"amount":["text"]}}`)
	f.Add(404, `{"message":"Request not found, Please verify the request data"}`)
	f.Add(401, `{"status":false,"message":"Invalid Signature.","response":null}`)
	f.Add(500, `{"message":"Internal server error occurred"}`)
	clienttest.FuzzResponses(f, clienttest.Fuzzed[Spec, *Invoice]{
		Connect: connectDemo(f),
		Spec:    Spec{Amount: clienttest.Amount(f, "15"), InvoiceType: TypeURL, ReferenceNumber: "order-1"},
		ID:      "14696",
		Wrap: func(w http.ResponseWriter, r *http.Request, status int, body string) {
			if strings.HasSuffix(r.URL.Path, "/login") {
				clienttest.Reply(w, http.StatusOK, loginResponse)
				return
			}
			clienttest.Reply(w, status, wrap(body))
		},
		List: func(c gateway.Gateway[Spec, *Invoice]) iter.Seq2[*Invoice, error] {
			return c.(*Client).List(context.Background(), Filter{})
		},
	})
}

// FuzzResponses fuzzes what comes in the clear.
func FuzzResponses(f *testing.F) {
	fuzzResponses(f, func(body string) string { return body })
}

// FuzzSealedResponses fuzzes what is in an encrypted response.
func FuzzSealedResponses(f *testing.F) {
	e, err := newEnvelope(demo.SecretKey, demo.IVKey)
	if err != nil {
		f.Fatal(err)
	}
	fuzzResponses(f, func(body string) string { return `{"response":"` + e.seal([]byte(body)) + `"}` })
}

// FuzzLogin fuzzes the response to a login.
func FuzzLogin(f *testing.F) {
	f.Add(200, loginResponse)
	f.Add(401, `{"status":false,"message":"Invalid Signature.","response":null}`)
	clienttest.FuzzResponses(f, clienttest.Fuzzed[Spec, *Invoice]{
		Connect: connectDemo(f),
		Spec:    Spec{Amount: clienttest.Amount(f, "15"), InvoiceType: TypeURL},
		ID:      "14696",
		Before:  true,
	})
}
