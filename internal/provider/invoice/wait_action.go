package invoice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// Defaults of the wait action, and its shortest interval.
const (
	defaultWaitTimeout  = 10 * time.Minute
	defaultWaitInterval = 5 * time.Second
	minWaitInterval     = time.Second
)

// NewWaitAction returns the action payinvoice_<name>_wait_for_invoice of a gateway.
func NewWaitAction[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) action.Action {
	return &waitAction[Spec, Inv]{invoiceAction[Spec, Inv]{NewGatewayClient(def), "the action did not wait"}}
}

// waitAction waits until an invoice is in one of the phases.
type waitAction[Spec any, Inv gateway.Invoice] struct{ invoiceAction[Spec, Inv] }

func (a *waitAction[Spec, Inv]) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.def.Name + "_wait_for_invoice"
}

func (a *waitAction[Spec, Inv]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := a.referenceAttributes()
	attributes["phases"] = schema.SetAttribute{
		Optional: true, ElementType: types.StringType,
		Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.OneOf(waitablePhases()...))},
		MarkdownDescription: "The phases to wait for: the action succeeds as soon as the invoice is in one of them, and fails as soon as it is closed in any other phase. Default `[\"paid\", \"overpaid\"]`.",
	}
	attributes["timeout"] = schema.StringAttribute{
		Optional: true, Validators: []validator.String{attribute.Duration()},
		MarkdownDescription: fmt.Sprintf("How long to wait: a duration such as `30s` or `1h`. Default `%s`.", shortDuration(defaultWaitTimeout)),
	}
	attributes["interval"] = schema.StringAttribute{
		Optional: true, Validators: []validator.String{attribute.DurationAtLeast(minWaitInterval)},
		MarkdownDescription: fmt.Sprintf("How long to pause between reads: a duration of at least `%s`. Default `%s`.", shortDuration(minWaitInterval), shortDuration(defaultWaitInterval)),
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Waits until an invoice at %s reaches one of the given phases, by default until it is paid.", a.def.Title),
		Attributes:          attributes,
	}
}

// waitablePhases returns all phases except the unknown one.
func waitablePhases() []string {
	var phases []string
	for _, p := range gateway.Phases() {
		if p != gateway.PhaseUnknown {
			phases = append(phases, string(p))
		}
	}
	return phases
}

// shortDuration formats a duration without zero parts: 10m, not 10m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	return text
}

func (a *waitAction[Spec, Inv]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	it, diags := a.reference(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	wait, diags := readWait(ctx, req.Config)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	e, _, err := a.engine()
	if err != nil {
		resp.Diagnostics.Append(a.reporter().configurationError(it.String(), err))
		return
	}
	id, diags := a.waitID(ctx, e, it)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	wait.Progress = func(f gateway.Facts, waited time.Duration) {
		resp.SendProgress(action.InvokeProgressEvent{Message: a.progress(f, wait, waited)})
	}
	_, err = e.WaitFor(ctx, id, wait)
	resp.Diagnostics.Append(a.waitFailure(id, wait, err)...)
}

// waitID returns the id of the invoice. If the configuration does not give the id, the
// invoice must already exist.
func (a *waitAction[Spec, Inv]) waitID(ctx context.Context, e *engine.Engine[Spec, Inv], it invoiceReference) (string, diag.Diagnostics) {
	if it.attribute == "id" {
		id, err := a.def.NormalizeID(it.value)
		if err != nil {
			return "", diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("id"), fmt.Sprintf("Not a valid %s invoice id", a.def.Title), fmt.Sprintf("%q: %v.", it.value, err))}
		}
		return id, nil
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	inv, diags := a.find(ctx, e, it)
	if diags.HasError() {
		return "", diags
	}
	return e.Facts(inv).ID, diags
}

func readWait(ctx context.Context, config tfsdk.Config) (engine.Wait, diag.Diagnostics) {
	var phases types.Set
	diags := config.GetAttribute(ctx, path.Root("phases"), &phases)
	w := engine.Wait{Phases: []gateway.Phase{gateway.PhasePaid, gateway.PhaseOverpaid}}
	if !phases.IsNull() {
		var names []string
		diags.Append(phases.ElementsAs(ctx, &names, false)...)
		w.Phases = nil
		for _, name := range names {
			w.Phases = append(w.Phases, gateway.Phase(name))
		}
	}
	w.Timeout = readDuration(ctx, config, "timeout", defaultWaitTimeout, &diags)
	w.Interval = max(readDuration(ctx, config, "interval", defaultWaitInterval, &diags), minWaitInterval)
	return w, diags
}

func readDuration(ctx context.Context, config tfsdk.Config, name string, otherwise time.Duration, diags *diag.Diagnostics) time.Duration {
	var text types.String
	diags.Append(config.GetAttribute(ctx, path.Root(name), &text)...)
	if text.ValueString() == "" {
		return otherwise
	}
	d, err := time.ParseDuration(text.ValueString())
	if err != nil || d <= 0 {
		diags.AddAttributeError(path.Root(name), "Invalid "+name, fmt.Sprintf("%s must be a positive duration, such as 30s or 2m: %q is not one.", name, text.ValueString()))
	}
	return d
}

func (a *waitAction[Spec, Inv]) progress(f gateway.Facts, w engine.Wait, waited time.Duration) string {
	text := fmt.Sprintf("%s invoice %s is %s (status %q)", a.def.Title, f.ID, f.Phase, f.Status)
	if slices.Contains(w.Phases, f.Phase) || f.Phase.Closed() {
		return text
	}
	return text + fmt.Sprintf("; waiting for %s, %s of %s", joinPhases(w.Phases), waited.Round(time.Second), shortDuration(w.Timeout))
}

func joinPhases(phases []gateway.Phase) string {
	names := make([]string, len(phases))
	for i, p := range phases {
		names[i] = string(p)
	}
	return strings.Join(names, " or ")
}

func (a *waitAction[Spec, Inv]) waitFailure(id string, w engine.Wait, err error) diag.Diagnostics {
	wanted := joinPhases(w.Phases)
	var closed *engine.ClosedError
	var late *engine.WaitTimeoutError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &closed):
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("The %s invoice is %s, not %s", a.def.Title, closed.Facts.Phase, wanted),
			fmt.Sprintf("Invoice %s is %s (status %q), and a closed invoice does not become %s. Create a new invoice, or add %q to phases to accept this outcome.",
				id, closed.Facts.Phase, closed.Facts.Status, wanted, closed.Facts.Phase))}
	case errors.As(err, &late):
		return diag.Diagnostics{diag.NewErrorDiagnostic(
			fmt.Sprintf("The %s invoice was not %s in time", a.def.Title, wanted),
			fmt.Sprintf("Invoice %s: %v. To keep waiting, invoke the action again, or raise timeout.", id, late))}
	case errors.Is(err, context.Canceled):
		return diag.Diagnostics{diag.NewErrorDiagnostic(fmt.Sprintf("Waiting for the %s invoice was interrupted", a.def.Title),
			fmt.Sprintf("The action changed nothing. To keep waiting for invoice %s, invoke the action again.", id))}
	default:
		return a.reporter().failure(opRead, "invoice "+id, err)
	}
}
