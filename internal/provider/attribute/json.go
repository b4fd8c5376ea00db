package attribute

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

var (
	_ basetypes.StringTypable                    = JSONType{}
	_ basetypes.StringValuableWithSemanticEquals = JSON{}
	_ xattr.ValidateableAttribute                = JSON{}
)

// JSONType is the type of JSON text. Texts with the same meaning are equal: spaces, the
// order of members and the spelling of numbers do not matter.
type JSONType struct{ jsontypes.NormalizedType }

func (t JSONType) Equal(o attr.Type) bool {
	other, ok := o.(JSONType)
	return ok && t.NormalizedType.Equal(other.NormalizedType)
}

func (t JSONType) String() string { return "attribute.JSONType" }

func (t JSONType) ValueType(context.Context) attr.Value { return JSON{} }

func (t JSONType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return jsonOf(in), nil
}

func (t JSONType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.NormalizedType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(jsontypes.Normalized)
	if !ok {
		return nil, fmt.Errorf("unexpected value of type %T", value)
	}
	return JSON{text}, nil
}

// JSON is JSON text.
type JSON struct{ jsontypes.Normalized }

func jsonOf(text basetypes.StringValue) JSON { return JSON{jsontypes.Normalized{StringValue: text}} }

func (v JSON) Type(context.Context) attr.Type { return JSONType{} }

// Equal compares spellings.
func (v JSON) Equal(o attr.Value) bool {
	other, ok := o.(JSON)
	return ok && v.Normalized.Equal(other.Normalized)
}

// ValidateAttribute accepts every text. JSONObject reports what is wrong with it; a
// second validator would report it twice.
func (v JSON) ValidateAttribute(context.Context, xattr.ValidateAttributeRequest, *xattr.ValidateAttributeResponse) {
}

// StringSemanticEquals compares the meaning of two texts. Text that is not JSON equals
// only itself.
func (v JSON) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(JSON)
	if !ok {
		return false, nil
	}
	a, errA := decodeJSON(v.ValueString())
	b, errB := decodeJSON(other.ValueString())
	if errA != nil || errB != nil {
		return v.Equal(other), nil
	}
	return sameJSON(a, b), nil
}

func decodeJSON(text string) (value any, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// sameJSON compares decoded JSON.
func sameJSON(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, sameJSON)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameJSON)
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a, b)
	default:
		return a == b
	}
}

// sameNumber compares numbers exactly, whatever their spelling: a gateway may return
// 1e-7 for 0.0000001. Numbers beyond all limits are compared by their spelling.
func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, errX := gateway.ParseNumber(a.String())
	y, errY := gateway.ParseNumber(b.String())
	return errX == nil && errY == nil && x.Equal(y)
}

// JSONText returns a gateway's JSON as text; null if there is none.
func JSONText(raw json.RawMessage) JSON {
	var compact bytes.Buffer
	if len(raw) == 0 || json.Compact(&compact, raw) != nil {
		return jsonOf(basetypes.NewStringNull())
	}
	return jsonOf(basetypes.NewStringValue(compact.String()))
}

// RawJSON returns the text verbatim; nil if there is none.
func RawJSON(text JSON) json.RawMessage {
	if !known(text) {
		return nil
	}
	return json.RawMessage(text.ValueString())
}

// JSONObject accepts the text of a JSON object that passes check, if there is one.
func JSONObject(check func(raw []byte) error) validator.String { return jsonObject{check} }

type jsonObject struct{ check func([]byte) error }

func (jsonObject) Description(context.Context) string {
	return "the text of a JSON object, such as jsonencode({ key = \"value\" })"
}

func (v jsonObject) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v jsonObject) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !known(req.ConfigValue) {
		return
	}
	raw := []byte(req.ConfigValue.ValueString())
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Not a JSON object", req.Path.String()+" must be "+v.Description(ctx)+".")
		return
	}
	if v.check == nil {
		return
	}
	if err := v.check(raw); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid JSON", req.Path.String()+": "+err.Error()+".")
	}
}
