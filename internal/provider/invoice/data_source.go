package invoice

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

var _ datasource.DataSourceWithConfigure = (*invoiceDataSource[any, gateway.Invoice])(nil)

// NewDataSource returns the data source payinvoice_<name>_invoice of a gateway.
func NewDataSource[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) datasource.DataSource {
	return &invoiceDataSource[Spec, Inv]{NewGatewayClient(def)}
}

// invoiceDataSource reads an invoice by its id.
type invoiceDataSource[Spec any, Inv gateway.Invoice] struct{ GatewayClient[Spec, Inv] }

func (d *invoiceDataSource[Spec, Inv]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.def.Name + "_invoice"
}

func (d *invoiceDataSource[Spec, Inv]) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := maps.Clone(viewAttributes(ctx, d.def))
	attributes["id"] = schema.StringAttribute{Required: true, MarkdownDescription: attributes["id"].GetMarkdownDescription()}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Reads an invoice at %s. It fails if %s does not find the invoice.", d.def.Title, d.def.Title),
		Attributes:          attributes,
	}
}

func (d *invoiceDataSource[Spec, Inv]) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.GatewayClient.Configure(req.ProviderData)
}

func (d *invoiceDataSource[Spec, Inv]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var typed types.String
	if resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &typed)...); resp.Diagnostics.HasError() {
		return
	}
	id, err := d.def.NormalizeID(typed.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("id"), fmt.Sprintf("Not a valid %s invoice id", d.def.Title), fmt.Sprintf("%q: %v.", typed.ValueString(), err))
		return
	}
	e, _, err := d.engine()
	if err != nil {
		resp.Diagnostics.Append(d.reporter().configurationError("invoice "+id, err))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, DefaultReadTimeout)
	defer cancel()
	inv, err := e.Client.Get(ctx, id)
	switch {
	case errors.Is(err, gateway.ErrNotFound):
		resp.Diagnostics.AddAttributeError(path.Root("id"), fmt.Sprintf("No such %s invoice", d.def.Title),
			fmt.Sprintf("%s has no invoice %s. Check the id, and that the credentials are those of the account that created the invoice.", d.def.Title, id))
		return
	case err != nil:
		resp.Diagnostics.Append(d.reporter().failure(opRead, "invoice "+id, err)...)
		return
	}
	v, diags := view(ctx, d.def, inv)
	resp.Diagnostics.Append(diags...)
	// The id stays as the user wrote it.
	v.Shared().ID = typed
	resp.Diagnostics.Append(resp.State.Set(ctx, v)...)
}
