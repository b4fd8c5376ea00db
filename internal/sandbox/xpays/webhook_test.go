package xpays

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// TestWebhookSignature has a signature that was computed with another program:
// openssl dgst -sha256 -hmac demo-secret-0001 over
// 1731000000123|POST|https://pay.example.test/hook?a=1|<body>.
func TestWebhookSignature(t *testing.T) {
	n := simulator.Notification{Event: "PAYMENT_PAID", Data: json.RawMessage(`{"payment":{"id":"1","payment_amount":2.50},"transaction":null}`)}
	webhook, err := new(Simulator).Webhook(n, simulator.WebhookTarget{
		URL: "https://pay.example.test/hook?a=1", Secret: "demo-secret-0001", Now: time.UnixMilli(1731000000123),
	})
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"event":"PAYMENT_PAID","type":"CRYPTO","data":{"payment":{"id":"1","payment_amount":2.5},"transaction":null}}`
	if string(webhook.Body) != body {
		t.Errorf("the body is %s", webhook.Body)
	}
	for name, want := range map[string]string{
		"x-api-key": APIKey, "x-timestamp": "1731000000123", "x-signature": "5598f821522d39a8d21c35c9330c2cf003bb871e06a4fe13f0f9b506886557f9",
	} {
		if got := webhook.Header.Get(name); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
}

func TestRequestURL(t *testing.T) {
	for address, want := range map[string]string{
		"http://shop.example":           "http://shop.example/",
		"http://shop.example:3000/?a=b": "http://shop.example:3000/?a=b",
		"https://shop.example/a%2Fb":    "https://shop.example/a%2Fb",
	} {
		if got, err := requestURL(address); got != want || err != nil {
			t.Errorf("%s: %s, %v", address, got, err)
		}
	}
}
