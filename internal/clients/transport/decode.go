package transport

import (
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// maxEncodings is how many encodings may be nested, such as HTML that shows JSON that
// contains JSON.
const maxEncodings = 4

// decoders take away one encoding each: that of a page, of a URL, and of source text, in
// which \t may be a tab, or a part of C:\temp.
var decoders = []func(string) string{html.UnescapeString, decodeURL, decodeSource("abfnrtv0"), decodeSource("")}

// decodings are what a text may be the encoding of, and the text: encodings may lie over
// each other in any order.
func decodings(text string) []string {
	all, from := []string{text}, 0
	for range maxEncodings {
		layer := all[from:]
		from = len(all)
		for _, encoded := range layer {
			for _, decode := range decoders {
				if decoded := decode(encoded); !slices.Contains(all, decoded) {
					all = append(all, decoded)
				}
			}
		}
	}
	return all
}

var urlEscape = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

func decodeURL(text string) string {
	return urlEscape.ReplaceAllStringFunc(text, func(escape string) string {
		b, _ := hex.DecodeString(escape[1:])
		return string(b)
	})
}

// sourceEscape has two halves of a character, the number of one, or a single character.
var sourceEscape = regexp.MustCompile(`(?s)\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|` +
	`u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.?)`)

// decodeSource makes a space of an escape of a control character.
func decodeSource(controls string) func(string) string {
	return func(text string) string {
		return sourceEscape.ReplaceAllStringFunc(text, func(escape string) string {
			switch n := len(escape); {
			case n == 12:
				return string(utf16.DecodeRune(codePoint(escape[2:6]), codePoint(escape[8:])))
			case n >= 4 && strings.ContainsRune("uUx", rune(escape[1])):
				return string(codePoint(escape[2:]))
			case n == 2 && strings.Contains(controls, escape[1:]):
				return " "
			}
			return escape[1:]
		})
	}
}

func codePoint(digits string) rune {
	value, _ := strconv.ParseUint(digits, 16, 31) // a rune has a sign
	return rune(value)
}

func alphanumerics(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}
