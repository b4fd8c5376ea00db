package attribute

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ComputedString is text that only the gateway sets.
func ComputedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// ComputedBool is a flag that only the gateway sets.
func ComputedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

// ComputedInt64 is a whole number that only the gateway sets.
func ComputedInt64(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// ComputedStringList is a list of texts that only the gateway sets.
func ComputedStringList(description string) schema.ListAttribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

// RequiredString is an argument that must be set.
func RequiredString(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Required: true, Validators: NotEmpty(validators...), MarkdownDescription: description + Replaces}
}

// OptionalString is an argument that the gateway never reports.
func OptionalString(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, Validators: NullOrNotEmpty(validators...), MarkdownDescription: description + Replaces}
}

// OptionalComputedString is an argument that the gateway reports, with a default of
// the gateway's own.
func OptionalComputedString(description string, validators ...validator.String) schema.StringAttribute {
	a := OptionalString(description, validators...)
	a.Computed = true
	return a
}

// OptionalJSON is an argument whose text is a JSON object that passes a check; nil checks
// nothing more. The gateway never reports it.
func OptionalJSON(description string, check func(raw []byte) error) schema.StringAttribute {
	a := OptionalString(description, JSONObject(check))
	a.CustomType = JSONType{}
	return a
}

// Replaces ends the description of every argument that is sent to a gateway.
const Replaces = " Changing it replaces the invoice."

// NotEmpty rejects "" in a required argument, and runs the validators on any other
// value.
func NotEmpty(validators ...validator.String) []validator.String {
	return []validator.String{notEmptyThen{validators: validators}}
}

// NullOrNotEmpty rejects "" in an optional argument, because no gateway distinguishes
// it from a missing one, and runs the validators on any other value.
func NullOrNotEmpty(validators ...validator.String) []validator.String {
	return []validator.String{notEmptyThen{validators, " Leave it out or set it to null to have none."}}
}

type notEmptyThen struct {
	validators []validator.String
	advice     string
}

func (v notEmptyThen) Description(ctx context.Context) string {
	text := "not empty"
	for _, inner := range v.validators {
		text += ", " + inner.Description(ctx)
	}
	return text
}

func (v notEmptyThen) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v notEmptyThen) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if known(req.ConfigValue) && req.ConfigValue.ValueString() == "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("%s must not be an empty string.%s", req.Path, v.advice))
		return
	}
	for _, inner := range v.validators {
		inner.ValidateString(ctx, req, resp)
	}
}
