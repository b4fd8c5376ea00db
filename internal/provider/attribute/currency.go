package attribute

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/currency"
)

// minorUnit is the number of decimals of most currencies.
const minorUnit = 2

// otherMinorUnits are the currencies of ISO 4217 with another number of decimals.
// x/text/currency has the decimals of everyday use instead, such as none for UZS.
// https://www.iso.org/iso-4217-currency-codes.html
var otherMinorUnits = map[string]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
	"CLF": 4, "UYW": 4,
}

// WarnAboutDecimals warns about an amount with more decimals than ISO 4217 gives its
// currency. Other codes, such as a coin's, have no limit.
func WarnAboutDecimals(amount Amount, code types.String) diag.Diagnostics {
	unit, err := currency.ParseISO(code.ValueString())
	if err != nil || !known(amount) {
		return nil
	}
	decimals, other := otherMinorUnits[unit.String()]
	if !other {
		decimals = minorUnit
	}
	if _, err := amount.Money().Fixed(decimals); err == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("amount"), "The amount has more decimals than its currency",
		fmt.Sprintf("amount is %s, and %s has %d decimals. The gateway may round it, reject it, or show a different amount to the payer. "+
			"Round it yourself, for example with format(\"%%.%df\", …).", amount.ValueString(), unit, decimals, decimals))}
}

// CheckDecimals returns a check for the arguments of a new invoice that warns like
// WarnAboutDecimals. currency names the argument, whose default is byDefault.
func CheckDecimals(currency, byDefault string) func(ctx context.Context, config tfsdk.Config, isNew bool) diag.Diagnostics {
	return func(ctx context.Context, config tfsdk.Config, isNew bool) diag.Diagnostics {
		if !isNew {
			return nil
		}
		var amount Amount
		diags := config.GetAttribute(ctx, path.Root("amount"), &amount)
		var code types.String
		diags.Append(config.GetAttribute(ctx, path.Root(currency), &code)...)
		if code.IsNull() {
			code = types.StringValue(byDefault)
		}
		return append(diags, WarnAboutDecimals(amount, code)...)
	}
}
