package transport

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

const redacted = "***"

// redactor replaces the secrets that it knows. Text from a gateway passes
// through it before it reaches a log or an error, since an answer may quote
// the request.
type redactor struct {
	mu      sync.RWMutex
	secrets []string
}

func newRedactor(secrets []string) *redactor {
	r := &redactor{}
	for _, s := range secrets {
		r.add(s)
	}
	return r
}

// add makes one more value secret, in each spelling that an answer may use.
func (r *redactor) add(secret string) {
	if secret == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range spellings(secret) {
		if !slices.Contains(r.secrets, s) {
			r.secrets = append(r.secrets, s)
		}
	}
	// Longest first: one secret may contain another.
	slices.SortStableFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
}

// spellings are the forms in which a secret may stand in a text: as it is, in a
// URL, in HTML, and in JSON, of which encoders escape more or less.
func spellings(secret string) []string {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)}
	var inJSON []string
	if plain, err := EncodeJSON(secret); err == nil {
		inJSON = append(inJSON, string(plain))
	}
	if safe, err := json.Marshal(secret); err == nil {
		inJSON = append(inJSON, string(safe))
	}
	for _, quoted := range append(inJSON, strconv.QuoteToASCII(secret)) {
		inner := quoted[1 : len(quoted)-1]
		forms = append(forms, inner, strings.ReplaceAll(inner, "/", `\/`))
	}
	return forms
}

// values are the secrets, for a logger's own masks.
func (r *redactor) values() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.secrets)
}

// text replaces every secret in s.
func (r *redactor) text(s string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, secret := range r.secrets {
		s = strings.ReplaceAll(s, secret, redacted)
	}
	return s
}
