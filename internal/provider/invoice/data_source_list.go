package invoice

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

var _ datasource.DataSourceWithConfigure = (*invoicesDataSource[any, gateway.Invoice])(nil)

// NewListDataSource returns the data source payinvoice_<name>_invoices of a gateway
// that has a Listing.
func NewListDataSource[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) datasource.DataSource {
	return &invoicesDataSource[Spec, Inv]{NewGatewayClient(def)}
}

// invoicesDataSource lists the invoices that its arguments select.
type invoicesDataSource[Spec any, Inv gateway.Invoice] struct{ GatewayClient[Spec, Inv] }

func (d *invoicesDataSource[Spec, Inv]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.def.Name + "_invoices"
}

func (d *invoicesDataSource[Spec, Inv]) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := d.def.Listing.arguments()
	attributes["invoices"] = schema.ListNestedAttribute{
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: viewAttributes(ctx, d.def)},
		MarkdownDescription: "All matching invoices, oldest first.",
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Lists invoices at %s. It reads all pages, and fails if one of them cannot be read.", d.def.Title),
		Attributes:          attributes,
	}
}

func (d *invoicesDataSource[Spec, Inv]) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.GatewayClient.Configure(req.ProviderData)
}

func (d *invoicesDataSource[Spec, Inv]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	q, diags := d.def.Listing.query(ctx, req.Config)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	e, _, err := d.engine()
	if err != nil {
		resp.Diagnostics.Append(d.reporter().configurationError("", err))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	found, err := d.def.Listing.find(ctx, e, q)
	if err != nil {
		resp.Diagnostics.Append(d.reporter().listFailure(err, 0)...)
		return
	}
	invoices, err := collect(found, now())
	if err != nil {
		resp.Diagnostics.Append(d.reporter().listFailure(err, len(invoices))...)
		return
	}
	views := make([]View[Inv], 0, len(invoices))
	for _, inv := range invoices {
		v, diags := view(ctx, d.def, inv)
		resp.Diagnostics.Append(diags...)
		views = append(views, v)
	}
	list, diags := viewList(ctx, viewAttributes(ctx, d.def), views)
	resp.Diagnostics.Append(diags...)
	resp.State.Raw = req.Config.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("invoices"), list)...)
}
