package invoice

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// reporter turns errors into diagnostics: what was attempted, on which invoice, the
// gateway's status, code and message, and what to do next.
type reporter struct {
	name, title string
	account     string // where the user looks for the account
	settings    []Setting
	fields      map[string]string
	// attributes are those to which an error may be attached.
	attributes map[string]bool
	// action says that an action failed, whose invoice may not be in the state.
	action bool
}

func (d *Definition[Spec, Inv]) reporter() reporter {
	r := reporter{name: d.Name, title: d.Title, account: d.account(), settings: d.Settings, fields: d.Fields, attributes: map[string]bool{}}
	for name, a := range resourceAttributes(context.Background(), d) {
		r.attributes[name] = a.IsRequired() || a.IsOptional()
	}
	return r
}

// The operations that failure tells apart: before opCreate there is no invoice, opCancel
// changes it, and opRead does not.
const (
	opCreate = "create"
	opCancel = "cancel"
	opRead   = "read"
)

const checkID = "Check the id, and that the credentials are those of the account that created the invoice."

// failure reports a failed operation. subject identifies the invoice: "invoice
// INV-7QK2M9XD", or "the invoice with the reference x" before it has an id.
func (r reporter) failure(operation, subject string, err error) diag.Diagnostics {
	if operation == opCreate { // an unknown outcome goes to outcomeUnknown
		return r.failureWithout("nothing was created", operation, subject, err)
	}
	return r.failureWithout("", operation, subject, err)
}

// failureWithout is a failure that also says what therefore did not happen, such as
// "nothing was canceled".
func (r reporter) failureWithout(noEffect, operation, subject string, err error) diag.Diagnostics {
	summary := fmt.Sprintf("Cannot %s the %s invoice", operation, r.title)
	var lost *engine.OutcomeUnknownError
	if errors.As(err, &lost) {
		return r.outcomeUnknown(subject, lost)
	}
	if fields := r.fieldErrors(operation, summary, subject, err); len(fields) > 0 {
		return fields
	}
	if advice := r.stateAdvice(err); advice != "" {
		switch {
		case r.action:
		case operation == opCancel:
			advice = "The invoice stays in the state. " + advice
		default:
			advice = "The invoice stays in the state, and nothing was canceled. " + advice
		}
		return diag.Diagnostics{diag.NewErrorDiagnostic(summary,
			fmt.Sprintf("%s (%s): %s.\n\n%s", capitalize(subject), r.typeName(), message(err), advice))}
	}
	advice := r.advice(err)
	var older *engine.ExistingInvoiceError
	switch {
	case errors.As(err, &older):
		noEffect = "" // that it was not changed is in the advice
	case operation != opCreate && errors.Is(err, gateway.ErrInvalid):
		advice = checkID // the request has little else
	}
	if noEffect != "" {
		advice = capitalize(noEffect) + ". " + advice
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(summary,
		fmt.Sprintf("%s: %s.\n\n%s", capitalize(subject), message(err), advice))}
}

// listFailure reports a failed listing. read is the number of invoices that were read
// and are not used.
func (r reporter) listFailure(err error, read int) diag.Diagnostics {
	var argument *ArgumentError
	if errors.As(err, &argument) {
		return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root(argument.Name), "Invalid "+argument.Name, capitalize(argument.Message)+".")}
	}
	unused := ""
	if read > 0 {
		unused = fmt.Sprintf("The %d invoices that were already read are not used, because a shorter list would be wrong. ", read)
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(fmt.Sprintf("Cannot list the %s invoices", r.title),
		fmt.Sprintf("%s.\n\n%s%s", capitalize(message(err)), unused, r.advice(err)))}
}

// AccountFailure reports that account data, such as the balance, cannot be read.
func (c *GatewayClient[Spec, Inv]) AccountFailure(what string, err error) diag.Diagnostics {
	r := c.reporter()
	return diag.Diagnostics{diag.NewErrorDiagnostic(fmt.Sprintf("Cannot read the %s %s", r.title, what),
		fmt.Sprintf("%s.\n\n%s", capitalize(message(err)), r.advice(err)))}
}

// configurationError reports that the gateway's client cannot be created. subject
// identifies the invoice that needs it; "" if there is none yet.
func (r reporter) configurationError(subject string, err error) diag.Diagnostic {
	detail := capitalize(err.Error()) + "."
	if errors.Is(err, errNotYetKnown) {
		detail += " Apply the resource that provides it first, with -target, or add depends_on so that this waits until the value is known."
	}
	if subject != "" {
		detail = capitalize(subject) + ": " + detail
	}
	return diag.NewErrorDiagnostic(r.title+" is not configured correctly", detail)
}

func (r reporter) outcomeUnknown(subject string, lost *engine.OutcomeUnknownError) diag.Diagnostics {
	detail := fmt.Sprintf("%s: the request to create it was sent, but no clear response was received (%s). %s\n\n"+
		"The invoice may exist, so the request is not repeated: that could create a second one. "+
		"Look for the reference %q in the %s dashboard. If the invoice is there, import it with terraform import; "+
		"if it is not, apply again.",
		capitalize(subject), message(lost.Cause), lost.Lookup, lost.Reference, r.account)
	if r.attributes["adopt_existing"] {
		detail += " With adopt_existing = true, the next apply adopts an open invoice with this reference."
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(fmt.Sprintf("Creating the %s invoice: outcome unknown", r.title), detail)}
}

