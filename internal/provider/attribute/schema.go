package attribute

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ComputedText is text that only the gateway sets.
func ComputedText(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

// ComputedBool is a flag that only the gateway sets.
func ComputedBool(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
}

// ComputedInt is a whole number that only the gateway sets.
func ComputedInt(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
}

// ComputedTexts is a list of texts that only the gateway sets.
func ComputedTexts(description string) schema.ListAttribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

// RequiredText is an argument that must be set.
func RequiredText(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Required: true, Validators: Filled(validators...), MarkdownDescription: description + Replaces}
}

// OptionalText is an argument that the gateway never reports.
func OptionalText(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, Validators: FilledOrNull(validators...), MarkdownDescription: description + Replaces}
}

// LearnedText is an argument that the gateway reports, and may set by itself.
func LearnedText(description string, validators ...validator.String) schema.StringAttribute {
	a := OptionalText(description, validators...)
	a.Computed = true
	return a
}

// Replaces ends the description of every argument that a gateway is sent.
const Replaces = " Changing it replaces the invoice."

// Filled refuses "" in an argument that must be set, and runs the validators for
// anything else.
func Filled(validators ...validator.String) []validator.String {
	return []validator.String{filled{validators: validators}}
}

// FilledOrNull refuses "" in an optional argument, because no gateway tells it from one
// that is not set, and runs the validators for anything else.
func FilledOrNull(validators ...validator.String) []validator.String {
	return []validator.String{filled{validators, " Leave it out or set it to null to have none."}}
}

type filled struct {
	validators []validator.String
	advice     string
}

func (v filled) Description(ctx context.Context) string {
	text := "not empty"
	for _, inner := range v.validators {
		text += ", " + inner.Description(ctx)
	}
	return text
}

func (v filled) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v filled) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if known(req.ConfigValue) && req.ConfigValue.ValueString() == "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("%s must not be an empty string.%s", req.Path, v.advice))
		return
	}
	for _, inner := range v.validators {
		inner.ValidateString(ctx, req, resp)
	}
}
