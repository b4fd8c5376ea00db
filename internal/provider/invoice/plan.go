package invoice

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// role is an attribute's relation to the gateway.
type role int

const (
	roleComputed role = iota // set by the gateway
	roleLocal                // not sent to the gateway
	roleReadable             // sent at creation, and reported
	roleUnread               // sent at creation, and never reported
)

func roleOf(name string, a schema.Attribute) role {
	switch {
	case localAttributes[name]:
		return roleLocal
	case a.IsComputed() && !a.IsOptional():
		return roleComputed
	case a.IsComputed() || a.IsRequired():
		return roleReadable
	default:
		return roleUnread
	}
}

// argumentPlan is what becomes of an argument in a plan.
type argumentPlan int

const (
	planKeep    argumentPlan = iota // the value in the state is kept
	planRecord                      // the new value is recorded, without a request
	planReplace                     // the invoice is replaced
)

// change compares an argument in the configuration and in the state.
type change struct {
	role       role
	unreliable bool // the prior value may be wrong, after an import
	configured bool // the configuration sets it
	equal      bool // configured and prior value have the same meaning
	priorNull  bool
}

// decide decides what becomes of an argument of an existing invoice. No gateway can
// change an invoice, so a changed argument replaces it, unless the state merely does
// not know the value: after an import, an argument that the gateway never reports is
// taken from the configuration.
func decide(c change, name string, r privateState) argumentPlan {
	switch {
	case !c.configured && c.priorNull:
		return planKeep
	case !c.configured && r.asserts(name):
		return planReplace
	case !c.configured && c.role == roleReadable:
		return planKeep
	case !c.configured:
		return planRecord
	case c.equal:
		return planKeep
	case !r.Imported || r.asserts(name):
		return planReplace
	case c.unreliable || c.role == roleUnread || c.priorNull:
		return planRecord
	default:
		return planReplace
	}
}

// planned is the plan for an existing invoice: values by attribute, and the arguments
// that force a replacement.
type planned struct {
	values  map[string]tftypes.Value
	replace []string
}

// planChange plans an existing invoice.
func planChange(ctx context.Context, attributes map[string]schema.Attribute, unreliable []string, config, state, plan map[string]tftypes.Value, r privateState) (planned, error) {
	p := planned{values: maps.Clone(plan)}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		kind := roleOf(name, attributes[name])
		if kind == roleLocal || kind == roleComputed {
			continue
		}
		// A default counts as configured: it is in the plan.
		wanted := config[name]
		_, hasDefault := defaultOf(ctx, attributes[name])
		isUnreliable := slices.Contains(unreliable, name) && r.Imported && !r.asserts(name)
		switch {
		case !wanted.IsNull() || !plan[name].IsKnown() || !hasDefault:
		case isUnreliable && !state[name].IsNull():
			wanted = state[name]
		default:
			wanted = plan[name]
		}
		equal, err := sameMeaning(ctx, attributes[name].GetType(), wanted, state[name])
		if err != nil {
			return planned{}, fmt.Errorf("comparing %s: %w", name, err)
		}
		c := change{role: kind, unreliable: isUnreliable, configured: !wanted.IsNull(), equal: equal, priorNull: state[name].IsNull()}
		switch decide(c, name, r) {
		case planKeep:
			p.values[name] = state[name]
		case planReplace:
			p.replace = append(p.replace, name)
			if !c.configured && kind == roleReadable {
				// Terraform accepts only a changing value as a reason to replace.
				p.values[name] = tftypes.NewValue(state[name].Type(), tftypes.UnknownValue)
			}
		case planRecord:
			p.values[name] = wanted
		}
	}
	if len(p.replace) == 0 {
		for name, a := range attributes {
			if roleOf(name, a) == roleComputed {
				p.values[name] = state[name]
			}
		}
	}
	return p, nil
}

// assertedBy returns the arguments that a configuration sets.
func assertedBy(attributes map[string]schema.Attribute, config map[string]tftypes.Value) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		kind := roleOf(name, attributes[name])
		if (kind == roleReadable || kind == roleUnread) && !config[name].IsNull() {
			names = append(names, name)
		}
	}
	return names
}

// defaultOf returns an attribute's default; false if it has none.
func defaultOf(ctx context.Context, a schema.Attribute) (tftypes.Value, bool) {
	switch a := a.(type) {
	case schema.StringAttribute:
		if a.Default != nil {
			var resp defaults.StringResponse
			a.Default.DefaultString(ctx, defaults.StringRequest{}, &resp)
			return tftypes.NewValue(tftypes.String, resp.PlanValue.ValueString()), true
		}
	case schema.BoolAttribute:
		if a.Default != nil {
			var resp defaults.BoolResponse
			a.Default.DefaultBool(ctx, defaults.BoolRequest{}, &resp)
			return tftypes.NewValue(tftypes.Bool, resp.PlanValue.ValueBool()), true
		}
	}
	return tftypes.Value{}, false
}

// sameMeaning compares two values by their type: amounts as numbers, JSON text as JSON,
// at any depth.
func sameMeaning(ctx context.Context, typ attr.Type, a, b tftypes.Value) (bool, error) {
	if a.Equal(b) {
		return true, nil
	}
	if !a.IsFullyKnown() || !b.IsFullyKnown() || a.IsNull() || b.IsNull() {
		return false, nil
	}
	switch typ := typ.(type) {
	case attr.TypeWithAttributeTypes:
		return sameObject(ctx, typ.AttributeTypes(), a, b)
	case basetypes.ListType:
		return sameList(ctx, typ.ElementType(), a, b)
	default:
		return sameScalar(ctx, typ, a, b)
	}
}

func sameObject(ctx context.Context, types map[string]attr.Type, a, b tftypes.Value) (bool, error) {
	var left, right map[string]tftypes.Value
	if err := asBoth(a, &left, b, &right); err != nil {
		return false, err
	}
	for name, typ := range types {
		if same, err := sameMeaning(ctx, typ, left[name], right[name]); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func sameList(ctx context.Context, typ attr.Type, a, b tftypes.Value) (bool, error) {
	var left, right []tftypes.Value
	if err := asBoth(a, &left, b, &right); err != nil || len(left) != len(right) {
		return false, err
	}
	for i := range left {
		if same, err := sameMeaning(ctx, typ, left[i], right[i]); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}

func asBoth(a tftypes.Value, left any, b tftypes.Value, right any) error {
	if err := a.As(left); err != nil {
		return err
	}
	return b.As(right)
}

func sameScalar(ctx context.Context, typ attr.Type, a, b tftypes.Value) (bool, error) {
	left, err := typ.ValueFromTerraform(ctx, a)
	if err != nil {
		return false, err
	}
	right, err := typ.ValueFromTerraform(ctx, b)
	if err != nil {
		return false, err
	}
	text, ok := left.(basetypes.StringValuableWithSemanticEquals)
	if !ok {
		return left.Equal(right), nil
	}
	other, ok := right.(basetypes.StringValuable)
	if !ok {
		return false, nil
	}
	same, diags := text.StringSemanticEquals(ctx, other)
	if diags.HasError() {
		// Other values are compared by their spelling.
		return left.Equal(right), nil
	}
	return same, nil
}
