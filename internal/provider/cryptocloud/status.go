package cryptocloud

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

var _ datasource.DataSourceWithConfigure = (*statusCheck)(nil)

// statusCheck is the data source for version 1 of the API,
// https://docs.cryptocloud.plus/en/api-reference-v1-old.
type statusCheck struct {
	invoice.GatewayClient[client.Spec, *client.Invoice]
}

// statusChecker is a client that can check the status of an invoice.
type statusChecker interface {
	Status(ctx context.Context, id string) (string, gateway.Phase, error)
}

func newStatusCheck() datasource.DataSource {
	return &statusCheck{invoice.NewGatewayClient(Definition())}
}

func (d *statusCheck) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cryptocloud_invoice_status"
}

func (d *statusCheck) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads only the status of an invoice at CryptoCloud, with version 1 of the API. " +
			"That version does not have every status of version 2: an overpaid invoice may be reported as `paid`.",
		Attributes: map[string]schema.Attribute{
			"id":     schema.StringAttribute{Required: true, MarkdownDescription: "The invoice's id, with or without `INV-`."},
			"status": schema.StringAttribute{Computed: true, MarkdownDescription: "The status, as CryptoCloud returns it."},
			"phase":  schema.StringAttribute{Computed: true, MarkdownDescription: "The status in terms that are the same for all gateways: `open`, `paid`, `overpaid`, `underpaid`, `canceled` or `unknown`."},
		},
	}
}

func (d *statusCheck) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.GatewayClient.Configure(req.ProviderData)
}

type statusModel struct {
	ID     types.String `tfsdk:"id"`
	Status types.String `tfsdk:"status"`
	Phase  types.String `tfsdk:"phase"`
}

func (d *statusCheck) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model statusModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	id, err := normalizeID(model.ID.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Not a valid CryptoCloud invoice id", fmt.Sprintf("%q: %v.", model.ID.ValueString(), err))
		return
	}
	c, diags := d.Client()
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	checker, ok := c.(statusChecker)
	if !ok {
		resp.Diagnostics.AddError("Cannot check the status", "This is a bug in the provider: the client cannot check a status.")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, invoice.DefaultReadTimeout)
	defer cancel()
	status, phase, err := checker.Status(ctx, id)
	if err != nil {
		resp.Diagnostics.Append(d.Failure("check", "invoice "+id, err)...)
		return
	}
	model.Status = types.StringValue(status)
	model.Phase = types.StringValue(string(phase))
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
