// Package sandboxevent implements the resource and the action payinvoice_sandbox_event,
// which trigger events in the sandbox, such as a payment.
package sandboxevent

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/sandboxapi"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

// TypeName is the name of the resource and the action, without the provider's prefix.
const TypeName = "sandbox_event"

// The events that may have an amount.
const (
	underpay = "underpay"
	overpay  = "overpay"
)

// Source is what the provider passes to its resources and actions.
type Source interface {
	// SandboxEvents returns a function that triggers an event in the sandbox; nil if
	// the provider uses the real gateways.
	SandboxEvents() func(context.Context, sandboxapi.Event) (sandboxapi.Outcome, error)
}

// Catalog lists the events that each gateway has.
type Catalog map[string][]string

func (c Catalog) gateways() []string { return slices.Sorted(maps.Keys(c)) }

// all lists the events of all gateways.
func (c Catalog) all() []string {
	seen := map[string]bool{}
	for _, events := range c {
		for _, event := range events {
			seen[event] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// arguments are the arguments of the resource and the action.
type arguments struct {
	Gateway   types.String     `tfsdk:"gateway"`
	InvoiceID types.String     `tfsdk:"invoice_id"`
	Event     types.String     `tfsdk:"event"`
	Amount    attribute.Amount `tfsdk:"amount"`
}

func (a arguments) event() sandboxapi.Event {
	return sandboxapi.Event{
		Gateway: a.Gateway.ValueString(), InvoiceID: a.InvoiceID.ValueString(),
		Name: a.Event.ValueString(), Amount: a.Amount.ValueString(),
	}
}

// check rejects combinations that are never possible. Unknown values are checked by the
// sandbox.
func (c Catalog) check(a arguments) diag.Diagnostics {
	var diags diag.Diagnostics
	name, gatewayName := a.Event.ValueString(), a.Gateway.ValueString()
	if events, ok := c[gatewayName]; ok && slices.Contains(c.all(), name) && !slices.Contains(events, name) {
		diags.AddAttributeError(path.Root("event"), "Invalid event",
			fmt.Sprintf("%q is not an event for %s invoices. Possible events: %s.", name, gatewayName, strings.Join(events, ", ")))
	}
	if !a.Amount.IsNull() && !a.Amount.IsUnknown() && name != "" && name != underpay && name != overpay {
		diags.AddAttributeError(path.Root("amount"), "Invalid amount",
			fmt.Sprintf("Only the events %s and %s have an amount. Remove amount, or set it to null.", underpay, overpay))
	}
	return diags
}

const noSandboxSummary = "The provider does not use the sandbox"

// fire triggers the event.
func fire(ctx context.Context, source Source, event sandboxapi.Event) (sandboxapi.Outcome, diag.Diagnostics) {
	trigger := source.SandboxEvents()
	if trigger == nil {
		return sandboxapi.Outcome{}, diag.Diagnostics{noSandbox()}
	}
	outcome, err := trigger(ctx, event)
	if err != nil {
		return outcome, diag.Diagnostics{failure(event, err)}
	}
	return outcome, nil
}

func noSandbox() diag.Diagnostic {
	return diag.NewErrorDiagnostic(noSandboxSummary,
		"payinvoice_sandbox_event works only in the sandbox, because a real payer cannot be made to pay. "+
			"Set sandbox in the provider's configuration, or remove the event. Nothing was sent.")
}

func failure(event sandboxapi.Event, err error) diag.Diagnostic {
	summary := fmt.Sprintf("Cannot trigger %q for %s invoice %s", event.Name, event.Gateway, event.InvoiceID)
	detail := strings.TrimRight(err.Error(), ".") + "."
	switch {
	case errors.Is(err, gateway.ErrNotFound):
		return diag.NewAttributeErrorDiagnostic(path.Root("invoice_id"), summary, detail+" Check gateway and invoice_id, and that the invoice was created in this sandbox.")
	case errors.Is(err, gateway.ErrOutcomeUnknown):
		return diag.NewErrorDiagnostic(summary, detail+" The event may have happened. Look at the invoice before you apply again.")
	case event.Amount != "" && errors.Is(err, gateway.ErrInvalid):
		return diag.NewAttributeErrorDiagnostic(path.Root("amount"), summary, detail)
	default:
		return diag.NewAttributeErrorDiagnostic(path.Root("event"), summary, detail)
	}
}
