package sandboxevent

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

var (
	_ resource.ResourceWithConfigure      = (*eventResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*eventResource)(nil)
	_ resource.ResourceWithValidateConfig = (*eventResource)(nil)
)

type eventResource struct {
	catalog Catalog
	source  Source
}

// NewResource returns the resource payinvoice_sandbox_event.
func NewResource(catalog Catalog) resource.Resource { return &eventResource{catalog: catalog} }

type model struct {
	arguments
	ID         types.String `tfsdk:"id"`
	HappenedAt types.String `tfsdk:"happened_at"`
	Status     types.String `tfsdk:"status"`
	Phase      types.String `tfsdk:"phase"`
}

func (r *eventResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + TypeName
}

func (r *eventResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	text := func(description string, validators ...validator.String) schema.StringAttribute {
		return schema.StringAttribute{
			Required: true, Validators: validators, MarkdownDescription: description + " Changing it triggers a new event.",
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
		}
	}
	amount := text(amountDescription)
	amount.Required, amount.Optional, amount.CustomType = false, true, attribute.AmountType{}
	computed := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Computed: true, MarkdownDescription: description,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: resourceDescription,
		Attributes: map[string]schema.Attribute{
			"gateway":     text(r.catalog.gatewayDescription(), stringvalidator.OneOf(r.catalog.gateways()...)),
			"invoice_id":  text(invoiceDescription, stringvalidator.LengthAtLeast(1)),
			"event":       text(r.catalog.eventDescription(), stringvalidator.OneOf(r.catalog.all()...)),
			"amount":      amount,
			"id":          computed("A random identifier for this event."),
			"happened_at": computed("When the event happened, by the sandbox's clock, in RFC 3339 format, UTC."),
			"status":      computed("The invoice's status right after the event, as the gateway returns it."),
			"phase":       computed("The invoice's phase right after the event, such as `paid`."),
		},
	}
}

func (r *eventResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.source, _ = req.ProviderData.(Source)
}

func (r *eventResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var m model
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.catalog.check(m.arguments)...)
}

// ModifyPlan reports at plan time that there is no sandbox.
func (r *eventResource) ModifyPlan(_ context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.source != nil && req.State.Raw.IsNull() && r.source.SandboxEvents() == nil {
		resp.Diagnostics.Append(noSandbox())
	}
}

func (r *eventResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m model
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.catalog.check(m.arguments)...)
	if resp.Diagnostics.HasError() {
		return
	}
	outcome, diags := fire(ctx, r.source, m.event())
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	m.ID = types.StringValue("evt-" + strings.ToLower(rand.Text()))
	m.HappenedAt = types.StringValue(gateway.FormatTime(outcome.HappenedAt))
	m.Status = types.StringValue(outcome.Status)
	m.Phase = types.StringValue(outcome.Phase)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// Read keeps the state: an event that has happened does not change.
func (r *eventResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update is never called, because every argument forces replacement.
func (r *eventResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

// Delete does nothing: an event cannot be undone.
func (r *eventResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
