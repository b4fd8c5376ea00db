package transport

import (
	"encoding/hex"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// maxDecoded limits the decodings of a text, in bytes.
const maxDecoded = 256 << 10

// decoders each undo one encoding: of HTML, of a URL, and of source text, in which \t may
// be a tab, or part of C:\temp.
var decoders = []func(string) string{html.UnescapeString, decodeURL, decodeSource("abfnrtv0"), decodeSource("")}

// decodings returns a text and everything that it may be an encoding of, however
// encodings are nested. complete is false if that is more than maxDecoded.
func decodings(text string) (all []string, complete bool) {
	all = []string{text}
	known, size := map[string]bool{text: true}, len(text)
	for i := 0; i < len(all); i++ {
		for _, decode := range decoders {
			decoded := decode(all[i])
			if known[decoded] {
				continue
			}
			if size += len(decoded); size > maxDecoded {
				return all, false
			}
			known[decoded] = true
			all = append(all, decoded)
		}
	}
	return all, true
}

var urlEscape = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

func decodeURL(text string) string {
	return urlEscape.ReplaceAllStringFunc(text, func(escape string) string {
		b, _ := hex.DecodeString(escape[1:])
		return string(b)
	})
}

// sourceEscape is a surrogate pair, the number of a character, or a single character.
var sourceEscape = regexp.MustCompile(`(?s)\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|` +
	`u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.?)`)

// decodeSource replaces escapes of the given control characters by a space.
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
