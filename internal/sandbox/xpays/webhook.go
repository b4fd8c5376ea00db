package xpays

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// Account is the simulated merchant. Its webhooks are signed with the SecretKey,
// because which key signs them is not documented.
func Account() simulator.Account {
	return simulator.Account{
		Settings:      map[string]string{"api_key": APIKey, "secret_key": SecretKey},
		WebhookSecret: SecretKey,
	}
}

// Webhook implements the notification of a sibling brand of the platform,
// https://worldpayz.pages.dev/th , because XPays' own pages have none. It is signed
// like a request to the merchant's URL.
func (s *Simulator) Webhook(n simulator.Notification, target simulator.WebhookTarget) (simulator.Webhook, error) {
	encoded, err := wire.EncodeJSON(struct {
		Event string `json:"event"`
		Type  string `json:"type"`
		Data  any    `json:"data"`
	}{n.Event, "CRYPTO", n.Data})
	if err != nil {
		return simulator.Webhook{}, fmt.Errorf("xpays sandbox: the webhook of %s: %w", n.InvoiceID, err)
	}
	body, err := stringify(encoded)
	if err != nil {
		return simulator.Webhook{}, fmt.Errorf("xpays sandbox: the webhook of %s: %w", n.InvoiceID, err)
	}
	seen, err := requestURL(target.URL)
	if err != nil {
		return simulator.Webhook{}, fmt.Errorf("xpays sandbox: the webhook of %s: %w", n.InvoiceID, err)
	}
	timestamp := strconv.FormatInt(target.Now.UnixMilli(), 10)
	header := http.Header{"Content-Type": {"application/json"}}
	header.Set(headerKey, APIKey)
	header.Set(headerTimestamp, timestamp)
	header.Set(headerSignature, sign(target.Secret, timestamp, http.MethodPost, seen, body))
	return simulator.Webhook{Header: header, Body: []byte(body)}, nil
}

// requestURL returns an address as its server sees it in a request, by which it checks
// the signature: "http://shop.example" becomes "http://shop.example/".
func requestURL(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return u.Scheme + "://" + u.Host + u.RequestURI(), nil
}
