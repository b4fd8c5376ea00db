package invoice

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// invoiceAction is embedded by the actions on an invoice, whoever created it.
type invoiceAction[Spec any, Inv gateway.Invoice] struct {
	GatewayClient[Spec, Inv]

	noEffect string // what did not happen if the invoice cannot be found
}

func (a *invoiceAction[Spec, Inv]) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.GatewayClient.Configure(req.ProviderData)
}

// reporter returns the reporter for the failures of an action.
func (a *invoiceAction[Spec, Inv]) reporter() reporter {
	r := a.GatewayClient.reporter()
	r.action = true
	return r
}

// referenceAttributes are the id and, if the gateway has one, the alternative to it.
func (a *invoiceAction[Spec, Inv]) referenceAttributes() map[string]schema.Attribute {
	id := schema.StringAttribute{Required: true, MarkdownDescription: "The gateway's invoice id."}
	attributes := map[string]schema.Attribute{}
	if other := a.def.Alternative; other != nil {
		id = schema.StringAttribute{
			Optional:            true,
			Validators:          []validator.String{stringvalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot(other.Name))},
			MarkdownDescription: fmt.Sprintf("The gateway's invoice id. Exactly one of `id` and `%s` must be set.", other.Name),
		}
		attributes[other.Name] = schema.StringAttribute{
			Optional: true, Validators: other.Validators,
			MarkdownDescription: other.Description + fmt.Sprintf(" Exactly one of `id` and `%s` must be set.", other.Name),
		}
	}
	attributes["id"] = id
	return attributes
}

// invoiceReference is how a configuration identifies an invoice.
type invoiceReference struct{ attribute, value string }

func (n invoiceReference) String() string {
	return "the invoice with the " + n.attribute + " " + n.value
}

// reference reads how the configuration identifies the invoice. It checks what
// validators cannot: they do not see values that are unknown when they run, such as a
// variable's, and Terraform does not run them again.
func (a *invoiceAction[Spec, Inv]) reference(ctx context.Context, config tfsdk.Config) (invoiceReference, diag.Diagnostics) {
	var id, another types.String
	diags := config.GetAttribute(ctx, path.Root("id"), &id)
	other := a.def.Alternative
	if other != nil {
		diags.Append(config.GetAttribute(ctx, path.Root(other.Name), &another)...)
	}
	byID, byOther := id.ValueString() != "", another.ValueString() != ""
	switch {
	case diags.HasError():
	case other == nil && !byID:
		diags.AddAttributeError(path.Root("id"), "Missing id",
			fmt.Sprintf("id is null or empty, so it does not identify a %s invoice, and %s. Set id.", a.def.Title, a.noEffect))
	case !byID && !byOther:
		diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Neither id nor %s is set", other.Name),
			fmt.Sprintf("Both are null or empty, so they do not identify a %s invoice, and %s. Set exactly one of id and %s.", a.def.Title, a.noEffect, other.Name))
	case byID && byOther:
		diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Both id and %s are set", other.Name),
			fmt.Sprintf("The id is %q and the %s is %q. They may identify different invoices, so %s. Set exactly one of id and %s, and the other to null.",
				id.ValueString(), other.Name, another.ValueString(), a.noEffect, other.Name))
	case byOther:
		return invoiceReference{other.Name, another.ValueString()}, diags
	}
	return invoiceReference{"id", id.ValueString()}, diags
}

// find reads the invoice.
func (a *invoiceAction[Spec, Inv]) find(ctx context.Context, e *engine.Engine[Spec, Inv], it invoiceReference) (inv Inv, diags diag.Diagnostics) {
	read := e.Client.Get
	if it.attribute == "id" {
		normal, err := a.def.NormalizeID(it.value)
		if err != nil {
			diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Not a valid %s invoice id", a.def.Title), fmt.Sprintf("%q: %v.", it.value, err))
			return inv, diags
		}
		it.value = normal
	} else {
		read = func(ctx context.Context, value string) (Inv, error) {
			return a.def.Alternative.Find(ctx, e.Client, value)
		}
	}
	inv, err := read(ctx, it.value)
	switch {
	case errors.Is(err, gateway.ErrNotFound):
		diags.AddAttributeError(path.Root(it.attribute), fmt.Sprintf("No such %s invoice", a.def.Title),
			fmt.Sprintf("%s does not have %s, so %s. Check the %s, and that the credentials are those of the account that created the invoice.", a.def.Title, it, a.noEffect, it.attribute))
	case err != nil:
		diags.Append(a.reporter().failureWithout(a.noEffect, opRead, it.String(), err)...)
	}
	return inv, diags
}
