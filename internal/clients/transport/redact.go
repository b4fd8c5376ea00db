package transport

import (
	"bytes"
	"cmp"
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
	// minLetters is how many letters and digits a secret has at least that is looked
	// for in whatever encoding. Of a long one the first may be missing: they join with
	// what stands before, as in C:\u0061bc or %abc.
	minLetters, joined = 4, 5
	// minDataSecret is how long a secret is at least that is replaced in an answer
	// before it is read: a shorter one may be a part of anything.
	minDataSecret = 8
)

// redactor replaces the secrets that it knows. Text from a gateway passes
// through it before it reaches a log or an error, since an answer may quote
// the request.
type redactor struct {
	mu      sync.RWMutex
	masks   []string // the secrets in all their usual spellings, longest first
	letters []string // their letters and digits
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
	r.masks = append(r.masks, spellings(secret)...)
	slices.SortFunc(r.masks, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	r.masks = slices.Compact(r.masks)
	for _, form := range decodings(secret) { // whoever repeats it may have decoded it
		letters := alphanumerics(form)
		if len(letters) > 2*joined {
			letters = letters[joined:]
		}
		if len(letters) >= minLetters && !slices.Contains(r.letters, letters) {
			r.letters = append(r.letters, letters)
		}
	}
}

// spellings are the usual forms of a secret in a text: as it is, in a URL, in HTML,
// and in JSON, of which encoders escape more or less.
func spellings(secret string) []string {
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret)}
	plain, _ := EncodeJSON(secret) // a string always has a form
	safe, _ := json.Marshal(secret)
	for _, quoted := range []string{string(plain), string(safe), strconv.QuoteToASCII(secret)} {
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
	masked := mask(text, r.values())
	shown := gateway.Quote(masked, most+lookahead)
	if r.repeated(shown) || r.repeated(masked[:min(len(masked), most+lookahead)]) {
		return withheld
	}
	return gateway.Quote(shown, most)
}

// repeated reports a secret in whatever encodings a text uses.
func (r *redactor) repeated(text string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.ContainsFunc(decodings(text), func(decoded string) bool {
		letters := alphanumerics(decoded)
		return slices.ContainsFunc(r.letters, func(secret string) bool { return strings.Contains(letters, secret) })
	})
}

// data replaces the longer secrets in an answer, before it is read: what it says of
// an invoice goes into the state.
func (r *redactor) data(body []byte) []byte {
	found := slices.DeleteFunc(r.values(), func(m string) bool { return len(m) < minDataSecret || !bytes.Contains(body, []byte(m)) })
	if len(found) == 0 {
		return body
	}
	return []byte(mask(string(body), found))
}

// mask replaces everything that masks, which may overlap, cover.
func mask(text string, masks []string) string {
	type span struct{ start, end int }
	var spans []span
	for _, m := range masks {
		for at := 0; ; at++ {
			i := strings.Index(text[at:], m)
			if i < 0 {
				break
			}
			at += i
			spans = append(spans, span{at, at + len(m)})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	end := 0
	for _, s := range spans {
		if s.start >= end {
			b.WriteString(text[end:s.start] + redacted)
		}
		end = max(end, s.end)
	}
	return b.String() + text[end:]
}
