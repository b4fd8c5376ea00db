package invoice

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

var _ action.ActionWithConfigure = (*cancelAction[any, gateway.Invoice])(nil)

// NewCancelAction returns the action payinvoice_<name>_cancel_invoice of a gateway.
func NewCancelAction[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) action.Action {
	return &cancelAction[Spec, Inv]{invoiceAction[Spec, Inv]{NewGatewayClient(def), "nothing was canceled"}}
}

// cancelAction cancels an invoice, whoever created it.
type cancelAction[Spec any, Inv gateway.Invoice] struct{ invoiceAction[Spec, Inv] }

func (a *cancelAction[Spec, Inv]) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.def.Name + "_cancel_invoice"
}

func (a *cancelAction[Spec, Inv]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := a.referenceAttributes()
	attributes["ignore_closed"] = schema.BoolAttribute{
		Optional:            true,
		MarkdownDescription: "Whether to succeed with a message, instead of failing, if the invoice is closed in another phase, such as `paid`. Default `false`.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Cancels an invoice at %s and waits for confirmation. If the invoice is already canceled, the action succeeds. If it is closed in another phase, the action fails and names the phase.", a.def.Title),
		Attributes:          attributes,
	}
}

func (a *cancelAction[Spec, Inv]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	it, diags := a.reference(ctx, req.Config)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	e, _, err := a.engine()
	if err != nil {
		resp.Diagnostics.Append(a.reporter().configurationError(it.String(), err))
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

// cancel cancels an open invoice and reports its progress.
func (a *cancelAction[Spec, Inv]) cancel(ctx context.Context, e *engine.Engine[Spec, Inv], inv Inv, ignoreClosed bool, tell func(string, ...any)) diag.Diagnostics {
	facts := e.Facts(inv)
	if facts.Phase.Closed() || facts.MoneyMoved {
		return a.closed(facts, ignoreClosed, tell)
	}
	tell("Canceling %s invoice %s, which is %s (status %q)", a.def.Title, facts.ID, facts.Phase, facts.Status)
	canceled, err := e.Cancel(ctx, inv)
	switch {
	case errors.Is(err, engine.ErrGone):
		tell("%s no longer has invoice %s", a.def.Title, facts.ID)
		return nil
	case err != nil:
		return a.reporter().failure(opCancel, "invoice "+facts.ID, err)
	case canceled.Phase == gateway.PhaseCanceled && !canceled.MoneyMoved:
		tell("%s confirms that invoice %s is canceled", a.def.Title, facts.ID)
		return nil
	default:
		// Something else came first, such as a payment.
		return a.closed(canceled, ignoreClosed, tell)
	}
}

// closed handles an invoice that cannot, or must not, be canceled.
func (a *cancelAction[Spec, Inv]) closed(facts gateway.Facts, ignoreClosed bool, tell func(string, ...any)) diag.Diagnostics {
	state := fmt.Sprintf("it is %s (status %q)", facts.Phase, facts.Status)
	if facts.MoneyMoved && !facts.Phase.MoneyMoved() {
		state += ", and money has moved"
	}
	switch {
	case facts.Phase == gateway.PhaseCanceled:
		tell("%s invoice %s is already canceled", a.def.Title, facts.ID)
		return nil
	case ignoreClosed:
		tell("%s invoice %s is not canceled: %s", a.def.Title, facts.ID, state)
		return nil
	default:
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("The %s invoice cannot be canceled: it is %s", a.def.Title, facts.Phase),
			fmt.Sprintf("Invoice %s is unchanged: %s. Only an open invoice without any payment can be canceled. To ignore this, set ignore_closed = true.", facts.ID, state))}
	}
}
