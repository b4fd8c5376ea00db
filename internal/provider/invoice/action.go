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
)

var _ action.ActionWithConfigure = (*cancelAction[any, gateway.Invoice])(nil)

// NewCancelAction makes the action payinvoice_<name>_cancel_invoice of a
// gateway.
func NewCancelAction[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) action.Action {
	return &cancelAction[Spec, Inv]{NewUser(def)}
}

// cancelAction cancels an invoice, whoever made it.
type cancelAction[Spec any, Inv gateway.Invoice] struct{ User[Spec, Inv] }

// Metadata implements action.Action.
func (a *cancelAction[Spec, Inv]) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.def.Name + "_cancel_invoice"
}

// Schema implements action.Action.
func (a *cancelAction[Spec, Inv]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	id := schema.StringAttribute{Required: true, MarkdownDescription: "The gateway's invoice id."}
	attributes := map[string]schema.Attribute{
		"ignore_closed": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether an invoice that is closed otherwise, such as a paid one, is left alone with a message instead of an error. Default `false`.",
		},
	}
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
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Cancels an invoice at %s and confirms that it is canceled. An invoice that is canceled already is success; one that is closed otherwise is an error that names its phase.", a.def.Title),
		Attributes:          attributes,
	}
}

// Configure implements action.ActionWithConfigure.
func (a *cancelAction[Spec, Inv]) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.Take(req.ProviderData)
}

// Invoke implements action.Action.
func (a *cancelAction[Spec, Inv]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	e, _, err := a.engine()
	if err != nil {
		resp.Diagnostics.Append(a.reporter().notConnected(a.subject(ctx, req.Config), err))
		return
	}
	var ignoreClosed types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("ignore_closed"), &ignoreClosed)...)
	ctx, cancel := context.WithTimeout(ctx, defaultDeleteTimeout)
	defer cancel()
	inv, diags := a.find(ctx, e, req.Config)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	tell := func(format string, values ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, values...)})
	}
	resp.Diagnostics.Append(a.cancel(ctx, e, inv, ignoreClosed.ValueBool(), tell)...)
}

// subject names the invoice that the configuration names.
func (a *cancelAction[Spec, Inv]) subject(ctx context.Context, config tfsdk.Config) string {
	names := []string{"id"}
	if a.def.Alternative != nil {
		names = append(names, a.def.Alternative.Name)
	}
	for _, name := range names {
		var value types.String
		if diags := config.GetAttribute(ctx, path.Root(name), &value); !diags.HasError() && value.ValueString() != "" {
			return "the invoice with the " + name + " " + value.ValueString()
		}
	}
	return ""
}

// find reads the invoice that the configuration names.
func (a *cancelAction[Spec, Inv]) find(ctx context.Context, e *engine[Spec, Inv], config tfsdk.Config) (inv Inv, diags diag.Diagnostics) {
	attribute, value, read := "id", types.String{}, e.gateway.Get
	diags.Append(config.GetAttribute(ctx, path.Root("id"), &value)...)
	if other := a.def.Alternative; other != nil && value.IsNull() {
		attribute = other.Name
		diags.Append(config.GetAttribute(ctx, path.Root(other.Name), &value)...)
		read = func(ctx context.Context, value string) (Inv, error) { return other.Find(ctx, e.gateway, value) }
	}
	if diags.HasError() {
		return inv, diags
	}
	key := value.ValueString()
	if attribute == "id" {
		normal, err := a.def.NormalizeID(key)
		if err != nil {
			diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Not a valid %s invoice id", a.def.Title), fmt.Sprintf("%q: %v.", key, err))
			return inv, diags
		}
		key = normal
	}
	inv, err := read(ctx, key)
	switch {
	case errors.Is(err, gateway.ErrNotFound):
		diags.AddAttributeError(path.Root(attribute), fmt.Sprintf("No such %s invoice", a.def.Title),
			fmt.Sprintf("%s does not know the invoice with the %s %s, so nothing was canceled. Check it, and that the credentials are those of the account that made the invoice.", a.def.Title, attribute, key))
	case err != nil:
		diags.Append(a.reporter().failure("read, before canceling,", "the invoice with the "+attribute+" "+key, err)...)
	}
	return inv, diags
}

// cancel cancels an open invoice and says what happens on the way.
func (a *cancelAction[Spec, Inv]) cancel(ctx context.Context, e *engine[Spec, Inv], inv Inv, ignoreClosed bool, tell func(string, ...any)) diag.Diagnostics {
	facts := inv.Facts(e.now())
	if facts.Phase.Closed() {
		return a.closed(facts, ignoreClosed, tell)
	}
	tell("Canceling %s invoice %s, which is %s (status %q)", a.def.Title, facts.ID, facts.Phase, facts.Status)
	settled, err := e.cancelAndConfirm(ctx, inv)
	switch {
	case settled.gone:
		tell("%s no longer knows invoice %s", a.def.Title, facts.ID)
		return nil
	case err != nil:
		return a.reporter().failure("cancel", "invoice "+facts.ID, err)
	case settled.facts.Phase == gateway.PhaseCanceled:
		tell("%s confirms that invoice %s is canceled", a.def.Title, facts.ID)
		return nil
	default:
		// Somebody was faster: it was paid, for example.
		return a.closed(settled.facts, ignoreClosed, tell)
	}
}

// closed settles an invoice that cannot be canceled any more.
func (a *cancelAction[Spec, Inv]) closed(facts gateway.Facts, ignoreClosed bool, tell func(string, ...any)) diag.Diagnostics {
	switch {
	case facts.Phase == gateway.PhaseCanceled:
		tell("%s invoice %s is canceled already", a.def.Title, facts.ID)
		return nil
	case ignoreClosed:
		tell("%s invoice %s is left alone: it is %s (status %q)", a.def.Title, facts.ID, facts.Phase, facts.Status)
		return nil
	default:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("The %s invoice cannot be canceled: it is %s", a.def.Title, facts.Phase),
			fmt.Sprintf("Invoice %s is %s (status %q); only an open invoice can be canceled. Set ignore_closed = true to accept that.", facts.ID, facts.Phase, facts.Status))}
	}
}
