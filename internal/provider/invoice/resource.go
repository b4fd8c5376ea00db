package invoice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// schemaVersion is that of every resource's state.
const schemaVersion = 0

// DefaultReadTimeout is how long a read may take when the configuration does
// not say.
const DefaultReadTimeout = 2 * time.Minute

// How long the other operations may take when the configuration does not say.
const (
	defaultCreateTimeout = 20 * time.Minute
	defaultDeleteTimeout = 5 * time.Minute
)

var (
	_ resource.ResourceWithConfigure   = (*invoiceResource[any, gateway.Invoice])(nil)
	_ resource.ResourceWithModifyPlan  = (*invoiceResource[any, gateway.Invoice])(nil)
	_ resource.ResourceWithImportState = (*invoiceResource[any, gateway.Invoice])(nil)
	_ resource.ResourceWithIdentity    = (*invoiceResource[any, gateway.Invoice])(nil)
)

// NewResource makes the resource payinvoice_<name>_invoice of a gateway.
func NewResource[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) resource.Resource {
	return &invoiceResource[Spec, Inv]{NewGatewayClient(def)}
}

type invoiceResource[Spec any, Inv gateway.Invoice] struct{ GatewayClient[Spec, Inv] }

// Metadata implements resource.Resource.
func (r *invoiceResource[Spec, Inv]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.def.Name + "_invoice"
}

// Schema implements resource.Resource.
func (r *invoiceResource[Spec, Inv]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version:             schemaVersion,
		MarkdownDescription: r.def.Description,
		Attributes:          resourceAttributes(ctx, r.def),
	}
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *invoiceResource[Spec, Inv]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identitySchema()
}

// Configure implements resource.ResourceWithConfigure.
func (r *invoiceResource[Spec, Inv]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.GatewayClient.Configure(req.ProviderData)
}

// Create implements resource.Resource: it makes at most one invoice.
func (r *invoiceResource[Spec, Inv]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	model := r.def.New()
	if resp.Diagnostics.Append(req.Plan.Get(ctx, model)...); resp.Diagnostics.HasError() {
		return
	}
	e, settings, err := r.engine()
	if err != nil {
		resp.Diagnostics.Append(r.reporter().notConnected(r.byReference(model.Reference().ValueString()), err))
		return
	}
	timeout, diags := model.Local().Timeouts.Create(ctx, defaultCreateTimeout)
	resp.Diagnostics.Append(diags...)
	o, diags := newOrder(ctx, model, settings)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	started := now()
	inv, check, err := e.CreateOnce(ctx, o)
	if err != nil {
		resp.Diagnostics.Append(r.reporter().failure(opCreate, r.byReference(o.Reference), err)...)
		return
	}
	// The invoice goes into state before anything else can fail.
	target := &stateWriter[Spec, Inv]{invoiceResource: r, model: model, plan: req.Plan, state: &resp.State, identity: resp.Identity}
	resp.Diagnostics.Append(target.write(ctx, inv)...)
	if f := e.Facts(inv); e.TookOlder(inv, o, started) {
		resp.Diagnostics.Append(r.olderTaken(f))
	}
	attributes := resourceAttributes(ctx, r.def)
	config, diags := topLevel(req.Config.Raw)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(writePrivateState(ctx, resp.Private, privateState{
		Asserted: assertedBy(attributes, config), Claim: e.ClaimToken(e.Facts(inv).ID),
	})...)
	if r.def.ReadBack {
		resp.Diagnostics.Append(r.readBack(ctx, e, inv, check, target)...)
	}
}

// olderTaken says that an invoice was not made just now.
func (r *invoiceResource[Spec, Inv]) olderTaken(f gateway.Facts) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s invoice is not a new one", r.def.Title),
		fmt.Sprintf("%s answered with invoice %s, which is open, has the same reference %q and is about the same, and says that it was made at %s. "+
			"It was taken over, and no other was made. If you did not expect it, use another reference.",
			r.def.Title, f.ID, f.Reference, gateway.FormatTime(f.CreatedAt)))
}