// fieldErrors attaches a gateway's field errors to attributes. It returns nothing if
// one of the fields is not an attribute that the user can set.
func (r reporter) fieldErrors(operation, summary, subject string, err error) diag.Diagnostics {
	var failed *gateway.Error
	if !errors.As(err, &failed) || !errors.Is(failed, gateway.ErrInvalid) {
		return nil
	}
	next := "Change the argument and run the command again."
	if operation == opCreate {
		next = "Change the argument and apply again; nothing was created."
	}
	var diags diag.Diagnostics
	for _, f := range failed.Fields {
		// A nested field is reported as "itemsList.0.rate".
		field, _, _ := strings.Cut(f.Field, ".")
		name, ok := r.fields[field]
		if !ok {
			name = field
		}
		if !r.attributes[name] {
			return nil
		}
		diags.AddAttributeError(path.Root(name), summary,
			fmt.Sprintf("%s: the gateway rejected %s: %s (HTTP %d).\n\n%s",
				capitalize(subject), name, strings.TrimRight(f.Message, "."), failed.Status, next))
	}
	return diags
}

// stateAdvice says what to do about an invoice on which the state and the gateway
// disagree; "" for other errors.
func (r reporter) stateAdvice(err error) string {
	var switched *engine.EnvironmentMismatchError
	var another *engine.AnotherInvoiceError
	var unproved *engine.UnconfirmedNotFoundError
	forget := ""
	if !r.action {
		forget = fmt.Sprintf(" If the invoice no longer exists, remove it from the state with terraform state rm, or with a removed block that has lifecycle { destroy = false } (%s).", r.typeName())
	}
	switch {
	case errors.As(err, &switched) && switched.Account:
		return fmt.Sprintf("Configure %s of the account that created it. If the same account has new credentials, set the environment variable %s=%s for one apply: "+
			"the provider then reads the invoice with them and, if it is the same one, records them.", strings.Join(r.accountSettings(), ", "), RenewedCredentialsVariable, r.name)
	case errors.As(err, &switched):
		return "Configure the provider for the environment in which the invoice was created: check the provider's attribute sandbox and the environment variable PAYINVOICE_SANDBOX, or use a separate workspace or state for each environment."
	case errors.As(err, &another):
		return fmt.Sprintf("Check %s, and that the credentials are those of the account that created the invoice. The same id may exist in another account or system.", settingSources(r.name, EndpointSetting))
	case errors.As(err, &unproved):
		return fmt.Sprintf("Check %s, that the credentials are those of the account that created the invoice, and any proxy in between; then run the command again.%s", settingSources(r.name, EndpointSetting), forget)
	default:
		return ""
	}
}

// RenewedCredentialsVariable is the environment variable that names the gateways,
// separated by commas, whose accounts have new credentials.
const RenewedCredentialsVariable = "PAYINVOICE_RENEWED_CREDENTIALS"

func (r reporter) typeName() string { return "payinvoice_" + r.name + "_invoice" }

// accountSettings names the settings that identify the account.
func (r reporter) accountSettings() []string {
	var names []string
	for _, s := range r.settings {
		if s.IdentifiesAccount {
			names = append(names, settingSources(r.name, s.Name))
		}
	}
	return names
}

// advice says what to do next about a kind of error.
func (r reporter) advice(err error) string {
	var older *engine.ExistingInvoiceError
	var unconfirmed *engine.UnconfirmedError
	switch {
	case errors.As(err, &older):
		advice := "That invoice was not changed and is not in the state. Import it, or use another reference."
		if older.Taken {
			advice = "That invoice was not changed. Give each resource its own reference."
		}
		switch {
		case !r.attributes["adopt_existing"]:
			advice += fmt.Sprintf(" %s cannot look up invoices by their reference, so it is not known whether it also created a new one: outcome unknown. Look for the reference in its dashboard before you apply again.", r.title)
		case !older.Taken:
			advice += " With adopt_existing = true, an open invoice with the same reference, amount and currency is adopted."
		}
		return advice
	case errors.As(err, &unconfirmed) && r.action:
		return "Invoke the action again in a few minutes."
	case errors.As(err, &unconfirmed):
		return "The invoice stays in the state. Run destroy again in a few minutes."
	case errors.Is(err, context.Canceled) && r.action:
		return "The operation was interrupted. Invoke the action again."
	case errors.Is(err, context.Canceled):
		return "The operation was interrupted. The state contains what the gateway had confirmed. Run the command again."
	case errors.Is(err, gateway.ErrUnauthorized):
		return "The gateway rejected the credentials. Check" + bulletList(r.credentials())
	case errors.Is(err, gateway.ErrForbidden):
		return "The credentials are valid, but not allowed to do this. Check the permissions of the key at the gateway, and that the invoice belongs to the same account."
	case errors.Is(err, gateway.ErrInvalid):
		return "The gateway rejected the request. Correct the argument that it names and apply again."
	case errors.Is(err, gateway.ErrClosed):
		return "The gateway allows this for open invoices only. Refresh to see the current phase."
	case errors.Is(err, gateway.ErrRateLimited):
		return "The gateway limits the rate of requests. Wait a minute and run the command again, use a lower -parallelism, or give the operation more time with timeouts."
	case errors.Is(err, gateway.ErrUnexpected):
		return fmt.Sprintf("The response probably did not come from the gateway. Check %s and any proxy in between. The state is unchanged.", settingSources(r.name, EndpointSetting))
	case errors.Is(err, gateway.ErrNotFound):
		return checkID
	default:
		return fmt.Sprintf("The state is unchanged: run the command again. If the error persists, check the network, %s, and whether the gateway is up.", settingSources(r.name, EndpointSetting))
	}
}

func (r reporter) credentials() []string {
	var names []string
	for _, s := range r.settings {
		if !s.Optional {
			names = append(names, settingSources(r.name, s.Name))
		}
	}
	return names
}

func capitalize(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
