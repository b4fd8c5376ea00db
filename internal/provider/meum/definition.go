// Package meum defines the Meum resource: its schema, its model, and the
// mappings to and from the client.
package meum

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
)

// Definition describes Meum to the engine.
func Definition() *invoice.Definition[client.Spec, *client.Invoice] {
	return &invoice.Definition[client.Spec, *client.Invoice]{
		Name:            client.Name,
		Title:           client.Title,
		DefaultEndpoint: client.DefaultEndpoint,
		Phases:          client.Phases,
		Settings: []invoice.Setting{
			{Name: "api_key", Sensitive: true, IdentifiesAccount: true, Description: "The store's API key, which starts with `sk_live_`. It needs the scopes `invoices:read` and `invoices:write`."},
		},
		SandboxCredentials: map[string]string{"api_key": sandbox.APIKey},
		Connect: func(s invoice.Settings, cfg transport.Config) (gateway.Gateway[client.Spec, *client.Invoice], error) {
			return client.New(client.Credentials{APIKey: s["api_key"]}, cfg), nil
		},
		Description: "An invoice at Meum, priced in a fiat currency and paid in a cryptocurrency. " +
			"Meum accepts 30 new invoices a minute. If an apply creates more, the provider waits, for at most `timeouts.create`.",
		Attributes: attributes,
		New:        func() invoice.Model[client.Spec, *client.Invoice] { return &model{} },
		NewView:    func() invoice.View[*client.Invoice] { return &view{} },
		Unreported: []string{"store_id", "integration_id", "callback_url"},
		DataSourceDescriptions: map[string]string{
			"currency":          "The currency of `amount`, an ISO 4217 code.",
			"external_order_id": "The merchant's own reference for the invoice.",
			"metadata":          "The merchant's own data, without the keys that Meum removes, as a JSON object in text form.",
		},
		Listing:            listing(),
		ListCreatedBetween: listCreatedBetween,
		NormalizeID:        invoice.OpaqueID("a Meum invoice id starts with inv_, such as inv_cb1e73f508a2abf4ea639f100de14cef"),
		ReadBack:           true,
		RepeatsReferences:  true,
		CheckArguments:     attribute.CheckDecimals("currency", defaultCurrency),
		CheckNew:           checkNew,
		LooksUpFirst:       true,
	}
}

// defaultCurrency is https://docs.meum.io/api-reference/invoices/create-invoice
const defaultCurrency = "USD"

func attributes() map[string]schema.Attribute {
	currency := attribute.OptionalComputedString("The currency of `amount`, an ISO 4217 code. Meum [converts currencies other than USD](https://docs.meum.io/payments/exchange-rate-handling). Default `USD`.", attribute.CurrencyCode())
	currency.Default = stringdefault.StaticString(defaultCurrency)
	return map[string]schema.Attribute{
		"id":                attribute.ComputedString("The invoice's id, which starts with `inv_`."),
		"currency":          currency,
		"external_order_id": attribute.OptionalComputedString("The merchant's own reference for the invoice. By default, a unique one is generated. If an invoice with the same reference exists, Meum may return it instead of creating one: that is an error, unless `adopt_existing` is `true`."),
		"store_id":          attribute.OptionalString("The id of the store, a UUID. It must be the store of the API key."),
		"integration_id":    attribute.OptionalString("The id of the integration, a UUID."),
		"callback_url":      attribute.OptionalString("The URL to which Meum sends webhooks about the invoice. It must be an `https` URL; in the sandbox, `http` is accepted too.", attribute.HTTP()),
		"return_url":        attribute.OptionalComputedString("The URL to which the payer is sent after the payment page."),
		"metadata":          attribute.OptionalJSON("The merchant's own data, as a JSON object in text form: use `jsonencode`. Meum may remove keys, so the provider does not compare it with what Meum returns.", nil),

		"order_amount":     attribute.ComputedString("The order's total before conversion, as decimal text."),
		"order_currency":   attribute.ComputedString("The currency of `order_amount`."),
		"paid_amount":      attribute.ComputedString("The amount that the payer has paid, as decimal text; null until a payment starts."),
		"output_asset":     attribute.ComputedString("The stablecoin used for the payout, such as `USDC`."),
		"customer_id":      attribute.ComputedString("The id of the customer's record, if there is one."),
		"payment_link_id":  attribute.ComputedString("The id of the payment link that created the invoice, if any."),
		"transaction_hash": attribute.ComputedString("The id of the payment's on-chain transaction; null until it is confirmed."),
		"updated_at":       attribute.ComputedString("When the invoice last changed, in RFC 3339 format, UTC."),
		"paid_at":          attribute.ComputedString("When the payment was confirmed, in RFC 3339 format, UTC; null until then."),
	}
}
