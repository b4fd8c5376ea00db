package provider

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// readAheadVariable is the environment variable that turns read-ahead off if it is
// "off", for measurements and for debugging.
const readAheadVariable = "PAYINVOICE_READ_AHEAD"

// connections builds the connections that all resources share from the provider's
// configuration and the environment.
func (p *payinvoice) connections(ctx context.Context, req provider.ConfigureRequest) (*invoice.Connections, diag.Diagnostics) {
	var diags diag.Diagnostics
	c := &invoice.Connections{
		Gateways:    map[string]invoice.Configured{},
		NoReadAhead: os.Getenv(readAheadVariable) == "off",
	}
	c.RenewedCredentials, diags = p.renewedCredentials()
	for _, g := range p.gateways {
		configured, more := readGateway(ctx, req.Config, g)
		diags.Append(more...)
		c.Gateways[g.Name] = configured
	}
	base, more := p.transport(ctx, req)
	diags.Append(more...)
	c.Transport = base
	c.Transport.Secrets = p.secrets(c.Gateways)
	if diags.HasError() {
		return nil, diags
	}
	diags.Append(useSandbox(ctx, req.Config, c)...)
	return c, diags
}

// secrets returns the credentials of all gateways: no gateway's text may reveal any of
// them.
func (p *payinvoice) secrets(configured map[string]invoice.Configured) []string {
	var secrets []string
	for _, g := range p.gateways {
		for _, s := range g.Settings {
			if secret := strings.TrimSpace(configured[g.Name].Values[s.Name]); s.Sensitive && secret != "" {
				secrets = append(secrets, secret)
			}
		}
	}
	return secrets
}

// renewedCredentials returns the gateways whose accounts have new credentials, from the
// environment.
func (p *payinvoice) renewedCredentials() (names []string, diags diag.Diagnostics) {
	var known []string
	for _, g := range p.gateways {
		known = append(known, g.Name)
	}
	for name := range strings.SplitSeq(os.Getenv(invoice.RenewedCredentialsVariable), ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && !slices.Contains(known, name) {
			diags.AddError("Invalid "+invoice.RenewedCredentialsVariable,
				fmt.Sprintf("%q is not a gateway: name one or more of %s, separated by commas.", name, strings.Join(known, ", ")))
		}
		names = append(names, name)
	}
	return names, diags
}

// readGateway reads one gateway's settings and trims white space, such as the line
// break at the end of a file. The configuration takes precedence over the environment;
// empty text counts as not set.
func readGateway(ctx context.Context, config tfsdk.Config, g invoice.Registration) (invoice.Configured, diag.Diagnostics) {
	var object types.Object
	diags := config.GetAttribute(ctx, path.Root(g.Name), &object)
	configured := invoice.Configured{Values: invoice.Settings{}}
	names := []string{invoice.EndpointSetting}
	for _, s := range g.Settings {
		names = append(names, s.Name)
	}
	for _, name := range names {
		value, unknown := nestedText(object, name)
		value = strings.TrimSpace(value)
		switch {
		case unknown:
			configured.Unknown = append(configured.Unknown, name)
		case value != "":
			configured.Values[name] = value
		default:
			if value := strings.TrimSpace(os.Getenv(invoice.EnvironmentVariable(g.Name, name))); value != "" {
				configured.Values[name] = value
			}
		}
	}
	return configured, diags
}

// nestedText returns a text attribute of an object that may itself be null or unknown.
func nestedText(object types.Object, name string) (text string, unknown bool) {
	if object.IsUnknown() {
		return "", true
	}
	value, ok := object.Attributes()[name].(basetypes.StringValue)
	if !ok {
		return "", false
	}
	return value.ValueString(), value.IsUnknown()
}

func (p *payinvoice) transport(ctx context.Context, req provider.ConfigureRequest) (transport.Config, diag.Diagnostics) {
	var timeout types.String
	var retries attribute.Integer
	diags := req.Config.GetAttribute(ctx, path.Root("request_timeout"), &timeout)
	diags.Append(req.Config.GetAttribute(ctx, path.Root("max_retries"), &retries)...)
	cfg := transport.Config{
		UserAgent:      fmt.Sprintf("terraform-provider-payinvoice/%s Terraform/%s", p.version, req.TerraformVersion),
		RequestTimeout: transport.DefaultRequestTimeout,
		MaxRetries:     transport.DefaultMaxRetries,
	}
	if d, err := time.ParseDuration(timeout.ValueString()); err == nil {
		cfg.RequestTimeout = d
	}
	if !retries.IsNull() && !retries.IsUnknown() {
		cfg.MaxRetries = int(retries.ValueInt64())
	}
	return cfg, diags
}
