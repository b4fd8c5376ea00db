package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Object is a JSON object as it was sent: the order of its members and every digit of
// its numbers are kept, and no value is converted silently.
type Object struct {
	names  []string
	values map[string]json.RawMessage
}

// FieldError is a member of the wrong JSON type.
type FieldError struct {
	Field string // the member's name
	Want  string // what it should be, such as "a string"
}

func (e *FieldError) Error() string { return fmt.Sprintf("%s must be %s", e.Field, e.Want) }

// ParseObject parses text that is exactly one JSON object. It rejects invalid UTF-8 and
// duplicate members.
func ParseObject(text []byte) (*Object, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("the body is not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if token, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	} else if token != json.Delim('{') {
		return nil, errors.New("the body is not a JSON object")
	}
	o := &Object{values: map[string]json.RawMessage{}}
	for decoder.More() {
		var value json.RawMessage
		token, err := decoder.Token()
		if err == nil {
			err = decoder.Decode(&value)
		}
		if err != nil {
			return nil, fmt.Errorf("the body is not JSON: %w", err)
		}
		name := token.(string) // within an object, the decoder accepts nothing else
		if o.Has(name) {
			return nil, fmt.Errorf("the member %q occurs twice", name)
		}
		o.names = append(o.names, name)
		o.values[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	return o, nil
}

// Names lists the members in their order.
func (o *Object) Names() []string { return slices.Clone(o.names) }

// Has reports whether there is a member with the name, null or not.
func (o *Object) Has(name string) bool {
	_, present := o.values[name]
	return present
}

// Raw returns the member's JSON verbatim; nil if it is missing.
func (o *Object) Raw(name string) json.RawMessage { return o.values[name] }

// Unknown lists the members that are not in known, in their order.
func (o *Object) Unknown(known ...string) []string {
	return slices.DeleteFunc(o.Names(), func(name string) bool { return slices.Contains(known, name) })
}

// Text returns the member as a string. A missing one is not an error; any other type,
// including null, is a *FieldError. The same holds for the methods below.
func (o *Object) Text(name string) (value string, present bool, err error) {
	present, err = o.decode(name, "a string", '"', &value)
	return value, present, err
}

// Number returns the member as a number, in the digits that were sent.
func (o *Object) Number(name string) (value json.Number, present bool, err error) {
	raw, present := o.values[name]
	if !present {
		return "", false, nil
	}
	if raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return "", true, &FieldError{name, "a number"}
	}
	return json.Number(raw), true, nil
}

// Integer returns the member as a number without fraction and exponent.
func (o *Object) Integer(name string) (value int64, present bool, err error) {
	number, present, err := o.Number(name)
	if present && err == nil {
		value, err = strconv.ParseInt(number.String(), 10, 64)
	}
	if err != nil {
		return 0, true, &FieldError{name, "an integer"}
	}
	return value, present, nil
}

// Boolean returns the member as true or false.
func (o *Object) Boolean(name string) (value, present bool, err error) {
	raw, present := o.values[name]
	if !present {
		return false, false, nil
	}
	switch string(raw) {
	case "true":
		return true, true, nil
	case "false":
		return false, true, nil
	}
	return false, true, &FieldError{name, "true or false"}
}

// Texts returns the member as an array of strings.
func (o *Object) Texts(name string) (values []string, present bool, err error) {
	items, present, err := o.Items(name)
	for _, item := range items {
		var value string
		if item[0] != '"' || json.Unmarshal(item, &value) != nil {
			return nil, true, &FieldError{name, "an array of strings"}
		}
		values = append(values, value)
	}
	return values, present, err
}

// Items returns the member as an array of anything.
func (o *Object) Items(name string) (items []json.RawMessage, present bool, err error) {
	present, err = o.decode(name, "an array", '[', &items)
	return items, present, err
}

// Object returns the member as an object; nil if it is missing.
func (o *Object) Object(name string) (value *Object, present bool, err error) {
	raw, present := o.values[name]
	if !present {
		return nil, false, nil
	}
	if raw[0] != '{' {
		return nil, true, &FieldError{name, "an object"}
	}
	value, err = ParseObject(raw)
	return value, true, err
}

// decode decodes the member into into if its JSON starts with first.
func (o *Object) decode(name, want string, first byte, into any) (present bool, err error) {
	raw, present := o.values[name]
	if !present {
		return false, nil
	}
	if raw[0] != first || json.Unmarshal(raw, into) != nil {
		return true, &FieldError{name, want}
	}
	return true, nil
}
