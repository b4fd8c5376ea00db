package simulator

import (
	"net/http"
	"time"
)

// WebhookTarget is where and how a webhook is sent.
type WebhookTarget struct {
	URL    string
	Secret string    // that of Account or the operator's own
	Format string    // one of Account's
	Now    time.Time // when it is sent: receivers reject old signatures
}

// Webhook is a signed HTTP request without its URL: its method is POST.
type Webhook struct {
	Header http.Header
	Body   []byte
}

// Account is the merchant of a simulated gateway. Nothing in it is valid anywhere else.
type Account struct {
	// Settings are the credentials, by the name of the provider's attribute.
	Settings map[string]string

	// WebhookSecret signs webhooks unless the operator sets another; "" if the gateway
	// does not sign them.
	WebhookSecret string

	// WebhookFormats are the forms of the gateway's webhooks, the usual one first; none
	// if there is only one.
	WebhookFormats []string
}

// Format returns the form for a target without one.
func (a Account) Format() string {
	if len(a.WebhookFormats) == 0 {
		return ""
	}
	return a.WebhookFormats[0]
}
