package invoice

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Settled reports whether planning is certain to leave an invoice as it is: the
// answer to such a request is what it holds already. It decides as ModifyPlan
// does; where it is not certain, or cannot read the request, it reports false.
type Settled func(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool

// settled makes the Settled of a gateway's resource.
func settled[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) Settled {
	type known struct {
		attributes map[string]schema.Attribute
		typ        tftypes.Type
		presets    map[string]tftypes.Value
	}
	prepare := sync.OnceValue(func() known {
		ctx := context.Background()
		attributes := resourceAttributes(ctx, def)
		return known{attributes, schema.Schema{Attributes: attributes}.Type().TerraformType(ctx), presets(ctx, attributes)}
	})
	return func(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool {
		k := prepare()
		state, ok := decoded(req.PriorState, k.typ)
		if !ok {
			return false
		}
		config, ok := decoded(req.Config, k.typ)
		if !ok {
			return false
		}
		kept, ok := privateRecord(req.PriorPrivate)
		if !ok || !presetsHold(k.presets, config, state) || phaseIsDue(state) {
			return false
		}
		p, err := planChange(ctx, k.attributes, def.Guessed, config, state, state, kept)
		return err == nil && len(p.replace) == 0 && sameValues(p.values, state)
	}
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

// privateRecord finds the record in private state as the framework encodes it.
func privateRecord(private []byte) (r record, ok bool) {
	if len(private) == 0 {
		return r, true
	}
	var keys map[string][]byte
	if json.Unmarshal(private, &keys) != nil {
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
