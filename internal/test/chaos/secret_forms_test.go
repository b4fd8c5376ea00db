package chaos

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// forms are the encodings in which a secret may leak.
func forms(secret string) map[string]string {
	quoted := func(v any, err error) string {
		text := fmt.Sprintf("%s", v)
		if err != nil || len(text) < 2 {
			return secret
		}
		return text[1 : len(text)-1]
	}
	var plainJSON bytes.Buffer
	encoder := json.NewEncoder(&plainJSON)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(secret)
	all := map[string]string{
		"as it is":           secret,
		"hexadecimal":        hex.EncodeToString([]byte(secret)),
		"upper hexadecimal":  strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"in a query":         url.QueryEscape(secret),
		"in a path":          url.PathEscape(secret),
		"in JSON":            quoted(json.Marshal(secret)),
		"in plain JSON":      quoted(strings.TrimSpace(plainJSON.String()), nil),
		"in JSON in JSON":    quoted(json.Marshal(quoted(json.Marshal(secret)))),
		"quoted by Go":       quoted(strconv.Quote(secret), nil),
		"quoted in ASCII":    quoted(strconv.QuoteToASCII(secret), nil),
		"in HTML":            html.EscapeString(secret),
		"slashes escaped":    strings.ReplaceAll(secret, "/", `\/`),
		"without its escape": strings.ReplaceAll(secret, `\`, ""),
		"as bytes":           strings.Trim(fmt.Sprint([]byte(secret)), "[]"),
	}
	// Base64 depends on what comes before: three alignments, without the
	// characters at the ends that others share.
	for shift := range 3 {
		padded := append(make([]byte, shift), secret...)
		for name, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64 for URLs": base64.RawURLEncoding} {
			encoded := encoding.EncodeToString(padded)
			all[fmt.Sprintf("%s, shifted by %d", name, shift)] = encoded[(shift*8+5)/6 : len(encoded)-1]
		}
	}
	return all
}

func TestFormsOfSecrets(t *testing.T) {
	secret := profileOf("hesabe").Canaries.Secrets["password"]
	told := []string{
		"x" + secret, base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
		base64.URLEncoding.EncodeToString([]byte("ab" + secret + "c")), base64.StdEncoding.EncodeToString([]byte(secret)),
		fmt.Sprintf("%x", secret), fmt.Sprintf("%q", secret), "https://x?" + url.Values{"a": {secret}}.Encode(),
	}
	for _, text := range told {
		found := false
		for _, form := range forms(secret) {
			found = found || strings.Contains(text, form)
		}
		if !found {
			t.Errorf("not found in %s", text)
		}
	}
	for name, form := range forms(secret) {
		if len(form) < 16 {
			t.Errorf("%s: %q is too short to be a canary", name, form)
		}
	}
}
