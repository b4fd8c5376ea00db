package cryptocloud

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

func TestNormalizeID(t *testing.T) {
	for _, text := range []string{"INV-7QK2M9XD", "7QK2M9XD", " INV-7QK2M9XD", "7QK2M9XD\n", "inv-7QK2M9XD"} {
		if got, err := normalizeID(text); err != nil || got != "INV-7QK2M9XD" {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", " ", "INV-", "7QK2 M9XD", "INV_7QK2M9XD"} {
		if got, err := normalizeID(text); err == nil {
			t.Errorf("%q is accepted as %q", text, got)
		}
	}
}

func TestCheckArguments(t *testing.T) {
	s := schema.Schema{Attributes: attributes()}
	s.Attributes["amount"] = schema.StringAttribute{Required: true, CustomType: attribute.AmountType{}}
	s.Attributes["replace_when"] = schema.SetAttribute{Optional: true, ElementType: types.StringType}
	objectType, ok := s.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the schema is no object")
	}
	text := func(value any) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	phases := func(names ...string) tftypes.Value {
		var values []tftypes.Value
		for _, name := range names {
			values = append(values, text(name))
		}
		return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, values)
	}
	for name, test := range map[string]struct {
		arguments map[string]tftypes.Value
		isNew     bool
		says      string // "" is nothing
	}{
		"nothing odd":          {nil, true, ""},
		"expired":              {map[string]tftypes.Value{"replace_when": phases("canceled", "expired")}, true, "replace_when"},
		"expired, exists":      {map[string]tftypes.Value{"replace_when": phases("expired")}, false, "replace_when"},
		"canceled":             {map[string]tftypes.Value{"replace_when": phases("canceled")}, true, ""},
		"phases not yet known": {map[string]tftypes.Value{"replace_when": tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, tftypes.UnknownValue)}, true, ""},
		"locale":               {map[string]tftypes.Value{"locale": text("de")}, true, "locale"},
		"locale, exists":       {map[string]tftypes.Value{"locale": text("de")}, false, ""},
		"documented locale":    {map[string]tftypes.Value{"locale": text("ru")}, true, ""},
		"locale not yet known": {map[string]tftypes.Value{"locale": text(tftypes.UnknownValue)}, true, ""},
		"decimals":             {map[string]tftypes.Value{"amount": text("1.001")}, true, "amount"},
		"decimals, exists":     {map[string]tftypes.Value{"amount": text("1.001")}, false, ""},
	} {
		values := map[string]tftypes.Value{}
		for attribute, typ := range objectType.AttributeTypes {
			values[attribute] = tftypes.NewValue(typ, nil)
		}
		values["amount"] = text("25")
		maps.Copy(values, test.arguments)
		diags := checkArguments(t.Context(), tfsdk.Config{Schema: s, Raw: tftypes.NewValue(objectType, values)}, test.isNew)
		said := ""
		for _, d := range diags {
			said += d.Summary() + d.Detail()
		}
		if diags.HasError() || (test.says == "" && said != "") || !strings.Contains(said, test.says) {
			t.Errorf("%s: %v", name, diags)
		}
	}
}
