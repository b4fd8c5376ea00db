package attribute_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

func TestWarnAboutDecimals(t *testing.T) {
	unknown := attribute.Amount{StringValue: types.StringUnknown()}
	for name, test := range map[string]struct {
		amount   attribute.Amount
		currency types.String
		warns    bool
	}{
		"two":                 {amount("25.50"), types.StringValue("USD"), false},
		"three":               {amount("25.505"), types.StringValue("USD"), true},
		"in small letters":    {amount("25.505"), types.StringValue("usd"), true},
		"zeros":               {amount("25.5000"), types.StringValue("USD"), false},
		"none of yen":         {amount("25"), types.StringValue("JPY"), false},
		"some of yen":         {amount("25.5"), types.StringValue("JPY"), true},
		"two of soum":         {amount("25.55"), types.StringValue("UZS"), false},
		"two of drams":        {amount("25.55"), types.StringValue("AMD"), false},
		"two of rupiah":       {amount("25.55"), types.StringValue("IDR"), false},
		"three of dinars":     {amount("25.505"), types.StringValue("KWD"), false},
		"four of dinars":      {amount("25.5055"), types.StringValue("KWD"), true},
		"a coin":              {amount("0.00000001"), types.StringValue("BTC"), false},
		"a coin's full code":  {amount("0.000001"), types.StringValue("USDT_TRC20"), false},
		"no currency":         {amount("25.505"), types.StringNull(), false},
		"an unknown currency": {amount("25.505"), types.StringUnknown(), false},
		"an unknown amount":   {unknown, types.StringValue("USD"), false},
	} {
		diags := attribute.WarnAboutDecimals(test.amount, test.currency)
		if diags.HasError() || (diags.WarningsCount() == 1) != test.warns {
			t.Errorf("%s: %v", name, diags)
		}
		if test.warns && !strings.Contains(diags[0].Detail(), "format(") {
			t.Errorf("%s: it does not say what to do: %s", name, diags[0].Detail())
		}
	}
}
