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

var (
	percentEscape   = regexp.MustCompile(`%[0-9a-fA-F]{2}`)
	pairEscape      = regexp.MustCompile(`\\u([dD][89abAB][0-9a-fA-F]{2})\\+u([dD][c-fC-F][0-9a-fA-F]{2})`)
	codeEscape      = regexp.MustCompile(`\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2})`)
	characterEscape = regexp.MustCompile(`(?s)\\.?`)
)

// decodeCode decodes escapes that give a character's code.
func decodeCode(text string) string {
	text = pairEscape.ReplaceAllStringFunc(text, func(escape string) string {
		return string(utf16.DecodeRune(codePoint(escape[2:6]), codePoint(escape[len(escape)-4:])))
	})
	return codeEscape.ReplaceAllStringFunc(text, func(escape string) string { return string(codePoint(escape[2:])) })
}

func decodePercent(text string) string {
	return percentEscape.ReplaceAllStringFunc(text, func(escape string) string {
		b, _ := hex.DecodeString(escape[1:])
		return string(b)
	})
}

// decodeCharacter decodes escapes of one character, except those in controls.
func decodeCharacter(controls string) func(text string) string {
	return func(text string) string {
		return characterEscape.ReplaceAllStringFunc(text, func(escape string) string {
			if escape = escape[1:]; escape != "" && strings.Contains(controls, escape) {
				return " "
			}
			return escape
		})
	}
}

func codePoint(digits string) rune {
	value, _ := strconv.ParseUint(digits, 16, 31) // a rune has a sign
	return rune(value)
}

// decodings returns the letters and digits of a text in each way in which it may be
// encoded. They are for comparison: two texts with different encodings have one in
// common.
func decodings(text string) []string {
	var all []string
	for _, controls := range []string{"abfnrtv0", ""} { // \t may be a tab, or a part of C:\temp
		decoders := []func(string) string{html.UnescapeString, decodePercent, decodeCode, decodeCharacter(controls)}
		for _, stage := range stages(text, decoders) {
			if !slices.Contains(all, stage) {
				all = append(all, stage)
			}
		}
	}
	return all
}

// stages returns what is left of a text after each kind of encoding is decoded.
func stages(text string, decoders []func(string) string) []string {
	all := []string{alphanumerics(text)}
	for range maxEncodings {
		before := text
		for _, decode := range decoders {
			text = decode(text)
			if letters := alphanumerics(text); letters != all[len(all)-1] {
				all = append(all, letters)
			}
		}
		if text == before {
			break
		}
	}
	return all
}

func alphanumerics(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}
