package xpays

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var errNoJSON = errors.New("xpays sandbox: the body is not JSON")

// stringify does what JSON.stringify(JSON.parse(text)) does: no white space, numbers
// and strings in JavaScript's spelling, integer keys first and in order, and of
// duplicate keys the first one's place with the last one's value.
func stringify(text []byte) (string, error) {
	if !json.Valid(text) {
		return "", errNoJSON
	}
	p := printer{text: strings.ToValidUTF8(string(text), "\ufffd")}
	p.value()
	return p.out.String(), nil
}

// printer reads valid JSON and writes it in that form.
type printer struct {
	text string // the remaining text
	out  strings.Builder
}

// next skips white space and returns the first character after it.
func (p *printer) next() byte {
	p.text = strings.TrimLeft(p.text, " \t\r\n")
	return p.text[0]
}

// skip skips a character that next has returned.
func (p *printer) skip() { p.text = p.text[1:] }

func (p *printer) value() {
	switch p.next() {
	case '{':
		p.object()
	case '[':
		p.array()
	case '"':
		p.out.WriteString(p.string())
	default:
		p.scalar()
	}
}

// scalar writes a number, true, false or null.
func (p *printer) scalar() {
	end := strings.IndexAny(p.text, ",]} \t\r\n")
	if end < 0 {
		end = len(p.text)
	}
	word := p.text[:end]
	p.text = p.text[end:]
	if strings.Contains("tfn", word[:1]) {
		p.out.WriteString(word)
		return
	}
	p.out.WriteString(double(word))
}

func (p *printer) array() {
	p.skip()
	p.out.WriteByte('[')
	for first := true; p.next() != ']'; first = false {
		if !first {
			p.skip() // the comma
			p.out.WriteByte(',')
		}
		p.value()
	}
	p.skip()
	p.out.WriteByte(']')
}

func (p *printer) object() {
	p.skip()
	var names []string
	values := map[string]string{}
	for first := true; p.next() != '}'; first = false {
		if !first {
			p.skip() // the comma
			p.next()
		}
		name := p.string()
		p.next()
		p.skip() // the colon
		member := printer{text: p.text}
		member.value()
		p.text = member.text
		if _, known := values[name]; !known {
			names = append(names, name)
		}
		values[name] = member.out.String()
	}
	p.skip()

	slices.SortStableFunc(names, byIndex)
	p.out.WriteByte('{')
	for i, name := range names {
		if i > 0 {
			p.out.WriteByte(',')
		}
		p.out.WriteString(name + ":" + values[name])
	}
	p.out.WriteByte('}')
}

// byIndex sorts names that are array indices before all others.
func byIndex(a, b string) int { return cmp.Compare(index(a), index(b)) }

// index returns the array index of a quoted name; other names come after all indices.
// https://tc39.es/ecma262/#array-index
func index(quoted string) int64 {
	const largest = math.MaxUint32 - 1
	name := quoted[1 : len(quoted)-1]
	i, err := strconv.ParseUint(name, 10, 32)
	if err != nil || i > largest || strconv.FormatUint(i, 10) != name {
		return largest + 1
	}
	return int64(i)
}

// string reads a string and returns it quoted like JSON.stringify, which escapes only
// quotes, backslashes, control characters and lone surrogates.
// https://tc39.es/ecma262/#sec-quotejsonstring
func (p *printer) string() string {
	var out strings.Builder
	out.WriteByte('"')
	p.skip()
	for p.text[0] != '"' {
		if p.text[0] != '\\' {
			_, size := utf8.DecodeRuneInString(p.text)
			out.WriteString(p.text[:size])
			p.text = p.text[size:]
			continue
		}
		switch p.text[1] {
		case 'u':
			p.codePoint(&out)
		case '/':
			out.WriteByte('/')
			p.text = p.text[2:]
		default:
			out.WriteString(p.text[:2])
			p.text = p.text[2:]
		}
	}
	p.skip()
	out.WriteByte('"')
	return out.String()
}

// short are the control characters with a short escape, and the characters that a
// backslash escapes.
var short = map[rune]string{
	'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`,
}

// codePoint reads one \uXXXX, or two that are a surrogate pair.
func (p *printer) codePoint(out *strings.Builder) {
	r := p.codeUnit()
	if utf16.IsSurrogate(r) {
		rest := p.text
		if strings.HasPrefix(rest, `\u`) {
			if pair := utf16.DecodeRune(r, p.codeUnit()); pair != utf8.RuneError {
				out.WriteRune(pair)
				return
			}
			p.text = rest // the second one stands alone
		}
	}
	switch escape, known := short[r]; {
	case known:
		out.WriteString(escape)
	case r < 0x20 || utf16.IsSurrogate(r):
		out.WriteString(`\u` + strings.ToLower(strconv.FormatInt(int64(r)+0x10000, 16)[1:]))
	default:
		out.WriteRune(r)
	}
}

func (p *printer) codeUnit() rune {
	unit, _ := strconv.ParseUint(p.text[2:6], 16, 16) // valid JSON has four digits
	p.text = p.text[6:]
	return rune(unit)
}

// double formats a decimal number as JavaScript formats the nearest double: with the
// fewest digits that identify it. What is out of range becomes null.
// https://tc39.es/ecma262/#sec-numeric-types-number-tostring
func double(number string) string {
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return "null"
	}
	if f == 0 {
		return "0" // also of -0
	}
	raw, _ := json.Marshal(f) // spells as JavaScript does
	return string(raw)
}
