package hesabe

import (
	"encoding/json"
	"fmt"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// Account is the simulated merchant. Hesabe does not sign its webhooks.
func Account() simulator.Account {
	return simulator.Account{Settings: map[string]string{
		"username": Username, "password": Password, "merchant_code": MerchantCode, "access_code": AccessCode,
		"secret_key": SecretKey, "iv_key": IVKey,
	}}
}

// webhook is the body of a notification.
type webhook struct {
	Blocks          []block `json:"blocks"`
	Token           string  `json:"token"` // of the transaction, not of the invoice
	Amount          string  `json:"amount"`
	ReferenceNumber string  `json:"reference_number"`
	Status          string  `json:"status"`
	PaymentType     string  `json:"payment_type"`
	ServiceType     string  `json:"service_type"`
	DateTime        string  `json:"datetime"` // in Kuwait
}

// block is a part of a message in Slack's form.
type block struct {
	Type   string      `json:"type"`
	Text   *blockText  `json:"text,omitempty"`
	Fields []blockText `json:"fields,omitempty"`
}

type blockText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// Webhook implements https://developer.hesabe.com/docs/2.0/webhook-integration , the
// only documented notification: that of the checkout. It is neither signed nor
// encrypted, so a receiver has to check it with the API.
func (s *Simulator) Webhook(n simulator.Notification, _ simulator.WebhookTarget) (simulator.Webhook, error) {
	var paid struct {
		Reference   string `json:"reference_number"`
		Amount      string `json:"amount"`
		Transaction struct {
			Token string `json:"token"`
		} `json:"transaction"`
	}
	if err := json.Unmarshal(n.Data, &paid); err != nil {
		return simulator.Webhook{}, fmt.Errorf("hesabe sandbox: the webhook of %s: %w", n.InvoiceID, err)
	}
	sent := webhook{
		Token: paid.Transaction.Token, Amount: paid.Amount, ReferenceNumber: paid.Reference, Status: "SUCCESSFUL",
		PaymentType: "KNET", ServiceType: "Payment Gateway", DateTime: n.OccurredAt.In(kuwait).Format(timeLayout),
	}
	field := func(name, value string) blockText { return blockText{"mrkdwn", "*" + name + ":*\n" + value} }
	sent.Blocks = []block{
		{Type: "section", Text: &blockText{"mrkdwn", "A payment has been received."}},
		{Type: "section", Fields: []blockText{
			field("Token", sent.Token), field("Amount", sent.Amount), field("Reference Number", sent.ReferenceNumber),
			field("Status", sent.Status), field("Payment Type", sent.PaymentType), field("Service Type", sent.ServiceType),
			field("Date Time", sent.DateTime),
		}},
	}
	return wire.Webhook(sent)
}
