package invoice

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Unchanged is a resource that can tell, without the framework, that an upgrade, a
// refresh or a plan changes nothing. It calls the same functions as Read and
// ModifyPlan. It saves the framework's share of the work, which walks the whole schema
// several times for each attribute.
type Unchanged interface {
	resource.ResourceWithConfigure
	// UpgradeUnchanged returns the state if it has the current version.
	UpgradeUnchanged(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.DynamicValue, bool)
	// PlanUnchanged reports whether the plan equals the prior state and the proposed
	// one, without a diagnostic.
	PlanUnchanged(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool
	// ReadUnchanged reads the invoice, and reports whether state and private state stay
	// the same. If not, Read takes the invoice from the context.
	ReadUnchanged(ctx context.Context, req *tfprotov6.ReadResourceRequest) (context.Context, bool)
}

func (r *invoiceResource[Spec, Inv]) UpgradeUnchanged(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.DynamicValue, bool) {
	typ := schema.Schema{Attributes: resourceAttributes(ctx, r.def)}.Type().TerraformType(ctx)
	raw, err := req.RawState.UnmarshalWithOpts(typ, tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}})
	if err != nil || req.Version != schemaVersion {
		return nil, false
	}
	state, err := tfprotov6.NewDynamicValue(typ, raw)
	return &state, err == nil
}

func (r *invoiceResource[Spec, Inv]) PlanUnchanged(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool {
	prior := req.PriorState.MsgPack
	if len(prior) == 0 || !bytes.Equal(prior, req.ProposedNewState.MsgPack) || req.PriorIdentity == nil {
		return false
	}
	x, ok := r.stored(ctx, req.PriorState, req.PriorPrivate)
	if !ok || !x.model.Local().ReplaceWhen.IsNull() && r.overdue(x.model.Shared()) {
		return false // ModifyPlan reads an overdue invoice, which should happen once
	}
	config, err := req.Config.Unmarshal(x.state.Raw.Type())
	if err != nil || !r.holdsDefaults(ctx, config, x.state.Raw) {
		return false
	}
	x.config, x.plan = tfsdk.Config{Raw: config, Schema: x.state.Schema}, tfsdk.Plan(x.state)
	p, diags := r.planExisting(ctx, x)
	return len(diags) == 0 && len(p.replace) == 0 && tftypes.NewValue(x.state.Raw.Type(), p.values).Equal(x.state.Raw)
}

func (r *invoiceResource[Spec, Inv]) ReadUnchanged(ctx context.Context, req *tfprotov6.ReadResourceRequest) (context.Context, bool) {
	x, ok := r.stored(ctx, req.CurrentState, req.Private)
	if !ok || req.CurrentIdentity == nil {
		return ctx, false // Read sets the identity
	}
	known, diags := r.known(ctx, x.model, x.state, x.private)
	e, _, err := r.engine()
	if diags.HasError() || err != nil {
		return ctx, false
	}
	read := r.refresh(ctx, e, x.model, known)
	ctx = context.WithValue(ctx, refreshedKey{}, read)
	if read.err != nil {
		return ctx, false
	}
	prior := x.state.Raw
	target := &stateWriter[Spec, Inv]{attributes: resourceAttributes(ctx, r.def), model: x.model, state: &x.state}
	_, recorded := e.Record(known, read.invoice)
	return ctx, len(target.write(ctx, read.invoice)) == 0 && !recorded && x.state.Raw.Equal(prior)
}

// stored returns the invoice in a state, without a plan; false if there is none.
func (r *invoiceResource[Spec, Inv]) stored(ctx context.Context, state *tfprotov6.DynamicValue, private []byte) (existing[Spec, Inv], bool) {
	x := existing[Spec, Inv]{model: r.def.New()}
	s := schema.Schema{Attributes: resourceAttributes(ctx, r.def)}
	raw, err := state.Unmarshal(s.Type().TerraformType(ctx))
	if err != nil || raw.IsNull() || r.decode(ctx, raw, x.model).HasError() {
		return x, false
	}
	var data privateData
	if len(private) > 0 && json.Unmarshal(private, &data) != nil {
		return x, false
	}
	x.state, x.private = tfsdk.State{Raw: raw, Schema: s}, data
	return x, true
}

// holdsDefaults reports whether the state has the default of each attribute that the
// configuration leaves out.
func (r *invoiceResource[Spec, Inv]) holdsDefaults(ctx context.Context, config, state tftypes.Value) bool {
	configured, diags := topLevel(config)
	kept, more := topLevel(state)
	if diags.HasError() || more.HasError() {
		return false
	}
	for name, a := range resourceAttributes(ctx, r.def) {
		if value, ok := defaultOf(ctx, a); ok && configured[name].IsNull() && !kept[name].Equal(value) {
			return false
		}
	}
	return true
}

// privateData is a resource's private state as Terraform keeps it.
type privateData map[string][]byte

func (p privateData) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

// refreshed is the result of a refresh, in the context of Read, so that nothing is read
// twice.
type refreshed[Inv gateway.Invoice] struct {
	invoice Inv
	err     error
}

type refreshedKey struct{}
