package xpays

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func FuzzResponses(f *testing.F) {
	f.Add(200, `{"data":{"id":"`+someID+`","order_id":"A-1001","amount":"12.5","payment_amount":12.540551457007885,"payment_status":"PAYMENT_CHECKING","status":"PENDING"}}`)
	f.Add(200, `{"data":{"payment":{"id":"`+someID+`","order_id":391,"payer_paid_amount":1e-7,"support_currencies":["USDT"],"expired_at":"2026-03-01T09:30:02.477Z"}}}`)
	f.Add(403, `{"error":"Forbidden"}`)
	f.Add(404, `{"success":false,"code":1404,"message":"Payment not found"}`)
	f.Add(409, `{"error":{"message":"duplicate"}}`)
	f.Add(200, `[]`)
	clienttest.FuzzResponses(f, clienttest.Fuzzed[Spec, *Invoice]{
		Connect: func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
			c, err := New(demo, cfg)
			if err != nil {
				f.Fatal(err)
			}
			return c
		},
		Spec: Spec{OrderID: "A-1001", Amount: clienttest.Amount(f, "12.50"), FromFiatCurrency: "USD", ToCryptoCurrency: "USDT", Chain: "tron"},
		ID:   someID,
	})
}
