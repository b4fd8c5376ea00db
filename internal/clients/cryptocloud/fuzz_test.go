package cryptocloud

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func FuzzResponses(f *testing.F) {
	f.Add(200, `{"status":"success","result":{"uuid":"INV-7QK2M9XD","status":"created","amount_in_fiat":25.0,"link":"https://pay.example/7QK2M9XD"}}`)
	f.Add(200, `{"status":"success","result":[{"uuid":"INV-7QK2M9XD","status":"paid","created":"2026-03-01 09:15:02.481907","tx_list":[""],"order_id":"None"}],"all_count":1}`)
	f.Add(200, `{"status":"success","result":[]}`)
	f.Add(200, `{"status":"success","result":["ok"]}`)
	f.Add(400, `{"status":"error","result":{"validate_error":"Invoice is not created"}}`)
	f.Add(400, `{"status":"error","result":{"amount":"amount not passed."}}`)
	f.Add(403, `{"detail":"Invalid header padding"}`)
	f.Add(401, `{"message":"Unauthenticated."}`)
	f.Add(502, `<html><body>Bad gateway</body></html>`)
	day := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	clienttest.FuzzResponses(f, clienttest.Fuzzed[Spec, *Invoice]{
		Connect: func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
			return New(Credentials{APIKey: "demo.key.1"}, cfg)
		},
		Spec: Spec{Amount: clienttest.Amount(f, "25"), Currency: "USD", ShopID: "shop"},
		ID:   "INV-7QK2M9XD",
		List: func(c gateway.Gateway[Spec, *Invoice]) iter.Seq2[*Invoice, error] {
			return c.(*Client).List(context.Background(), Filter{Start: day, End: day})
		},
	})
}
