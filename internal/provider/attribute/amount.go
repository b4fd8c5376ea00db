// Package attribute has the values and attributes that several resources share: exact
// amounts, and conversions between a gateway's response and Terraform's types.
package attribute

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

var (
	_ basetypes.StringTypable                    = AmountType{}
	_ basetypes.StringValuableWithSemanticEquals = Amount{}
	_ xattr.ValidateableAttribute                = Amount{}
)

// AmountType is the type of an amount of money: decimal text in which 25, 25.0
// and 25.00 are the same.
type AmountType struct{ basetypes.StringType }

func (t AmountType) Equal(o attr.Type) bool {
	other, ok := o.(AmountType)
	return ok && t.StringType.Equal(other.StringType)
}

func (t AmountType) String() string { return "attribute.AmountType" }

func (t AmountType) ValueType(context.Context) attr.Value { return Amount{} }

func (t AmountType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Amount{StringValue: in}, nil
}

func (t AmountType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("unexpected value of type %T", value)
	}
	return Amount{StringValue: text}, nil
}

// Amount is an exact amount of money.
type Amount struct{ basetypes.StringValue }

// AmountOf returns the amount in its own spelling; null if there is none.
func AmountOf(m gateway.Money) Amount {
	if !m.IsPresent() {
		return Amount{StringValue: types.StringNull()}
	}
	return Amount{StringValue: types.StringValue(m.String())}
}

func (v Amount) Type(context.Context) attr.Type { return AmountType{} }

// Equal compares spellings.
func (v Amount) Equal(o attr.Value) bool {
	other, ok := o.(Amount)
	return ok && v.StringValue.Equal(other.StringValue)
}

// StringSemanticEquals compares the numbers, so that a gateway's spelling of the same
// amount is not a change.
func (v Amount) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Amount)
	if !ok || v.IsNull() || v.IsUnknown() || other.IsNull() || other.IsUnknown() {
		return false, nil
	}
	return v.Money().Equal(other.Money()), nil
}

// calculated is a length that only the result of Terraform's arithmetic has.
const calculated = 30

// ValidateAttribute rejects everything but a positive plain decimal.
func (v Amount) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if _, err := gateway.ParseAmount(v.ValueString()); err != nil {
		detail := fmt.Sprintf("%s: %v.", req.Path, err)
		if len(v.ValueString()) > calculated {
			detail += " If the number was calculated, round it to the decimals of its currency, for example with format(\"%.2f\", …)."
		}
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(), detail)
	}
}

// Money returns the exact number; missing if the value is null or unknown.
func (v Amount) Money() gateway.Money {
	if v.IsNull() || v.IsUnknown() {
		return gateway.Money{}
	}
	m, err := gateway.ParseNumber(v.ValueString())
	if err != nil {
		return gateway.Money{}
	}
	return m
}

// Reconcile keeps the configured spelling unless the gateway reports a different
// number. A missing, zero or rounded number does not count.
func (v Amount) Reconcile(reported gateway.Money) Amount {
	if reported.IsZero() || v.Money().Equal(reported) || v.Money().RoundsTo(reported) {
		if v.IsUnknown() {
			return AmountOf(gateway.Money{})
		}
		return v
	}
	return AmountOf(reported)
}
