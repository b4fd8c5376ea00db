package hesabe

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
)

// smsNeedsNumber requires the number that an SMS is sent to.
type smsNeedsNumber struct{}

// Description implements validator.String.
func (smsNeedsNumber) Description(context.Context) string {
	return "sms requires mobile_number and country_code"
}

// MarkdownDescription implements validator.String.
func (v smsNeedsNumber) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (smsNeedsNumber) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.ValueString() != client.TypeSMS {
		return
	}
	for _, name := range []string{"mobile_number", "country_code"} {
		var value types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(name), &value)...)
		if value.IsNull() {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Missing "+name,
				fmt.Sprintf("Hesabe sends an invoice with invoice_type = %q to a mobile number: set %s.", client.TypeSMS, name))
		}
	}
}
