package invoice

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// schemaVersion is the version of every resource's state.
const schemaVersion = 0

var (
	_ resource.ResourceWithConfigure   = (*invoiceResource[any, gateway.Invoice])(nil)
	_ resource.ResourceWithModifyPlan  = (*invoiceResource[any, gateway.Invoice])(nil)
	_ resource.ResourceWithImportState = (*invoiceResource[any, gateway.Invoice])(nil)
	_ resource.ResourceWithIdentity    = (*invoiceResource[any, gateway.Invoice])(nil)
)

// NewResource returns the resource payinvoice_<name>_invoice of a gateway.
func NewResource[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) resource.Resource {
	return &invoiceResource[Spec, Inv]{NewGatewayClient(def)}
}

type invoiceResource[Spec any, Inv gateway.Invoice] struct{ GatewayClient[Spec, Inv] }

func (r *invoiceResource[Spec, Inv]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.def.Name + "_invoice"
}

func (r *invoiceResource[Spec, Inv]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version:             schemaVersion,
		MarkdownDescription: r.def.Description,
		Attributes:          resourceAttributes(ctx, r.def),
	}
}

func (r *invoiceResource[Spec, Inv]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identitySchema()
}

func (r *invoiceResource[Spec, Inv]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.GatewayClient.Configure(req.ProviderData)
}

func (r *invoiceResource[Spec, Inv]) decode(ctx context.Context, raw tftypes.Value, model Model[Spec, Inv]) diag.Diagnostics {
	return decodeModel(ctx, resourceAttributes(ctx, r.def), raw, model)
}

// Update makes no request: arguments that change in place are not sent to the gateway.
func (r *invoiceResource[Spec, Inv]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(writeIdentity(ctx, resp.Identity, &resp.State)...)
	kept, diags := readPrivateState(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	config, diags := topLevel(req.Config.Raw)
	resp.Diagnostics.Append(diags...)
	kept.Asserted = assertedBy(resourceAttributes(ctx, r.def), config)
	resp.Diagnostics.Append(writePrivateState(ctx, resp.Private, kept)...)
}

// ImportState imports by id or identity.
func (r *invoiceResource[Spec, Inv]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	text := req.ID
	if text == "" && req.Identity != nil {
		var id types.String
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
		text = id.ValueString()
	}
	id, err := r.def.NormalizeID(text)
	if err != nil {
		resp.Diagnostics.AddError(fmt.Sprintf("Not a valid %s invoice id", r.def.Title), fmt.Sprintf("%q: %v.", text, err))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deletion_policy"), engine.PolicyCancel)...)
	if _, ok := r.def.New().(adopter); ok {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("adopt_existing"), false)...)
	}
	resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(writePrivateState(ctx, resp.Private, privateState{Imported: true})...)
}
