package xpays

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CanonicalJSON formats JSON in the one form that JavaScript's JSON.parse and
// JSON.stringify leave unchanged, because a server signs what it parsed, not what it
// received: compact; with only quotes, backslashes, control characters and lone
// surrogates escaped; numbers in their shortest form; and members named like array
// indexes first, in ascending order, as JavaScript sorts them. The other members are
// sorted by name, so that equal JSON gives equal text.
// It rejects what would not survive: a name that occurs twice in an object, and a
// number that a double cannot hold.
func CanonicalJSON(raw []byte) ([]byte, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("it is not UTF-8")
	}
	var valid json.RawMessage
	if err := json.Unmarshal(raw, &valid); err != nil {
		return nil, errors.New("it is not JSON")
	}
	r := &rewriter{in: raw, tokens: json.NewDecoder(bytes.NewReader(raw))}
	r.tokens.UseNumber()
	return r.value("")
}

// rewriter reads text that is known to be valid JSON.
type rewriter struct {
	in     []byte
	tokens *json.Decoder
}

// token returns the next token and its text.
func (r *rewriter) token() (token json.Token, text []byte) {
	start := r.tokens.InputOffset()
	token, _ = r.tokens.Token() // valid JSON
	return token, bytes.TrimLeft(r.in[start:r.tokens.InputOffset()], " \t\r\n,:")
}

// value rewrites the next value. path names it in errors.
func (r *rewriter) value(path string) ([]byte, error) {
	token, text := r.token()
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return r.object(path)
		}
		return r.array(path)
	case string:
		return canonicalText(text), nil
	case json.Number:
		number, err := canonicalNumber(token.String())
		switch {
		case err == nil:
			return []byte(number), nil
		case path == "":
			return nil, err
		default:
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	default:
		return text, nil
	}
}

func (r *rewriter) array(path string) ([]byte, error) {
	var elements [][]byte
	for r.tokens.More() {
		element, err := r.value(join(path, strconv.Itoa(len(elements))))
		if err != nil {
			return nil, err
		}
		elements = append(elements, element)
	}
	r.token() // ]
	return slices.Concat([]byte("["), bytes.Join(elements, []byte(",")), []byte("]")), nil
}

// member is a member of an object, its name in canonical quotes.
type member struct{ name, value []byte }

func (r *rewriter) object(path string) ([]byte, error) {
	var members []member
	seen := map[string]bool{}
	for r.tokens.More() {
		_, text := r.token()
		name := canonicalText(text)
		plain := string(name[1 : len(name)-1])
		if seen[plain] {
			return nil, fmt.Errorf("%q occurs twice", join(path, plain))
		}
		seen[plain] = true
		value, err := r.value(join(path, plain))
		if err != nil {
			return nil, err
		}
		members = append(members, member{name, value})
	}
	r.token() // }
	slices.SortFunc(members, compareMembers)

	out := []byte("{")
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

// arrayIndex parses a quoted name as an array index: a whole number from 0 to 2^32-2 in
// its canonical spelling.
func arrayIndex(name []byte) (uint32, bool) {
	text := string(name[1 : len(name)-1])
	index, err := strconv.ParseUint(text, 10, 32)
	if err != nil || index == 1<<32-1 || strconv.FormatUint(index, 10) != text {
		return 0, false
	}
	return uint32(index), true
}

// escapes matches the escapes in a string. Two halves of a surrogate pair are one.
var escapes = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.`)

// canonicalText formats a string like JSON.stringify. Half of a surrogate pair stays
// escaped.
func canonicalText(text []byte) []byte {
	return escapes.ReplaceAllFunc(text, func(escape []byte) []byte {
		var char string
		if err := json.Unmarshal(slices.Concat([]byte(`"`), escape, []byte(`"`)), &char); err != nil {
			return escape // unreachable: valid JSON
		}
		switch {
		case char < " ", char == `"`, char == `\`:
			short, _ := json.Marshal(char) // text can always be encoded
			return short[1 : len(short)-1]
		case char == string(utf8.RuneError) && !bytes.EqualFold(escape, []byte(`\ufffd`)):
			return bytes.ToLower(escape)
		default:
			return []byte(char)
		}
	})
}

// canonicalNumber formats a JSON number like JavaScript: 10 for 10.0, 1e+21 for
// 1000000000000000000000. It rejects a number that JavaScript would change.
func canonicalNumber(text string) (string, error) {
	double, err := strconv.ParseFloat(text, 64)
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	switch {
	case strings.Trim(mantissa, "-0.") == "":
		return "0", nil // in any spelling, without its sign
	case err != nil || double == 0:
		return "", tooPrecise(text)
	}
	// Go's encoder follows JavaScript's rule for numbers.
	short, err := json.Marshal(double)
	if err != nil {
		return "", tooPrecise(text)
	}
	// The exponents are small, because the number fits a double.
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
	return fmt.Errorf("the number %s has too many digits for a JSON number: write it as a string, in quotes", text)
}
