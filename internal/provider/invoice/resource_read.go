package invoice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// DefaultReadTimeout is how long a read may take unless the configuration sets it.
const DefaultReadTimeout = 2 * time.Minute

// Read refreshes the state. Only an invoice that is proved to be gone leaves it.
func (r *invoiceResource[Spec, Inv]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	model := r.def.New()
	if resp.Diagnostics.Append(r.decode(ctx, req.State.Raw, model)...); resp.Diagnostics.HasError() {
		return
	}
	known, diags := r.known(ctx, model, req.State, req.Private)
	resp.Diagnostics.Append(diags...)
	// The identity is set first: before Terraform 1.12, even a removed resource must
	// have one if its schema does.
	target := &stateWriter[Spec, Inv]{attributes: resourceAttributes(ctx, r.def), model: model, state: &resp.State, identity: resp.Identity}
	if resp.Diagnostics.Append(target.identify(ctx, known.ID)...); resp.Diagnostics.HasError() {
		return
	}
	e, _, err := r.engine()
	if errors.Is(err, errNotYetKnown) {
		return
	}
	if err != nil {
		resp.Diagnostics.Append(r.reporter().configurationError("invoice "+known.ID, err))
		return
	}
	read, ok := ctx.Value(refreshedKey{}).(refreshed[Inv])
	if !ok {
		read = r.refresh(ctx, e, model, known)
	}
	inv, err := read.invoice, read.err
	switch {
	case errors.Is(err, engine.ErrGone):
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(r.goneWarning(known.ID, "It was removed from the state, and the next apply recreates it."))
	case errors.Is(err, gateway.ErrNotFound) && model.Shared().Status.IsNull():
		resp.Diagnostics.AddError(fmt.Sprintf("No such %s invoice", r.def.Title),
			fmt.Sprintf("%s has no invoice %s, so it was not imported. %s", r.def.Title, known.ID, checkID))
	case err != nil:
		resp.Diagnostics.Append(r.reporter().failure(opRead, "invoice "+known.ID, err)...)
	default:
		resp.Diagnostics.Append(target.write(ctx, inv)...)
		if record, changed := e.Record(known, inv); changed {
			resp.Diagnostics.Append(writeProvenance(ctx, resp.Private, record)...)
		}
	}
}

func (r *invoiceResource[Spec, Inv]) refresh(ctx context.Context, e *engine.Engine[Spec, Inv], model Model[Spec, Inv], known engine.StoredInvoice) refreshed[Inv] {
	ctx, cancel := context.WithTimeout(ctx, readTimeout(ctx, model.Local()))
	defer cancel()
	inv, err := e.Refresh(ctx, known)
	return refreshed[Inv]{inv, err}
}

// known returns what the state has about its invoice.
func (r *invoiceResource[Spec, Inv]) known(ctx context.Context, model Model[Spec, Inv], state tfsdk.State, private privateReader) (engine.StoredInvoice, diag.Diagnostics) {
	recorded, diags := readProvenance(ctx, private)
	k := engine.StoredInvoice{
		ID: model.Shared().ID.ValueString(), Recorded: recorded,
		Attributes: engine.Identity{Reference: model.Reference().ValueString(), CreatedAt: timeOf(model.Shared().CreatedAt)},
	}
	if r.def.TokenAttribute != "" {
		var token types.String
		diags.Append(state.GetAttribute(ctx, path.Root(r.def.TokenAttribute), &token)...)
		k.Attributes.Token = token.ValueString()
	}
	return k, diags
}

// readTimeout returns how long a read may take.
func readTimeout(ctx context.Context, l *Lifecycle) time.Duration {
	timeout, diags := l.Timeouts.Read(ctx, DefaultReadTimeout)
	if diags.HasError() {
		// Validation rejects such a text, but an edited state may have it.
		return DefaultReadTimeout
	}
	return timeout
}

// goneWarning reports why an invoice leaves the state.
func (r *invoiceResource[Spec, Inv]) goneWarning(id, consequence string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s invoice no longer exists", r.def.Title),
		fmt.Sprintf("%s no longer has invoice %s (%s), although it still accepts the credentials of the account that created it. %s "+
			"If you still see the invoice in the %s dashboard, import it again.",
			r.def.Title, id, r.typeName(), consequence, r.def.Title))
}

// timeOf parses a time in the state; zero if it has none, as after an import.
func timeOf(text types.String) time.Time {
	t, err := time.Parse(time.RFC3339, text.ValueString())
	if err != nil {
		return time.Time{}
	}
	return t
}
