package attribute_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

func amount(text string) attribute.Amount {
	return attribute.Amount{StringValue: types.StringValue(text)}
}

var (
	nullAmount    = attribute.Amount{StringValue: types.StringNull()}
	unknownAmount = attribute.Amount{StringValue: types.StringUnknown()}
)

func money(t *testing.T, text string) gateway.Money {
	t.Helper()
	m, err := gateway.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAmountSemanticEquals(t *testing.T) {
	for _, test := range []struct {
		a, b attribute.Amount
		want bool
	}{
		{amount("25"), amount("25"), true},
		{amount("25"), amount("25.0"), true},
		{amount("25.00"), amount("25"), true},
		{amount("0.1"), amount("0.10"), true},
		{amount("9007199254740993"), amount("9007199254740993.0"), true},
		{amount("9007199254740993"), amount("9007199254740992"), false},
		{amount("0.1"), amount("0.1000000000000000055511151231257827"), false},
		{amount("25"), amount("2.5"), false},
		{amount("25"), nullAmount, false},
		{nullAmount, amount("25"), false},
		{unknownAmount, amount("25"), false},
		{amount("25"), unknownAmount, false},
	} {
		got, diags := test.a.StringSemanticEquals(t.Context(), test.b)
		if got != test.want || diags.HasError() {
			t.Errorf("%s and %s are the same: %v, %v", test.a, test.b, got, diags)
		}
		if spelled := test.a.Equal(test.b); spelled != (test.a.String() == test.b.String()) {
			t.Errorf("%s and %s are spelled the same: %v", test.a, test.b, spelled)
		}
	}
	if same, _ := amount("25").StringSemanticEquals(t.Context(), types.StringValue("25")); same {
		t.Error("an amount is not the same as a text")
	}
}

func TestAmountValidate(t *testing.T) {
	for text, valid := range map[string]bool{
		"25": true, "25.50": true, "0.000001": true, "99999999.99": true,
		"": false, "0": false, "0.00": false, "-1": false, "+1": false, "1e3": false, "1,000": false, " 1": false, "1 ": false, ".5": false, "5.": false, "01": false, "one": false,
	} {
		var resp xattr.ValidateAttributeResponse
		amount(text).ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("amount")}, &resp)
		if resp.Diagnostics.HasError() == valid {
			t.Errorf("%q: %v", text, resp.Diagnostics)
		}
	}
	for _, a := range []attribute.Amount{nullAmount, unknownAmount} {
		var resp xattr.ValidateAttributeResponse
		a.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{}, &resp)
		if len(resp.Diagnostics) > 0 {
			t.Errorf("%s: %v", a, resp.Diagnostics)
		}
	}
}

func TestAmountSettle(t *testing.T) {
	for _, test := range []struct {
		prior    attribute.Amount
		reported string // "" is nothing
		want     attribute.Amount
	}{
		{amount("25.0"), "25.00", amount("25.0")},
		{amount("25.0"), "26", amount("26")},
		{amount("25.0"), "", amount("25.0")},
		{amount("25.0"), "0", amount("25.0")},
		{amount("25.0"), "0.000", amount("25.0")},
		{amount("25.005"), "25.01", amount("25.005")},
		{amount("25.005"), "25.00", amount("25.005")},
		{amount("25.005"), "25.02", amount("25.02")},
		{amount("25.5"), "26", amount("26")},
		{nullAmount, "25.00", amount("25.00")},
		{unknownAmount, "25.00", amount("25.00")},
		{unknownAmount, "", nullAmount},
		{nullAmount, "", nullAmount},
	} {
		var reported gateway.Money
		if test.reported != "" {
			reported = money(t, test.reported)
		}
		if got := test.prior.Reconcile(reported); !got.Equal(test.want) {
			t.Errorf("%s, when %q is reported, becomes %s, not %s", test.prior, test.reported, got, test.want)
		}
	}
}

func TestAmountMoney(t *testing.T) {
	if m := amount("0.10").Money(); m.String() != "0.10" || attribute.AmountOf(m) != amount("0.10") {
		t.Errorf("0.10 is %s", m)
	}
	for _, a := range []attribute.Amount{nullAmount, unknownAmount, amount("ten")} {
		if m := a.Money(); m.IsPresent() {
			t.Errorf("%s is %s", a, m)
		}
	}
	if a := attribute.AmountOf(gateway.Money{}); !a.IsNull() {
		t.Errorf("no money is %s", a)
	}
}

func TestAmountType(t *testing.T) {
	typ := attribute.AmountType{}
	if !typ.Equal(attribute.AmountType{}) || typ.Equal(types.StringType) || !amount("1").Type(t.Context()).Equal(typ) {
		t.Error("an amount's type equals itself alone")
	}
	for want, value := range map[attribute.Amount]tftypes.Value{
		amount("25.0"): tftypes.NewValue(tftypes.String, "25.0"),
		nullAmount:     tftypes.NewValue(tftypes.String, nil),
		unknownAmount:  tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
	} {
		if got, err := typ.ValueFromTerraform(t.Context(), value); err != nil || !got.Equal(want) {
			t.Errorf("%s is read as %s, %v", value, got, err)
		}
	}
	if _, err := typ.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Bool, true)); err == nil {
		t.Error("a flag is no amount")
	}
}
