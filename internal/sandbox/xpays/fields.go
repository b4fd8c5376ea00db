package xpays

import (
	"regexp"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// maxText limits a text in a request, in bytes; no limit is documented.
const maxText = 2048

// fields reads a request's body field by field.
type fields struct{ wire.Fields }

// readFields reads the body of a POST, which may have only known fields.
func readFields(c *call, known ...string) *fields {
	f := &fields{}
	if c.request.URL.RawQuery != "" {
		f.Err = invalid("no query is expected")
		return f
	}
	body, err := wire.ParseObject(c.body)
	if err != nil {
		f.Err = invalid(err.Error())
		return f
	}
	f.Object = body
	for _, name := range body.Unknown(known...) {
		f.Complain(name, "should not exist")
	}
	return f
}

// optional reads a text that may be missing.
func (f *fields) optional(name string) *string {
	text := f.Optional(name, func(string) bool { return true }, "a string")
	if text != nil && len(*text) > maxText {
		f.Complain(name, "is too long")
		return nil
	}
	return text
}

// required reads a text with at least one character.
func (f *fields) required(name string) string {
	text := f.optional(name)
	if text == nil || *text == "" {
		f.Complain(name, "is required")
		return ""
	}
	return *text
}

// matching reads a required text of a form.
func (f *fields) matching(name string, form *regexp.Regexp, what string) string {
	text := f.required(name)
	if !form.MatchString(text) {
		f.Complain(name, "must be "+what)
	}
	return text
}

// textOrNumber reads a required text. The documented sample has a number where its
// table says text, so a number is accepted.
// https://xpays-docs.pages.dev/payment/create-invoice-payment.html
func (f *fields) textOrNumber(name string) string {
	if number, present, err := f.Object.Number(name); present && err == nil {
		return double(number.String())
	}
	return f.required(name)
}

// object reads an optional object, as JSON; {} if it is missing.
func (f *fields) object(name string) string {
	if f.Nested(name) == nil {
		return "{}"
	}
	return string(f.Object.Raw(name))
}

// percent reads an optional number from 0 to less than 100.
func (f *fields) percent(name string) decimal.Decimal {
	number, present, err := f.Object.Number(name)
	if err != nil {
		f.Complain(name, "must be a number")
	}
	if err != nil || !present {
		return decimal.Zero
	}
	value, err := decimal.NewFromString(number.String())
	if err != nil || value.IsNegative() || value.GreaterThanOrEqual(decimal.NewFromInt(100)) {
		f.Complain(name, "must be from 0 to less than 100")
		return decimal.Zero
	}
	return value
}
