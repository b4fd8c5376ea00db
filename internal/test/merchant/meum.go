package merchant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// https://docs.meum.io/api-reference/invoices
var meum = Gateway{
	Create: func(a Account, reference string, fields Object) (id, checkoutURL string) {
		order := Object{"amount": "100.00", "currency": "USD", "external_order_id": reference}
		made := a.call(http.MethodPost, "/v1/invoices", meumHeader(a), a.encode(order, fields))
		return made["id"].(string), made["checkout_url"].(string)
	},
	Status: func(a Account, id string) string {
		return a.call(http.MethodGet, "/v1/invoices/"+id, meumHeader(a), nil)["status"].(string)
	},
	Verify: verifyMeum,
	Paid:   "paid",
	Webhooks: map[string]string{
		"create": "invoice.created", "pay": "invoice.paid", "overpay": "invoice.paid", "underpay": "invoice.underpaid",
		"expire": "invoice.expired", "cancel": "invoice.cancelled", "fail": "invoice.failed",
	},
	Reference: "external_order_id",
	Notify:    "callback_url",
	Return:    "return_url",
}

func meumHeader(a Account) map[string]string {
	return map[string]string{"Authorization": "Bearer " + a.setting("API_KEY")}
}

// verifyMeum is https://docs.meum.io/webhooks/verify-signatures.md .
func verifyMeum(a Account, w Webhook) (invoice, event string, err error) {
	header := func(name string) string { return w.Header.Get("X-Meum-"+name) + w.Header.Get("X-Stablecoin-"+name) }
	timestamp := header("Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return "", "", fmt.Errorf("the timestamp %q is not of now", timestamp)
	}
	if want := "v1=" + sign(a.setting("WEBHOOK_SECRET"), timestamp+"."+string(w.Body)); !same(want, header("Signature")) {
		return "", "", fmt.Errorf("the signature is %q, not %q", header("Signature"), want)
	}
	var body struct {
		ID, Type string
		Data     struct {
			InvoiceID string `json:"invoice_id"`
		}
	}
	if err := json.Unmarshal(w.Body, &body); err != nil {
		return "", "", err
	}
	if header("Event") != body.Type || header("Event-Id") != body.ID {
		return "", "", fmt.Errorf("headers %v do not match the body %s", w.Header, w.Body)
	}
	return body.Data.InvoiceID, body.Type, nil
}
