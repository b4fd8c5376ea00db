package hesabe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// resendTimeout limits the action, which sends one request.
const resendTimeout = 2 * time.Minute

var _ action.ActionWithConfigure = (*resendAction)(nil)

// resendAction is https://developer.hesabe.com/docs/api/post-resend-invoice-id.
type resendAction struct {
	invoice.GatewayClient[client.Spec, *client.Invoice]
}

// resender is a client that can send an invoice by SMS.
type resender interface {
	Resend(ctx context.Context, id, mobileNumber, countryCode string) error
}

func newResendAction() action.Action {
	return &resendAction{invoice.NewGatewayClient(Definition())}
}

func (a *resendAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_hesabe_resend_invoice"
}

func (a *resendAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	text := func(description string, validators ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{Required: true, Validators: validators, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sends an invoice to a mobile number by SMS, whether or not it was sent before. The request is sent once: if its response is lost, the action fails with an error saying that the message may have been sent.",
		Attributes: map[string]schema.Attribute{
			"id":            text("The invoice's id, a number as text."),
			"mobile_number": text("The mobile number: digits, without the country code.", mobileNumber()),
			"country_code":  text("The country code of `mobile_number`, such as `965`.", countryCode()),
		},
	}
}

func (a *resendAction) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.GatewayClient.Configure(req.ProviderData)
}

type resendModel struct {
	ID           types.String `tfsdk:"id"`
	MobileNumber types.String `tfsdk:"mobile_number"`
	CountryCode  types.String `tfsdk:"country_code"`
}

func (a *resendAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m resendModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	id, err := normalizeID(m.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Not a valid Hesabe invoice id", fmt.Sprintf("%q: %v.", m.ID.ValueString(), err))
		return
	}
	c, diags := a.Client()
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	sender, ok := c.(resender)
	if !ok {
		resp.Diagnostics.AddError("Cannot resend the invoice", "This is a bug in the provider: the client cannot send invoices.")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, resendTimeout)
	defer cancel()
	err = sender.Resend(ctx, id, m.MobileNumber.ValueString(), m.CountryCode.ValueString())
	switch {
	case errors.Is(err, gateway.ErrOutcomeUnknown):
		resp.Diagnostics.AddError("Resending the Hesabe invoice: outcome unknown",
			fmt.Sprintf("Invoice %s: %s.\n\nThe message may have been sent, so it is not sent again. Ask the customer, or invoke the action again if a second message does no harm.",
				id, strings.TrimRight(err.Error(), ".")))
	case err != nil:
		resp.Diagnostics.Append(a.Failure("resend", "invoice "+id, err)...)
	default:
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Hesabe sent invoice %s to +%s %s",
			id, strings.TrimPrefix(m.CountryCode.ValueString(), "+"), m.MobileNumber.ValueString())})
	}
}
