package sandbox

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// Accounts returns the merchants of the gateways, by gateway.
func Accounts() map[string]simulator.Account {
	accounts := map[string]simulator.Account{}
	for _, g := range gateways {
		accounts[g.name] = g.account()
	}
	return accounts
}

// WebhookSecret returns the secret that signs a gateway's webhooks: the operator's own,
// or the documented one of the simulated merchant. It is "" if the gateway does not
// sign them.
func (s *Sandbox) WebhookSecret(ctx context.Context, gateway string) (string, error) {
	shared, err := s.load(ctx)
	if err != nil {
		return "", err
	}
	return secretOf(shared, gateway), nil
}

func secretOf(shared settings.Settings, gateway string) string {
	documented := Accounts()[gateway].WebhookSecret
	if secret := shared.Webhooks[gateway].Secret; secret != "" && documented != "" {
		return secret
	}
	return documented
}

// WebhookRequest returns the HTTP request of a delivery, signed now, with the gateway's
// current webhook secret and form.
func (s *Sandbox) WebhookRequest(ctx context.Context, d Delivery) (*http.Request, error) {
	simulated, err := s.find(d.Gateway)
	if err != nil {
		return nil, err
	}
	shared, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	format := shared.Webhooks[d.Gateway].Format
	if format == "" {
		format = Accounts()[d.Gateway].Format()
	}
	webhook, err := simulated.Webhook(d.Notification, simulator.WebhookTarget{
		URL: d.URL, Secret: secretOf(shared, d.Gateway), Format: format, Now: time.Now(), // receivers know only the real time
	})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(webhook.Body))
	if err != nil {
		return nil, err
	}
	request.Header = webhook.Header
	request.Header.Set("User-Agent", "payinvoice-sandbox")
	return request, nil
}

// checkFormat rejects a form that the gateway's webhooks do not have.
func checkFormat(gateway, format string) error {
	account := Accounts()[gateway]
	if format == "" || slices.Contains(account.WebhookFormats, format) {
		return nil
	}
	if len(account.WebhookFormats) == 0 {
		return invalidSetting("the webhooks of %s have one form, so format must not be set", gateway)
	}
	return invalidSetting("the format %q of %s's webhooks is not one of %s", format, gateway, strings.Join(account.WebhookFormats, ", "))
}
