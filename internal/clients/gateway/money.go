package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// maxDigits limits what is read as a number: far beyond any currency, and small enough
// that a hostile "1e999999999" costs nothing.
const maxDigits = 64

// ErrNotMoney reports text that is not a decimal number.
var ErrNotMoney = errors.New("not a decimal number")

var (
	amountForm = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`)
	numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?$`)
)

// Money is an exact decimal number that keeps its spelling. It never passes through a
// binary float. The zero Money stands for a missing number.
type Money struct {
	// Only the text is kept: an invoice has many numbers that are never used in a
	// calculation.
	text string
}

// ParseAmount parses an amount written by a user: digits, optionally a point and more
// digits, above zero, without sign, exponent or grouping.
func ParseAmount(text string) (Money, error) {
	if len(text) > maxDigits || !amountForm.MatchString(text) {
		return Money{}, fmt.Errorf("%q is %w: write digits with an optional decimal point, such as 25 or 25.50, without sign, exponent, spaces or grouping", clip(text), ErrNotMoney)
	}
	m, err := ParseNumber(text)
	if err != nil {
		return Money{}, err
	}
	if !m.value().IsPositive() {
		return Money{}, fmt.Errorf("%q is not above zero", text)
	}
	return m, nil
}

// ParseNumber parses a number written by a gateway: a JSON number, which may have a
// sign or an exponent. An exponent is written out.
func ParseNumber(text string) (Money, error) {
	if len(text) > maxDigits || !numberForm.MatchString(text) {
		return Money{}, fmt.Errorf("%q is %w", clip(text), ErrNotMoney)
	}
	if !strings.ContainsAny(text, "eE") {
		return Money{text: text}, nil
	}
	value, err := decimal.NewFromString(text)
	if err != nil || value.Exponent() > maxDigits || value.Exponent() < -4*maxDigits {
		return Money{}, fmt.Errorf("%q is %w", clip(text), ErrNotMoney)
	}
	written := value.String()
	if len(written) > maxDigits {
		return Money{}, fmt.Errorf("%q is %w", clip(text), ErrNotMoney)
	}
	return Money{text: written}, nil
}

// value is the number; zero if there is none.
func (m Money) value() decimal.Decimal {
	value, _ := decimal.NewFromString(m.text) // text is always a valid number
	return value
}

// IsPresent reports whether there is a number.
func (m Money) IsPresent() bool { return m.text != "" }

// IsZero reports whether the number is missing or zero.
func (m Money) IsZero() bool { return m.value().IsZero() }

// IsPositive reports whether there is a number above zero.
func (m Money) IsPositive() bool { return m.value().IsPositive() }

// Equal reports whether both are the same number, whatever their spelling. A missing
// number equals only a missing one.
func (m Money) Equal(other Money) bool {
	return m.text == other.text || m.IsPresent() == other.IsPresent() && m.value().Equal(other.value())
}

// minorDecimals is the number of decimals of most currencies.
const minorDecimals = 2

// RoundsTo reports whether other is this number rounded, up or down, to two or more
// decimals. It compares values: a JSON number spells 10.00 as 10.0 or 10.
func (m Money) RoundsTo(other Money) bool { return m.roundsTo(other, minorDecimals) }

// roundsTo is RoundsTo for this many decimals or more.
func (m Money) roundsTo(other Money, decimals int32) bool {
	if !m.IsPresent() || !other.IsPresent() {
		return false
	}
	value := other.value()
	for !value.Equal(value.Truncate(decimals)) {
		decimals++
	}
	return m.value().Sub(value).Abs().LessThan(decimal.New(1, -decimals))
}

// String returns the number as it was spelled; "" if there is none.
func (m Money) String() string { return m.text }

// Fixed formats the number with exactly this many decimals. It is an error if digits
// would be lost.
func (m Money) Fixed(decimals int32) (string, error) {
	value := m.value()
	if !value.Equal(value.Truncate(decimals)) {
		return "", fmt.Errorf("%s has more than %d decimals", m.text, decimals)
	}
	return value.StringFixed(decimals), nil
}

// MarshalJSON writes a JSON number with the digits as they were spelled.
func (m Money) MarshalJSON() ([]byte, error) {
	if !m.IsPresent() {
		return []byte("null"), nil
	}
	return []byte(m.text), nil
}

// UnmarshalJSON reads a JSON number, or a JSON string that contains one. null, "" and
// "None" (CryptoCloud's spelling of null) leave the number missing.
func (m *Money) UnmarshalJSON(raw []byte) error {
	text := string(bytes.TrimSpace(raw))
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		text = strings.TrimSpace(text)
	}
	switch text {
	case "null", "", "None":
		*m = Money{}
		return nil
	}
	parsed, err := ParseNumber(text)
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

func clip(text string) string {
	if len(text) > maxDigits {
		return text[:maxDigits] + "…"
	}
	return text
}
