package attribute_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

func validate(t *testing.T, v validator.String, value types.String) *validator.StringResponse {
	t.Helper()
	resp := &validator.StringResponse{}
	v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("an_argument"), ConfigValue: value}, resp)
	return resp
}

func TestValidators(t *testing.T) {
	few := attribute.JSONObject(func(raw []byte) error {
		if len(raw) > 10 {
			return errors.New("too long")
		}
		return nil
	})
	for name, test := range map[string]struct {
		validator validator.String
		good, bad []string
	}{
		"date":     {attribute.Date(), []string{"2026-03-01", "2024-02-29"}, []string{"", "2026-3-1", "01.03.2026", "2026-02-29", "2026-03-01T00:00:00Z", "2026-13-01"}},
		"duration": {attribute.Duration(), []string{"30s", "1h30m", "1.5h", "1ms"}, []string{"", "soon", "10", "0s", "-1s", "1 h", "1d"}},
		"https": {
			attribute.HTTP(), []string{"https://shop.example/hook", "https://shop.example:8443/?a=b", "http://127.0.0.1:3000/hook"},
			[]string{"", "shop.example", "https://", "https:///path", "https://:443", "ftp://shop.example", "https://shop example"},
		},
		"decimals":       {attribute.Decimals(3), []string{"1", "1.5", "1.234", "1.2340", "1.23400"}, []string{"1.2345", "1.23405", "1.", "1e3", "-1"}},
		"currency":       {attribute.CurrencyCode(), []string{"USD", "KWD"}, []string{"", "usd", "US", "USDT", "US1", "USD "}},
		"object":         {attribute.JSONObject(nil), []string{"{}", `{"a":[1,{"b":null}]}`, " {} "}, []string{"", "null", "[]", `"text"`, "1", "{", "{} {}", "{}x"}},
		"checked object": {few, []string{"{}", `{"a":1}`}, []string{`{"a":12345678}`, "[]"}},
	} {
		for _, text := range test.good {
			if resp := validate(t, test.validator, types.StringValue(text)); resp.Diagnostics.HasError() {
				t.Errorf("%s: %q is refused: %v", name, text, resp.Diagnostics)
			}
		}
		for _, text := range test.bad {
			resp := validate(t, test.validator, types.StringValue(text))
			if !resp.Diagnostics.HasError() {
				t.Errorf("%s: %q is accepted", name, text)
			} else if said := resp.Diagnostics[0].Summary() + resp.Diagnostics[0].Detail(); !strings.Contains(said, "an_argument") {
				t.Errorf("%s: the error about %q does not name the attribute: %s", name, text, said)
			}
		}
		for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
			if resp := validate(t, test.validator, value); len(resp.Diagnostics) > 0 {
				t.Errorf("%s: %s: %v", name, value, resp.Diagnostics)
			}
		}
		if test.validator.Description(t.Context()) == "" || test.validator.MarkdownDescription(t.Context()) == "" {
			t.Errorf("%s has no description", name)
		}
	}
}

// TestTextAttributes: no argument takes "", and each says that it replaces.
func TestTextAttributes(t *testing.T) {
	for name, a := range map[string]schema.StringAttribute{
		"required": attribute.RequiredString("A text."),
		"optional": attribute.OptionalString("A text.", attribute.Date()),
		"learned":  attribute.OptionalComputedString("A text."),
	} {
		refused := false
		for _, v := range a.Validators {
			refused = refused || validate(t, v, types.StringValue("")).Diagnostics.HasError()
		}
		if !refused || !strings.HasSuffix(a.MarkdownDescription, attribute.Replaces) {
			t.Errorf("%s: refuses \"\": %v, is described as %q", name, refused, a.MarkdownDescription)
		}
		if a.Required != (name == "required") || a.Optional == a.Required || a.Computed != (name == "learned") {
			t.Errorf("%s: required %v, optional %v, computed %v", name, a.Required, a.Optional, a.Computed)
		}
	}
	for name, a := range map[string]schema.Attribute{
		"text": attribute.ComputedString("A text."), "flag": attribute.ComputedBool("A flag."),
		"number": attribute.ComputedInt64("A number."), "texts": attribute.ComputedStringList("Texts."),
	} {
		if !a.IsComputed() || a.IsOptional() || a.IsRequired() || strings.HasSuffix(a.GetMarkdownDescription(), attribute.Replaces) {
			t.Errorf("%s is not only computed: %+v", name, a)
		}
	}
}
