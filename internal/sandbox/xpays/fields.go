package xpays

import (
	"regexp"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// maxText bounds a text of a request, in bytes; no limit is documented.
const maxText = 2048

// fields reads a request's body field by field. The first thing that is wrong
// stays in err; what is read after that means nothing.
type fields struct {
	body *wire.Object
	err  error
}

// readFields reads the body of a POST, which may have only the known fields.
func readFields(c *call, known ...string) *fields {
	if c.request.URL.RawQuery != "" {
		return &fields{err: invalid("no query is expected")}
	}
	body, err := wire.ParseObject(c.body)
	if err != nil {
		return &fields{err: invalid(err.Error())}
	}
	f := &fields{body: body}
	for _, name := range body.Unknown(known...) {
		f.complain(name, "should not exist")
	}
	return f
}

func (f *fields) complain(name, problem string) {
	if f.err == nil {
		f.err = invalid(name + " " + problem)
	}
}

// optional is a text that may be missing.
func (f *fields) optional(name string) *string {
	text, present, err := f.body.Text(name)
	switch {
	case err != nil:
		f.complain(name, "must be a string")
	case len(text) > maxText:
		f.complain(name, "is too long")
	case present:
		return &text
	}
	return nil
}

// required is a text with at least one character.
func (f *fields) required(name string) string {
	text := f.optional(name)
	if text == nil || *text == "" {
		f.complain(name, "is required")
		return ""
	}
	return *text
}

// matching is a required text of a form.
func (f *fields) matching(name string, form *regexp.Regexp, what string) string {
	text := f.required(name)
	if !form.MatchString(text) {
		f.complain(name, "must be "+what)
	}
	return text
}

// textOrNumber is a required text. The documented sample has a number where
// its table says text; it becomes one.
// https://xpays-docs.pages.dev/payment/create-invoice-payment.html
func (f *fields) textOrNumber(name string) string {
	if number, present, err := f.body.Number(name); present && err == nil {
		return double(number.String())
	}
	return f.required(name)
}

// object is an optional object, as JSON; {} when it is missing.
func (f *fields) object(name string) string {
	object, _, err := f.body.Object(name)
	switch {
	case err != nil:
		f.complain(name, "must be an object")
	case object != nil:
		return string(f.body.Raw(name))
	}
	return "{}"
}

// percent is an optional number from 0 to less than 100.
func (f *fields) percent(name string) decimal.Decimal {
	number, present, err := f.body.Number(name)
	if err != nil {
		f.complain(name, "must be a number")
	}
	if err != nil || !present {
		return decimal.Zero
	}
	value, err := decimal.NewFromString(number.String())
	if err != nil || value.IsNegative() || value.GreaterThanOrEqual(decimal.NewFromInt(100)) {
		f.complain(name, "must be from 0 to less than 100")
		return decimal.Zero
	}
	return value
}
