package meum

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// checkNew requires https for webhooks outside the sandbox.
func checkNew(ctx context.Context, config tfsdk.Config, settings invoice.Settings) diag.Diagnostics {
	var callback types.String
	diags := config.GetAttribute(ctx, path.Root("callback_url"), &callback)
	return append(diags, checkCallback(callback, settings)...)
}

func checkCallback(callback types.String, settings invoice.Settings) (diags diag.Diagnostics) {
	if strings.HasPrefix(strings.ToLower(callback.ValueString()), "http://") && !settings.Sandbox() {
		diags.AddAttributeError(path.Root("callback_url"), "Invalid callback_url",
			fmt.Sprintf("Meum sends webhooks only to https URLs, but callback_url is %q. Use an https URL; http is accepted only in the sandbox.", callback.ValueString()))
	}
	return diags
}
