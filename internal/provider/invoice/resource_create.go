package invoice

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

const defaultCreateTimeout = 20 * time.Minute

// Create makes at most one invoice.
func (r *invoiceResource[Spec, Inv]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	model := r.def.New()
	if resp.Diagnostics.Append(r.decode(ctx, req.Plan.Raw, model)...); resp.Diagnostics.HasError() {
		return
	}
	e, settings, err := r.engine()
	if err != nil {
		resp.Diagnostics.Append(r.reporter().configurationError(byReference(model.Reference().ValueString()), err))
		return
	}
	timeout, diags := model.Local().Timeouts.Create(ctx, defaultCreateTimeout)
	resp.Diagnostics.Append(diags...)
	o, diags := newCreateRequest(ctx, model, settings)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	made, err := e.CreateOnce(ctx, o)
	if err != nil {
		resp.Diagnostics.Append(r.reporter().failure(opCreate, byReference(o.Reference), err)...)
		return
	}
	id := e.Facts(made.Invoice).ID
	config, diags := topLevel(req.Config.Raw)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(writePrivateState(ctx, resp.Private, privateState{
		Asserted: assertedBy(resourceAttributes(ctx, r.def), config), Claim: e.ClaimToken(id),
	})...)
	resp.Diagnostics.Append(writeProvenance(ctx, resp.Private, e.RecordCreated(o.Reference, made))...)
	target := &stateWriter[Spec, Inv]{attributes: resourceAttributes(ctx, r.def), model: model, plan: req.Plan, state: &resp.State, identity: resp.Identity}
	resp.Diagnostics.Append(target.write(ctx, made.Invoice)...)
	if made.WasRead {
		resp.Diagnostics.Append(target.write(ctx, made.Read)...)
	}
	resp.Diagnostics.Append(r.createWarnings(e.Facts(made.Last()), o.Adopt, made.TakenOver, made.ReadError)...)
}

// createWarnings warns about what the user may not expect of a new invoice.
func (r *invoiceResource[Spec, Inv]) createWarnings(f gateway.Facts, adopts, takenOver bool, readError error) (diags diag.Diagnostics) {
	if takenOver {
		diags.AddWarning(fmt.Sprintf("The %s invoice is not a new one", r.def.Title), r.takenOverDetail(f, adopts))
	}
	if readError != nil {
		diags.AddWarning(fmt.Sprintf("The new %s invoice could not be read back", r.def.Title),
			fmt.Sprintf("Invoice %s was created and is in the state, but reading it failed: %v.\n\nThe next refresh sets the missing attributes.", f.ID, readError))
	}
	return diags
}

func (r *invoiceResource[Spec, Inv]) takenOverDetail(f gateway.Facts, adopts bool) string {
	made := "at an unknown time"
	if !f.CreatedAt.IsZero() {
		made = "at " + gateway.FormatTime(f.CreatedAt)
	}
	if adopts {
		return fmt.Sprintf("adopt_existing is true, and %s has invoice %s, which is open and has the same reference %q, amount and currency. "+
			"It was created %s. It was adopted, and no new invoice was created.", r.def.Title, f.ID, f.Reference, made)
	}
	return fmt.Sprintf("%s returned the existing invoice %s, which is open, has the same reference %q, amount and currency, and was created %s. "+
		"It was adopted, and no new invoice was created. If you did not expect this, use another reference.", r.def.Title, f.ID, f.Reference, made)
}

// newCreateRequest adds a reference to the plan, if there is none, and maps the plan
// to the client's Spec.
func newCreateRequest[Spec any, Inv gateway.Invoice](ctx context.Context, model Model[Spec, Inv], settings Settings) (engine.CreateRequest[Spec], diag.Diagnostics) {
	reference := model.Reference()
	generated := reference.ValueString() == ""
	if generated {
		*reference = types.StringValue(engine.NewReference())
	}
	spec, diags := model.Spec(ctx, settings)
	o := engine.CreateRequest[Spec]{
		Spec:      spec,
		Reference: reference.ValueString(),
		Generated: generated,
		Amount:    model.Shared().Amount.Money(),
		Currency:  model.CurrencyCode(),
	}
	if a, ok := model.(adopter); ok {
		o.Adopt = a.Adopts()
	}
	return o, diags
}

// byReference identifies an invoice without an id; "" if it has no reference either.
func byReference(reference string) string {
	if reference == "" {
		return ""
	}
	return fmt.Sprintf("the invoice with the reference %q", reference)
}
