package xpays

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// reported is what the gateway tells of an invoice.
type reported struct {
	invoice.Common

	OrderID          types.String   `tfsdk:"order_id"`
	FromFiatCurrency types.String   `tfsdk:"from_fiat_currency"`
	ToCryptoCurrency types.String   `tfsdk:"to_crypto_currency"`
	Chain            types.String   `tfsdk:"chain"`
	AdditionalData   attribute.JSON `tfsdk:"additional_data"`
	DiscountPercent  types.Number   `tfsdk:"discount_percent"`
	URLReturn        types.String   `tfsdk:"url_return"`
	URLSuccess       types.String   `tfsdk:"url_success"`
	URLFailed        types.String   `tfsdk:"url_failed"`

	SeqNum             types.Int64  `tfsdk:"seq_num"`
	Network            types.String `tfsdk:"network"`
	PaymentStatus      types.String `tfsdk:"payment_status"`
	PaymentAmount      types.String `tfsdk:"payment_amount"`
	PayerPaidCurrency  types.String `tfsdk:"payer_paid_currency"`
	PayerPaidAmount    types.String `tfsdk:"payer_paid_amount"`
	MerchantAmount     types.String `tfsdk:"merchant_amount"`
	TxID               types.String `tfsdk:"txid"`
	Address            types.String `tfsdk:"address"`
	FromAddress        types.String `tfsdk:"from_address"`
	AutoConvert        types.Bool   `tfsdk:"auto_convert"`
	ConvertTo          types.String `tfsdk:"convert_to"`
	IsMultipleOrder    types.Bool   `tfsdk:"is_multiple_order"`
	Lifetime           types.Int64  `tfsdk:"lifetime"`
	FeeSubtract        types.String `tfsdk:"fee_subtract"`
	FeePercent         types.String `tfsdk:"fee_percent"`
	DiscountAmount     types.String `tfsdk:"discount_amount"`
	AccuracyPercent    types.String `tfsdk:"accuracy_percent"`
	SupportCurrencies  types.List   `tfsdk:"support_currencies"`
	ExceptCurrencies   types.List   `tfsdk:"except_currencies"`
	ExchangeRate       types.String `tfsdk:"exchange_rate"`
	ExchangeRateSource types.String `tfsdk:"exchange_rate_source"`
	PaymentMatchType   types.String `tfsdk:"payment_match_type"`
	IsCompleted        types.Bool   `tfsdk:"is_completed"`
	OwnedByGroup       types.String `tfsdk:"owned_by_group"`
	AgentID            types.String `tfsdk:"agent_id"`
}

