package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/sandboxapi"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/sandboxevent"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// sandboxVariable is the environment variable behind the attribute sandbox.
const sandboxVariable = "PAYINVOICE_SANDBOX"

// checkTimeout limits the check of sandbox.url, with its retries.
const checkTimeout = 15 * time.Second

func sandboxAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Simulates all gateways: no account is needed, no invoice is real, and configured credentials are not used. " +
			"Exactly one of `data_dir` and `url` must be set. Falls back to the environment variable `" + sandboxVariable + "`: an `http://` or `https://` URL is `url`, anything else is `data_dir`.",
		Attributes: map[string]schema.Attribute{
			"data_dir": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The folder in which the provider keeps simulated invoices between Terraform commands. It is created if it does not exist. A leading `~/` is the home folder.",
			},
			"url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The address of a running sandbox server (`terraform-provider-payinvoice sandbox serve`), such as `http://127.0.0.1:4480`. Only made-up credentials are sent to it.",
			},
		},
	}
}

// sandboxSetting is where the sandbox is. If it is on, one of dir, url and unknown is
// set.
type sandboxSetting struct {
	dir, url string
	unknown  string // the attribute that is known only after apply
	// source names the setting that turns the sandbox on, for messages.
	source string
	object types.Object
}

// attributeSource is the source of a sandbox that the configuration turns on.
const attributeSource = "the provider attribute sandbox"

// folderSetting names the setting that has the folder, for messages.
func (s sandboxSetting) folderSetting() string {
	if s.source == attributeSource {
		return attributeSource + ".data_dir"
	}
	return s.source
}

func (s sandboxSetting) on() bool { return s.dir != "" || s.url != "" || s.unknown != "" }

// readSandbox reads the attribute sandbox, or the environment variable.
func readSandbox(ctx context.Context, config tfsdk.Config) (sandboxSetting, diag.Diagnostics) {
	var s sandboxSetting
	diags := config.GetAttribute(ctx, path.Root("sandbox"), &s.object)
	if diags.HasError() {
		return s, diags
	}
	var dirUnknown, urlUnknown bool
	s.dir, dirUnknown = nestedText(s.object, "data_dir")
	s.url, urlUnknown = nestedText(s.object, "url")
	s.source = attributeSource
	switch {
	case s.object.IsUnknown():
		s.unknown = "sandbox"
	case (s.dir != "" || dirUnknown) && (s.url != "" || urlUnknown):
		s.fail(&diags, "The sandbox has both a folder and a URL", "Set exactly one of sandbox.data_dir and sandbox.url.")
	case dirUnknown:
		s.unknown = "sandbox.data_dir"
	case urlUnknown:
		s.unknown = "sandbox.url"
	case !s.on() && os.Getenv(sandboxVariable) != "":
		diags.Append(s.readVariable(os.Getenv(sandboxVariable))...)
	case !s.on() && !s.object.IsNull():
		s.fail(&diags, "The sandbox has no folder and no URL",
			"Set sandbox.data_dir, or the environment variable "+sandboxVariable+", to a folder that keeps the simulated invoices; or set sandbox.url to the address of a sandbox server.")
	}
	s.dir = expandHome(s.dir)
	return s, diags
}

// switches are values that users may expect to turn the sandbox on or off.
var switches = []string{"0", "false", "no", "off", "1", "true", "yes", "on"}

func (s *sandboxSetting) readVariable(value string) diag.Diagnostics {
	s.source = "the environment variable " + sandboxVariable
	word := strings.ToLower(strings.TrimSpace(value))
	switch {
	case word == "" || slices.Contains(switches, word):
		return diag.Diagnostics{diag.NewErrorDiagnostic(sandboxVariable+" is not a folder or a URL",
			fmt.Sprintf("The environment variable %s is %q. It must be the path of the sandbox's folder or the URL of a sandbox server, such as http://127.0.0.1:4480; "+
				"it is not an on/off switch. Unset it to use the real gateways, or write ./%s if this is the name of the folder.", sandboxVariable, value, strings.TrimSpace(value)))}
	case strings.HasPrefix(word, "http://"), strings.HasPrefix(word, "https://"):
		s.url = strings.TrimSpace(value)
	default:
		s.dir = value
	}
	return nil
}

// expandHome expands a leading ~/, as a shell does.
func expandHome(dir string) string {
	rest, ok := strings.CutPrefix(dir, "~/")
	if !ok {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return dir
	}
	return filepath.Join(home, rest)
}

