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
	Now    time.Time // when it is sent: receivers refuse old signatures
}

// Webhook is a signed HTTP request without its URL: its method is POST.
type Webhook struct {
	Header http.Header
	Body   []byte
}

// Account is the merchant that a simulated gateway knows. Nothing of it is
// valid anywhere else.
type Account struct {
	// Settings are the credentials, by the name of the provider's attribute.
	Settings map[string]string

	// WebhookSecret signs webhooks unless the operator sets another; empty if the
	// gateway does not sign them.
	WebhookSecret string

	// WebhookFormats are the forms of the gateway's webhooks, the usual one
	// first. A gateway with one form has none here.
	WebhookFormats []string
}

// Format is the form that a target without one has.
func (a Account) Format() string {
	if len(a.WebhookFormats) == 0 {
		return ""
	}
	return a.WebhookFormats[0]
}
