package meum

import (
	"context"
	"iter"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func FuzzResponses(f *testing.F) {
	const id = "inv_cb1e73f508a2abf4ea639f100de14cef"
	f.Add(201, `{"id":"`+id+`","status":"awaiting_payment","amount":"100.00","currency":"USD","expires_at":"2099-12-31T23:59:59.999Z"}`)
	f.Add(200, `{"id":"`+id+`","status":"cancelled","paid_amount":null,"metadata":{},"created_at":"2026-07-01T10:00:00Z"}`)
	f.Add(200, `{"data":[{"id":"`+id+`"}],"has_more":true,"next_cursor":"3c90c3cc-0d44-4b50-8888-8dd25736052a"}`)
	f.Add(200, `{"data":[],"has_more":false,"next_cursor":null}`)
	f.Add(403, `{"error":{"type":"permission_error","code":"INSUFFICIENT_SCOPE","message":"Missing invoices:read scope"}}`)
	f.Add(429, `{"error":"Too many requests"}`)
	f.Add(404, `{"error":"Not found"}`)
	f.Add(404, `<html>`)
	clienttest.FuzzResponses(f, clienttest.Fuzzed[Spec, *Invoice]{
		Connect: func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
			return New(Credentials{APIKey: "sk_live_demo"}, cfg)
		},
		Spec: Spec{Amount: clienttest.Amount(f, "100"), Currency: "USD", ExternalOrderID: "order-1"},
		ID:   id,
		List: func(c gateway.Gateway[Spec, *Invoice]) iter.Seq2[*Invoice, error] {
			return c.(*Client).List(context.Background(), Filter{})
		},
	})
}
