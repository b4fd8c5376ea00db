package invoice

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// ModifyPlan plans no change for respelled arguments, a replacement for changed ones
// and for a phase in replace_when, and an update in place that keeps everything else
// known for local ones.
func (r *invoiceResource[Spec, Inv]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() {
		resp.Diagnostics.Append(r.checkNew(ctx, req.Config)...)
		return
	}
	model := r.def.New()
	if resp.Diagnostics.Append(r.decode(ctx, req.State.Raw, model)...); resp.Diagnostics.HasError() {
		return
	}
	p, diags := r.planExisting(ctx, existing[Spec, Inv]{model, req.Config, req.State, req.Plan, req.Private})
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	if !req.Plan.Raw.IsNull() {
		resp.Plan.Raw = tftypes.NewValue(req.Plan.Raw.Type(), p.values)
	}
	for _, name := range p.replace {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root(name))
	}
}

// existing is an invoice in a plan.
type existing[Spec any, Inv gateway.Invoice] struct {
	model   Model[Spec, Inv] // the state
	config  tfsdk.Config
	state   tfsdk.State
	plan    tfsdk.Plan
	private privateReader
}

// planExisting plans an existing invoice. A destroy has no values.
func (r *invoiceResource[Spec, Inv]) planExisting(ctx context.Context, x existing[Spec, Inv]) (planned, diag.Diagnostics) {
	var p planned
	known, diags := r.known(ctx, x.model, x.state, x.private)
	destroys := x.plan.Raw.IsNull()
	if !destroys || x.model.Local().DeletionPolicy.ValueString() != engine.PolicyAbandon {
		diags.Append(r.checkPlace(known)...)
	}
	if diags.HasError() {
		return p, diags
	}
	if !destroys {
		var more diag.Diagnostics
		p, more = r.planChange(ctx, x, known)
		diags.Append(more...)
	}
	if destroys || len(p.replace) > 0 {
		diags.Append(r.warnOfLoss(x.model)...)
	}
	return p, diags
}

// planChange plans an existing invoice that is not destroyed.
func (r *invoiceResource[Spec, Inv]) planChange(ctx context.Context, x existing[Spec, Inv], known engine.StoredInvoice) (planned, diag.Diagnostics) {
	kept, diags := readPrivateState(ctx, x.private)
	config, more := topLevel(x.config.Raw)
	diags.Append(more...)
	state, more := topLevel(x.state.Raw)
	diags.Append(more...)
	plan, more := topLevel(x.plan.Raw)
	if diags.Append(more...); diags.HasError() {
		return planned{}, diags
	}
	p, err := planChange(ctx, resourceAttributes(ctx, r.def), r.def.UnreliableOnImport, config, state, plan, kept)
	if err != nil {
		diags.AddError("Cannot compare the plan with the state", fmt.Sprintf("This is a bug in the provider: %v.", err))
		return planned{}, diags
	}
	due, more := r.replacementDue(ctx, x, known)
	diags.Append(more...)
	if due {
		// The plan shows an unknown phase with "forces replacement".
		p.values["phase"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
		p.replace = append(p.replace, "phase")
	}
	if len(p.replace) == 0 { // otherwise Terraform plans the new invoice again
		diags.Append(r.checkArguments(ctx, x.config, false)...)
	}
	return p, diags
}

// checkPlace rejects the plan of an invoice that was created elsewhere, without a
// request.
func (r *invoiceResource[Spec, Inv]) checkPlace(known engine.StoredInvoice) diag.Diagnostics {
	e, _, err := r.engine()
	if err != nil {
		return nil // whatever needs the gateway reports it
	}
	if err := e.CheckPlace(known); err != nil {
		return r.reporter().failure("plan", "invoice "+known.ID, err)
	}
	return nil
}

// warnOfLoss warns about what a destroy or a replacement leaves behind, according to
// the state.
func (r *invoiceResource[Spec, Inv]) warnOfLoss(model Model[Spec, Inv]) (diags diag.Diagnostics) {
	c := model.Shared()
	if c.MoneyMoved.ValueBool() || gateway.Phase(c.Phase.ValueString()).MoneyMoved() {
		detail := fmt.Sprintf("The plan destroys or replaces invoice %s, which is %s (status %q). It will not be canceled, and the payment stays as it is at the gateway.",
			c.ID.ValueString(), c.Phase.ValueString(), c.Status.ValueString())
		if policy := model.Local().DeletionPolicy.ValueString(); policy == engine.PolicyCancelOrFail {
			detail += fmt.Sprintf(" deletion_policy is %q, so the apply will fail, and the invoice will stay in the state.", policy)
		}
		diags.AddWarning(fmt.Sprintf("Money has moved on the %s invoice", r.def.Title), detail)
		return diags
	}
	if model.Local().DeletionPolicy.ValueString() == engine.PolicyAbandon {
		diags.Append(r.abandonedWarning(c, "is going to be removed from the state without being canceled")...)
	}
	return diags
}

func (r *invoiceResource[Spec, Inv]) checkArguments(ctx context.Context, config tfsdk.Config, isNew bool) diag.Diagnostics {
	if r.def.CheckArguments == nil {
		return nil
	}
	return r.def.CheckArguments(ctx, config, isNew)
}

// checkNew rejects the plan of an invoice that cannot be created because its gateway is
// not configured or its arguments are invalid. It makes no request.
func (r *invoiceResource[Spec, Inv]) checkNew(ctx context.Context, config tfsdk.Config) diag.Diagnostics {
	diags := r.checkArguments(ctx, config, true)
	if r.connections == nil {
		return diags
	}
	_, settings, err := r.engine()
	switch {
	case errors.Is(err, errNotYetKnown):
	case err != nil:
		diags.Append(r.reporter().configurationError("", err))
	case r.def.CheckNew == nil, len(r.connections.Gateways[r.def.Name].Unknown) > 0:
		// Unknown settings are checked when the invoice is created.
	default:
		diags.Append(r.def.CheckNew(ctx, config, settings)...)
	}
	return diags
}
