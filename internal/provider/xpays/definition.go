// Package xpays defines the XPays resource: its schema, its model, and the
// mappings to and from the client.
package xpays

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
)

// Definition describes XPays to the engine.
func Definition() *invoice.Definition[client.Spec, *client.Invoice] {
	return &invoice.Definition[client.Spec, *client.Invoice]{
		Name:            client.Name,
		Title:           client.Title,
		DefaultEndpoint: client.DefaultEndpoint,
		Phases:          client.Phases,
		Settings: []invoice.Setting{
			{Name: "api_key", Sensitive: true, IdentifiesAccount: true, Description: "The API key that identifies the merchant."},
			{Name: "secret_key", Sensitive: true, Description: "The secret key that signs the requests."},
		},
		SandboxCredentials: map[string]string{"api_key": sandbox.APIKey, "secret_key": sandbox.SecretKey},
		Connect: func(s invoice.Settings, cfg transport.Config) (gateway.Gateway[client.Spec, *client.Invoice], error) {
			return client.New(client.Credentials{APIKey: s["api_key"], SecretKey: s["secret_key"]}, cfg)
		},
		Description: "An invoice (\"payment\") at XPays, priced in a fiat currency and paid in a cryptocurrency. " +
			"XPays cannot look up an invoice by its `order_id`: if the response to a create is lost, the create fails with \"outcome unknown\" and is not repeated.",
		Attributes: attributes,
		New:        func() invoice.Model[client.Spec, *client.Invoice] { return &model{} },
		NewView:    func() invoice.View[*client.Invoice] { return &reported{} },
		DataSourceDescriptions: map[string]string{
			"additional_data": "The merchant's own data, as a JSON object in text form.",
		},
		// Whether a repeated order_id creates a second payment is not documented.
		RepeatsReferences: true,
		Differs:           differs,
		NormalizeID:       normalizeID,
		CheckArguments:    attribute.CheckDecimals("from_fiat_currency", ""),
	}
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func normalizeID(id string) (string, error) {
	id = strings.TrimSpace(id)
	if !uuid.MatchString(id) {
		return "", errors.New("an XPays invoice id is a UUID, such as 25e2c615-c90c-4868-b24d-0c1e3b81f92e")
	}
	return id, nil
}

// differs compares the cryptocurrency and the chain.
func differs(spec client.Spec, inv *client.Invoice) string {
	switch {
	case inv.Chain != "" && !strings.EqualFold(inv.Chain, spec.Chain):
		return fmt.Sprintf("the chain %q, not %q", inv.Chain, spec.Chain)
	case inv.ToCryptoCurrency != "" && !strings.EqualFold(inv.ToCryptoCurrency, spec.ToCryptoCurrency):
		return fmt.Sprintf("the to_crypto_currency %q, not %q", inv.ToCryptoCurrency, spec.ToCryptoCurrency)
	default:
		return ""
	}
}

func attributes() map[string]schema.Attribute {
	additionalData := attribute.OptionalJSON("The merchant's own data, as a JSON object in text form: use `jsonencode`. It is compared as JSON.", canonical)
	additionalData.Computed = true
	return map[string]schema.Attribute{
		"id":                 attribute.ComputedString("The invoice's id, a UUID."),
		"order_id":           attribute.RequiredString("The merchant's own reference for the invoice."),
		"from_fiat_currency": attribute.RequiredString("The currency of `amount`, such as `USD`."),
		"to_crypto_currency": attribute.RequiredString("The cryptocurrency that the payer pays in, such as `USDT`."),
		"chain":              attribute.RequiredString("The [chain](https://xpays-docs.pages.dev/payment/create-invoice-payment.html) that the payer pays on, by its name: `bitcoin`, `bsc`, `dogecoin`, `ethereum`, `litecoin`, `polygon` or `tron`, if your account has it. XPays may add others."),
		"additional_data":    additionalData,
		"discount_percent": schema.NumberAttribute{
			Optional: true, Computed: true,
			Validators:          []validator.Number{attribute.DecimalNumber()},
			MarkdownDescription: "A discount on the amount, in percent." + attribute.Replaces,
		},
		"url_return":  attribute.OptionalComputedString("The URL that the payer can return to."),
		"url_success": attribute.OptionalComputedString("The URL to which the payer is sent after a successful payment."),
		"url_failed":  attribute.OptionalComputedString("The URL to which the payer is sent after a failed payment."),

		"seq_num":              attribute.ComputedInt64("The gateway's sequence number for the invoice."),
		"network":              attribute.ComputedString("The network of the chain, such as `testnet`."),
		"payment_status":       attribute.ComputedString("The status of the payment, as XPays returns it, such as `PAYMENT_PAID`. `phase` depends on it and on `status`."),
		"payment_amount":       attribute.ComputedString("The amount that the payer has to pay, in `to_crypto_currency`, as decimal text."),
		"payer_paid_currency":  attribute.ComputedString("The currency that the payer paid in."),
		"payer_paid_amount":    attribute.ComputedString("The amount that the payer paid, in `payer_paid_currency`, as decimal text."),
		"merchant_amount":      attribute.ComputedString("The amount that the merchant receives, as decimal text."),
		"txid":                 attribute.ComputedString("The id of the payment's on-chain transaction."),
		"address":              attribute.ComputedString("The address that the payer pays to."),
		"from_address":         attribute.ComputedString("The address that the payer paid from."),
		"auto_convert":         attribute.ComputedBool("Whether the payment is converted to another currency."),
		"convert_to":           attribute.ComputedString("The currency to which the payment is converted."),
		"is_multiple_order":    attribute.ComputedBool("The gateway's field of the same name; its meaning is not documented."),
		"lifetime":             attribute.ComputedInt64("How long the invoice can be paid, in seconds."),
		"fee_subtract":         attribute.ComputedString("The fee that is subtracted, as decimal text."),
		"fee_percent":          attribute.ComputedString("The fee in percent, as decimal text."),
		"discount_amount":      attribute.ComputedString("The discount as an amount, as decimal text."),
		"accuracy_percent":     attribute.ComputedString("How far a payment may differ from the amount, in percent, as decimal text."),
		"support_currencies":   attribute.ComputedStringList("The currencies that the payer may pay in; null when there is no restriction."),
		"except_currencies":    attribute.ComputedStringList("The currencies that the payer may not pay in; null when there is no restriction."),
		"exchange_rate":        attribute.ComputedString("The price of one unit of `to_crypto_currency` in `from_fiat_currency`, as decimal text."),
		"exchange_rate_source": attribute.ComputedString("The source of the exchange rate, such as `COINGECKO`."),
		"payment_match_type":   attribute.ComputedString("How the payment compares with the amount, such as `EXACTLY`. It does not show whether the invoice has been paid."),
		"is_completed":         attribute.ComputedBool("Whether the invoice is closed. It is also true for a canceled invoice."),
		"owned_by_group":       attribute.ComputedString("The id of the group that owns the invoice."),
		"agent_id":             attribute.ComputedString("The id of the agent that created the invoice."),
	}
}

// canonical checks that the data can be signed and sent unchanged.
func canonical(raw []byte) error {
	_, err := client.CanonicalJSON(raw)
	return err
}
