package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
	"unique"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Object is a JSON object in a response, read member by member. A missing or null
// member reads as empty. So does one of an undocumented type, and Err reports it: the
// caller decides whether the response is still usable. A nil Object has no members.
type Object struct {
	members map[string]json.RawMessage
	absent  []string
	path    string
	problem *error
}

// ParseObject parses a JSON object. A member whose text is "" or one of absent counts
// as missing.
func ParseObject(raw []byte, absent ...string) (*Object, error) {
	o := &Object{absent: absent, problem: new(error)}
	if err := json.Unmarshal(raw, &o.members); err != nil || o.members == nil {
		return nil, errNotObject
	}
	return o, nil
}

// ParseObjects parses a JSON array of objects. Each object has its own Err.
func ParseObjects(raw []byte, absent ...string) ([]*Object, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(raw, &rows); err != nil || rows == nil {
		return nil, errNotArray
	}
	objects := make([]*Object, len(rows))
	for i, row := range rows {
		var err error
		if objects[i], err = ParseObject(row, absent...); err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return objects, nil
}

var errNotArray = errors.New("it is not a JSON array")

var errNotObject = errors.New("it is not a JSON object")

// Err returns the first problem with the members read so far.
func (o *Object) Err() error {
	if o == nil {
		return nil
	}
	return *o.problem
}

func (o *Object) note(name string, err error) {
	if *o.problem == nil {
		*o.problem = fmt.Errorf("%s%s: %w", o.path, name, err)
	}
}

// Raw returns the member verbatim; nil if it is missing.
func (o *Object) Raw(name string) json.RawMessage {
	if o == nil {
		return nil
	}
	raw := bytes.TrimSpace(o.members[name])
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	if raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err == nil && (text == "" || slices.Contains(o.absent, text)) {
			return nil
		}
	}
	return raw
}

// Has reports whether the member is present, by the rule of ParseObject.
func (o *Object) Has(name string) bool { return o.Raw(name) != nil }

// HasMember reports whether there is a member with this name, even if it is null.
func (o *Object) HasMember(name string) bool {
	if o == nil {
		return false
	}
	_, there := o.members[name]
	return there
}

// HasOnlyMembers reports whether there are no members other than these.
func (o *Object) HasOnlyMembers(names ...string) bool {
	if o == nil {
		return true
	}
	for name := range o.members {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// decodeMember decodes the member into a new T.
func decodeMember[T any](o *Object, name string) (value T, present bool) {
	raw := o.Raw(name)
	if raw == nil {
		return value, false
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		if !errors.Is(err, gateway.ErrNotMoney) {
			err = fmt.Errorf("%s is not the documented type", jsonTypeName(raw))
		}
		o.note(name, err)
		var none T
		return none, false
	}
	return value, true
}

// jsonTypeName describes the type of a JSON value.
func jsonTypeName(raw json.RawMessage) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	default:
		return "a number"
	}
}

// Limits of a text in bytes, and of a text that is one word.
const (
	maxText = 64 << 10
	maxWord = 200
)

// Text returns a string, or the digits of a number.
func (o *Object) Text(name string) string {
	raw := o.Raw(name)
	if raw != nil && raw[0] != '"' {
		number, _ := decodeMember[json.Number](o, name)
		return number.String()
	}
	text, _ := decodeMember[string](o, name)
	if len(text) > maxText {
		o.note(name, fmt.Errorf("it is longer than %d bytes", maxText))
		return ""
	}
	return shared(text)
}

// Word returns a Text that is short and printable, such as a status or an id.
func (o *Object) Word(name string) string {
	text := o.Text(name)
	switch {
	case len(text) > maxWord:
		o.note(name, fmt.Errorf("it is longer than %d bytes", maxWord))
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }):
		o.note(name, errors.New("it has characters that cannot be printed"))
	default:
		return text
	}
	return ""
}

// shared returns one copy of equal texts: a thousand invoices have few different
// currencies, states and image addresses.
func shared(text string) string { return unique.Make(text).Value() }

// Texts returns an array of strings or numbers, without the empty ones.
func (o *Object) Texts(name string) []string {
	var texts []string
	for _, raw := range o.Array(name) {
		item := &Object{members: map[string]json.RawMessage{name: raw}, absent: o.absent, path: o.path, problem: o.problem}
		if text := item.Text(name); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// Money returns a number, or a string that contains one.
func (o *Object) Money(name string) gateway.Money {
	money, _ := decodeMember[gateway.Money](o, name)
	return money
}

// Bool returns nil if the member is missing.
func (o *Object) Bool(name string) *bool {
	if value, present := decodeMember[bool](o, name); present {
		return &value
	}
	return nil
}

// Int returns an integer; nil if the member is missing.
func (o *Object) Int(name string) *int64 {
	text := o.Text(name)
	if text == "" {
		return nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		o.note(name, fmt.Errorf("%q is not an integer", text))
		return nil
	}
	return &value
}

// Time parses a time with one of the layouts; a layout without a zone is read in loc.
func (o *Object) Time(name string, loc *time.Location, layouts ...string) time.Time {
	text, _ := decodeMember[string](o, name)
	at, err := gateway.ParseTime(text, loc, layouts...)
	if err != nil {
		o.note(name, err)
	}
	return at
}

// Object returns a nested object; nil if it is missing. Its problems are reported by
// this one's Err. An empty array counts as missing: that is how PHP writes an object
// without members.
func (o *Object) Object(name string) *Object {
	if raw := o.Raw(name); raw != nil && raw[0] == '[' && len(o.Array(name)) == 0 {
		return nil
	}
	members, present := decodeMember[map[string]json.RawMessage](o, name)
	if !present {
		return nil
	}
	return &Object{members: members, absent: o.absent, path: o.path + name + ".", problem: o.problem}
}

// Objects returns an array of objects.
func (o *Object) Objects(name string) []*Object {
	var objects []*Object
	for i, raw := range o.Array(name) {
		item := fmt.Sprintf("%s[%d]", name, i)
		holder := &Object{members: map[string]json.RawMessage{item: raw}, absent: o.absent, path: o.path, problem: o.problem}
		if object := holder.Object(item); object != nil {
			objects = append(objects, object)
		}
	}
	return objects
}

// Array returns the members of an array verbatim, without those that are null.
func (o *Object) Array(name string) []json.RawMessage {
	all, _ := decodeMember[[]json.RawMessage](o, name)
	return slices.DeleteFunc(all, func(raw json.RawMessage) bool { return string(raw) == "null" })
}
