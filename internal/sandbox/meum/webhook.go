package meum

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// WebhookSecret is the signing secret of the simulated webhook endpoint.
const WebhookSecret = "whsec_sandbox_demo_secret"

// The formats of a webhook: the names of its headers start with X-Stablecoin-
// (https://docs.meum.io/webhooks/verify-signatures.md) or with X-Meum-
// (https://docs.meum.io/api-reference/woocommerce-api).
const (
	FormatStablecoin = "stablecoin"
	FormatMeum       = "meum"
)

// What a webhook contains besides the invoice.
const (
	OrganizationID    = "00000000-5a4d-4b00-8000-000000000003"
	StorePublicID     = "store_sandbox"
	WebhookEndpointID = "wh_sandbox00000000000000"
)

// Account is the simulated store.
func Account() simulator.Account {
	return simulator.Account{
		Settings:       map[string]string{"api_key": APIKey},
		WebhookSecret:  WebhookSecret,
		WebhookFormats: []string{FormatStablecoin, FormatMeum},
	}
}

// webhook implements https://docs.meum.io/webhooks/event-reference.md: the names in the
// envelope are in camel case, those in its data are not.
type webhook struct {
	ID             string      `json:"id"`
	Type           string      `json:"type"`
	CreatedAt      string      `json:"createdAt"`
	OrganizationID string      `json:"organizationId"`
	StoreID        string      `json:"storeId"`
	StorePublicID  string      `json:"storePublicId"`
	Data           webhookData `json:"data"`
	Platform       platform    `json:"_platform"`
}

type platform struct {
	WebhookEndpointID string `json:"webhookEndpointId"`
}

type webhookData struct {
	InvoiceID        string  `json:"invoice_id"`
	IntegrationID    *string `json:"integration_id"`
	ExternalOrderID  *string `json:"external_order_id"`
	Amount           string  `json:"amount"`
	ExpectedAmount   string  `json:"expected_amount"`
	ReceivedAmount   string  `json:"received_amount"`
	DifferenceAmount string  `json:"difference_amount"` // received less expected
	PaidAmount       *string `json:"paid_amount"`
	Currency         string  `json:"currency"`
	OutputAsset      string  `json:"output_asset"`
	TxHash           *string `json:"tx_hash"`
	PaidAt           *string `json:"paid_at"`
	PaymentURL       string  `json:"payment_url"`
	Status           string  `json:"status"`
}

// Webhook returns a signed event. A repeated one has the same id.
func (s *Simulator) Webhook(n simulator.Notification, target simulator.WebhookTarget) (simulator.Webhook, error) {
	data, err := newWebhookData(n)
	if err != nil {
		return simulator.Webhook{}, fmt.Errorf("meum sandbox: the webhook of %s: %w", n.InvoiceID, err)
	}
	sent := webhook{
		ID: "evt_" + n.ID, Type: n.Event, CreatedAt: stamp(n.OccurredAt),
		OrganizationID: OrganizationID, StoreID: StoreID, StorePublicID: StorePublicID,
		Data: data, Platform: platform{WebhookEndpointID},
	}
	made, err := wire.Webhook(sent)
	if err != nil {
		return made, err
	}
	prefix := "X-Stablecoin-"
	if target.Format == FormatMeum {
		prefix = "X-Meum-"
	}
	timestamp := strconv.FormatInt(target.Now.Unix(), 10)
	made.Header.Set(prefix+"Event", sent.Type)
	made.Header.Set(prefix+"Event-Id", sent.ID)
	made.Header.Set(prefix+"Timestamp", timestamp)
	// https://docs.meum.io/webhooks/verify-signatures.md
	made.Header.Set(prefix+"Signature", "v1="+wire.HexMAC(target.Secret, timestamp+"."+string(made.Body)))
	if data.IntegrationID != nil {
		made.Header.Set(prefix+"Integration-Id", *data.IntegrationID)
	}
	return made, nil
}

func newWebhookData(n simulator.Notification) (data webhookData, err error) {
	var snapshot struct {
		Record struct {
			ExternalOrderID *string `json:"external_order_id"`
			Amount          string  `json:"amount"`
			PaidAmount      *string `json:"paid_amount"`
			Currency        string  `json:"currency"`
			OutputAsset     string  `json:"output_asset"`
			TransactionHash *string `json:"transaction_hash"`
			PaidAt          *string `json:"paid_at"`
			Status          string  `json:"status"`
		} `json:"record"`
		IntegrationID *string `json:"integration_id"`
		PaymentURL    string  `json:"payment_url"`
	}
	if err := json.Unmarshal(n.Data, &snapshot); err != nil {
		return data, err
	}
	record := snapshot.Record
	expected, err := decimal.NewFromString(record.Amount)
	if err != nil {
		return data, err
	}
	received := decimal.Zero
	if record.PaidAmount != nil {
		if received, err = decimal.NewFromString(*record.PaidAmount); err != nil {
			return data, err
		}
	}
	return webhookData{
		InvoiceID: n.InvoiceID, IntegrationID: snapshot.IntegrationID, ExternalOrderID: record.ExternalOrderID,
		Amount: record.Amount, ExpectedAmount: record.Amount,
		ReceivedAmount: formatAmount(received), DifferenceAmount: formatAmount(received.Sub(expected)),
		PaidAmount: record.PaidAmount, Currency: record.Currency, OutputAsset: strings.ToLower(record.OutputAsset),
		TxHash: record.TransactionHash, PaidAt: record.PaidAt, PaymentURL: snapshot.PaymentURL, Status: record.Status,
	}, nil
}
