package merchant

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice and
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-information
var cryptocloud = Gateway{
	Create: func(a Account, reference string, fields Object) (id, checkoutURL string) {
		path := "/v2/invoice/create"
		if locale, ok := fields["locale"].(string); ok { // the language of the payment page is a parameter
			path += "?locale=" + locale
			fields = maps.Clone(fields)
			delete(fields, "locale")
		}
		order := Object{"amount": 25, "shop_id": a.setting("SHOP_ID"), "order_id": reference}
		made := a.call(http.MethodPost, path, cryptocloudHeader(a), a.encode(order, fields))["result"].(Object)
		return made["uuid"].(string), made["link"].(string)
	},
	Status: func(a Account, id string) string {
		response := a.call(http.MethodPost, "/v2/invoice/merchant/info", cryptocloudHeader(a), a.encode(Object{"uuids": []string{id}}, nil))
		return response["result"].([]any)[0].(Object)["status"].(string)
	},
	Verify:    verifyCryptoCloud,
	Paid:      "paid",
	Webhooks:  map[string]string{"pay": "success", "overpay": "success"},
	Reference: "order_id",
}

func cryptocloudHeader(a Account) map[string]string {
	return map[string]string{"Authorization": "Token " + a.setting("API_KEY")}
}

// verifyCryptoCloud is https://docs.cryptocloud.plus/en/api-reference-v2/postback . Its
// token is a JWT, signed with HS256 and the project's secret.
func verifyCryptoCloud(a Account, w Webhook) (invoice, event string, err error) {
	var body struct {
		Status, Token string
		InvoiceID     string `json:"invoice_id"` // without INV-
	}
	if media, _, _ := mime.ParseMediaType(w.Header.Get("Content-Type")); media == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(w.Body))
		if err != nil {
			return "", "", err
		}
		body.Status, body.InvoiceID, body.Token = form.Get("status"), form.Get("invoice_id"), form.Get("token")
	} else if err := json.Unmarshal(w.Body, &body); err != nil {
		return "", "", err
	}
	parts := strings.Split(body.Token, ".")
	if len(parts) != 3 {
		return "", "", fmt.Errorf("the token %q is not a JWT", body.Token)
	}
	mac := hmac.New(sha256.New, []byte(a.setting("WEBHOOK_SECRET")))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if !same(parts[2], base64.RawURLEncoding.EncodeToString(mac.Sum(nil))) {
		return "", "", fmt.Errorf("the token %q is signed with another secret", body.Token)
	}
	var token struct {
		Alg, ID string
		Expires int64 `json:"exp"`
	}
	for _, part := range parts[:2] {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			return "", "", err
		}
		if err := json.Unmarshal(raw, &token); err != nil {
			return "", "", err
		}
	}
	left := time.Until(time.Unix(token.Expires, 0))
	if token.Alg != "HS256" || token.ID != body.InvoiceID || left <= 0 || left > 5*time.Minute+time.Second {
		return "", "", fmt.Errorf("a token of %+v, valid for another %s, does not fit the invoice %s", token, left, body.InvoiceID)
	}
	return "INV-" + body.InvoiceID, body.Status, nil
}
