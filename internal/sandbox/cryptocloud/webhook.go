package cryptocloud

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// WebhookSecret is the simulated project's secret, which signs its notifications.
const WebhookSecret = "sandbox-demo-postback-secret-0001"

// The formats of a notification, a setting of the project:
// https://docs.cryptocloud.plus/en/api-reference-v2/postback .
const (
	FormatJSON = "json"
	FormatForm = "form"
)

// tokenLifetime is how long a notification's token is valid.
const tokenLifetime = 5 * time.Minute

// Account is the simulated project.
func Account() simulator.Account {
	return simulator.Account{
		Settings:       map[string]string{"api_key": APIKey, "shop_id": ShopID},
		WebhookSecret:  WebhookSecret,
		WebhookFormats: []string{FormatJSON, FormatForm},
	}
}

// postback is a notification in JSON.
type postback struct {
	Status       string          `json:"status"`
	InvoiceID    string          `json:"invoice_id"` // without INV-
	AmountCrypto json.Number     `json:"amount_crypto"`
	Currency     string          `json:"currency"`
	OrderID      string          `json:"order_id"`
	Token        string          `json:"token"`
	InvoiceInfo  json.RawMessage `json:"invoice_info"`
}

// Webhook implements https://docs.cryptocloud.plus/en/api-reference-v2/postback .
func (s *Simulator) Webhook(n simulator.Notification, target simulator.WebhookTarget) (simulator.Webhook, error) {
	var info struct {
		AmountPaid json.Number `json:"amount_paid"`
		OrderID    string      `json:"order_id"`
		Currency   struct {
			FullCode string `json:"fullcode"`
		} `json:"currency"`
	}
	if err := json.Unmarshal(n.Data, &info); err != nil {
		return simulator.Webhook{}, fmt.Errorf("cryptocloud sandbox: the webhook of %s: %w", n.InvoiceID, err)
	}
	id := strings.TrimPrefix(n.InvoiceID, prefix)
	sent := postback{
		Status: "success", InvoiceID: id, AmountCrypto: info.AmountPaid, Currency: info.Currency.FullCode,
		OrderID: info.OrderID, Token: newToken(id, target.Secret, target.Now), InvoiceInfo: n.Data,
	}
	if target.Format == FormatForm {
		form := url.Values{
			"status": {sent.Status}, "invoice_id": {sent.InvoiceID}, "amount_crypto": {sent.AmountCrypto.String()},
			"currency": {sent.Currency}, "order_id": {sent.OrderID}, "token": {sent.Token}, "invoice_info": {string(n.Data)},
		}
		return simulator.Webhook{
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
			Body:   []byte(form.Encode()),
		}, nil
	}
	return wire.Webhook(sent)
}

// newToken returns a JSON Web Token (RFC 7519) with HS256 that names the invoice.
func newToken(id, secret string, now time.Time) string {
	claims := fmt.Sprintf(`{"id":%q,"exp":%d}`, id, now.Add(tokenLifetime).Unix())
	signed := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(claims))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
