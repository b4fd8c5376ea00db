package attribute

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// numberPrecision is that of Terraform's own numbers, in bits.
const numberPrecision = 512

// Number is a gateway's number; null when there is none.
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

// Digits are the digits of a configured number, exactly as many as it needs;
// absent when there is none.
func Digits(n types.Number) (gateway.Money, error) {
	if !known(n) {
		return gateway.Money{}, nil
	}
	return gateway.ParseNumber(n.ValueBigFloat().Text('f', -1))
}