func (r *reported) Refresh(_ context.Context, inv *client.Invoice) diag.Diagnostics {
	r.OrderID = attribute.Argument(r.OrderID, attribute.Text(inv.OrderID))
	r.FromFiatCurrency = attribute.Argument(r.FromFiatCurrency, attribute.Text(inv.FromFiatCurrency))
	r.ToCryptoCurrency = attribute.Argument(r.ToCryptoCurrency, attribute.Text(inv.ToCryptoCurrency))
	r.Chain = attribute.Argument(r.Chain, attribute.Text(inv.Chain))
	r.AdditionalData = attribute.Argument(r.AdditionalData, attribute.JSONText(inv.AdditionalData))
	r.DiscountPercent = attribute.Argument(r.DiscountPercent, attribute.Number(inv.DiscountPercent))
	r.URLReturn = attribute.Argument(r.URLReturn, attribute.Text(inv.URLReturn))
	r.URLSuccess = attribute.Argument(r.URLSuccess, attribute.Text(inv.URLSuccess))
	r.URLFailed = attribute.Argument(r.URLFailed, attribute.Text(inv.URLFailed))

	r.CheckoutURL = attribute.Keep(r.CheckoutURL, attribute.Text(inv.PaymentURL))
	r.ExpiresAt = attribute.Keep(r.ExpiresAt, attribute.Time(inv.ExpiredAt))
	r.SeqNum = attribute.Keep(r.SeqNum, attribute.Int(inv.SeqNum))
	r.Network = attribute.Keep(r.Network, attribute.Text(inv.Network))
	r.PaymentStatus = attribute.Keep(r.PaymentStatus, attribute.Text(inv.PaymentStatus))
	r.PaymentAmount = attribute.Keep(r.PaymentAmount, attribute.Decimal(inv.PaymentAmount))
	r.PayerPaidCurrency = attribute.Keep(r.PayerPaidCurrency, attribute.Text(inv.PayerPaidCurrency))
	r.PayerPaidAmount = attribute.Keep(r.PayerPaidAmount, attribute.Decimal(inv.PayerPaidAmount))
	r.MerchantAmount = attribute.Keep(r.MerchantAmount, attribute.Decimal(inv.MerchantAmount))
	r.TxID = attribute.Keep(r.TxID, attribute.Text(inv.TxID))
	r.Address = attribute.Keep(r.Address, attribute.Text(inv.Address))
	r.FromAddress = attribute.Keep(r.FromAddress, attribute.Text(inv.FromAddress))
	r.AutoConvert = attribute.Keep(r.AutoConvert, attribute.Bool(inv.AutoConvert))
	r.ConvertTo = attribute.Keep(r.ConvertTo, attribute.Text(inv.ConvertTo))
	r.IsMultipleOrder = attribute.Keep(r.IsMultipleOrder, attribute.Bool(inv.IsMultipleOrder))
	r.Lifetime = attribute.Keep(r.Lifetime, attribute.Int(inv.Lifetime))
	r.FeeSubtract = attribute.Keep(r.FeeSubtract, attribute.Decimal(inv.FeeSubtract))
	r.FeePercent = attribute.Keep(r.FeePercent, attribute.Decimal(inv.FeePercent))
	r.DiscountAmount = attribute.Keep(r.DiscountAmount, attribute.Decimal(inv.DiscountAmount))
	r.AccuracyPercent = attribute.Keep(r.AccuracyPercent, attribute.Decimal(inv.AccuracyPercent))
	r.SupportCurrencies = attribute.Keep(r.SupportCurrencies, attribute.Texts(inv.SupportCurrencies))
	r.ExceptCurrencies = attribute.Keep(r.ExceptCurrencies, attribute.Texts(inv.ExceptCurrencies))
	r.ExchangeRate = attribute.Keep(r.ExchangeRate, attribute.Decimal(inv.ExchangeRate))
	r.ExchangeRateSource = attribute.Keep(r.ExchangeRateSource, attribute.Text(inv.ExchangeRateSource))
	r.PaymentMatchType = attribute.Keep(r.PaymentMatchType, attribute.Text(inv.PaymentMatchType))
	r.IsCompleted = attribute.Keep(r.IsCompleted, attribute.Bool(inv.IsCompleted))
	r.OwnedByGroup = attribute.Keep(r.OwnedByGroup, attribute.Text(inv.OwnedByGroup))
	r.AgentID = attribute.Keep(r.AgentID, attribute.Text(inv.AgentID))
	return nil
}

// model is the resource's state.
type model struct {
	reported
	invoice.Lifecycle
}

func (m *model) Reference() *types.String { return &m.OrderID }

func (m *model) CurrencyCode() string { return m.FromFiatCurrency.ValueString() }

func (m *model) Spec(context.Context, invoice.Settings) (client.Spec, diag.Diagnostics) {
	var diags diag.Diagnostics
	discount, err := attribute.Digits(m.DiscountPercent)
	if err != nil {
		diags.AddAttributeError(path.Root("discount_percent"), "Invalid discount_percent", err.Error()+".")
	}
	return client.Spec{
		OrderID:          m.OrderID.ValueString(),
		Amount:           m.Amount.Money(),
		FromFiatCurrency: m.FromFiatCurrency.ValueString(),
		ToCryptoCurrency: m.ToCryptoCurrency.ValueString(),
		Chain:            m.Chain.ValueString(),
		AdditionalData:   attribute.RawJSON(m.AdditionalData),
		DiscountPercent:  discount,
		URLReturn:        m.URLReturn.ValueString(),
		URLSuccess:       m.URLSuccess.ValueString(),
		URLFailed:        m.URLFailed.ValueString(),
	}, diags
}
