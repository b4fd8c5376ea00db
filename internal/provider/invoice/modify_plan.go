package invoice

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// ModifyPlan implements resource.ResourceWithModifyPlan. Respelled arguments
// plan nothing, changed ones a replacement, local ones an update in place that
// leaves everything else known; a phase in replace_when plans a replacement.
func (r *invoiceResource[Spec, Inv]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(r.checkNew(ctx, req.Config)...)
		return
	}
	kept, diags := readPrivateState(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	config, diags := topLevel(req.Config.Raw)
	resp.Diagnostics.Append(diags...)
	state, diags := topLevel(req.State.Raw)
	resp.Diagnostics.Append(diags...)
	plan, diags := topLevel(req.Plan.Raw)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	attributes := resourceAttributes(ctx, r.def)
	p, err := planChange(ctx, attributes, r.def.Guessed, config, state, plan, kept)
	if err != nil {
		resp.Diagnostics.AddError("Cannot compare the plan with the state", fmt.Sprintf("This is a mistake in the provider: %v.", err))
		return
	}
	due, diags := replacementDue(ctx, req)
	resp.Diagnostics.Append(diags...)
	if due {
		// An unknown phase is what the plan shows beside "forces replacement".
		p.values["phase"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
		p.replace = append(p.replace, "phase")
	}
	resp.Plan.Raw = tftypes.NewValue(req.Plan.Raw.Type(), p.values)
	for _, name := range p.replace {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name))
	}
}

// checkNew refuses to plan an invoice that cannot be made, since its gateway is
// not configured, or its arguments do not do. It contacts nobody.
func (r *invoiceResource[Spec, Inv]) checkNew(ctx context.Context, config tfsdk.Config) diag.Diagnostics {
	if r.connections == nil {
		return nil
	}
	_, settings, err := r.engine()
	switch {
	case errors.Is(err, errNotYetKnown):
		return nil
	case err != nil:
		return diag.Diagnostics{r.reporter().notConnected("", err)}
	case r.def.CheckNew == nil, len(r.connections.Gateways[r.def.Name].Unknown) > 0:
		return nil // what is not known yet is checked when the invoice is made
	default:
		return r.def.CheckNew(ctx, config, settings)
	}
}

// replacementDue reports whether the invoice is in a phase in which the
// configuration wants a new one.
func replacementDue(ctx context.Context, req resource.ModifyPlanRequest) (bool, diag.Diagnostics) {
	var phase types.String
	diags := req.State.GetAttribute(ctx, path.Root("phase"), &phase)
	var replaceWhen types.Set
	diags.Append(req.Plan.GetAttribute(ctx, path.Root("replace_when"), &replaceWhen)...)
	if diags.HasError() || phase.ValueString() == "" {
		return false, diags
	}
	if slices.ContainsFunc(replaceWhen.Elements(), phase.Equal) {
		return true, diags
	}
	unknown := replaceWhen.IsUnknown() || slices.ContainsFunc(replaceWhen.Elements(), attr.Value.IsUnknown)
	if unknown && gateway.Phase(phase.ValueString()).Closed() {
		diags.AddAttributeError(path.Root("replace_when"), "replace_when is not yet known",
			fmt.Sprintf("The invoice is %s, so whether it is to be replaced depends on replace_when, which is known only after apply. "+
				"Write the phases into the configuration, or apply what they depend on first, with -target.", phase.ValueString()))
	}
	return false, diags
}
