package gateway

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsOpaqueID reports whether text can be an id whose form is not documented: one
// printable word of at most this many bytes.
func IsOpaqueID(id string, most int) bool {
	odd := func(char rune) bool { return unicode.IsSpace(char) || !unicode.IsPrint(char) }
	return id != "" && len(id) <= most && utf8.ValidString(id) && !strings.ContainsFunc(id, odd)
}
