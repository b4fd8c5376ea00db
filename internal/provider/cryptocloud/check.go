package cryptocloud

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

func normalizeID(id string) (string, error) { return client.NormalizeID(strings.TrimSpace(id)) }

// checkNew requires a shop.
func checkNew(ctx context.Context, config tfsdk.Config, settings invoice.Settings) diag.Diagnostics {
	var shopID types.String
	diags := config.GetAttribute(ctx, path.Root("shop_id"), &shopID)
	if shopID.IsNull() && settings["shop_id"] == "" {
		diags.Append(missingShop())
	}
	return diags
}

// planned are the arguments that checkArguments looks at.
type planned struct {
	currency, locale types.String
	amount           attribute.Amount
	replaceWhen      types.Set
}

// checkArguments warns about arguments that are probably mistakes.
func checkArguments(ctx context.Context, config tfsdk.Config, isNew bool) diag.Diagnostics {
	var p planned
	var diags diag.Diagnostics
	for name, into := range map[string]any{
		"currency": &p.currency, "locale": &p.locale, "amount": &p.amount, "replace_when": &p.replaceWhen,
	} {
		diags.Append(config.GetAttribute(ctx, path.Root(name), into)...)
	}
	if diags.HasError() {
		return diags
	}
	if isNew {
		diags.Append(p.warnOfNewInvoice()...)
	}
	return append(diags, p.warnOfExpired()...)
}

// warnOfNewInvoice checks the arguments that only a new invoice uses.
func (p planned) warnOfNewInvoice() diag.Diagnostics {
	currency := p.currency
	if currency.IsNull() {
		currency = types.StringValue(client.Currencies[0])
	}
	diags := attribute.WarnAboutDecimals(p.amount, currency)
	if locale := p.locale.ValueString(); locale != "" && locale != "en" && locale != "ru" {
		diags.AddAttributeWarning(path.Root("locale"), "Undocumented locale",
			fmt.Sprintf("locale is %q. CryptoCloud documents only en and ru, and may ignore other values.", locale))
	}
	return diags
}

func (p planned) warnOfExpired() (diags diag.Diagnostics) {
	if slices.ContainsFunc(p.replaceWhen.Elements(), types.StringValue(string(gateway.PhaseExpired)).Equal) {
		diags.AddAttributeWarning(path.Root("replace_when"), "CryptoCloud never reports an invoice as expired",
			fmt.Sprintf("replace_when contains %q, but CryptoCloud reports an expired invoice as canceled. Use [%q] instead.",
				gateway.PhaseExpired, gateway.PhaseCanceled))
	}
	return diags
}

func missingShop() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("shop_id"), "Missing shop_id",
		"CryptoCloud creates each invoice for a shop (project). Set shop_id here, the provider attribute cryptocloud.shop_id, or the environment variable "+
			invoice.EnvironmentVariable(client.Name, "shop_id")+".")
}
