package attribute

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/currency"
)

// WarnAboutDecimals warns about an amount with more decimals than its currency has
// in ISO 4217. A code that is not in use there, such as a coin's, has no limit.
func WarnAboutDecimals(amount Amount, code types.String) diag.Diagnostics {
	unit, err := currency.ParseISO(code.ValueString())
	if err != nil || !known(amount) {
		return nil
	}
	decimals, _ := currency.Standard.Rounding(unit)
	if _, err := amount.Money().Fixed(int32(decimals)); err == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("amount"), "The amount has more decimals than its currency",
		fmt.Sprintf("amount is %s, and %s has %d decimals. The gateway may round it, refuse it, or show another amount to the payer. "+
			"Round it yourself, for example with format(\"%%.%df\", …).", amount.ValueString(), unit, decimals, decimals))}
}
