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

var _ action.ActionWithConfigure = (*cancelAction[any, gateway.Invoice])(nil)

// NewCancelAction makes the action payinvoice_<name>_cancel_invoice of a
// gateway.
func NewCancelAction[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) action.Action {
	return &cancelAction[Spec, Inv]{NewGatewayClient(def)}
}

// cancelAction cancels an invoice, whoever made it.
type cancelAction[Spec any, Inv gateway.Invoice] struct{ GatewayClient[Spec, Inv] }

func (a *cancelAction[Spec, Inv]) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.def.Name + "_cancel_invoice"
}

func (a *cancelAction[Spec, Inv]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	id := schema.StringAttribute{Required: true, MarkdownDescription: "The gateway's invoice id."}
	attributes := map[string]schema.Attribute{
		"ignore_closed": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether to succeed with a message, instead of failing, if the invoice is closed in another phase, such as `paid`. Default `false`.",
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
		MarkdownDescription: fmt.Sprintf("Cancels an invoice at %s, and waits for the confirmation. If the invoice is already canceled, the action succeeds. If it is closed in another phase, the action fails and names the phase.", a.def.Title),
		Attributes:          attributes,
	}
}

func (a *cancelAction[Spec, Inv]) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.GatewayClient.Configure(req.ProviderData)
}

func (a *cancelAction[Spec, Inv]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	it, diags := a.name(ctx, req.Config)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	e, _, err := a.engine()
	if err != nil {
		resp.Diagnostics.Append(a.reporter().notConnected(it.String(), err))
		return
	}
	var ignoreClosed types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("ignore_closed"), &ignoreClosed)...)
	ctx, cancel := context.WithTimeout(ctx, defaultDeleteTimeout)
	defer cancel()
	inv, diags := a.find(ctx, e, it)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	tell := func(format string, values ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, values...)})
	}
	resp.Diagnostics.Append(a.cancel(ctx, e, inv, ignoreClosed.ValueBool(), tell)...)
}

// invoiceName is how the configuration names the invoice.
type invoiceName struct{ attribute, value string }

func (n invoiceName) String() string { return "the invoice with the " + n.attribute + " " + n.value }

// name reads how the configuration names the invoice. Validators do not see what
// is not yet known when they run, such as a variable, and Terraform does not run
// them again.
func (a *cancelAction[Spec, Inv]) name(ctx context.Context, config tfsdk.Config) (invoiceName, diag.Diagnostics) {
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
			fmt.Sprintf("It is null or empty, so that no %s invoice is named, and nothing was canceled. Set id.", a.def.Title))
	case !byID && !byOther:
		diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Neither id nor %s is set", other.Name),
			fmt.Sprintf("Both are null or empty, so that no %s invoice is named, and nothing was canceled. Set exactly one of id and %s.", a.def.Title, other.Name))
	case byID && byOther:
		diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Both id and %s are set", other.Name),
			fmt.Sprintf("The id is %q and the %s is %q. They may name two invoices, so nothing was canceled. Set exactly one of id and %s, and the other to null.",
				id.ValueString(), other.Name, another.ValueString(), other.Name))
	case byOther:
		return invoiceName{other.Name, another.ValueString()}, diags
	}
	return invoiceName{"id", id.ValueString()}, diags
}

// find reads the invoice of a name.
func (a *cancelAction[Spec, Inv]) find(ctx context.Context, e *engine.Engine[Spec, Inv], it invoiceName) (inv Inv, diags diag.Diagnostics) {
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
			fmt.Sprintf("%s does not know %s, so nothing was canceled. Check it, and that the credentials are those of the account that made the invoice.", a.def.Title, it))
	case err != nil:
		diags.Append(a.reporter().failure("read, before canceling,", it.String(), err)...)
	}
	return inv, diags
}

// cancel cancels an open invoice and says what happens on the way.
func (a *cancelAction[Spec, Inv]) cancel(ctx context.Context, e *engine.Engine[Spec, Inv], inv Inv, ignoreClosed bool, tell func(string, ...any)) diag.Diagnostics {
	facts := e.Facts(inv)
	if facts.Phase.Closed() || facts.MoneyMoved {
		return a.closed(facts, ignoreClosed, tell)
	}
	tell("Canceling %s invoice %s, which is %s (status %q)", a.def.Title, facts.ID, facts.Phase, facts.Status)
	canceled, err := e.Cancel(ctx, inv)
	switch {
	case errors.Is(err, engine.ErrGone):
		tell("%s no longer knows invoice %s", a.def.Title, facts.ID)
		return nil
	case err != nil:
		return a.reporter().failure("cancel", "invoice "+facts.ID, err)
	case canceled.Phase == gateway.PhaseCanceled && !canceled.MoneyMoved:
		tell("%s confirms that invoice %s is canceled", a.def.Title, facts.ID)
		return nil
	default:
		// Somebody was faster: it was paid, for example.
		return a.closed(canceled, ignoreClosed, tell)
	}
}

// closed settles an invoice that cannot be canceled, or must not be.
func (a *cancelAction[Spec, Inv]) closed(facts gateway.Facts, ignoreClosed bool, tell func(string, ...any)) diag.Diagnostics {
	state := fmt.Sprintf("it is %s (status %q)", facts.Phase, facts.Status)
	if facts.MoneyMoved && !facts.Phase.MoneyMoved() {
		state += ", and money has moved"
	}
	switch {
	case facts.Phase == gateway.PhaseCanceled:
		tell("%s invoice %s is canceled already", a.def.Title, facts.ID)
		return nil
	case ignoreClosed:
		tell("%s invoice %s is left alone: %s", a.def.Title, facts.ID, state)
		return nil
	default:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("The %s invoice cannot be canceled: it is %s", a.def.Title, facts.Phase),
			fmt.Sprintf("Invoice %s is left as it is: %s; only an open invoice on which no money has moved can be canceled. Set ignore_closed = true to accept that.", facts.ID, state))}
	}
}