// useSandbox replaces the gateways with simulators if the configuration or the
// environment turns the sandbox on.
func useSandbox(ctx context.Context, config tfsdk.Config, c *invoice.Connections) diag.Diagnostics {
	s, diags := readSandbox(ctx, config)
	switch {
	case diags.HasError() || !s.on():
	case s.unknown != "":
		// Until then, no real gateway may be used.
		c.NotYetKnown = s.unknown
		c.TriggerEvent = func(context.Context, sandboxapi.Event) (sandboxapi.Outcome, error) {
			return sandboxapi.Outcome{}, fmt.Errorf("the provider attribute %s is known only after apply", s.unknown)
		}
	case s.url != "":
		s.useServer(ctx, c, &diags)
	default:
		s.useFolder(c, &diags)
	}
	return diags
}

// useFolder simulates the gateways in this process.
func (s sandboxSetting) useFolder(c *invoice.Connections, diags *diag.Diagnostics) {
	simulated, err := sandbox.Open(s.dir)
	if err != nil {
		s.fail(diags, "The sandbox cannot be opened", fmt.Sprintf("%v. Set %s to a writable folder.", err, s.folderSetting()))
		return
	}
	c.Transport.RoundTripper = simulated.Transport()
	c.SandboxEndpoint = sandbox.Endpoint
	c.TriggerEvent = triggerIn(simulated)
	where := "All gateways are simulated inside the provider, and their invoices are kept in " + s.dir + "."
	if exposed := simulated.Warning(); exposed != "" {
		where += " " + exposed + "."
	}
	s.warn(diags, where)
}

// useServer uses a running sandbox server.
func (s sandboxSetting) useServer(ctx context.Context, c *invoice.Connections, diags *diag.Diagnostics) {
	address, err := transport.ParseSandboxURL(s.url)
	if err != nil {
		s.fail(diags, "Invalid address of the sandbox server", fmt.Sprintf("%v. Correct %s.", err, s.source))
		return
	}
	cfg := c.Transport
	cfg.Endpoint = address
	server := sandboxapi.New(cfg)
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if err := server.Check(ctx); err != nil {
		s.fail(diags, "The sandbox server cannot be used",
			fmt.Sprintf("%s is set by %s: %v.\n\nStart the server with \"terraform-provider-payinvoice sandbox serve\", or correct the address. Nothing else was sent to it.", address, s.source, err))
		return
	}
	c.SandboxEndpoint = func(name string) string { return address.String() + "/" + name }
	c.TriggerEvent = server.Trigger
	s.warn(diags, "All gateways are simulated by the sandbox server at "+address.String()+".")
}

func (s sandboxSetting) warn(diags *diag.Diagnostics, where string) {
	const summary = "The sandbox is on: no invoice is real"
	detail := where + " The sandbox is turned on by " + s.source + ": remove that to use the real gateways."
	if s.object.IsNull() {
		diags.AddWarning(summary, detail)
		return
	}
	diags.AddAttributeWarning(path.Root("sandbox"), summary, detail)
}

// fail reports an error, on the attribute if the configuration has it.
func (s sandboxSetting) fail(diags *diag.Diagnostics, summary, detail string) {
	if s.object.IsNull() {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(path.Root("sandbox"), summary, detail)
}

// sandboxEvents are the events that each gateway has.
var sandboxEvents = sync.OnceValue(func() sandboxevent.Catalog {
	catalog := sandboxevent.Catalog{}
	for name, events := range sandbox.EventsByGateway() {
		for _, event := range events {
			catalog[name] = append(catalog[name], string(event))
		}
	}
	return catalog
})

// triggerIn triggers events in this process's sandbox.
func triggerIn(s *sandbox.Sandbox) func(context.Context, sandboxapi.Event) (sandboxapi.Outcome, error) {
	return func(ctx context.Context, event sandboxapi.Event) (sandboxapi.Outcome, error) {
		inv, err := s.Trigger(ctx, event.Gateway, event.InvoiceID, simulator.Event(event.Name), event.Amount)
		if err != nil {
			return sandboxapi.Outcome{}, &eventError{kindOf(err), err}
		}
		return sandboxapi.Outcome{InvoiceID: inv.ID, Status: inv.Status, Phase: inv.Phase, HappenedAt: s.Now()}, nil
	}
}

// eventError gives an error of the sandbox the kind that it would have in a server's
// response.
type eventError struct{ kind, cause error }

func (e *eventError) Error() string   { return e.cause.Error() }
func (e *eventError) Unwrap() []error { return []error{e.kind, e.cause} }

func kindOf(err error) error {
	switch {
	case errors.Is(err, simulator.ErrNoInvoice):
		return gateway.ErrNotFound
	case errors.Is(err, simulator.ErrNotApplicable):
		return gateway.ErrClosed
	case errors.Is(err, simulator.ErrUnknownEvent), errors.Is(err, simulator.ErrInvalidAmount):
		return gateway.ErrInvalid
	default:
		return gateway.ErrUnavailable
	}
}
