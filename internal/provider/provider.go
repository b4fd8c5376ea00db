// Package provider implements the provider: its configuration, and the list of what it
// serves.
package provider

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/sandboxevent"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/xpays"
)

// gateways returns all gateways that the provider serves.
func gateways() []invoice.Registration {
	return []invoice.Registration{
		cryptocloud.Definition().Register(),
		hesabe.Definition().Register(),
		xpays.Definition().Register(),
		meum.Definition().Register(),
	}
}

var (
	_ provider.ProviderWithActions       = (*payinvoice)(nil)
	_ provider.ProviderWithListResources = (*payinvoice)(nil)
)

// typeName is the prefix of all names that the provider serves.
const typeName = "payinvoice"

type payinvoice struct {
	version   string
	gateways  []invoice.Registration
	unchanged atomic.Pointer[map[string]invoice.Unchanged]
}

// New returns the provider. The version is that of the release, or "dev".
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &payinvoice{version: version, gateways: gateways()} }
}

func (p *payinvoice) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

func (p *payinvoice) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"request_timeout": schema.StringAttribute{
			Optional:            true,
			Validators:          attribute.NullOrNotEmpty(attribute.Duration()),
			MarkdownDescription: fmt.Sprintf("How long one attempt at a request may take, including its response: a duration such as `30s`. Default `%s`.", transport.DefaultRequestTimeout),
		},
		"max_retries": schema.Int64Attribute{
			Optional:            true,
			CustomType:          attribute.IntegerType{},
			Validators:          []validator.Int64{int64validator.Between(0, 100)},
			MarkdownDescription: fmt.Sprintf("How many times to retry a failed request that is safe to repeat. A request to create an invoice is repeated only if the gateway is known not to have processed it. `0` turns retries off. Default `%d`.", transport.DefaultMaxRetries),
		},
		"sandbox": sandboxAttribute(),
	}
	for _, g := range p.gateways {
		attributes[g.Name] = gatewayAttribute(g)
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages payment invoices at " + titles(p.gateways) + ".",
		Attributes:          attributes,
	}
}

// titles are the names of the gateways, such as "Hesabe, XPays and Meum".
func titles(gateways []invoice.Registration) (names string) {
	for i, g := range gateways {
		switch i {
		case 0:
		case len(gateways) - 1:
			names += " and "
		default:
			names += ", "
		}
		names += g.Title
	}
	return names
}

func gatewayAttribute(g invoice.Registration) schema.Attribute {
	attributes := map[string]schema.Attribute{
		invoice.EndpointSetting: schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: endpointDescription(g) + fallback(g.Name, invoice.EndpointSetting),
		},
	}
	for _, s := range g.Settings {
		attributes[s.Name] = schema.StringAttribute{
			Optional:            true,
			Sensitive:           s.Sensitive,
			MarkdownDescription: s.Description + fallback(g.Name, s.Name),
		}
	}
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The account at " + g.AccountTitle + ". It is checked only when the configuration uses " + g.Title + ".",
		Attributes:          attributes,
	}
}

func endpointDescription(g invoice.Registration) string {
	text := "Scheme and host of the API, with an optional path prefix, without the API version. `http` is accepted only for a loopback host."
	if g.DefaultEndpoint == "" {
		return text + " There is no default, because " + g.Title + " does not publish one."
	}
	text += " Default `" + g.DefaultEndpoint + "`."
	if g.EndpointNote != "" {
		text += " " + g.EndpointNote
	}
	return text
}

func fallback(gatewayName, setting string) string {
	return " Falls back to the environment variable `" + invoice.EnvironmentVariable(gatewayName, setting) + "`."
}

// Configure reads the configuration. Its only request checks sandbox.url.
func (p *payinvoice) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	connections, diags := p.connections(ctx, req)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	p.configureUnchanged(ctx, connections)
	resp.ResourceData = connections
	resp.DataSourceData = connections
	resp.ActionData = connections
	resp.ListResourceData = connections
}

func (p *payinvoice) Resources(context.Context) []func() resource.Resource {
	resources := all(p.gateways, func(g invoice.Registration) []func() resource.Resource { return g.Resources })
	return append(resources, func() resource.Resource { return sandboxevent.NewResource(sandboxEvents()) })
}

// configureUnchanged creates the resources that Unchanged returns.
func (p *payinvoice) configureUnchanged(ctx context.Context, connections *invoice.Connections) {
	configured := map[string]invoice.Unchanged{}
	for _, create := range p.Resources(ctx) {
		if r, ok := create().(invoice.Unchanged); ok {
			var metadata resource.MetadataResponse
			r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: typeName}, &metadata)
			r.Configure(ctx, resource.ConfigureRequest{ProviderData: connections}, &resource.ConfigureResponse{})
			configured[metadata.TypeName] = r
		}
	}
	p.unchanged.Store(&configured)
}

// Unchanged returns the resource of a type that can tell that a call changes nothing;
// false if there is none, or the provider is not configured yet.
func (p *payinvoice) Unchanged(typeName string) (invoice.Unchanged, bool) {
	configured := p.unchanged.Load()
	if configured == nil {
		return nil, false
	}
	r, ok := (*configured)[typeName]
	return r, ok
}

func (p *payinvoice) DataSources(context.Context) []func() datasource.DataSource {
	return all(p.gateways, func(g invoice.Registration) []func() datasource.DataSource { return g.DataSources })
}

func (p *payinvoice) Actions(context.Context) []func() action.Action {
	actions := all(p.gateways, func(g invoice.Registration) []func() action.Action { return g.Actions })
	return append(actions, func() action.Action { return sandboxevent.NewAction(sandboxEvents()) })
}

func (p *payinvoice) ListResources(context.Context) []func() list.ListResource {
	return all(p.gateways, func(g invoice.Registration) []func() list.ListResource { return g.ListResources })
}

// all collects one kind of what each gateway serves.
func all[T any](gateways []invoice.Registration, of func(invoice.Registration) []T) []T {
	var gathered []T
	for _, g := range gateways {
		gathered = append(gathered, of(g)...)
	}
	return gathered
}
