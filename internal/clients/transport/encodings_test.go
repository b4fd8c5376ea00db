package transport

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math/rand"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// encoders are what a text may go through on its way into a response.
var encoders = map[string]func(*rand.Rand, string) string{
	"JSON": func(_ *rand.Rand, s string) string {
		quoted, _ := json.Marshal(s)
		return string(quoted[1 : len(quoted)-1])
	},
	"JSON, slashes": func(_ *rand.Rand, s string) string {
		quoted, _ := EncodeJSON(s)
		return strings.ReplaceAll(string(quoted[1:len(quoted)-1]), "/", `\/`)
	},
	"Go": func(_ *rand.Rand, s string) string {
		quoted := strconv.QuoteToASCII(s)
		return quoted[1 : len(quoted)-1]
	},
	"query": func(_ *rand.Rand, s string) string { return url.QueryEscape(s) },
	"path":  func(_ *rand.Rand, s string) string { return url.PathEscape(s) },
	"HTML":  func(_ *rand.Rand, s string) string { return html.EscapeString(s) },
	"some in code": some(`\`, func(c rune) string {
		if high, low := utf16.EncodeRune(c); c > 0xFFFF {
			return fmt.Sprintf(`\u%04x\u%04X`, high, low)
		}
		return fmt.Sprintf(`\u%04x`, c)
	}),
	"some in percent": some("%", func(c rune) string { return "%" + strings.ReplaceAll(fmt.Sprintf("% x", string(c)), " ", "%") }),
	"some in HTML":    some("&", func(c rune) string { return fmt.Sprintf("&#%d;", c) }),
}

// some encodes what begins an escape, and every third other character.
func some(begins string, encode func(rune) string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range s {
			if string(c) == begins || r.Intn(3) == 0 {
				b.WriteString(encode(c))
			} else {
				b.WriteRune(c)
			}
		}
		return b.String()
	}
}

// TestNestedEncodings: a secret of awkward characters does not leak, however encodings lie
// over each other, and whatever stands before and after it.
func TestNestedEncodings(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	names := slices.Sorted(maps.Keys(encoders))
	characters := []rune("abcDef0127ntuxUvabcDef0127ntuxUvüé𝒳\\\"'/<>&%+;#=~@ \t\n")
	around := []string{"", " ", "\"", "x", "C:\\", "%", "é", "=", ";", "secret: ", "<p>", "\\\""}
	for range 300 {
		var secret strings.Builder
		for len([]rune(alphanumerics(secret.String()))) < 17 {
			secret.WriteRune(characters[r.Intn(len(characters))])
		}
		form, chain := secret.String(), ""
		for range r.Intn(6) {
			name := names[r.Intn(len(names))]
			form, chain = encoders[name](r, form), chain+", "+name
		}
		before, after := around[r.Intn(len(around))], around[r.Intn(len(around))]
		got := newRedactor([]string{secret.String()}).quote(before+form+after, 1000)
		rest := strings.NewReplacer(redacted, "", "%5C", "").Replace(got)
		// A mask may leave a rest of the encoding of a character at its ends.
		if got != withheld && (rest == got || len(alphanumerics(rest)) > len(alphanumerics(before+after))+4) {
			t.Errorf("%q%s, in %q and %q: %q", &secret, chain, before, after, got)
		}
	}
}

// TestDecodedSecrets: a server may take a secret for the encoding of another text.
func TestDecodedSecrets(t *testing.T) {
	r := newRedactor([]string{`k%41b&amp;cd\u0065fgh`})
	for _, told := range []string{`kAb&amp;cd\u0065fgh`, `k%41b&cd\u0065fgh`, `k%41b&amp;cdefgh`, "kAb&cdefgh", "kAb&#38;c%64efgh"} {
		if got := r.quote("no such key: "+told, 1000); got != withheld {
			t.Errorf("%s: %s", told, got)
		}
	}
}

// TestEncodedSecretsAtTheEnd: what is cut off counts, however much of a page is markup.
func TestEncodedSecretsAtTheEnd(t *testing.T) {
	r := newRedactor([]string{"sk_live_0123456789"})
	for before := range 60 {
		text := strings.Repeat("<br>", 2000) + strings.Repeat("x", 200+before) + `s\u006b_live_0123456789`
		if got := r.quote(text, 240); strings.Contains(got, "live") {
			t.Errorf("after %d: %s", before, got)
		}
	}
}

// TestOrdinaryTexts: a text that only ends like a secret is shown.
func TestOrdinaryTexts(t *testing.T) {
	for secret, text := range map[string]string{
		"adminpassword":  "Invalid username or password",
		"superpassword1": "wrong password1",
		"12345678901":    "invoice 678901 not found",
	} {
		if got := newRedactor([]string{secret}).quote(text, 1000); got != text {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// TestDecodingIsBounded: a text with very many decodings is not searched, and not shown.
func TestDecodingIsBounded(t *testing.T) {
	piece := strings.Repeat(`\`, 64) + "n%" + strings.Repeat("25", 16) + "&" + strings.Repeat("amp;", 16)
	costly := strings.Repeat(piece, 4096/len(piece))
	forms, complete := decodings(costly)
	size := 0
	for _, form := range forms {
		size += len(form)
	}
	if complete || size > maxDecoded {
		t.Errorf("%d forms of %d bytes, complete: %v", len(forms), size, complete)
	}
	r := newRedactor([]string{"sk_live_0123456789"})
	if got := r.quote(costly, 240); got != unsearched {
		t.Error(got)
	}
}

// TestKnownSecretIsNotAddedAgain: a token may be returned by every login.
func TestKnownSecretIsNotAddedAgain(t *testing.T) {
	r := newRedactor([]string{"sk_live%41_0123456789"})
	masks, letters := len(r.masks), len(r.letters)
	r.add("sk_live%41_0123456789")
	if len(r.masks) != masks || len(r.letters) != letters {
		t.Errorf("%d masks and %d letters became %d and %d", masks, letters, len(r.masks), len(r.letters))
	}
}
