package transport

import (
	"encoding/json"
	"html"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

const redacted = "***"

// redactor replaces the secrets that it knows. Text from a gateway passes
// through it before it reaches a log or an error, since an answer may quote
// the request.
type redactor struct {
	mu      sync.RWMutex
	secrets []string
	starts  [256]bool // the bytes with which a secret begins
	masks   []string
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
	r.starts[secret[0]] = true
	for _, s := range spellings(secret) {
		if !slices.Contains(r.masks, s) {
			r.masks = append(r.masks, s)
		}
	}
	// Longest first: one secret may contain another.
	slices.SortStableFunc(r.masks, func(a, b string) int { return len(b) - len(a) })
}

// spellings are the usual forms of a secret in a text, for a logger, which
// replaces nothing but texts: as it is, in a URL, in HTML, and in JSON, of which
// encoders escape more or less.
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

// text replaces every secret in s.
func (r *redactor) text(s string) string {
	var b strings.Builder
	for c := range r.runes(s) {
		b.WriteRune(c)
	}
	return b.String()
}

// runes are the characters of a text whose secrets are replaced. What is not
// read is not searched either: an answer is long, an excerpt is not.
func (r *redactor) runes(text string) iter.Seq[rune] {
	return func(yield func(rune) bool) {
		r.mu.RLock()
		defer r.mu.RUnlock()
		s := search{redactor: r, text: text, dead: map[place]bool{}}
		for i := 0; i < len(text); {
			if end := s.secretAt(i); end > i {
				for _, c := range redacted {
					if !yield(c) {
						return
					}
				}
				i = end
				continue
			}
			c, size := utf8.DecodeRuneInString(text[i:])
			if !yield(c) {
				return
			}
			i += size
		}
	}
}

// search looks for secrets in a text, whatever escapes it uses. It compares
// character by character, because neither a whole text nor a whole secret tells
// what was escaped: a secret may look like an escape itself.
type search struct {
	*redactor
	text string
	dead map[place]bool // from where it is known that a secret does not go on
}

// place is a place in the text and one in a secret.
type place struct{ secret, at, from int }

// secretAt answers the end of the secret that begins at a place, and of all that
// overlap it. It is the place itself when there is none.
func (s *search) secretAt(start int) int {
	end := start
	for at := start; at == start || at < end; at++ {
		if b := s.text[at]; !s.starts[b] && !beginsEscape(b) {
			continue
		}
		for i := range s.secrets {
			end = max(end, s.match(place{secret: i, at: at}))
		}
	}
	return end
}

// match answers where the rest of a secret ends in the text; -1 when the text
// goes on otherwise.
func (s *search) match(p place) int {
	for rest := s.secrets[p.secret][p.from:]; rest != ""; rest = rest[1:] {
		switch {
		case p.at == len(s.text):
			return -1
		case beginsEscape(s.text[p.at]):
			return s.matchEscape(p, rest)
		case s.text[p.at] != rest[0]:
			return -1
		}
		p.at++
		p.from++
	}
	return p.at
}

// matchEscape is match where the text may be read in more than one way. The
// longest comes first, so that nothing of the last escape is left.
func (s *search) matchEscape(p place, rest string) int {
	if s.dead[p] {
		return -1
	}
	for _, r := range slices.Backward(readings(s.text[p.at:], nested)) {
		if !strings.HasPrefix(rest, r.value) {
			continue
		}
		if end := s.match(place{p.secret, p.at + r.length, p.from + len(r.value)}); end >= 0 {
			return end
		}
	}
	s.dead[p] = true
	return -1
}
