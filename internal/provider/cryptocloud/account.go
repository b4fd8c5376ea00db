package cryptocloud

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

var (
	_ datasource.DataSourceWithConfigure = (*balanceData)(nil)
	_ datasource.DataSourceWithConfigure = (*statisticsData)(nil)
)

// account is embedded by data sources about the account.
type account struct {
	invoice.GatewayClient[client.Spec, *client.Invoice]
}

func (a *account) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	a.GatewayClient.Configure(req.ProviderData)
}

// client returns the gateway's own client, with the methods that only it has.
func (a *account) client() (*client.Client, diag.Diagnostics) {
	c, diags := a.Client()
	own, ok := c.(*client.Client)
	if !ok && !diags.HasError() {
		diags.AddError("Cannot read the CryptoCloud account", "This is a bug in the provider: the client has an unexpected type.")
	}
	return own, diags
}

// balanceData is https://docs.cryptocloud.plus/en/api-reference-v2/balance.
type balanceData struct{ account }

func newBalance() datasource.DataSource {
	return &balanceData{account{invoice.NewGatewayClient(Definition())}}
}

func (d *balanceData) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cryptocloud_balance"
}

func (d *balanceData) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The balance of the account at CryptoCloud (now Trybit), for each coin.",
		Attributes: map[string]schema.Attribute{
			"balances": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The balance of each coin, in the gateway's order.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"code":                  text("The coin's full code, such as `USDT_TRC20`."),
					"network":               text("The code of the coin's network, such as `TRC20`."),
					"balance_crypto":        text("The balance in the coin, as decimal text."),
					"balance_usd":           text("The balance in USD, as decimal text."),
					"available_balance":     text("The balance that can be withdrawn, in the coin, as decimal text."),
					"available_balance_usd": text("The balance that can be withdrawn, in USD, as decimal text."),
					"enabled":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the coin is enabled."},
				}},
			},
		},
	}
}

type balanceModel struct {
	Code         types.String `tfsdk:"code"`
	Network      types.String `tfsdk:"network"`
	Balance      types.String `tfsdk:"balance_crypto"`
	BalanceUSD   types.String `tfsdk:"balance_usd"`
	Available    types.String `tfsdk:"available_balance"`
	AvailableUSD types.String `tfsdk:"available_balance_usd"`
	Enabled      types.Bool   `tfsdk:"enabled"`
}

func (d *balanceData) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	c, diags := d.client()
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, invoice.DefaultReadTimeout)
	defer cancel()
	balances, err := c.Balances(ctx)
	if err != nil {
		resp.Diagnostics.Append(d.AccountFailure("balance", err)...)
		return
	}
	models := make([]balanceModel, 0, len(balances))
	for _, b := range balances {
		models = append(models, balanceModel{
			Code: attribute.StringOrNull(b.Code), Network: attribute.StringOrNull(b.Network),
			Balance: attribute.Decimal(b.Balance), BalanceUSD: attribute.Decimal(b.BalanceUSD),
			Available: attribute.Decimal(b.Available), AvailableUSD: attribute.Decimal(b.AvailableUSD),
			Enabled: attribute.Bool(b.Enabled),
		})
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("balances"), models)...)
}

// statisticsData is https://docs.cryptocloud.plus/en/api-reference-v2/statistics.
type statisticsData struct{ account }

func newStatistics() datasource.DataSource {
	return &statisticsData{account{invoice.NewGatewayClient(Definition())}}
}

func (d *statisticsData) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cryptocloud_statistics"
}

func (d *statisticsData) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	date := func(description string) schema.StringAttribute {
		return schema.StringAttribute{Required: true, Validators: []validator.String{attribute.Date()}, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The number of invoices created at CryptoCloud (now Trybit) in a period, and the sums of their amounts, by status: `all`, `created`, `paid`, `overpaid`, `partial` and `canceled`.",
		Attributes: map[string]schema.Attribute{
			"start":       date("The first day, `YYYY-MM-DD`."),
			"end":         date("The last day, `YYYY-MM-DD`, not before `start`."),
			"counts":      schema.MapAttribute{Computed: true, ElementType: types.Int64Type, MarkdownDescription: "The number of invoices by status, such as `paid`; `all` is the total."},
			"amounts_usd": schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The sum of the invoices' amounts in USD by status, such as `paid`, as decimal text; `all` is the total."},
		},
	}
}

type statisticsModel struct {
	Start      types.String            `tfsdk:"start"`
	End        types.String            `tfsdk:"end"`
	Counts     map[string]types.Int64  `tfsdk:"counts"`
	AmountsUSD map[string]types.String `tfsdk:"amounts_usd"`
}

func (d *statisticsData) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var start, end types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("start"), &start)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("end"), &end)...)
	first, err := time.Parse(attribute.DateLayout, start.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("start"), "Invalid start", "start must be a date, such as 2026-03-01.")
	}
	last, err := time.Parse(attribute.DateLayout, end.ValueString())
	if err != nil || last.Before(first) {
		resp.Diagnostics.AddAttributeError(path.Root("end"), "Invalid end", "end must be a date that is not before start, such as 2026-03-31.")
	}
	c, diags := d.client()
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, invoice.DefaultReadTimeout)
	defer cancel()
	statistics, err := c.Statistics(ctx, first, last)
	if err != nil {
		resp.Diagnostics.Append(d.AccountFailure("statistics", err)...)
		return
	}
	m := statisticsModel{Start: start, End: end, Counts: map[string]types.Int64{}, AmountsUSD: map[string]types.String{}}
	for status, n := range statistics.Counts {
		m.Counts[status] = types.Int64Value(n)
	}
	for status, sum := range statistics.Sums {
		m.AmountsUSD[status] = attribute.Decimal(sum)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}
