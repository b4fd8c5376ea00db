package invoice

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Settled answers by itself what is certain to leave an invoice as it is, for the
// resource of one gateway. The plugin framework takes each state apart attribute
// by attribute, several times a call, in time that grows with the square of their
// number; where nothing changes, as in most plans, there is no need to.
type Settled interface {
	// Plan reports whether planning is certain to leave an invoice as it is: the
	// answer to such a request is what it holds already. It decides as ModifyPlan
	// does; where it is not certain, or cannot read the request, it reports false.
	Plan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool
	// Read reads an invoice, and reports whether the answer is what the request
	// holds already. If it is not, the framework is to be asked with the context
	// returned: it hands over what was read, so that nothing is read twice.
	Read(ctx context.Context, c *Connections, req *tfprotov6.ReadResourceRequest) (context.Context, bool)
	// Upgrade answers the state in a request that was written with the schema of
	// today; false where it was not, or cannot be read.
	Upgrade(req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.DynamicValue, bool)
}

// settled is the Settled of a gateway's resource.
type settled[Spec any, Inv gateway.Invoice] struct {
	def     *Definition[Spec, Inv]
	prepare func() known
}

// known is what the schema says, worked out once.
type known struct {
	attributes map[string]schema.Attribute
	types      map[string]attr.Type
	wire       tftypes.Type
	presets    map[string]tftypes.Value
	fields     fields
}

func newSettled[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) Settled {
	return settled[Spec, Inv]{def, sync.OnceValue(func() known {
		ctx := context.Background()
		k := known{attributes: resourceAttributes(ctx, def), types: map[string]attr.Type{}, fields: fieldsOf(def.New())}
		for name, a := range k.attributes {
			k.types[name] = a.GetType()
		}
		k.wire = schema.Schema{Attributes: k.attributes}.Type().TerraformType(ctx)
		k.presets = presets(ctx, k.attributes)
		return k
	})}
}

// Plan implements Settled.
func (s settled[Spec, Inv]) Plan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool {
	k := s.prepare()
	state, ok := decoded(req.PriorState, k.wire)
	if !ok {
		return false
	}
	config, ok := decoded(req.Config, k.wire)
	if !ok {
		return false
	}
	kept, ok := privateRecord(req.PriorPrivate)
	if !ok || !presetsHold(k.presets, config, state) || phaseIsDue(state) {
		return false
	}
	p, err := planChange(ctx, k.attributes, s.def.Guessed, config, state, state, kept)
	return err == nil && len(p.replace) == 0 && sameValues(p.values, state)
}

// Read implements Settled.
func (s settled[Spec, Inv]) Read(ctx context.Context, c *Connections, req *tfprotov6.ReadResourceRequest) (context.Context, bool) {
	k := s.prepare()
	state, ok := decoded(req.CurrentState, k.wire)
	if !ok || !onlyOurs(req.Private) || !identifies(req.CurrentIdentity, state["id"]) {
		return ctx, false
	}
	model := s.def.New()
	if k.fields.fill(ctx, model, k.types, state) != nil {
		return ctx, false
	}
	e, _, err := (&User[Spec, Inv]{def: s.def, connections: c}).engine()
	if err != nil {
		return ctx, false
	}
	inv, err := e.refreshWithin(ctx, model)
	ctx = handOver(ctx, inv, err)
	if err != nil {
		return ctx, false
	}
	if diags := updateModel(ctx, model, inv, e.now()); len(diags) > 0 {
		return ctx, false
	}
	shown, err := k.fields.values(ctx, model)
	return ctx, err == nil && s.meansTheSame(ctx, shown, state)
}

// meansTheSame reports whether the framework would keep the state, spelling and
// all.
func (s settled[Spec, Inv]) meansTheSame(ctx context.Context, shown, state map[string]tftypes.Value) bool {
	for name, typ := range s.prepare().types {
		if same, err := sameMeaning(ctx, typ, shown[name], state[name]); err != nil || !same {
			return false
		}
	}
	return true
}

