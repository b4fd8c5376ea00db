package invoice

import (
	"errors"
	"strings"
	"unicode"
)

// OpaqueID returns a NormalizeID for gateways whose ids have no documented form. It
// rejects only what cannot be an id. example shows one.
func OpaqueID(example string) func(string) (string, error) {
	return func(id string) (string, error) {
		id = strings.TrimSpace(id)
		if id == "" || strings.ContainsFunc(id, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
			return "", errors.New(example)
		}
		return id, nil
	}
}
