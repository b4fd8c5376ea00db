package invoice

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// stateWriter writes an invoice into a resource's state.
type stateWriter[Spec any, Inv gateway.Invoice] struct {
	attributes map[string]schema.Attribute
	model      Model[Spec, Inv]
	// plan has the values that the state must repeat after a create.
	plan     tfsdk.Plan
	state    *tfsdk.State
	identity *tfsdk.ResourceIdentity
}

func (w *stateWriter[Spec, Inv]) write(ctx context.Context, inv Inv) diag.Diagnostics {
	diags := updateModel(ctx, w.model, inv, now())
	raw, more := encodeModel(ctx, w.attributes, w.model)
	if diags.Append(more...); diags.HasError() {
		return diags
	}
	w.state.Raw = raw
	diags.Append(w.repeatPlan()...)
	diags.Append(w.identify(ctx, w.model.Shared().ID.ValueString())...)
	return diags
}

// updateModel maps an invoice into a model of its state. It ignores an amount in a
// currency other than the model's.
func updateModel[Spec any, Inv gateway.Invoice](ctx context.Context, model Model[Spec, Inv], inv Inv, now time.Time) diag.Diagnostics {
	currency := model.CurrencyCode()
	f := inv.Facts(now).In(currency)
	if currency != "" && f.Currency != "" && !strings.EqualFold(f.Currency, currency) {
		f.Amount = gateway.Money{}
	}
	model.Shared().refresh(f)
	return model.Refresh(ctx, inv)
}

// repeatPlan overwrites the state with everything that the plan knew: Terraform rejects
// a new resource that differs from its plan, and the next read shows the gateway's
// values.
func (w *stateWriter[Spec, Inv]) repeatPlan() diag.Diagnostics {
	if w.plan.Raw.IsNull() {
		return nil
	}
	planned, diags := topLevel(w.plan.Raw)
	values, more := topLevel(w.state.Raw)
	if diags.Append(more...); diags.HasError() {
		return diags
	}
	for name, value := range planned {
		if value.IsFullyKnown() {
			values[name] = value
		}
	}
	w.state.Raw = tftypes.NewValue(w.state.Raw.Type(), values)
	return diags
}

func (w *stateWriter[Spec, Inv]) identify(ctx context.Context, id string) diag.Diagnostics {
	if w.identity == nil {
		return nil
	}
	return w.identity.SetAttribute(ctx, path.Root("id"), id)
}

// writeIdentity sets the identity from the id in the state.
func writeIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, state *tfsdk.State) diag.Diagnostics {
	var id types.String
	diags := state.GetAttribute(ctx, path.Root("id"), &id)
	if identity == nil || diags.HasError() {
		return diags
	}
	diags.Append(identity.SetAttribute(ctx, path.Root("id"), id)...)
	return diags
}

// topLevel returns the attributes of a resource by name.
func topLevel(raw tftypes.Value) (map[string]tftypes.Value, diag.Diagnostics) {
	values := map[string]tftypes.Value{}
	if err := raw.As(&values); err != nil {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Cannot read the resource's attributes",
			fmt.Sprintf("This is a bug in the provider: %v.", err))}
	}
	return values, nil
}
