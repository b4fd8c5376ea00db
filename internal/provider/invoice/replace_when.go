package invoice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// replacementDue reports whether the invoice is in one of the phases in replace_when.
func (r *invoiceResource[Spec, Inv]) replacementDue(ctx context.Context, x existing[Spec, Inv], known engine.StoredInvoice) (bool, diag.Diagnostics) {
	var replaceWhen types.Set
	diags := x.plan.GetAttribute(ctx, path.Root("replace_when"), &replaceWhen)
	phase := x.model.Shared().Phase
	unknown := replaceWhen.IsUnknown() || slices.ContainsFunc(replaceWhen.Elements(), attr.Value.IsUnknown)
	if diags.HasError() || phase.ValueString() == "" || len(replaceWhen.Elements()) == 0 && !unknown {
		return false, diags
	}
	if r.overdue(x.model.Shared()) {
		current, more := r.currentPhase(ctx, x.model, known)
		if diags.Append(more...); diags.HasError() {
			return false, diags
		}
		phase = current
	}
	if slices.ContainsFunc(replaceWhen.Elements(), phase.Equal) {
		return true, diags
	}
	if unknown && gateway.Phase(phase.ValueString()).Closed() {
		diags.AddAttributeError(path.Root("replace_when"), "replace_when is not yet known",
			fmt.Sprintf("Invoice %s is %s, so whether it is to be replaced depends on replace_when, which is known only after apply. "+
				"Write the phases into the configuration, or apply what they depend on first, with -target.", known.ID, phase.ValueString()))
	}
	return false, diags
}

// overdue reports whether an invoice that is open in the state is past its deadline:
// without a refresh, the state may be outdated.
func (r *invoiceResource[Spec, Inv]) overdue(c *Common) bool {
	if c.Phase.ValueString() != string(gateway.PhaseOpen) {
		return false
	}
	deadline := timeOf(c.ExpiresAt)
	if r.def.Deadline != nil {
		deadline = r.def.Deadline(c.ExpiresAt.ValueString())
	}
	return !deadline.IsZero() && time.Now().After(deadline)
}

// currentPhase reads the phase of an invoice during a plan. An invoice that is gone
// keeps the phase in the state until a refresh.
func (r *invoiceResource[Spec, Inv]) currentPhase(ctx context.Context, model Model[Spec, Inv], known engine.StoredInvoice) (types.String, diag.Diagnostics) {
	e, _, err := r.engine()
	if errors.Is(err, errNotYetKnown) {
		return model.Shared().Phase, nil
	}
	if err != nil {
		return model.Shared().Phase, diag.Diagnostics{r.reporter().configurationError("invoice "+known.ID, err)}
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout(ctx, model.Local()))
	defer cancel()
	inv, err := e.Read(ctx, known)
	if errors.Is(err, engine.ErrGone) {
		return model.Shared().Phase, nil
	}
	if err != nil {
		return model.Shared().Phase, r.reporter().failureWithout("whether replace_when applies is not known", opRead, "invoice "+known.ID, err)
	}
	return types.StringValue(string(e.Facts(inv).Phase)), nil
}
