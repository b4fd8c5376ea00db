package meum

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// reported is what the gateway reports about an invoice.
type reported struct {
	invoice.Common

	Currency        types.String `tfsdk:"currency"`
	ExternalOrderID types.String `tfsdk:"external_order_id"`
	ReturnURL       types.String `tfsdk:"return_url"`

	OrderAmount     types.String `tfsdk:"order_amount"`
	OrderCurrency   types.String `tfsdk:"order_currency"`
	PaidAmount      types.String `tfsdk:"paid_amount"`
	OutputAsset     types.String `tfsdk:"output_asset"`
	CustomerID      types.String `tfsdk:"customer_id"`
	PaymentLinkID   types.String `tfsdk:"payment_link_id"`
	TransactionHash types.String `tfsdk:"transaction_hash"`
	UpdatedAt       types.String `tfsdk:"updated_at"`
	PaidAt          types.String `tfsdk:"paid_at"`
}

func (r *reported) Refresh(_ context.Context, inv *client.Invoice) diag.Diagnostics {
	r.Currency = attribute.PriorOrReported(r.Currency, attribute.StringOrNull(inv.Currency))
	r.ExternalOrderID = attribute.PriorOrReported(r.ExternalOrderID, attribute.StringOrNull(inv.ExternalOrderID))
	r.ReturnURL = attribute.PriorOrReported(r.ReturnURL, attribute.StringOrNull(inv.ReturnURL))

	r.CheckoutURL = attribute.ReportedOrPrior(r.CheckoutURL, attribute.StringOrNull(inv.CheckoutURL))
	r.ExpiresAt = attribute.ReportedOrPrior(r.ExpiresAt, attribute.Time(inv.ExpiresAt))
	r.OrderAmount = attribute.ReportedOrPrior(r.OrderAmount, attribute.Decimal(inv.OrderAmount))
	r.OrderCurrency = attribute.ReportedOrPrior(r.OrderCurrency, attribute.StringOrNull(inv.OrderCurrency))
	r.PaidAmount = attribute.ReportedOrPrior(r.PaidAmount, attribute.Decimal(inv.PaidAmount))
	r.OutputAsset = attribute.ReportedOrPrior(r.OutputAsset, attribute.StringOrNull(inv.OutputAsset))
	r.CustomerID = attribute.ReportedOrPrior(r.CustomerID, attribute.StringOrNull(inv.CustomerID))
	r.PaymentLinkID = attribute.ReportedOrPrior(r.PaymentLinkID, attribute.StringOrNull(inv.PaymentLinkID))
	r.TransactionHash = attribute.ReportedOrPrior(r.TransactionHash, attribute.StringOrNull(inv.TransactionHash))
	r.UpdatedAt = attribute.ReportedOrPrior(r.UpdatedAt, attribute.Time(inv.UpdatedAt))
	r.PaidAt = attribute.ReportedOrPrior(r.PaidAt, attribute.Time(inv.PaidAt))
	return nil
}

// view is what a data source shows of an invoice.
type view struct {
	reported

	Metadata attribute.JSON `tfsdk:"metadata"`
}

func (v *view) Refresh(ctx context.Context, inv *client.Invoice) diag.Diagnostics {
	v.Metadata = attribute.JSONText(inv.Metadata)
	return v.reported.Refresh(ctx, inv)
}

// model is the resource's state.
type model struct {
	reported
	invoice.Lifecycle
	invoice.Adoption

	StoreID       types.String `tfsdk:"store_id"`
	IntegrationID types.String `tfsdk:"integration_id"`
	CallbackURL   types.String `tfsdk:"callback_url"`
	// Metadata is never compared with the response: the gateway may remove keys.
	Metadata attribute.JSON `tfsdk:"metadata"`
}

// After an import, Refresh uses the currency in which the merchant created the invoice.
func (m *model) Refresh(ctx context.Context, inv *client.Invoice) diag.Diagnostics {
	m.Currency = attribute.PriorOrReported(m.Currency, attribute.StringOrNull(inv.Facts(time.Time{}).In("").Currency))
	return m.reported.Refresh(ctx, inv)
}

func (m *model) Reference() *types.String { return &m.ExternalOrderID }

func (m *model) CurrencyCode() string { return m.Currency.ValueString() }

func (m *model) Spec(_ context.Context, settings invoice.Settings) (client.Spec, diag.Diagnostics) {
	return client.Spec{
		Amount:          m.Amount.Money(),
		Currency:        m.Currency.ValueString(),
		ExternalOrderID: m.ExternalOrderID.ValueString(),
		StoreID:         m.StoreID.ValueString(),
		IntegrationID:   m.IntegrationID.ValueString(),
		CallbackURL:     m.CallbackURL.ValueString(),
		ReturnURL:       m.ReturnURL.ValueString(),
		Metadata:        attribute.RawJSON(m.Metadata),
	}, checkCallback(m.CallbackURL, settings) // a plan does not check it while settings are unknown
}
