package hesabe

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

// checkArguments checks what only a new invoice needs. It is not a validator, because
// an existing or imported invoice may lack it.
func checkArguments(ctx context.Context, config tfsdk.Config, isNew bool) diag.Diagnostics {
	if !isNew {
		return nil
	}
	diags := checkNumber(ctx, config)
	var expires types.String
	diags.Append(config.GetAttribute(ctx, path.Root("expires_at"), &expires)...)
	if !expires.IsNull() && !expires.IsUnknown() {
		diags.Append(checkExpiry(expires.ValueString(), time.Now())...)
	}
	return diags
}

// checkNumber requires the phone number that an SMS is sent to.
func checkNumber(ctx context.Context, config tfsdk.Config) diag.Diagnostics {
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

// checkExpiry rejects a day that is over in Kuwait. Otherwise Hesabe would reject the
// new invoice after the old one had been canceled.
func checkExpiry(day string, now time.Time) diag.Diagnostics {
	today := now.In(kuwait).Format(attribute.DateLayout)
	if day >= today { // both are YYYY-MM-DD
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root("expires_at"), "expires_at is in the past",
		fmt.Sprintf("expires_at is %s, and today is %s in Kuwait (UTC+3). A new invoice must expire today or later. Nothing was changed.", day, today))}
}
