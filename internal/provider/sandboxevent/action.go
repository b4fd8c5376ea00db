package sandboxevent

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

var (
	_ action.ActionWithConfigure      = (*eventAction)(nil)
	_ action.ActionWithValidateConfig = (*eventAction)(nil)
)

type eventAction struct {
	catalog Catalog
	source  Source
}

// NewAction returns the action payinvoice_sandbox_event.
func NewAction(catalog Catalog) action.Action { return &eventAction{catalog: catalog} }

func (a *eventAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + TypeName
}

func (a *eventAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	text := func(description string, validators ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{Required: true, Validators: validators, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: actionDescription,
		Attributes: map[string]schema.Attribute{
			"gateway":    text(a.catalog.gatewayDescription(), stringvalidator.OneOf(a.catalog.gateways()...)),
			"invoice_id": text(invoiceDescription, stringvalidator.LengthAtLeast(1)),
			"event":      text(a.catalog.eventDescription(), stringvalidator.OneOf(a.catalog.all()...)),
			"amount":     schema.StringAttribute{Optional: true, CustomType: attribute.AmountType{}, MarkdownDescription: amountDescription},
		},
	}
}

func (a *eventAction) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.source, _ = req.ProviderData.(Source)
}

func (a *eventAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var args arguments
	if resp.Diagnostics.Append(req.Config.Get(ctx, &args)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(a.catalog.check(args)...)
}

func (a *eventAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var args arguments
	if resp.Diagnostics.Append(req.Config.Get(ctx, &args)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(a.catalog.check(args)...)
	if resp.Diagnostics.HasError() {
		return
	}
	outcome, diags := fire(ctx, a.source, args.event())
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("%s invoice %s is now %s (status %q)",
		args.Gateway.ValueString(), outcome.InvoiceID, outcome.Phase, outcome.Status)})
}

const (
	resourceDescription = "Triggers an event for an invoice in the sandbox, such as payment or expiry. " +
		"Creating the resource triggers the event once. Destroying it does not undo the event. It works in every version of Terraform and OpenTofu, but only in the sandbox."
	actionDescription = "Triggers an event for an invoice in the sandbox, such as payment or expiry. " +
		"It works only in the sandbox."
	invoiceDescription = "The id of an invoice in the sandbox."
	amountDescription  = "The total that the payer has paid, as decimal text in the invoice's currency: less than its amount for `underpay`, more for `overpay`. Other events have no amount. By default, the sandbox chooses one."
)

func (c Catalog) gatewayDescription() string {
	return "The invoice's gateway: `" + strings.Join(c.gateways(), "`, `") + "`."
}

func (c Catalog) eventDescription() string {
	var b strings.Builder
	b.WriteString("The event. Values")
	for _, name := range c.gateways() {
		fmt.Fprintf(&b, " for `%s`: `%s`;", name, strings.Join(c[name], "`, `"))
	}
	return strings.TrimSuffix(b.String(), ";") + ". If an event is not possible in the invoice's phase, the error lists those that are."
}
