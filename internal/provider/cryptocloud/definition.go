// Package cryptocloud defines the CryptoCloud resource: its schema, its model,
// and the mappings to and from the client.
package cryptocloud

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
)

// adoptionTime is the minimum that adoption looks back. An older invoice may have a
// longer lifetime than the new one, whose default is a day; listing all invoices would
// be too much for a large account.
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice
const adoptionTime = 31 * 24 * time.Hour

// noReference is what CryptoCloud reports for an invoice without an order_id.
const noReference = "None"

// Definition describes CryptoCloud to the engine.
func Definition() *invoice.Definition[client.Spec, *client.Invoice] {
	return &invoice.Definition[client.Spec, *client.Invoice]{
		Name:            client.Name,
		Title:           client.Title,
		AccountTitle:    client.AccountTitle,
		DefaultEndpoint: client.DefaultEndpoint,
		Phases:          client.Phases,
		EndpointNote:    "Since CryptoCloud became Trybit, `" + client.NewEndpoint + "` is documented as well.",
		Settings: []invoice.Setting{
			{Name: "api_key", Sensitive: true, IdentifiesAccount: true, Description: "The API key of the project at CryptoCloud (now Trybit)."},
			{Name: "shop_id", Optional: true, Description: "The id of the project (shop) at CryptoCloud (now Trybit) that invoices are created for, unless a resource sets its own `shop_id`."},
		},
		SandboxCredentials: map[string]string{"api_key": sandbox.APIKey, "shop_id": sandbox.ShopID},
		Connect: func(s invoice.Settings, cfg transport.Config) (gateway.Gateway[client.Spec, *client.Invoice], error) {
			return client.New(client.Credentials{APIKey: s["api_key"]}, cfg), nil
		},
		Description: "An invoice at CryptoCloud (now Trybit), priced in a fiat currency and paid in a cryptocurrency. " +
			"CryptoCloud reports an expired invoice as `canceled`.",
		Attributes: attributes,
		New:        func() invoice.Model[client.Spec, *client.Invoice] { return &model{} },
		NewView:    func() invoice.View[*client.Invoice] { return &reported{} },
		Unreported: []string{"shop_id", "email", "locale", "time_to_pay", "available_currencies", "cryptocurrency", "email_to_send", "period"},
		DataSourceDescriptions: map[string]string{
			"currency": "The currency of `amount`, such as `USD` or `EUR`.",
			"order_id": "The merchant's own reference for the invoice.",
		},
		Listing:            listing(),
		ListCreatedBetween: listCreatedBetween,
		DataSources:        []func() datasource.DataSource{newStatusCheck, newBalance, newStatistics},
		NormalizeID:        normalizeID,
		ReadBack:           true,
		CheckArguments:     checkArguments,
		CheckNew:           checkNew,
		OpenFor:            openFor,
	}
}

// openFor returns adoptionTime, or the lifetime of the invoice if that is longer, plus
// a day for the gateway's clock.
func openFor(spec client.Spec) time.Duration {
	open := adoptionTime
	if t := spec.TimeToPay; t != nil {
		open = max(open, time.Duration(t.Hours)*time.Hour+time.Duration(t.Minutes)*time.Minute)
	}
	return open + 24*time.Hour
}

