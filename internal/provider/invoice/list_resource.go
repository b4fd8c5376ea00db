package invoice

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

var _ list.ListResourceWithConfigure = (*invoiceListResource[any, gateway.Invoice])(nil)

// NewListResource returns the list resource payinvoice_<name>_invoice of a gateway that
// has a Listing.
func NewListResource[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) list.ListResource {
	return &invoiceListResource[Spec, Inv]{NewGatewayClient(def)}
}

// invoiceListResource lists invoices for terraform query.
type invoiceListResource[Spec any, Inv gateway.Invoice] struct{ GatewayClient[Spec, Inv] }

func (l *invoiceListResource[Spec, Inv]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.def.Name + "_invoice"
}

func (l *invoiceListResource[Spec, Inv]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{}
	for name, argument := range l.def.Listing.arguments() {
		attributes[name] = argument
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Lists invoices at %s with `terraform query`, which can also generate their configuration.", l.def.Title),
		Attributes:          attributes,
	}
}

func (l *invoiceListResource[Spec, Inv]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	l.GatewayClient.Configure(req.ProviderData)
}

func (l *invoiceListResource[Spec, Inv]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	q, diags := l.def.Listing.query(ctx, req.Config)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	e, _, err := l.engine()
	if err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{l.reporter().configurationError("", err)})
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		// The context's limit must outlive List, which returns before anything is
		// listed.
		ctx, cancel := context.WithTimeout(ctx, listTimeout)
		defer cancel()
		l.stream(ctx, e, q, req, push)
	}
}

// stream pushes results as the gateway's pages arrive. An error has to be pushed as a
// result: one that replaces the stream is never shown.
func (l *invoiceListResource[Spec, Inv]) stream(ctx context.Context, e *engine.Engine[Spec, Inv], q query, req list.ListRequest, push func(list.ListResult) bool) {
	found, err := l.def.Listing.find(ctx, e, q)
	if err != nil {
		push(list.ListResult{Diagnostics: l.reporter().listFailure(err, 0)})
		return
	}
	var count int64
	for inv, err := range found {
		if err != nil {
			push(list.ListResult{Diagnostics: l.reporter().listFailure(err, 0)})
			return
		}
		if !push(l.result(ctx, req, inv)) {
			return
		}
		if count++; req.Limit > 0 && count >= req.Limit {
			return
		}
	}
}

func (l *invoiceListResource[Spec, Inv]) result(ctx context.Context, req list.ListRequest, inv Inv) list.ListResult {
	facts := inv.Facts(now()).In("")
	result := req.NewListResult(ctx)
	result.DisplayName = displayName(facts)
	result.Diagnostics.Append(result.Identity.SetAttribute(ctx, path.Root("id"), facts.ID)...)
	if req.IncludeResource {
		result.Diagnostics.Append(l.fillResource(ctx, result.Resource, inv)...)
	}
	return result
}

// fillResource fills a result's resource as an import of the invoice would.
func (l *invoiceListResource[Spec, Inv]) fillResource(ctx context.Context, target *tfsdk.Resource, inv Inv) diag.Diagnostics {
	model := l.def.New()
	model.Local().DeletionPolicy = types.StringValue(engine.PolicyCancel)
	if a, ok := model.(adopter); ok {
		a.DoNotAdopt()
	}
	diags := updateModel(ctx, model, inv, now())
	raw, more := encodeModel(ctx, resourceAttributes(ctx, l.def), model)
	target.Raw = raw
	diags.Append(more...)
	return diags
}
