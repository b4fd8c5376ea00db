package hesabe

import (
	"errors"
	"fmt"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// complaints are the texts about invalid fields.
type complaints map[string][]string

func (c complaints) add(field, format string, args ...any) {
	c[field] = append(c[field], fmt.Sprintf(format, args...))
}

// form reads an object field by field and collects the problems.
type form struct {
	object     *wire.Object
	known      []string // the fields that were read
	complaints complaints
}

func newForm(object *wire.Object, known ...string) *form {
	return &form{object: object, known: known, complaints: complaints{}}
}

// text reads an optional text; an empty one counts as missing.
func (f *form) text(field string) string {
	f.known = append(f.known, field)
	text, _, err := f.object.Text(field)
	f.check(field, err)
	return text
}

// required reads a required text.
func (f *form) required(field string) string {
	text := f.text(field)
	f.require(field, text != "")
	return text
}

// require records a missing field.
func (f *form) require(field string, present bool) {
	if !present && f.complaints[field] == nil {
		f.complaints.add(field, "The %s field is required.", field)
	}
}

// check records a field of the wrong type.
func (f *form) check(field string, err error) {
	var wrong *wire.FieldError
	switch {
	case errors.As(err, &wrong):
		f.complaints.add(field, "The %s must be %s.", field, wrong.Want)
	case err != nil:
		f.complaints.add(field, "The %s is invalid: %s.", field, err)
	}
}

// done records the fields that were not read, and returns all problems.
func (f *form) done() complaints {
	for _, field := range f.object.Unknown(f.known...) {
		f.complaints.add(field, "The %s field is not allowed.", field)
	}
	return f.complaints
}
