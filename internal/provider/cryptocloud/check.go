package cryptocloud

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// planned are the arguments that checkNew looks at.
type planned struct {
	shopID, currency, locale types.String
	amount                   attribute.Amount
	replaceWhen              types.Set
}

// checkNew requires a shop, and warns about what is probably not meant.
func checkNew(ctx context.Context, config tfsdk.Config, settings invoice.Settings) diag.Diagnostics {
	var p planned
	var diags diag.Diagnostics
	for name, into := range map[string]any{
		"shop_id": &p.shopID, "currency": &p.currency, "locale": &p.locale, "amount": &p.amount, "replace_when": &p.replaceWhen,
	} {
		diags.Append(config.GetAttribute(ctx, path.Root(name), into)...)
	}
	if diags.HasError() {
		return diags
	}
	if p.shopID.IsNull() && settings["shop_id"] == "" {
		diags.Append(noShop())
	}
	return append(diags, p.warnings()...)
}

func (p planned) warnings() diag.Diagnostics {
	currency := p.currency
	if currency.IsNull() {
		currency = types.StringValue(client.Currencies[0])
	}
	diags := attribute.WarnAboutDecimals(p.amount, currency)
	if locale := p.locale.ValueString(); locale != "" && locale != "en" && locale != "ru" {
		diags.AddAttributeWarning(path.Root("locale"), "Undocumented locale",
			fmt.Sprintf("locale is %q. CryptoCloud documents en and ru; whether the payment page has another language is not known.", locale))
	}
	if slices.ContainsFunc(p.replaceWhen.Elements(), types.StringValue(string(gateway.PhaseExpired)).Equal) {
		diags.AddAttributeWarning(path.Root("replace_when"), "No invoice of CryptoCloud is ever expired",
			fmt.Sprintf("replace_when has %q, but CryptoCloud reports an invoice whose time is up as canceled. Use [%q] to replace it then.",
				gateway.PhaseExpired, gateway.PhaseCanceled))
	}
	return diags
}

func noShop() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("shop_id"), "No shop",
		"CryptoCloud makes an invoice for a shop (project). Set shop_id here, the provider attribute cryptocloud.shop_id, or the environment variable "+
			invoice.EnvironmentVariable(client.Name, "shop_id")+".")
}
