package hesabe

import (
	"context"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// currency is the currency of every amount: the API has no field for it.
const currency = client.Currency

// Values of invoice_sub_type, which say how an invoice was sent,
// https://developer.hesabe.com/docs/api/get-quick-invoice.
var sentBy = map[int64]string{0: client.TypeSMS, 3: client.TypeURL}

// reported is what the gateway reports about an invoice.
type reported struct {
	invoice.Common

	InvoiceType     types.String `tfsdk:"invoice_type"`
	CustomerName    types.String `tfsdk:"customer_name"`
	CustomerEmail   types.String `tfsdk:"customer_email"`
	ReferenceNumber types.String `tfsdk:"reference_number"`
	Description     types.String `tfsdk:"description"`
	Language        types.String `tfsdk:"language"`
	AllocatePayType types.Set    `tfsdk:"allocate_pay_type"`

	Token            types.String `tfsdk:"token"`
	AccessKey        types.String `tfsdk:"access_key"`
	ServiceCharge    types.String `tfsdk:"service_charge"`
	Discount         types.String `tfsdk:"discount"`
	VisitedCount     types.Int64  `tfsdk:"visited_count"`
	UpdatedAt        types.String `tfsdk:"updated_at"`
	TransactionToken types.String `tfsdk:"transaction_token"`
	PaidAt           types.String `tfsdk:"paid_at"`
}

func (r *reported) Refresh(_ context.Context, inv *client.Invoice) diag.Diagnostics {
	r.InvoiceType = attribute.PriorOrReported(r.InvoiceType, invoiceType(inv))
	r.CustomerName = attribute.PriorOrReported(r.CustomerName, attribute.StringOrNull(inv.Customer.Name))
	r.CustomerEmail = attribute.PriorOrReported(r.CustomerEmail, attribute.StringOrNull(inv.Customer.Email))
	r.ReferenceNumber = attribute.PriorOrReported(r.ReferenceNumber, attribute.StringOrNull(inv.ReferenceNumber))
	r.Description = attribute.PriorOrReported(r.Description, attribute.StringOrNull(inv.Description))
	r.Language = attribute.PriorOrReported(r.Language, attribute.StringOrNull(inv.Language))
	r.AllocatePayType = attribute.PriorOrReported(r.AllocatePayType, payTypes(inv.PaymentMethod))
	r.ExpiresAt = attribute.PriorOrReported(r.ExpiresAt, attribute.StringOrNull(inv.ExpiresAt))

	r.CheckoutURL = attribute.ReportedOrPrior(r.CheckoutURL, attribute.StringOrNull(inv.URL))
	r.Token = attribute.ReportedOrPrior(r.Token, attribute.StringOrNull(inv.Token))
	r.AccessKey = attribute.ReportedOrPrior(r.AccessKey, attribute.StringOrNull(inv.AccessKey))
	r.ServiceCharge = attribute.ReportedOrPrior(r.ServiceCharge, attribute.Decimal(inv.ServiceCharge))
	r.Discount = attribute.ReportedOrPrior(r.Discount, attribute.Decimal(inv.Discount))
	r.VisitedCount = attribute.ReportedOrPrior(r.VisitedCount, attribute.Int(inv.VisitedCount))
	r.UpdatedAt = attribute.ReportedOrPrior(r.UpdatedAt, attribute.Time(inv.UpdatedAt))
	r.TransactionToken = attribute.ReportedOrPrior(r.TransactionToken, attribute.StringOrNull(inv.TransactionToken()))
	r.PaidAt = attribute.ReportedOrPrior(r.PaidAt, attribute.Time(inv.PaidAt()))
	return nil
}

func invoiceType(inv *client.Invoice) types.String {
	if inv.InvoiceSubType == nil {
		return types.StringNull()
	}
	return attribute.StringOrNull(sentBy[*inv.InvoiceSubType])
}

// payTypes converts numbers that the gateway writes as text.
func payTypes(methods []string) types.Set {
	var numbers []attr.Value
	for _, method := range methods {
		number, err := strconv.ParseInt(method, 10, 64)
		if err != nil {
			return types.SetNull(attribute.IntegerType{})
		}
		numbers = append(numbers, attribute.IntegerOf(number))
	}
	if len(numbers) == 0 {
		return types.SetNull(attribute.IntegerType{})
	}
	return types.SetValueMust(attribute.IntegerType{}, numbers)
}

// model is the resource's state.
type model struct {
	reported
	invoice.Lifecycle
	invoice.Adoption

	MobileNumber types.String `tfsdk:"mobile_number"`
	CountryCode  types.String `tfsdk:"country_code"`
	Items        types.List   `tfsdk:"items"`
	Webhook      types.String `tfsdk:"webhook"`
}

// item is a line item of an invoice.
type item struct {
	Title    types.String      `tfsdk:"title"`
	Rate     attribute.Amount  `tfsdk:"rate"`
	Quantity attribute.Integer `tfsdk:"quantity"`
	Amount   attribute.Amount  `tfsdk:"amount"`
}

func (m *model) Refresh(ctx context.Context, inv *client.Invoice) diag.Diagnostics {
	diags := m.reported.Refresh(ctx, inv)
	if m.InvoiceType.IsNull() {
		// A response without it leaves the schema's default.
		m.InvoiceType = types.StringValue(client.TypeURL)
	}
	return diags
}

func (m *model) Reference() *types.String { return &m.ReferenceNumber }

func (m *model) CurrencyCode() string { return currency }

func (m *model) Spec(ctx context.Context, _ invoice.Settings) (client.Spec, diag.Diagnostics) {
	var diags diag.Diagnostics
	spec := client.Spec{
		Amount:          m.Amount.Money(),
		InvoiceType:     m.InvoiceType.ValueString(),
		MobileNumber:    m.MobileNumber.ValueString(),
		CountryCode:     m.CountryCode.ValueString(),
		CustomerName:    m.CustomerName.ValueString(),
		CustomerEmail:   m.CustomerEmail.ValueString(),
		ReferenceNumber: m.ReferenceNumber.ValueString(),
		Description:     m.Description.ValueString(),
		ExpiresAt:       m.ExpiresAt.ValueString(),
		Language:        m.Language.ValueString(),
		Webhook:         m.Webhook.ValueString(),
	}
	if !m.AllocatePayType.IsNull() && !m.AllocatePayType.IsUnknown() {
		diags.Append(m.AllocatePayType.ElementsAs(ctx, &spec.AllocatePayType, false)...)
	}
	var items []item
	diags.Append(m.Items.ElementsAs(ctx, &items, false)...)
	for _, i := range items {
		spec.Items = append(spec.Items, client.Item{
			Title: i.Title.ValueString(), Rate: i.Rate.Money(), Quantity: i.Quantity.ValueInt64(), Amount: i.Amount.Money(),
		})
	}
	return spec, diags
}
