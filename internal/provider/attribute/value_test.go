package attribute_test

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

func TestValues(t *testing.T) {
	yes, seven := true, int64(7)
	kuwait := time.FixedZone("", 3*60*60)
	for name, test := range map[string]struct{ got, want attr.Value }{
		"text":             {attribute.StringOrNull("x"), types.StringValue("x")},
		"no text":          {attribute.StringOrNull(""), types.StringNull()},
		"decimal":          {attribute.Decimal(money(t, "0.10")), types.StringValue("0.10")},
		"zero":             {attribute.Decimal(money(t, "0")), types.StringValue("0")},
		"no decimal":       {attribute.Decimal(gateway.Money{}), types.StringNull()},
		"time":             {attribute.Time(time.Date(2026, 3, 1, 1, 0, 0, 500_000_000, kuwait)), types.StringValue("2026-02-28T22:00:00.5Z")},
		"no time":          {attribute.Time(time.Time{}), types.StringNull()},
		"flag":             {attribute.Bool(&yes), types.BoolValue(true)},
		"no flag":          {attribute.Bool(nil), types.BoolNull()},
		"whole number":     {attribute.Int(&seven), types.Int64Value(7)},
		"no whole number":  {attribute.Int(nil), types.Int64Null()},
		"texts":            {attribute.StringListOrNull([]string{"a", "b"}), types.ListValueMust(types.StringType, []attr.Value{types.StringValue("a"), types.StringValue("b")})},
		"an empty list":    {attribute.StringListOrNull([]string{}), types.ListValueMust(types.StringType, []attr.Value{})},
		"no list":          {attribute.StringListOrNull(nil), types.ListNull(types.StringType)},
		"number":           {attribute.Number(money(t, "2.5")), types.NumberValue(big.NewFloat(2.5))},
		"no number":        {attribute.Number(gateway.Money{}), types.NumberNull()},
		"JSON":             {attribute.JSONText(json.RawMessage("{ \"a\": [1, 2] }")), jsonText(`{"a":[1,2]}`)},
		"no JSON":          {attribute.JSONText(nil), attribute.JSON{Normalized: jsontypes.NewNormalizedNull()}},
		"what is not JSON": {attribute.JSONText(json.RawMessage("{")), attribute.JSON{Normalized: jsontypes.NewNormalizedNull()}},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: %s, not %s", name, test.got, test.want)
		}
	}
}

// TestDigits brings a number of Terraform, which is a binary one of 512 bits,
// back to the digits that were written.
func TestDigits(t *testing.T) {
	for _, text := range []string{"2.5", "0.1", "33", "12.345678901234567", "0.000001"} {
		// As Terraform parses it.
		value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		got, err := attribute.Digits(types.NumberValue(value))
		if err != nil || got.String() != text {
			t.Errorf("%s has the digits %s, %v", text, got, err)
		}
		if number := attribute.Number(money(t, text)); number.ValueBigFloat().Cmp(value) != 0 {
			t.Errorf("%s is another number, %s, when a gateway reports it", text, number)
		}
	}
	for _, none := range []types.Number{types.NumberNull(), types.NumberUnknown()} {
		if got, err := attribute.Digits(none); err != nil || got.IsPresent() {
			t.Errorf("%s has the digits %s, %v", none, got, err)
		}
	}
}

func TestRawJSON(t *testing.T) {
	if raw := attribute.RawJSON(jsonText(`{ "a": 1 }`)); string(raw) != `{ "a": 1 }` {
		t.Errorf("%s", raw)
	}
	for _, none := range []attribute.JSON{attribute.JSONText(nil), {Normalized: jsontypes.NewNormalizedUnknown()}} {
		if raw := attribute.RawJSON(none); raw != nil {
			t.Errorf("%s is %s", none, raw)
		}
	}
}

// TestArgumentAndKeep settle what is known with what is reported.
func TestArgumentAndKeep(t *testing.T) {
	prior, reported := types.StringValue("prior"), types.StringValue("reported")
	null, unknown := types.StringNull(), types.StringUnknown()
	for _, test := range []struct{ prior, reported, argument, kept types.String }{
		{prior, reported, prior, reported},
		{prior, null, prior, prior},
		{null, reported, reported, reported},
		{null, null, null, null},
		{unknown, reported, reported, reported},
		{unknown, null, null, null},
	} {
		if got := attribute.PriorOrReported(test.prior, test.reported); !got.Equal(test.argument) {
			t.Errorf("an argument %s, reported as %s, becomes %s", test.prior, test.reported, got)
		}
		if got := attribute.ReportedOrPrior(test.prior, test.reported); !got.Equal(test.kept) {
			t.Errorf("%s, reported as %s, becomes %s", test.prior, test.reported, got)
		}
	}
}

func jsonText(text string) attribute.JSON {
	return attribute.JSON{Normalized: jsontypes.NewNormalizedValue(text)}
}

func TestJSONMeansTheSame(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{`{"a":1,"b":[true,null,"x"]}`, ` { "b" : [ true , null, "x" ], "a" : 1.0 } `, true},
		{`{"fee":0.0000001,"n":100}`, `{"fee":1e-7,"n":1e2}`, true},
		{`{"n":0.1234567890123456789}`, `{"n":0.12345678901234568}`, false},
		{`{"n":9007199254740993}`, `{"n":9007199254740992}`, false},
		{`{"n":9007199254740993}`, `{"n":9007199254740993.0}`, true},
		{`{"n":1e999}`, `{"n":1e999}`, true},
		{`{"n":1e999}`, `{"n":2e999}`, false},
		{`{"n":1}`, `{"n":"1"}`, false},
		{`{"n":1}`, `{"n":2}`, false},
		{`{"a":1}`, `{"a":1,"b":null}`, false},
		{`{"a":null}`, `{"b":null}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`{}`, `[]`, false},
		{`{`, `{`, true},
		{`{`, `{}`, false},
	} {
		for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			same, diags := jsonText(pair[0]).StringSemanticEquals(t.Context(), jsonText(pair[1]))
			if same != test.same || diags.HasError() {
				t.Errorf("%s and %s: %v, %v", pair[0], pair[1], same, diags)
			}
		}
	}
	if same, _ := jsonText("{}").StringSemanticEquals(t.Context(), types.StringValue("{}")); same {
		t.Error("JSON is the same as text")
	}
}
