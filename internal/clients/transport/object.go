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

// Object is a JSON object of an answer, read member by member. A member that is
// absent or null reads as nothing. One of another form than documented reads
// as nothing too, and Err tells of it: the caller decides whether the answer
// is worth something all the same. A nil Object has no members.
type Object struct {
	members map[string]json.RawMessage
	absent  []string
	path    string
	problem *error
}

// ParseObject reads a JSON object and nothing else. A member that is the text
// "" or one of the words of absent counts as absent.
func ParseObject(raw []byte, absent ...string) (*Object, error) {
	o := &Object{absent: absent, problem: new(error)}
	if err := json.Unmarshal(raw, &o.members); err != nil || o.members == nil {
		return nil, errNotObject
	}
	return o, nil
}

// ParseObjects reads a JSON array of objects and nothing else. Each object has
// problems of its own.
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

// Err is the first problem with a member that was read so far.
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

// Raw is the member as it came; nil when it is absent.
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

// Has reports whether the member is there and not absent in the sense above.
func (o *Object) Has(name string) bool { return o.Raw(name) != nil }

// HasMember reports whether there is a member with the name, be it null.
func (o *Object) HasMember(name string) bool {
	if o == nil {
		return false
	}
	_, there := o.members[name]
	return there
}

// HasOnlyMembers reports whether there are no members but those with these names.
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

// jsonTypeName is what a JSON value is, in words.
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

// What a text may have, in bytes: any, and one that is a word.
const (
	maxText = 64 << 10
	maxWord = 200
)

// Text is a text, or the digits of a number.
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

// Word is a Text that is short and can be printed, such as a status or an id.
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

// shared is one copy of texts that are the same: a thousand invoices have few
// different currencies, states and addresses of pictures.
func shared(text string) string { return unique.Make(text).Value() }

// Texts is an array of texts or numbers; empty ones are left out.
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

// Money is a number, or a text that holds one.
func (o *Object) Money(name string) gateway.Money {
	money, _ := decodeMember[gateway.Money](o, name)
	return money
}

// Bool is true, false, or nil when it is absent.
func (o *Object) Bool(name string) *bool {
	if value, present := decodeMember[bool](o, name); present {
		return &value
	}
	return nil
}

// Int is an integer, or nil when it is absent.
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

// Time is a time in one of the layouts; one without a zone is read in loc.
func (o *Object) Time(name string, loc *time.Location, layouts ...string) time.Time {
	text, _ := decodeMember[string](o, name)
	at, err := gateway.ParseTime(text, loc, layouts...)
	if err != nil {
		o.note(name, err)
	}
	return at
}

// Object is an object within this one, or nil when it is absent. Its problems
// are this one's. An empty array counts as absent: that is how PHP writes an
// object without members.
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

// Objects is an array of objects.
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

// Array is an array's members, as they came, without those that are null.
func (o *Object) Array(name string) []json.RawMessage {
	all, _ := decodeMember[[]json.RawMessage](o, name)
	return slices.DeleteFunc(all, func(raw json.RawMessage) bool { return string(raw) == "null" })
}