// newOrder completes the plan with a reference, and maps it to what the client
// sends.
func newOrder[Spec any, Inv gateway.Invoice](ctx context.Context, model Model[Spec, Inv], settings Settings) (engine.Order[Spec], diag.Diagnostics) {
	reference := model.Reference()
	generated := reference.ValueString() == ""
	if generated {
		*reference = types.StringValue(engine.NewReference())
	}
	spec, diags := model.Spec(ctx, settings)
	o := engine.Order[Spec]{
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

// readBack completes a new invoice with what only a read tells. The invoice is
// in state already, so that a failure is a warning. One that check refuses is not
// ours, and leaves the state.
func (r *invoiceResource[Spec, Inv]) readBack(ctx context.Context, e *engine.Engine[Spec, Inv], inv Inv, check func(Inv, error) error, target *stateWriter[Spec, Inv]) diag.Diagnostics {
	id := e.Facts(inv).ID
	read, err := e.Client.Get(ctx, id)
	if check != nil {
		if refused := check(read, err); refused != nil {
			target.drop(ctx)
			return r.reporter().failure(opCreate, r.byReference(target.model.Reference().ValueString()), refused)
		}
	}
	if err != nil {
		return diag.Diagnostics{diag.NewWarningDiagnostic(
			fmt.Sprintf("The new %s invoice could not be read back", r.def.Title),
			fmt.Sprintf("Invoice %s was created and is in state, but reading it failed: %v.\n\nSome attributes are filled by the next refresh.", id, err))}
	}
	return target.write(ctx, read)
}

// Read implements resource.Resource. Only the gateway's own "not found" removes
// the invoice from state.
func (r *invoiceResource[Spec, Inv]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	model := r.def.New()
	if resp.Diagnostics.Append(req.State.Get(ctx, model)...); resp.Diagnostics.HasError() {
		return
	}
	// The identity is set first: before Terraform 1.12 even a resource that is
	// removed must have one, when its schema has.
	id := model.Shared().ID.ValueString()
	target := &stateWriter[Spec, Inv]{invoiceResource: r, model: model, state: &resp.State, identity: resp.Identity}
	resp.Diagnostics.Append(target.identify(ctx, id)...)
	e, _, err := r.engine()
	if errors.Is(err, errNotYetKnown) {
		return
	}
	if err != nil {
		resp.Diagnostics.Append(r.reporter().notConnected("invoice "+id, err))
		return
	}
	inv, err := r.refresh(ctx, e, model)
	switch {
	case errors.Is(err, gateway.ErrNotFound):
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(r.gone(id))
	case err != nil:
		resp.Diagnostics.Append(r.reporter().failure("read", "invoice "+id, err)...)
	default:
		resp.Diagnostics.Append(target.write(ctx, inv)...)
	}
}

// gone says why an invoice leaves the state.
func (r *invoiceResource[Spec, Inv]) gone(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s invoice is gone", r.def.Title),
		fmt.Sprintf("%s no longer knows invoice %s (%s), so it was removed from the state and will be planned anew. "+
			"If that is a mistake, check that the credentials are those of the account that made the invoice, and import it again.",
			r.def.Title, id, r.typeName()))
}

// refresh reads a resource's invoice in the time that it may take.
func (r *invoiceResource[Spec, Inv]) refresh(ctx context.Context, e *engine.Engine[Spec, Inv], model Model[Spec, Inv]) (Inv, error) {
	timeout, diags := model.Local().Timeouts.Read(ctx, DefaultReadTimeout)
	if diags.HasError() {
		// Validation refuses such a text; a state that is edited may have it.
		timeout = DefaultReadTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return e.Refresh(ctx, model.Shared().ID.ValueString(), createdAt(model.Shared()))
}

// createdAt is when the state says that the invoice was made; zero when it does
// not, as after an import.
func createdAt(c *Common) time.Time {
	t, err := time.Parse(time.RFC3339, c.CreatedAt.ValueString())
	if err != nil {
		return time.Time{}
	}
	return t
}

// Update implements resource.Resource: what changes in place needs no request.
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

// Delete implements resource.Resource by the deletion policy.
func (r *invoiceResource[Spec, Inv]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	model := r.def.New()
	if resp.Diagnostics.Append(req.State.Get(ctx, model)...); resp.Diagnostics.HasError() {
		return
	}
	policy := model.Local().DeletionPolicy.ValueString()
	if policy == engine.PolicyAbandon {
		return
	}
	e, _, err := r.engine()
	if err != nil {
		resp.Diagnostics.Append(r.reporter().notConnected("invoice "+model.Shared().ID.ValueString(), err))
		return
	}
	timeout, diags := model.Local().Timeouts.Delete(ctx, defaultDeleteTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	id := model.Shared().ID.ValueString()
	kept, diags := readPrivateState(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	done, ok := e.AcquireForDelete(id, kept.Claim)
	if !ok {
		resp.Diagnostics.Append(r.takenOver(id))
		return
	}
	defer func() { done(!resp.Diagnostics.HasError()) }()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	resp.Diagnostics.Append(r.destroy(ctx, e, id, policy)...)
}

// takenOver says why an invoice is not canceled that this apply has put into
// another resource: with create_before_destroy, the gateway may answer with the
// same invoice again, or adoption may find it.
func (r *invoiceResource[Spec, Inv]) takenOver(id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("The %s invoice was not canceled: another resource has it", r.def.Title),
		fmt.Sprintf("This apply has put invoice %s into another resource, or into the one that replaces this one, so it stays open. "+
			"Its arguments are those that it was made with. To have a new invoice, use another reference, or do without create_before_destroy.", id))
}

func (r *invoiceResource[Spec, Inv]) destroy(ctx context.Context, e *engine.Engine[Spec, Inv], id, policy string) diag.Diagnostics {
	inv, err := e.Client.Get(ctx, id)
	if errors.Is(err, gateway.ErrNotFound) {
		return nil
	}
	if err != nil {
		return r.reporter().failure("read, before canceling,", "invoice "+id, err)
	}
	facts := e.Facts(inv)
	if engine.DestroyActionFor(policy, facts.Phase, engine.Pending(inv)) == engine.DestroyCancel {
		settled, err := e.CancelAndConfirm(ctx, inv)
		if settled.Gone {
			return nil
		}
		if err != nil {
			return r.reporter().failure("cancel", "invoice "+id, err)
		}
		facts = settled.Facts
	}
	return r.afterDestroy(id, facts, engine.DestroyActionFor(policy, facts.Phase, false))
}

// afterDestroy reports what became of an invoice that is over.
func (r *invoiceResource[Spec, Inv]) afterDestroy(id string, facts gateway.Facts, v engine.DestroyAction) diag.Diagnostics {
	switch v {
	case engine.DestroyForget:
		return diag.Diagnostics{diag.NewWarningDiagnostic(
			fmt.Sprintf("The %s invoice was not canceled: it is %s", r.def.Title, facts.Phase),
			fmt.Sprintf("Money has moved on invoice %s (status %q), so it cannot be canceled. It was removed from the state and stays as it is at the gateway. Refund or settle it there if that is not what you want.", id, facts.Status))}
	case engine.DestroyKeep:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("The %s invoice cannot be canceled: it is %s", r.def.Title, facts.Phase),
			fmt.Sprintf("Money has moved on invoice %s (status %q), and deletion_policy is %q, so it stays in state. Settle it at the gateway; then set deletion_policy = %q, apply, and destroy again, or use terraform state rm.", id, facts.Status, engine.PolicyCancelOrFail, engine.PolicyAbandon))}
	default:
		return nil
	}
}

// ImportState implements resource.ResourceWithImportState, by id or identity.
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

// byReference names an invoice that has no id yet; "" when it has no reference
// either.
func (r *invoiceResource[Spec, Inv]) byReference(reference string) string {
	if reference == "" {
		return ""
	}
	return fmt.Sprintf("the invoice with the reference %q", reference)
}
