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

// reported is what the gateway reports about an invoice.
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
	r.OrderID = attribute.PriorOrReported(r.OrderID, attribute.StringOrNull(inv.OrderID))
	r.FromFiatCurrency = attribute.PriorOrReported(r.FromFiatCurrency, attribute.StringOrNull(inv.FromFiatCurrency))
	r.ToCryptoCurrency = attribute.PriorOrReported(r.ToCryptoCurrency, attribute.StringOrNull(inv.ToCryptoCurrency))
	r.Chain = attribute.PriorOrReported(r.Chain, attribute.StringOrNull(inv.Chain))
	r.AdditionalData = attribute.PriorOrReported(r.AdditionalData, attribute.JSONText(inv.AdditionalData))
	r.DiscountPercent = attribute.PriorOrReported(r.DiscountPercent, attribute.Number(inv.DiscountPercent))
	r.URLReturn = attribute.PriorOrReported(r.URLReturn, attribute.StringOrNull(inv.URLReturn))
	r.URLSuccess = attribute.PriorOrReported(r.URLSuccess, attribute.StringOrNull(inv.URLSuccess))
	r.URLFailed = attribute.PriorOrReported(r.URLFailed, attribute.StringOrNull(inv.URLFailed))

	r.CheckoutURL = attribute.ReportedOrPrior(r.CheckoutURL, attribute.StringOrNull(inv.PaymentURL))
	r.ExpiresAt = attribute.ReportedOrPrior(r.ExpiresAt, attribute.Time(inv.ExpiredAt))
	r.SeqNum = attribute.ReportedOrPrior(r.SeqNum, attribute.Int(inv.SeqNum))
	r.Network = attribute.ReportedOrPrior(r.Network, attribute.StringOrNull(inv.Network))
	r.PaymentStatus = attribute.ReportedOrPrior(r.PaymentStatus, attribute.StringOrNull(inv.PaymentStatus))
	r.PaymentAmount = attribute.ReportedOrPrior(r.PaymentAmount, attribute.Decimal(inv.PaymentAmount))
	r.PayerPaidCurrency = attribute.ReportedOrPrior(r.PayerPaidCurrency, attribute.StringOrNull(inv.PayerPaidCurrency))
	r.PayerPaidAmount = attribute.ReportedOrPrior(r.PayerPaidAmount, attribute.Decimal(inv.PayerPaidAmount))
	r.MerchantAmount = attribute.ReportedOrPrior(r.MerchantAmount, attribute.Decimal(inv.MerchantAmount))
	r.TxID = attribute.ReportedOrPrior(r.TxID, attribute.StringOrNull(inv.TxID))
	r.Address = attribute.ReportedOrPrior(r.Address, attribute.StringOrNull(inv.Address))
	r.FromAddress = attribute.ReportedOrPrior(r.FromAddress, attribute.StringOrNull(inv.FromAddress))
	r.AutoConvert = attribute.ReportedOrPrior(r.AutoConvert, attribute.Bool(inv.AutoConvert))
	r.ConvertTo = attribute.ReportedOrPrior(r.ConvertTo, attribute.StringOrNull(inv.ConvertTo))
	r.IsMultipleOrder = attribute.ReportedOrPrior(r.IsMultipleOrder, attribute.Bool(inv.IsMultipleOrder))
	r.Lifetime = attribute.ReportedOrPrior(r.Lifetime, attribute.Int(inv.Lifetime))
	r.FeeSubtract = attribute.ReportedOrPrior(r.FeeSubtract, attribute.Decimal(inv.FeeSubtract))
	r.FeePercent = attribute.ReportedOrPrior(r.FeePercent, attribute.Decimal(inv.FeePercent))
	r.DiscountAmount = attribute.ReportedOrPrior(r.DiscountAmount, attribute.Decimal(inv.DiscountAmount))
	r.AccuracyPercent = attribute.ReportedOrPrior(r.AccuracyPercent, attribute.Decimal(inv.AccuracyPercent))
	r.SupportCurrencies = attribute.ReportedOrPrior(r.SupportCurrencies, attribute.StringListOrNull(inv.SupportCurrencies))
	r.ExceptCurrencies = attribute.ReportedOrPrior(r.ExceptCurrencies, attribute.StringListOrNull(inv.ExceptCurrencies))
	r.ExchangeRate = attribute.ReportedOrPrior(r.ExchangeRate, attribute.Decimal(inv.ExchangeRate))
	r.ExchangeRateSource = attribute.ReportedOrPrior(r.ExchangeRateSource, attribute.StringOrNull(inv.ExchangeRateSource))
	r.PaymentMatchType = attribute.ReportedOrPrior(r.PaymentMatchType, attribute.StringOrNull(inv.PaymentMatchType))
	r.IsCompleted = attribute.ReportedOrPrior(r.IsCompleted, attribute.Bool(inv.IsCompleted))
	r.OwnedByGroup = attribute.ReportedOrPrior(r.OwnedByGroup, attribute.StringOrNull(inv.OwnedByGroup))
	r.AgentID = attribute.ReportedOrPrior(r.AgentID, attribute.StringOrNull(inv.AgentID))
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
