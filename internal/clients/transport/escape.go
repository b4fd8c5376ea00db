package transport

import (
	"encoding/hex"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// nested is how many encodings may lie over each other, such as a page of HTML
// that shows JSON that holds JSON.
const nested = 3

// beginsEscape reports a byte with which an escape begins: those of JSON and
// programming languages, of URLs, of HTML, and the space of a form.
func beginsEscape(b byte) bool { return b == '\\' || b == '%' || b == '&' || b == '+' }

// reading is one way to read the beginning of a text: its first byte as it is,
// or the character that an escape stands for.
type reading struct {
	value  string
	length int // in the text
}

// readings are all of them, with at most so many encodings over each other, by
// their number. Of an escape in an escape the inner one is in the reading of
// the outer one's beginning.
func readings(text string, depth int) []reading {
	if text == "" {
		return nil
	}
	if depth == 0 || !beginsEscape(text[0]) {
		return []reading{{text[:1], 1}}
	}
	all := readings(text, depth-1)
	for _, begin := range all {
		var more []reading
		switch rest := text[begin.length:]; begin.value {
		case `\`:
			more = afterBackslash(rest, depth-1)
		case "%":
			if b, err := hex.DecodeString(rest[:min(2, len(rest))]); err == nil && len(b) == 1 {
				more = []reading{{string(b), 2}}
			}
		case "&":
			more = afterAmpersand(rest, depth-1)
		case "+":
			more = []reading{{" ", 0}}
		}
		for _, r := range more {
			r.length += begin.length
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all
}

// as are the readings of the beginning of a text that have a value.
func as(value, text string, depth int) []reading {
	return slices.DeleteFunc(readings(text, depth), func(r reading) bool { return r.value != value })
}

func afterBackslash(text string, depth int) []reading {
	if text == "" {
		return nil
	}
	const controls, values = "abfnrtv0", "\a\b\f\n\r\t\v\x00"
	switch letter := text[0]; {
	case letter == 'u':
		return afterBackslashU(text, depth)
	case letter == 'U':
		return character(text, 8)
	case letter == 'x':
		return character(text, 2)
	case strings.IndexByte(controls, letter) >= 0:
		i := strings.IndexByte(controls, letter)
		return []reading{{values[i : i+1], 1}}
	}
	return slices.DeleteFunc(readings(text, depth), func(r reading) bool { return isName(r.value[0]) })
}

// afterBackslashU reads one \u or, of what takes two, both.
func afterBackslashU(text string, depth int) []reading {
	first, ok := hexadecimal(text[1:], 4)
	if !ok || !utf16.IsSurrogate(first) {
		return character(text, 4)
	}
	for _, r := range as(`\`, text[5:], depth) {
		rest := text[5+r.length:]
		if !strings.HasPrefix(rest, "u") {
			continue
		}
		second, ok := hexadecimal(rest[1:], 4)
		if c := utf16.DecodeRune(first, second); ok && c != utf8.RuneError {
			return []reading{{string(c), 5 + r.length + 5}}
		}
	}
	return nil
}

// character reads the digits after one letter.
func character(text string, digits int) []reading {
	if c, ok := hexadecimal(text[1:], digits); ok {
		return []reading{{string(c), 1 + digits}}
	}
	return nil
}

// longestEntity bounds what is read of a name between & and ;.
const longestEntity = 32

func afterAmpersand(text string, depth int) []reading {
	name, length := "", 0
	if hash := as("#", text, depth); len(hash) > 0 {
		name, length = "#", hash[0].length
	}
	for length < len(text) && isName(text[length]) && len(name) < longestEntity {
		name += text[length : length+1]
		length++
	}
	end := as(";", text[length:], depth)
	value := html.UnescapeString("&" + name + ";")
	if len(end) == 0 || strings.HasPrefix(value, "&"+name) {
		return nil
	}
	return []reading{{value, length + end[0].length}}
}

func isName(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func hexadecimal(text string, digits int) (rune, bool) {
	if len(text) < digits {
		return 0, false
	}
	value, err := strconv.ParseUint(text[:digits], 16, 31) // a rune has a sign
	return rune(value), err == nil
}
