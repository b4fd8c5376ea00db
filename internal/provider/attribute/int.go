package attribute

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.Int64Typable      = IntegerType{}
	_ basetypes.Int64Valuable     = Integer{}
	_ xattr.ValidateableAttribute = Integer{}
)

// IntegerType is the type of a whole number that a user configures. The framework
// reports a fraction as a bug in the provider; this type reports it as an invalid
// value.
type IntegerType struct{ basetypes.Int64Type }

// Equal reports whether the other type is this one.
func (t IntegerType) Equal(o attr.Type) bool {
	_, ok := o.(IntegerType)
	return ok
}

func (t IntegerType) String() string { return "attribute.IntegerType" }

// ValueType returns the type of the values. Validation is left to the values: the
// framework validates the elements of a set by their type, with its own message.
func (t IntegerType) Validate(context.Context, tftypes.Value, path.Path) diag.Diagnostics { return nil }

func (t IntegerType) ValueType(context.Context) attr.Value { return Integer{} }

// ValueFromInt64 returns a value.
func (t IntegerType) ValueFromInt64(_ context.Context, in basetypes.Int64Value) (basetypes.Int64Valuable, diag.Diagnostics) {
	return Integer{Int64Value: in}, nil
}

// ValueFromTerraform returns a value, even for a fraction.
func (t IntegerType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if whole, ok := value.(basetypes.Int64Value); ok && err == nil {
		return Integer{Int64Value: whole}, nil
	}
	var number big.Float
	if in.As(&number) != nil {
		return nil, err
	}
	return Integer{Int64Value: basetypes.NewInt64Unknown(), invalid: number.Text('f', -1)}, nil
}

// Integer is a 64-bit whole number.
type Integer struct {
	basetypes.Int64Value
	invalid string // the number, if it is not a whole one
}

// IntegerOf returns a number that a gateway reports.
func IntegerOf(n int64) Integer { return Integer{Int64Value: basetypes.NewInt64Value(n)} }

// Type returns IntegerType.
func (v Integer) Type(context.Context) attr.Type { return IntegerType{} }

// Equal compares the numbers.
func (v Integer) Equal(o attr.Value) bool {
	other, ok := o.(Integer)
	return ok && v.Int64Value.Equal(other.Int64Value) && v.invalid == other.invalid
}

// ValidateAttribute rejects numbers that are not 64-bit whole numbers.
func (v Integer) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.invalid != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("%s must be a whole number, not %s.", req.Path, clip(v.invalid)))
	}
}

// clip shortens a calculated fraction.
func clip(digits string) string {
	const most = 20
	if len(digits) > most {
		return digits[:most] + "…"
	}
	return digits
}

// Integers validates a set of Integer: the framework does not validate its elements by
// itself.
func Integers() validator.Set { return integers{} }

type integers struct{}

func (integers) Description(context.Context) string { return "whole numbers" }

func (v integers) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (integers) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	for _, element := range req.ConfigValue.Elements() {
		number, ok := element.(Integer)
		if !ok {
			continue
		}
		checked := xattr.ValidateAttributeResponse{}
		number.ValidateAttribute(ctx, xattr.ValidateAttributeRequest{Path: req.Path}, &checked)
		resp.Diagnostics.Append(checked.Diagnostics...)
	}
}
