package attribute

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// JSONText is a gateway's JSON as text; null when there is none.
func JSONText(raw json.RawMessage) jsontypes.Normalized {
	var compact bytes.Buffer
	if len(raw) == 0 || json.Compact(&compact, raw) != nil {
		return jsontypes.NewNormalizedNull()
	}
	return jsontypes.NewNormalizedValue(compact.String())
}

// RawJSON is the text as it is sent; nil when there is none.
func RawJSON(text jsontypes.Normalized) json.RawMessage {
	if !known(text) {
		return nil
	}
	return json.RawMessage(text.ValueString())
}

// JSONObject accepts the text of a JSON object that a check, if there is one,
// accepts as well.
func JSONObject(check func(raw []byte) error) validator.String { return jsonObject{check} }

type jsonObject struct{ check func([]byte) error }

// Description implements validator.String.
func (jsonObject) Description(context.Context) string {
	return "the text of a JSON object, such as jsonencode({ key = \"value\" })"
}

// MarkdownDescription implements validator.String.
func (v jsonObject) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
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
		resp.Diagnostics.AddAttributeError(req.Path, "The gateway cannot be sent this JSON", req.Path.String()+": "+err.Error()+".")
	}
}
