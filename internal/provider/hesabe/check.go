package hesabe

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// checkNew requires the number that an SMS is sent to. It is no validator,
// because an imported invoice was sent already, and its number is not reported.
func checkNew(ctx context.Context, config tfsdk.Config, _ invoice.Settings) diag.Diagnostics {
	var kind types.String
	diags := config.GetAttribute(ctx, path.Root("invoice_type"), &kind)
	if kind.ValueString() != client.TypeSMS {
		return diags
	}
	for _, name := range []string{"mobile_number", "country_code"} {
		var value types.String
		diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
		if value.IsNull() {
			diags.AddAttributeError(path.Root(name), "Missing "+name,
				fmt.Sprintf("Hesabe sends an invoice with invoice_type = %q to a mobile number: set %s.", client.TypeSMS, name))
		}
	}
	return diags
}
