package meum

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// TestWebhookMembers compares a webhook with the published sample,
// https://docs.meum.io/webhooks/event-reference.md.
func TestWebhookMembers(t *testing.T) {
	const sample = `{"id":"evt_x","type":"invoice.paid","createdAt":"2024-06-24T12:00:00.000Z","organizationId":"..","storeId":"..",
		"storePublicId":"..","data":{"invoice_id":"inv_..","integration_id":"..","external_order_id":"order_demo_1048",
		"amount":"100.00","expected_amount":"100.00","received_amount":"100.00","difference_amount":"0.00","paid_amount":"100.00",
		"currency":"USD","output_asset":"usdc","tx_hash":"..","paid_at":"2024-06-24T12:05:00.000Z",
		"payment_url":"https://pay.meum.io/inv_..","status":"paid"},"_platform":{"webhookEndpointId":".."}}`
	n := simulator.Notification{
		ID: "0123456789abcdef0123456789abcdef", Gateway: "meum", InvoiceID: "inv_1", Event: "invoice.paid",
		OccurredAt: time.Date(2024, 6, 24, 12, 0, 0, 0, time.UTC),
		Data: json.RawMessage(`{"record":{"external_order_id":"order_demo_1048","amount":"100.00","paid_amount":"100.00","currency":"USD",
			"output_asset":"USDC","transaction_hash":"hash","paid_at":"2024-06-24T12:05:00.000Z","status":"paid"},
			"integration_id":"int_1","payment_url":"https://pay.example/inv_1"}`),
	}
	webhook, err := new(Simulator).Webhook(n, simulator.WebhookTarget{Secret: "s", Now: time.Unix(1719230400, 0)})
	if err != nil {
		t.Fatal(err)
	}
	var want, got map[string]any
	if err := json.Unmarshal([]byte(sample), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(webhook.Body, &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(names(got), names(want)) || !slices.Equal(names(got["data"].(map[string]any)), names(want["data"].(map[string]any))) {
		t.Errorf("got  %s\nwant %s", webhook.Body, sample)
	}
	for _, member := range []string{"amount", "expected_amount", "received_amount", "difference_amount", "paid_amount", "currency", "output_asset", "paid_at", "status", "external_order_id"} {
		if got := got["data"].(map[string]any)[member]; got != want["data"].(map[string]any)[member] {
			t.Errorf("%s is %v", member, got)
		}
	}
	if got["createdAt"] != want["createdAt"] || webhook.Header.Get("X-Stablecoin-Integration-Id") != "int_1" {
		t.Errorf("%s %v", webhook.Body, webhook.Header)
	}
}

// names are the sorted names of an object's members.
func names(o map[string]any) (list []string) {
	for name := range o {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestWebhookOfAnUnderpaidInvoice(t *testing.T) {
	n := simulator.Notification{Data: json.RawMessage(`{"record":{"amount":"100.00","paid_amount":"40.5","currency":"USD","output_asset":"USDC","status":"underpaid"}}`)}
	webhook, err := new(Simulator).Webhook(n, simulator.WebhookTarget{Secret: "s", Now: time.Unix(1719230400, 0)})
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{`"received_amount":"40.50"`, `"difference_amount":"-59.50"`, `"tx_hash":null`, `"integration_id":null`} {
		if !strings.Contains(string(webhook.Body), member) {
			t.Errorf("%s is missing from %s", member, webhook.Body)
		}
	}
}

func TestWebhookOfBrokenData(t *testing.T) {
	for _, data := range []string{``, `[]`, `{"record":{"amount":"much"}}`, `{"record":{"amount":"1","paid_amount":"much"}}`} {
		if _, err := new(Simulator).Webhook(simulator.Notification{Data: json.RawMessage(data)}, simulator.WebhookTarget{}); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
}
