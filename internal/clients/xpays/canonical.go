package xpays

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// CanonicalJSON writes JSON in the one form that JavaScript's JSON.parse and
// JSON.stringify give back unchanged, because a server signs what it parsed,
// not what it received: compact; only quotes, backslashes, control characters
// and lone surrogates escaped; numbers in their shortest form; members named
// like array indexes first, in ascending order, as JavaScript sorts them. The
// other members follow in the order of their names, so that equal JSON gives
// equal text.
//
// It refuses what would not survive: a name that occurs twice in an object,
// and a number that a double cannot hold.
func CanonicalJSON(raw []byte) ([]byte, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not UTF-8")
	}
	var valid json.RawMessage
	if err := json.Unmarshal(raw, &valid); err != nil {
		return nil, errors.New("it is not JSON")
	}
	r := &rewriter{in: raw}
	return r.value(nil, "")
}

// rewriter walks over text that is known to be valid JSON.
type rewriter struct {
	in []byte
	at int
}

// next skips blanks and answers the byte that follows, without consuming it.
func (r *rewriter) next() byte {
	for strings.IndexByte(" \t\r\n", r.in[r.at]) >= 0 {
		r.at++
	}
	return r.in[r.at]
}

// skipIf consumes the next byte if it is this one.
func (r *rewriter) skipIf(char byte) bool {
	if r.next() != char {
		return false
	}
	r.at++
	return true
}

// value appends the value that follows. The path names it in errors.
func (r *rewriter) value(out []byte, path string) ([]byte, error) {
	switch r.next() {
	case '{':
		return r.object(out, path)
	case '[':
		return r.array(out, path)
	case '"':
		return r.text(out), nil
	case 't', 'f', 'n':
		return append(out, r.word()...), nil
	default:
		number, err := canonicalNumber(r.word())
		if err != nil && path != "" {
			err = fmt.Errorf("%s: %w", path, err)
		}
		return append(out, number...), err
	}
}

// word consumes a number, true, false or null.
func (r *rewriter) word() string {
	start := r.at
	for r.at < len(r.in) && strings.IndexByte(" \t\r\n,]}", r.in[r.at]) < 0 {
		r.at++
	}
	return string(r.in[start:r.at])
}

func (r *rewriter) array(out []byte, path string) ([]byte, error) {
	r.at++ // [
	out = append(out, '[')
	for i := 0; !r.skipIf(']'); i++ {
		if r.skipIf(',') {
			out = append(out, ',')
		}
		var err error
		if out, err = r.value(out, join(path, strconv.Itoa(i))); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

// member is a member of an object, its name in canonical quotes.
type member struct{ name, value []byte }

func (r *rewriter) object(out []byte, path string) ([]byte, error) {
	r.at++ // {
	var members []member
	seen := map[string]bool{}
	for !r.skipIf('}') {
		r.skipIf(',')
		r.next()
		name := r.text(nil)
		plain := string(name[1 : len(name)-1])
		if seen[plain] {
			return nil, fmt.Errorf("%q occurs twice", join(path, plain))
		}
		seen[plain] = true
		r.skipIf(':')
		value, err := r.value(nil, join(path, plain))
		if err != nil {
			return nil, err
		}
		members = append(members, member{name, value})
	}
	slices.SortFunc(members, compareMembers)

	out = append(out, '{')
	for i, m := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, m.name...), ':'), m.value...)
	}
	return append(out, '}'), nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// compareMembers puts array indexes first.
func compareMembers(a, b member) int {
	aIndex, aIs := arrayIndex(a.name)
	bIndex, bIs := arrayIndex(b.name)
	switch {
	case aIs && bIs:
		return cmp.Compare(aIndex, bIndex)
	case aIs:
		return -1
	case bIs:
		return 1
	default:
		return slices.Compare(a.name, b.name)
	}
}

// arrayIndex reads a quoted name as an array index: a whole number from 0 to
// 2^32-2 in its only spelling.
func arrayIndex(name []byte) (uint32, bool) {
	text := string(name[1 : len(name)-1])
	index, err := strconv.ParseUint(text, 10, 32)
	if err != nil || index == 1<<32-1 || strconv.FormatUint(index, 10) != text {
		return 0, false
	}
	return uint32(index), true
}

// text appends the string that follows, its escapes undone and written anew.
func (r *rewriter) text(out []byte) []byte {
	out = append(out, '"')
	r.at++ // the opening quote
	for r.in[r.at] != '"' {
		out = appendChar(out, r.char())
	}
	r.at++
	return append(out, '"')
}

var shortEscapes = map[byte]rune{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// char consumes one character of a string. Two escaped halves of a surrogate
// pair are one character; a half alone is itself.
func (r *rewriter) char() rune {
	if r.in[r.at] != '\\' {
		char, size := utf8.DecodeRune(r.in[r.at:])
		r.at += size
		return char
	}
	letter := r.in[r.at+1]
	if letter != 'u' {
		r.at += 2
		if char, ok := shortEscapes[letter]; ok {
			return char
		}
		return rune(letter)
	}
	first := r.unit()
	r.at += 6
	if utf16.IsSurrogate(first) && r.in[r.at] == '\\' && r.in[r.at+1] == 'u' {
		if pair := utf16.DecodeRune(first, r.unit()); pair != utf8.RuneError {
			r.at += 6
			return pair
		}
	}
	return first
}

// unit reads the four digits of a \u escape, without consuming it.
func (r *rewriter) unit() rune {
	unit, _ := strconv.ParseUint(string(r.in[r.at+2:r.at+6]), 16, 16) // valid JSON
	return rune(unit)
}

// appendChar writes a character as JSON.stringify does.
func appendChar(out []byte, char rune) []byte {
	switch char {
	case '"', '\\':
		return append(out, '\\', byte(char))
	case '\b':
		return append(out, `\b`...)
	case '\f':
		return append(out, `\f`...)
	case '\n':
		return append(out, `\n`...)
	case '\r':
		return append(out, `\r`...)
	case '\t':
		return append(out, `\t`...)
	}
	if char < ' ' || utf16.IsSurrogate(char) {
		return fmt.Appendf(out, `\u%04x`, char)
	}
	return utf8.AppendRune(out, char)
}

// canonicalNumber writes a JSON number as JavaScript does: 10 for 10.0, 1e+21
// for 1000000000000000000000. It refuses one that JavaScript would change.
func canonicalNumber(text string) (string, error) {
	double, err := strconv.ParseFloat(text, 64)
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	switch {
	case strings.Trim(mantissa, "-0.") == "":
		return "0", nil // of every spelling, the sign lost
	case err != nil || double == 0:
		return "", tooPrecise(text)
	}
	// The encoder of Go's library follows JavaScript's rule for numbers.
	short, err := json.Marshal(double)
	if err != nil {
		return "", tooPrecise(text)
	}
	// The exponents are small here, else there would be no double.
	want, ok1 := new(big.Rat).SetString(text)
	got, ok2 := new(big.Rat).SetString(string(short))
	if !ok1 || !ok2 || want.Cmp(got) != 0 {
		return "", tooPrecise(text)
	}
	return string(short), nil
}

func tooPrecise(text string) error {
	if len(text) > 40 {
		text = text[:40] + "…"
	}
	return fmt.Errorf("the number %s has more digits than a JSON number keeps on its way to the gateway: write it as a string, in quotes", text)
}
