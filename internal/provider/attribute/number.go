package attribute

import (
	"context"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// numberPrecision is the precision of Terraform's own numbers, in bits.
const numberPrecision = 512

// Number returns a gateway's number; null if there is none.
func Number(m gateway.Money) types.Number {
	if !m.IsPresent() {
		return types.NumberNull()
	}
	value, _, err := big.ParseFloat(m.String(), 10, numberPrecision, big.ToNearestEven)
	if err != nil {
		return types.NumberNull()
	}
	return types.NumberValue(value)
}

// DecimalNumber accepts a number whose digits can be written out.
func DecimalNumber() validator.Number { return decimalNumber{} }

type decimalNumber struct{}

func (decimalNumber) Description(context.Context) string { return "a number with few decimals" }

func (v decimalNumber) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (decimalNumber) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if _, err := Digits(req.ConfigValue); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+req.Path.String(),
			fmt.Sprintf("%s: %v. If the number was calculated, round it, for example with format(\"%%.2f\", …).", req.Path, err))
	}
}

// Digits returns a configured number with exactly the digits that it needs; missing if
// there is none.
func Digits(n types.Number) (gateway.Money, error) {
	if !known(n) {
		return gateway.Money{}, nil
	}
	return gateway.ParseNumber(n.ValueBigFloat().Text('f', -1))
}
