package invoice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

const defaultDeleteTimeout = 5 * time.Minute

// Delete applies the deletion policy.
func (r *invoiceResource[Spec, Inv]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	model := r.def.New()
	if resp.Diagnostics.Append(r.decode(ctx, req.State.Raw, model)...); resp.Diagnostics.HasError() {
		return
	}
	policy := model.Local().DeletionPolicy.ValueString()
	if policy == engine.PolicyAbandon {
		resp.Diagnostics.Append(r.abandonedWarning(model.Shared(), "was removed from the state, but not canceled")...)
		return
	}
	known, diags := r.known(ctx, model, req.State, req.Private)
	resp.Diagnostics.Append(diags...)
	kept, diags := readPrivateState(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	timeout, diags := model.Local().Timeouts.Delete(ctx, defaultDeleteTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	e, _, err := r.engine()
	if err != nil {
		resp.Diagnostics.Append(r.reporter().configurationError("invoice "+known.ID, err))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	done, err := e.AcquireForDelete(ctx, known.ID, kept.Claim)
	switch {
	case errors.Is(err, engine.ErrClaimed):
		resp.Diagnostics.Append(r.takenOverWarning(known.ID))
		return
	case err != nil:
		resp.Diagnostics.AddError(fmt.Sprintf("Cannot cancel the %s invoice", r.def.Title),
			fmt.Sprintf("Invoice %s: %v. The invoice stays in the state: run the command again.", known.ID, err))
		return
	}
	defer func() { done(!resp.Diagnostics.HasError()) }()
	destroyed, err := e.Destroy(ctx, policy, known)
	resp.Diagnostics.Append(r.reportDestroy(known.ID, destroyed, err)...)
}

// reportDestroy reports the result of a destroy.
func (r *invoiceResource[Spec, Inv]) reportDestroy(id string, d engine.DestroyResult, err error) (diags diag.Diagnostics) {
	switch d.Action {
	case engine.DestroyDone:
	case engine.DestroyGone:
		diags.Append(r.goneWarning(id, "It was removed from the state, and nothing was canceled."))
	case engine.DestroyLeave:
		diags.AddWarning(fmt.Sprintf("The %s invoice was not canceled: it is %s", r.def.Title, phaseWithMoney(d.Facts)),
			fmt.Sprintf("Money has moved on invoice %s (status %q), so it cannot be canceled. It was removed from the state and is unchanged at the gateway. To return the money, refund it there.", id, d.Facts.Status))
	case engine.DestroyKeep:
		diags.AddError(fmt.Sprintf("The %s invoice cannot be canceled: it is %s", r.def.Title, phaseWithMoney(d.Facts)),
			fmt.Sprintf("Money has moved on invoice %s (status %q), and deletion_policy is %q, so it stays in the state. "+
				"Refund or complete it at the gateway. Then set deletion_policy = %q, apply, and destroy again, or use terraform state rm.\n\n%s",
				id, d.Facts.Status, engine.PolicyCancelOrFail, engine.PolicyAbandon, deposedAdvice))
	case engine.DestroyAbandon:
	default:
		noEffect := ""
		if d.Operation == opRead {
			noEffect = "nothing was canceled"
		}
		for _, failure := range r.reporter().failureWithout(noEffect, d.Operation, "invoice "+id, err) {
			diags.AddError(failure.Summary(), failure.Detail()+"\n\n"+deposedRetry+" "+deposedAdvice)
		}
	}
	return diags
}

// phaseWithMoney returns the phase of an invoice on which money has moved.
func phaseWithMoney(f gateway.Facts) string {
	if f.Phase.MoneyMoved() {
		return string(f.Phase)
	}
	return fmt.Sprintf("%s, and money has moved", f.Phase)
}

// deposedAdvice is for an invoice that create_before_destroy has already replaced: its
// arguments can no longer be changed.
const deposedAdvice = "If the plan calls it a deposed object, its deletion_policy can no longer be changed: " +
	"note the id of the invoice that replaced it, remove both with terraform state rm ADDRESS, and import the new one again with terraform import ADDRESS ID."

// deposedRetry is for such an invoice if it could not be canceled.
const deposedRetry = "If it is a deposed object, which create_before_destroy leaves behind, the next apply tries to destroy it again."

// takenOverWarning reports why an invoice is not canceled that this apply has put into
// another resource: with create_before_destroy, the gateway may return the same invoice
// again, or adoption may find it.
func (r *invoiceResource[Spec, Inv]) takenOverWarning(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s invoice was not canceled: it belongs to another resource", r.def.Title),
		fmt.Sprintf("Invoice %s now belongs to another resource, or to the one that replaces this one, so it stays open. "+
			"It still has the arguments that it was created with. To create a new invoice, use another reference, or remove create_before_destroy.", id))
}

// abandonedWarning warns about an invoice that is open in the state and is not canceled.
func (r *invoiceResource[Spec, Inv]) abandonedWarning(c *Common, what string) (diags diag.Diagnostics) {
	if c.Phase.ValueString() == string(gateway.PhaseOpen) {
		diags.AddWarning(fmt.Sprintf("The %s invoice can still be paid", r.def.Title),
			fmt.Sprintf("deletion_policy is %q: invoice %s %s. Its payment page keeps working, so the payer can still pay it.", engine.PolicyAbandon, c.ID.ValueString(), what))
	}
	return diags
}
