package invoice

import (
	"errors"
	"strings"
	"unicode"
)

// OpaqueID makes a NormalizeID that refuses only what cannot be an id at all,
// for gateways whose ids have no promised form. example says what one looks
// like.
func OpaqueID(example string) func(string) (string, error) {
	return func(id string) (string, error) {
		id = strings.TrimSpace(id)
		if id == "" || strings.ContainsFunc(id, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
			return "", errors.New(example)
		}
		return id, nil
	}
}