func attributes() map[string]schema.Attribute {
	currency := attribute.OptionalComputedString("The currency of `amount`: `"+strings.Join(client.Currencies, "`, `")+"`. Default `USD`.", stringvalidator.OneOf(client.Currencies...))
	currency.Default = stringdefault.StaticString("USD")
	return map[string]schema.Attribute{
		"id":       attribute.ComputedString("The invoice's id, `INV-` and eight characters."),
		"currency": currency,
		"order_id": attribute.OptionalComputedString("The merchant's own reference for the invoice. By default, a unique one is generated. CryptoCloud does not require it to be unique. "+
			"`adopt_existing` looks for it among the invoices of the last 32 days, or of `time_to_pay` plus one day if that is longer.", stringvalidator.NoneOf(noReference)),
		"shop_id":        attribute.OptionalComputedString("The id of the project (shop). Default: the provider's `cryptocloud.shop_id`."),
		"email":          attribute.OptionalString("The payer's e-mail address."),
		"locale":         attribute.OptionalString("The language of the payment page: `en` or `ru`. Any other value gives a warning, because it is not documented."),
		"cryptocurrency": attribute.OptionalString("The full code of the only coin that the payer can use (see `available_currencies`). `address` is then known as soon as the invoice is created."),
		"email_to_send":  attribute.OptionalString("The e-mail address to which CryptoCloud sends the invoice."),
		"period": attribute.OptionalString("How often CryptoCloud sends the invoice to `email_to_send`: `day`, `week`, `month` or `year`. CryptoCloud decides which of these a project may use.",
			stringvalidator.OneOf("day", "week", "month", "year"), stringvalidator.AlsoRequires(path.MatchRoot("email_to_send"))),
		"time_to_pay": schema.SingleNestedAttribute{
			Optional:            true,
			Validators:          []validator.Object{nonZeroTime{}},
			MarkdownDescription: "How long the invoice can be paid: `hours`, `minutes` or both. Default: 24 hours." + attribute.Replaces,
			Attributes: map[string]schema.Attribute{
				"hours":   timePart("The number of hours."),
				"minutes": timePart("The number of minutes, in addition to `hours`."),
			},
		},
		"available_currencies": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(attribute.NotEmpty()...)},
			MarkdownDescription: "The coins that the payment page offers, by their full codes. CryptoCloud [documents](https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice) `" + strings.Join(coins, "`, `") + "`." + attribute.Replaces,
		},

		"address":          attribute.ComputedString("The address to pay to; null until a coin is chosen."),
		"amount_usd":       attribute.ComputedString("The amount in USD, as decimal text."),
		"amount_in_fiat":   attribute.ComputedString("The amount in `currency`, as the gateway reports it, as decimal text."),
		"amount_in_crypto": attribute.ComputedString("The amount in the chosen coin, as decimal text."),
		"amount_paid":      attribute.ComputedString("The amount that has been paid, in the chosen coin, as decimal text."),
		"amount_paid_usd":  attribute.ComputedString("The amount that has been paid, in USD, as decimal text."),
		"fee":              attribute.ComputedString("The transfer fee in the chosen coin, as decimal text."),
		"fee_usd":          attribute.ComputedString("The transfer fee in USD, as decimal text."),
		"service_fee":      attribute.ComputedString("CryptoCloud's fee in the chosen coin, as decimal text."),
		"service_fee_usd":  attribute.ComputedString("CryptoCloud's fee in USD, as decimal text."),
		"received":         attribute.ComputedString("The amount that the merchant has received, in the chosen coin, as decimal text."),
		"received_usd":     attribute.ComputedString("The amount that the merchant has received, in USD, as decimal text."),
		"payment_currency": attribute.ComputedString("The full code of the coin that the invoice is paid in, such as `USDT_TRC20`."),
		"invoice_status":   attribute.ComputedString("The confirmation status of the payment, such as `start` or `success`."),
		"test_mode":        attribute.ComputedBool("Whether the project is in test mode."),
		"tx_list":          attribute.ComputedStringList("The ids of the payment's on-chain transactions."),
		"date_finished":    attribute.ComputedString("When the invoice was finished, in RFC 3339 format, UTC; null until then."),
	}
}

// coins are the documented codes,
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice.
var coins = []string{
	"BTC", "LTC", "TRX", "SOL", "TON", "BNB", "ETH", "ETH_ARB", "ETH_BASE", "ETH_OPT",
	"USDT_ARB", "USDT_BSC", "USDT_ERC20", "USDT_OPT", "USDT_SOL", "USDT_TON", "USDT_TRC20",
	"USDC_ARB", "USDC_BASE", "USDC_BSC", "USDC_ERC20", "USDC_OPT", "USDC_SOL",
	"DAI_ARB", "DAI_BASE", "DAI_BSC", "DAI_ERC20", "DAI_OPT", "USDD_TRC20", "PYUSD_ERC20", "PYUSD_SOL",
	"XAUT_ERC20", "XAUT_TON", "ARB_ARB", "OP_OPT", "PEPE_BSC", "PEPE_ERC20", "SHIB_BSC", "SHIB_ERC20", "TRUMP_SOL",
}

func timePart(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Optional: true, CustomType: attribute.IntegerType{}, Validators: []validator.Int64{int64validator.AtLeast(0)}, MarkdownDescription: description}
}

// nonZeroTime rejects a time_to_pay of zero.
type nonZeroTime struct{}

func (nonZeroTime) Description(context.Context) string {
	return "longer than zero: set hours, minutes or both"
}

func (v nonZeroTime) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v nonZeroTime) ValidateObject(ctx context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() {
		return
	}
	for _, part := range req.ConfigValue.Attributes() {
		if n, ok := part.(attribute.Integer); part.IsUnknown() || ok && n.ValueInt64() != 0 {
			return
		}
	}
	if !req.ConfigValue.IsUnknown() {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), fmt.Sprintf("%s must be %s.", req.Path, v.Description(ctx)))
	}
}
