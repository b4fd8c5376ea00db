package transport

import (
	"bytes"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	redacted = "***"
	// withheld stands for a text that repeats a secret in a way that cannot be cut
	// out of it.
	withheld = "(not shown, because it repeats a credential)"
	// lookahead is how much of a text is searched for secrets beyond what is quoted,
	// in bytes: a secret whose beginning would be quoted ends within it.
	lookahead = 4096
	// minDecoded is how long a secret is at least that is looked for in whatever
	// encoding, in letters and digits.
	minDecoded = 4
	// minDataSecret is how long a secret is at least that is replaced in an answer
	// before it is read: a shorter one may be a part of anything.
	minDataSecret = 8
)

// redactor replaces the secrets that it knows. Text from a gateway passes
// through it before it reaches a log or an error, since an answer may quote
// the request.
type redactor struct {
	mu      sync.RWMutex
	secrets []string
	masks   []string // the secrets in all their usual spellings
	decoded []string // the secrets in all their decodings
}

func newRedactor(secrets []string) *redactor {
	r := &redactor{}
	for _, s := range secrets {
		r.add(s)
	}
	return r
}

// add makes one more value secret.
func (r *redactor) add(secret string) {
	if secret == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.Contains(r.secrets, secret) {
		return
	}
	r.secrets = append(r.secrets, secret)
	for _, s := range spellings(secret) {
		if !slices.Contains(r.masks, s) {
			r.masks = append(r.masks, s)
		}
	}
	// Longest first: one secret may contain another.
	slices.SortStableFunc(r.masks, func(a, b string) int { return len(b) - len(a) })
	for _, d := range decodings(secret) {
		if len(d) >= minDecoded && !slices.Contains(r.decoded, d) {
			r.decoded = append(r.decoded, d)
		}
	}
}

// spellings are the usual forms of a secret in a text: as it is, in a URL, in HTML,
// and in JSON, of which encoders escape more or less.
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
	return slices.Clone(r.masks)
}

// quote makes a text from outside fit for an error or a log: without secrets, and
// otherwise as gateway.Quote does. Of a text that repeats a secret in an unusual
// spelling nothing is left.
func (r *redactor) quote(text string, most int) string {
	masked := r.mask(text)
	shown := gateway.Quote(masked, most+lookahead)
	if r.repeatsSecret(shown) || shown != masked && r.repeatsSecret(masked[:min(len(masked), most+lookahead)]) {
		return withheld
	}
	return gateway.Quote(shown, most)
}

// repeatsSecret reports a secret in whatever encodings a text uses.
func (r *redactor) repeatsSecret(text string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.decoded) == 0 {
		return false
	}
	return slices.ContainsFunc(decodings(text), func(decoded string) bool {
		return slices.ContainsFunc(r.decoded, func(secret string) bool { return strings.Contains(decoded, secret) })
	})
}

// mask replaces every secret in its usual spellings, and what overlaps it.
func (r *redactor) mask(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return mask(text, r.masks)
}

// data replaces the longer secrets in an answer, before it is read: what it says of
// an invoice goes into the state.
func (r *redactor) data(body []byte) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found []string
	for _, m := range r.masks {
		if len(m) >= minDataSecret && bytes.Contains(body, []byte(m)) {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return body
	}
	return []byte(mask(string(body), found))
}

// span is a part of a text.
type span struct{ start, end int }

func mask(text string, masks []string) string {
	var spans []span
	for _, m := range masks {
		for at := 0; ; {
			i := strings.Index(text[at:], m)
			if i < 0 {
				break
			}
			spans = append(spans, span{at + i, at + i + len(m)})
			at += i + 1
		}
	}
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	end := 0
	for i, s := range spans {
		if i == 0 || s.start >= end {
			b.WriteString(text[end:s.start] + redacted)
		}
		end = max(end, s.end)
	}
	return b.String() + text[end:]
}
