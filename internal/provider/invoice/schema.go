package invoice

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// localAttributes are the arguments that are not sent to the gateway.
var localAttributes = map[string]bool{
	"deletion_policy": true,
	"replace_when":    true,
	"adopt_existing":  true,
	"timeouts":        true,
}

// replaceablePhases are the phases that replace_when accepts.
func replaceablePhases() []string {
	var phases []string
	for _, p := range gateway.Phases() {
		if p.Closed() {
			phases = append(phases, string(p))
		}
	}
	return phases
}

// resourceAttributes returns all attributes of the gateway's resource. They are shared,
// and must not be changed.
func resourceAttributes[Spec any, Inv gateway.Invoice](ctx context.Context, def *Definition[Spec, Inv]) map[string]schema.Attribute {
	def.attributesOnce.Do(func() {
		def.attributes = commonAttributes(ctx)
		if _, ok := def.New().(adopter); ok {
			def.attributes["adopt_existing"] = adoptExisting()
		}
		maps.Copy(def.attributes, def.Attributes())
	})
	return def.attributes
}

func commonAttributes(ctx context.Context) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The gateway's invoice id.",
		},
		"amount": schema.StringAttribute{
			Required:            true,
			CustomType:          attribute.AmountType{},
			MarkdownDescription: "The amount: a decimal number greater than zero, such as `25` or `\"25.50\"`, without sign, exponent or digit grouping. `25` and `\"25.00\"` are the same amount." + attribute.Replaces,
		},
		"status": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The invoice's status, as the gateway returns it.",
		},
		"phase": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The invoice's status in terms that are the same for all gateways: `open`, `paid`, `overpaid`, `underpaid`, `expired`, `canceled`, `failed`, `refunded` or `unknown`.",
		},
		"money_moved": schema.BoolAttribute{
			Computed:            true,
			MarkdownDescription: "Whether any money has been paid or refunded, according to `phase` or to a payment that the gateway reports while the invoice is still open.",
		},
		"checkout_url": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The URL of the payment page. It stays in the state if the gateway no longer returns it.",
		},
		"created_at": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the invoice was created, in RFC 3339 format, UTC.",
		},
		"expires_at": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "When the invoice expires, in RFC 3339 format, UTC.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional:   true,
			Computed:   true,
			Default:    stringdefault.StaticString(engine.PolicyCancel),
			Validators: attribute.NullOrNotEmpty(stringvalidator.OneOf(engine.PolicyCancel, engine.PolicyCancelOrFail, engine.PolicyAbandon)),
			MarkdownDescription: "What destroy does: `cancel` (default) cancels an open invoice; if money has moved, it only removes the invoice from the state, with a warning; " +
				"`cancel_or_fail` does the same, but fails when money has moved; `abandon` only removes it from the state. Changes in place.",
		},
		"replace_when": schema.SetAttribute{
			Optional:            true,
			ElementType:         types.StringType,
			Validators:          []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf(replaceablePhases()...))},
			MarkdownDescription: "The phases in which a new invoice replaces this one, such as `[\"canceled\"]`: any phase except `open` and `unknown`. Without it, an invoice is never replaced because of its phase. Changes in place.",
		},
		"timeouts": timeoutsAttribute(ctx),
	}
}

func timeoutsAttribute(ctx context.Context) schema.Attribute {
	a := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, Read: true, Delete: true,
		CreateDescription: "How long a create may take, including retries and waits for a rate limit. Default `20m`.",
		ReadDescription:   "How long a read may take, including retries. Default `2m`.",
		DeleteDescription: "How long a destroy may take, including retries and the confirmation. Default `5m`.",
	})
	nested, ok := a.(schema.SingleNestedAttribute)
	if !ok {
		return a
	}
	nested.MarkdownDescription = "How long an operation may take as a whole: durations such as `30s` or `10m`. Changes in place."
	// The module's own validator accepts negative durations, and does not name the
	// attribute.
	for name, inner := range nested.Attributes {
		if text, ok := inner.(schema.StringAttribute); ok {
			text.Validators = []validator.String{attribute.Duration()}
			nested.Attributes[name] = text
		}
	}
	return nested
}

func adoptExisting() schema.Attribute {
	return schema.BoolAttribute{
		Optional: true,
		Computed: true,
		Default:  booldefault.StaticBool(false),
		MarkdownDescription: "Whether to look for an open invoice with the same reference, amount and currency before creating one, and to take it over instead. " +
			"The configuration must set the reference. Default `false`. Changes in place.",
	}
}

func identitySchema() identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				RequiredForImport: true,
				Description:       "The gateway's invoice id.",
			},
		},
	}
}
