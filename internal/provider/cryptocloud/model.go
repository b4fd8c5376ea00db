package cryptocloud

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// created is the status of an unpaid invoice. In test mode a paid one may return to it,
// https://docs.cryptocloud.plus/en/start/test-integration.
const created = "created"

// reported is what the gateway reports about an invoice.
type reported struct {
	invoice.Common

	Currency types.String `tfsdk:"currency"`
	OrderID  types.String `tfsdk:"order_id"`

	Address         types.String `tfsdk:"address"`
	AmountUSD       types.String `tfsdk:"amount_usd"`
	AmountInFiat    types.String `tfsdk:"amount_in_fiat"`
	AmountInCrypto  types.String `tfsdk:"amount_in_crypto"`
	AmountPaid      types.String `tfsdk:"amount_paid"`
	AmountPaidUSD   types.String `tfsdk:"amount_paid_usd"`
	Fee             types.String `tfsdk:"fee"`
	FeeUSD          types.String `tfsdk:"fee_usd"`
	ServiceFee      types.String `tfsdk:"service_fee"`
	ServiceFeeUSD   types.String `tfsdk:"service_fee_usd"`
	Received        types.String `tfsdk:"received"`
	ReceivedUSD     types.String `tfsdk:"received_usd"`
	PaymentCurrency types.String `tfsdk:"payment_currency"`
	InvoiceStatus   types.String `tfsdk:"invoice_status"`
	TestMode        types.Bool   `tfsdk:"test_mode"`
	TxList          types.List   `tfsdk:"tx_list"`
	DateFinished    types.String `tfsdk:"date_finished"`
}

func (r *reported) Refresh(_ context.Context, inv *client.Invoice) diag.Diagnostics {
	r.Currency = attribute.PriorOrReported(r.Currency, attribute.StringOrNull(inv.FiatCurrency))
	r.OrderID = attribute.PriorOrReported(r.OrderID, attribute.StringOrNull(inv.OrderID))

	r.CheckoutURL = attribute.ReportedOrPrior(r.CheckoutURL, attribute.StringOrNull(inv.Link))
	r.ExpiresAt = attribute.ReportedOrPrior(r.ExpiresAt, attribute.Time(inv.ExpiryDate))
	r.Address = attribute.ReportedOrPrior(r.Address, attribute.StringOrNull(inv.Address))
	r.AmountUSD = attribute.ReportedOrPrior(r.AmountUSD, attribute.Decimal(inv.AmountUSD))
	r.AmountInFiat = attribute.ReportedOrPrior(r.AmountInFiat, attribute.Decimal(inv.AmountInFiat))
	r.AmountInCrypto = attribute.ReportedOrPrior(r.AmountInCrypto, attribute.Decimal(inv.AmountInCrypto))
	r.AmountPaid = attribute.ReportedOrPrior(r.AmountPaid, attribute.Decimal(inv.AmountPaid))
	r.AmountPaidUSD = attribute.ReportedOrPrior(r.AmountPaidUSD, attribute.Decimal(inv.AmountPaidUSD))
	r.Fee = attribute.ReportedOrPrior(r.Fee, attribute.Decimal(inv.Fee))
	r.FeeUSD = attribute.ReportedOrPrior(r.FeeUSD, attribute.Decimal(inv.FeeUSD))
	r.ServiceFee = attribute.ReportedOrPrior(r.ServiceFee, attribute.Decimal(inv.ServiceFee))
	r.ServiceFeeUSD = attribute.ReportedOrPrior(r.ServiceFeeUSD, attribute.Decimal(inv.ServiceFeeUSD))
	r.Received = attribute.ReportedOrPrior(r.Received, attribute.Decimal(inv.Received))
	r.ReceivedUSD = attribute.ReportedOrPrior(r.ReceivedUSD, attribute.Decimal(inv.ReceivedUSD))
	r.PaymentCurrency = attribute.ReportedOrPrior(r.PaymentCurrency, attribute.StringOrNull(inv.Currency.FullCode))
	r.InvoiceStatus = attribute.ReportedOrPrior(r.InvoiceStatus, attribute.StringOrNull(inv.InvoiceStatus))
	r.TestMode = attribute.ReportedOrPrior(r.TestMode, attribute.Bool(inv.TestMode))
	r.TxList = attribute.ReportedOrPrior(r.TxList, attribute.StringListOrNull(inv.TxList))
	if r.TxList.IsNull() {
		// There are no transactions until a response mentions some.
		r.TxList = attribute.StringListOrNull([]string{})
	}
	r.DateFinished = attribute.ReportedOrPrior(r.DateFinished, attribute.Time(inv.DateFinished))
	if inv.Status == created {
		r.DateFinished = types.StringNull()
	}
	return nil
}

// model is the resource's state.
type model struct {
	reported
	invoice.Lifecycle
	invoice.Adoption

	ShopID              types.String `tfsdk:"shop_id"`
	Email               types.String `tfsdk:"email"`
	Locale              types.String `tfsdk:"locale"`
	TimeToPay           types.Object `tfsdk:"time_to_pay"`
	AvailableCurrencies types.Set    `tfsdk:"available_currencies"`
	Cryptocurrency      types.String `tfsdk:"cryptocurrency"`
	EmailToSend         types.String `tfsdk:"email_to_send"`
	Period              types.String `tfsdk:"period"`
}

// timeToPay is the nested attribute of that name.
type timeToPay struct {
	Hours   attribute.Integer `tfsdk:"hours"`
	Minutes attribute.Integer `tfsdk:"minutes"`
}

func (m *model) Reference() *types.String { return &m.OrderID }

func (m *model) CurrencyCode() string { return m.Currency.ValueString() }

// Spec also sets shop_id, which is then part of the plan.
func (m *model) Spec(ctx context.Context, settings invoice.Settings) (client.Spec, diag.Diagnostics) {
	var diags diag.Diagnostics
	if m.ShopID.ValueString() == "" {
		m.ShopID = attribute.StringOrNull(settings["shop_id"])
	}
	if m.ShopID.IsNull() {
		diags.Append(missingShop())
	}
	spec := client.Spec{
		Amount:         m.Amount.Money(),
		Currency:       m.Currency.ValueString(),
		OrderID:        m.OrderID.ValueString(),
		ShopID:         m.ShopID.ValueString(),
		Email:          m.Email.ValueString(),
		Locale:         m.Locale.ValueString(),
		Cryptocurrency: m.Cryptocurrency.ValueString(),
		EmailToSend:    m.EmailToSend.ValueString(),
		Period:         m.Period.ValueString(),
	}
	if !m.AvailableCurrencies.IsNull() {
		diags.Append(m.AvailableCurrencies.ElementsAs(ctx, &spec.AvailableCurrencies, false)...)
	}
	if !m.TimeToPay.IsNull() {
		var t timeToPay
		diags.Append(m.TimeToPay.As(ctx, &t, basetypes.ObjectAsOptions{})...)
		spec.TimeToPay = &client.TimeToPay{Hours: t.Hours.ValueInt64(), Minutes: t.Minutes.ValueInt64()}
	}
	return spec, diags
}
