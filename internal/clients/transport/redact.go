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
	// withheld replaces a text that repeats a secret in a form that cannot be masked, and
	// unsearched one with too many decodings to search.
	withheld   = "(not shown, because it repeats a credential)"
	unsearched = "(not shown, because its encoding may hide a credential)"
	// lookahead is how much of a text is searched for secrets beyond what is quoted,
	// in bytes: a secret whose beginning would be quoted ends within it.
	lookahead = 4096
	// minLetters is the number of letters and digits from which on a secret is searched
	// for in any encoding.
	minLetters = 4
	// maxJoined is how many of a secret's first letters and digits an escape before it may
	// swallow, as in C:\u0061bc or %abc. They are not searched for if minTail others follow.
	maxJoined, minTail = 5, 12
	// minDataSecret is the length from which on a secret is masked in a response before
	// the response is read: a shorter one may be part of anything.
	minDataSecret = 8
)

// redactor removes secrets from text. Everything from a gateway passes through it on its
// way to a log or an error, because a response may quote the request.
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

// add registers a secret.
func (r *redactor) add(secret string) {
	if secret == "" || slices.Contains(r.values(), secret) {
		return
	}
	masks := spellings(secret)
	forms, _ := decodings(secret) // a server may have decoded what it repeats
	r.mu.Lock()
	defer r.mu.Unlock()
	r.masks = append(r.masks, masks...)
	slices.SortFunc(r.masks, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	r.masks = slices.Compact(r.masks)
	for _, form := range forms {
		letters := alphanumerics(form)
		if len(letters) >= maxJoined+minTail {
			letters = letters[maxJoined:]
		}
		if len(letters) >= minLetters && !slices.Contains(r.letters, letters) {
			r.letters = append(r.letters, letters)
		}
	}
}

// spellings returns the usual forms of a secret: as it is, in a URL, in HTML, and in JSON,
// where encoders differ in what they escape.
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

// values returns the secrets in all their usual spellings.
func (r *redactor) values() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Clone(r.masks)
}

// quote makes text from outside safe for an error or a log: without secrets, and otherwise
// like gateway.Quote. A text that repeats a secret in an unusual form is withheld.
func (r *redactor) quote(text string, most int) string {
	masked := mask(text, r.values())
	shown := gateway.Quote(masked, most+lookahead)
	searched := []string{shown}
	if shown != masked {
		searched = append(searched, masked[:min(len(masked), most+lookahead)])
	}
	for _, text := range searched {
		switch forms, complete := decodings(text); {
		case r.repeated(forms):
			return withheld
		case !complete:
			return unsearched
		}
	}
	return gateway.Quote(shown, most)
}

// repeated reports whether one of a text's decodings contains a secret.
func (r *redactor) repeated(forms []string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.ContainsFunc(forms, func(form string) bool {
		letters := alphanumerics(form)
		return slices.ContainsFunc(r.letters, func(secret string) bool { return strings.Contains(letters, secret) })
	})
}

// data masks the longer secrets in a response before it is read, because its fields go
// into the state.
func (r *redactor) data(body []byte) []byte {
	found := slices.DeleteFunc(r.values(), func(m string) bool { return len(m) < minDataSecret || !bytes.Contains(body, []byte(m)) })
	if len(found) == 0 {
		return body
	}
	return []byte(mask(string(body), found))
}

// mask replaces every occurrence of the masks, which may overlap.
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
