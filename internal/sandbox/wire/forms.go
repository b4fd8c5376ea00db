package wire

import (
	"net/url"
	"regexp"

	"github.com/shopspring/decimal"
)

// amountForm limits the length.
var amountForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,29})(\.[0-9]{1,18})?$`)

// IsAmount reports whether text is a decimal number above zero, without sign, exponent
// or leading zeros.
func IsAmount(text string) bool {
	return amountForm.MatchString(text) && decimal.RequireFromString(text).IsPositive()
}

// IsURL reports whether text is an http or https URL.
func IsURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}
