package merchant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// https://xpays-docs.pages.dev/payment/create-invoice-payment.html and
// https://xpays-docs.pages.dev/payment/get-invoice-payment.html
var xpays = Gateway{
	Create: func(a Account, reference string, fields Object) (id, checkoutURL string) {
		order := Object{"order_id": reference, "amount": "2", "from_fiat_currency": "USD", "to_crypto_currency": "USDT", "chain": "tron"}
		made := callXPays(a, http.MethodPost, "/v1/payment/createInvoicePayment", a.encode(order, fields))
		return made["id"].(string), made["payment_url"].(string)
	},
	Status: func(a Account, id string) string {
		return callXPays(a, http.MethodGet, "/v1/payment/info?id="+id, nil)["payment"].(Object)["payment_status"].(string)
	},
	// Verify expects the signature of a request to the merchant's own address.
	Verify: func(a Account, w Webhook) (invoice, event string, err error) {
		want := signXPays(a.setting("WEBHOOK_SECRET"), w.Header.Get("x-timestamp"), http.MethodPost, w.URL, w.Body)
		if got := w.Header.Get("x-signature"); !same(want, got) {
			return "", "", fmt.Errorf("the signature is %q, not %q", got, want)
		}
		if got := w.Header.Get("x-api-key"); got != a.setting("API_KEY") {
			return "", "", fmt.Errorf("the key is %q", got)
		}
		var body struct {
			Event string
			Data  struct{ Payment struct{ ID string } }
		}
		err = json.Unmarshal(w.Body, &body)
		return body.Data.Payment.ID, body.Event, err
	},
	Paid:      "PAYMENT_PAID",
	Webhooks:  map[string]string{"pay": "PAYMENT_PAID", "overpay": "PAYMENT_PAID", "cancel": "PAYMENT_CANCELED"},
	Reference: "order_id",
	Return:    "url_success",
}

func callXPays(a Account, method, path string, body []byte) Object {
	a.T.Helper()
	timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	return a.call(method, path, map[string]string{
		"x-api-key": a.setting("API_KEY"), "x-timestamp": timestamp,
		"x-signature": signXPays(a.setting("SECRET_KEY"), timestamp, method, a.setting("ENDPOINT")+path, body),
	}, body)["data"].(Object)
}

// signXPays is https://payment-document-6bc.pages.dev/signature-example .
func signXPays(secret, timestamp, method, url string, body []byte) string {
	if len(body) == 0 {
		body = []byte(`""`)
	}
	return sign(secret, timestamp+"|"+method+"|"+url+"|"+string(body))
}