// Upgrade implements Settled.
func (s settled[Spec, Inv]) Upgrade(req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.DynamicValue, bool) {
	if req.Version != schemaVersion || req.RawState == nil {
		return nil, false
	}
	typ := s.prepare().wire
	state, err := req.RawState.UnmarshalWithOpts(typ, tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err != nil {
		return nil, false
	}
	value, err := tfprotov6.NewDynamicValue(typ, state)
	return &value, err == nil
}

// presets are the defaults of a schema.
func presets(ctx context.Context, attributes map[string]schema.Attribute) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	for name, a := range attributes {
		switch a := a.(type) {
		case schema.StringAttribute:
			if a.Default != nil {
				var resp defaults.StringResponse
				a.Default.DefaultString(ctx, defaults.StringRequest{}, &resp)
				values[name] = tftypes.NewValue(tftypes.String, resp.PlanValue.ValueString())
			}
		case schema.BoolAttribute:
			if a.Default != nil {
				var resp defaults.BoolResponse
				a.Default.DefaultBool(ctx, defaults.BoolRequest{}, &resp)
				values[name] = tftypes.NewValue(tftypes.Bool, resp.PlanValue.ValueBool())
			}
		}
	}
	return values
}

// presetsHold reports whether the state has the defaults of what is not
// configured. A plan would set them.
func presetsHold(preset, config, state map[string]tftypes.Value) bool {
	for name, value := range preset {
		if config[name].IsNull() && !state[name].Equal(value) {
			return false
		}
	}
	return true
}

// phaseIsDue reports whether the invoice is in a phase in which it is to be
// replaced.
func phaseIsDue(state map[string]tftypes.Value) bool {
	var phases []tftypes.Value
	if when := state["replace_when"]; when.IsNull() || when.As(&phases) != nil {
		return !when.IsNull()
	}
	return slices.ContainsFunc(phases, state["phase"].Equal)
}

// decoded are the attributes of a value that exists and is known.
func decoded(raw *tfprotov6.DynamicValue, typ tftypes.Type) (map[string]tftypes.Value, bool) {
	if raw == nil {
		return nil, false
	}
	value, err := raw.Unmarshal(typ)
	if err != nil || value.IsNull() || !value.IsFullyKnown() {
		return nil, false
	}
	values := map[string]tftypes.Value{}
	return values, value.As(&values) == nil
}

// identifies reports whether an identity has this id. Where there is no identity,
// the framework makes one.
func identifies(identity *tfprotov6.ResourceIdentityData, id tftypes.Value) bool {
	if identity == nil {
		return false
	}
	values, ok := decoded(identity.IdentityData, identityType)
	return ok && values["id"].Equal(id)
}

var identityType = identitySchema().Type().TerraformType(context.Background())

// privateKeys are the keys of private state as the framework encodes them.
func privateKeys(private []byte) (keys map[string][]byte, ok bool) {
	if len(private) == 0 {
		return nil, true
	}
	return keys, json.Unmarshal(private, &keys) == nil
}

// onlyOurs reports whether the framework has put nothing into private state, such
// as a note for the read after an import, which takes it out again.
func onlyOurs(private []byte) bool {
	keys, ok := privateKeys(private)
	delete(keys, recordKey)
	return ok && len(keys) == 0
}

// privateRecord finds the record in private state.
func privateRecord(private []byte) (r record, ok bool) {
	keys, ok := privateKeys(private)
	if !ok {
		return r, false
	}
	if raw := keys[recordKey]; len(raw) > 0 && json.Unmarshal(raw, &r) != nil {
		return r, false
	}
	return r, true
}

func sameValues(a, b map[string]tftypes.Value) bool {
	for name, value := range a {
		if !value.Equal(b[name]) {
			return false
		}
	}
	return len(a) == len(b)
}
