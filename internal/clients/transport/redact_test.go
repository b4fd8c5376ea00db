package transport

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestSpellings: a secret is known in whatever form a server repeats it.
func TestSpellings(t *testing.T) {
	for secret, forms := range map[string][]string{
		`a"b'c<d>e&f`: {
			`a"b'c<d>e&f`,
			`a&quot;b&#039;c&lt;d&gt;e&amp;f`, `a&#34;b&#39;c&lt;d&gt;e&amp;f`, `a&QUOT;b&apos;c&LT;d&GT;e&AMP;f`,
			`a&#x22;b&#x27;c&#x3c;d&#x3E;e&#X26;f`, `a&#00034;b'c&#60;d&#62;e&#38;f`,
			`a\"b'c\u003cd\u003ee\u0026f`, `a\u0022b\u0027c\u003Cd\u003Ee\u0026f`, `a\"b\'c<d>e&f`, `a\x22b\x27c\x3Cd\x3ee\x26f`,
			`a%22b%27c%3cd%3ee%26f`, `a%22b'c%3Cd%3Ee%26f`,
			// One form in the other.
			`a\&quot;b&#039;c&lt;d&gt;e&amp;f`, `a\\\"b'c\\u003cd\\u003ee\\u0026f`, `a\u0026quot;b\u0026#39;c\u0026lt;d\u0026gt;e\u0026amp;f`,
			`a&amp;quot;b&amp;#039;c&amp;lt;d&amp;gt;e&amp;amp;f`, `a%2522b%2527c%253Cd%253Ee%2526f`, `a%26quot%3Bb%26%2339%3Bc%26lt%3Bd%26gt%3Be%26amp%3Bf`,
			`a%5C%22b%27c%5Cu003cd%5Cu003ee%5Cu0026f`, `a\\\&quot;b'c\\u003cd\\u003ee\\u0026f`,
			// Some characters only.
			`a&quot;b\u0027c<d%3Ee&f`,
		},
		"a+b c/d=": {
			"a+b c/d=", "a&#43;b c/d=", "a&#x2B;b&#32;c&#x2f;d&#61;", `a\u002Bb c\/d\u003d`, `a\u002bb c\/d=`, "a&plus;b c&sol;d&equals;",
			"a%2Bb+c%2Fd%3D", "a%2bb%20c%2fd%3d", "a+b%20c/d=", `a\u002Bb\u0020c\u002Fd\u003D`,
		},
		"(a!b*c'd~e)": {"(a!b*c'd~e)", "%28a%21b%2ac%27d%7ee%29", "(a!b*c'd~e)", "(a%21b%2Ac'd%7Ee)", "&#40;a&#33;b&ast;c&#39;d~e&rpar;"},
		"ü𝒳élan": {
			"ü𝒳élan", `\u00fc\ud835\udcb3\u00e9lan`, `\u00FC\uD835\uDCB3\u00E9lan`, `ü\uD835\udcb3élan`, `\u00fc\U0001d4b3\u00e9lan`, `\\u00fc\\ud835\\udcb3\\u00e9lan`,
			"%c3%bc%f0%9d%92%b3%c3%a9lan", "%C3%BC%F0%9D%92%B3%C3%A9lan", "&uuml;&#119987;&eacute;lan", "&#xFC;&#x1D4B3;&#xe9;lan",
		},
		"one\ttwo\nthree": {"one\ttwo\nthree", `one\ttwo\nthree`, `one\u0009two\u000Athree`, "one%09two%0athree", "one&#9;two&#xA;three", `one\\ttwo\\nthree`},
		// What looks like an escape in the secret itself.
		`a\nb%41c&amp;d\\e`: {
			`a\nb%41c&amp;d\\e`, `a\\nb%41c&amp;d\\\\e`, "a%5Cnb%2541c%26amp%3Bd%5c%5ce", `a\nb%41c&amp;amp;d\\e`, `a\\nb%41c\u0026amp;d\\\\e`,
		},
		"sesame":    {"sesame", `\u0073esame`, "%73esame", "&#115;esame"},
		"ends in\\": {`ends in\`, `ends in\\`, "ends%20in%5c"},
	} {
		quoted, err := json.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(string(quoted[1 : len(quoted)-1]))
		if err != nil {
			t.Fatal(err)
		}
		ascii := strconv.QuoteToASCII(secret)
		forms = append(forms, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), html.EscapeString(html.EscapeString(secret)),
			html.EscapeString(string(quoted[1:len(quoted)-1])), url.QueryEscape(string(quoted[1:len(quoted)-1])), url.QueryEscape(url.QueryEscape(secret)),
			string(quoted[1:len(quoted)-1]), string(again[1:len(again)-1]), ascii[1:len(ascii)-1], url.QueryEscape(html.EscapeString(secret)))
		r := newRedactor([]string{secret})
		for _, form := range forms {
			for before, after := range map[string]string{"": "", "x ": " y", `{"a":"`: `"}`, "C:\\": "", "%": "%", "&": ";", "é": "é"} {
				got := r.quote(before+form+after, 1000)
				if got != withheld && !strings.Contains(got, redacted) {
					t.Errorf("%q as %s: %s", secret, before+form+after, got)
				}
				rest := strings.NewReplacer(redacted, "", withheld, "", "%5C", "").Replace(got)
				if alphanumerics(rest) != alphanumerics(before+after) && rest != "" {
					t.Errorf("%q as %s: some is left: %s", secret, before+form+after, got)
				}
			}
		}
	}
}

// TestOtherTexts: what is no secret stays as it is.
func TestOtherTexts(t *testing.T) {
	r := newRedactor([]string{"sesame", `a"bcd`, "", "sesame", "x"[:0]})
	for _, text := range []string{
		"", "sesam", "Sesame", `a&quot`, `a&quot;`, `a&quot;c`, `a\u0022`, `a\u002`, `a\u`, `a\`, "a%2", "a%", "a%22", "a%2ibcd", "a&", "a&;b", "a&#;b",
		`a\ud83d\u0022b`, `a\ud83db`, "a&nothing;b", "a&#x110000;b", `ses\xyzame`, "100% & more \\ +", "a + b",
	} {
		if got := r.quote(text, 1000); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := newRedactor(nil).quote("a%22", 10); got != "a%22" {
		t.Errorf("without secrets: %q", got)
	}
}

// TestOverlaps: of secrets that share characters nothing remains.
func TestOverlaps(t *testing.T) {
	r := newRedactor([]string{"abc", "abcdef", "cdefgh", "xyx"})
	for text, want := range map[string]string{
		"abc": "***", "abcdef": "***", "abcdefgh": "***", "-abcd-": "-***d-", "cdefgh": "***", "abcabc": "******", "xyxyx": "***", "ab%63d&#101;fgh": withheld,
	} {
		if got := r.quote(text, 1000); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

// TestSecretsInMarkup: what is taken out of a text does not put a secret together,
// nor does it hide one.
func TestSecretsInMarkup(t *testing.T) {
	r := newRedactor([]string{"sk_live_4711", "ab<cd>efgh", "one two three"})
	for _, text := range []string{
		"sk_<wbr>live_4711", "<b>sk_live</b>_4711", "sk_live_\x00 4711", "sk_live_\n4711", "ab&lt;cd&gt;efgh", "<p>ab&lt;cd&gt;efgh</p>", "ab\\u003ccd\\u003eefgh",
		"one\ntwo  three", "one+two+three", "one%20two%20three", "<title>sk_live_4711</title>",
	} {
		got := r.quote(text, 1000)
		for _, part := range []string{"4711", "sk_live", "ef", "two"} {
			if strings.Contains(got, part) {
				t.Errorf("%q became %q", text, got)
			}
		}
	}
}

// TestSecretsAtTheEnd: a secret that what is quoted ends in is not cut, but hidden.
func TestSecretsAtTheEnd(t *testing.T) {
	secret := "sk_live_" + strings.Repeat("0123456789", 30)
	escaped := strings.ReplaceAll(secret, "l", `\u006c`)
	r := newRedactor([]string{secret})
	for before := range 300 {
		for _, form := range []string{secret, escaped} {
			got := r.quote(strings.Repeat("x", before)+form+" and more", 240)
			if strings.Contains(got, "sk_") && before < 235 || strings.Contains(got, "0123") {
				t.Errorf("after %d: %q", before, got)
			}
		}
	}
}

// TestRedactionIsQuick: neither many escapes nor a secret that is made of them
// take long.
func TestRedactionIsQuick(t *testing.T) {
	start := time.Now()
	c := New(Config{Gateway: "Example", Secrets: []string{
		strings.Repeat(`\`, 64) + "x", strings.Repeat("%25", 32) + "x", strings.Repeat("&amp;", 32) + "x", strings.Repeat("ab", 20),
	}})
	for _, piece := range []string{`\`, "%25", "&amp;", "%2525", "ab", " ", "\x00", "%", "&", "+"} {
		if got := c.quote(strings.Repeat(piece, maxBody/len(piece)), excerptLength); len(got) > excerptLength {
			t.Errorf("%q: %d bytes", piece, len(got))
		}
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestSecretsInData: a response that repeats a credential does not put it into the
// state.
func TestSecretsInData(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newClient(t, serverThat(respond(200, `{"status":"sk_live_4711","link":"https://x/?k=sk_live_4711","note":"a\"b<c>d/e short"}`)), func(cfg *Config) {
			cfg.Secrets = []string{"sk_live_4711", `a"b<c>d/e`, "short"}
		})
		for kind, want := range map[Kind]string{
			Read:  `{"status":"***","link":"https://x/?k=***","note":"*** short"}`,
			Login: `{"status":"sk_live_4711","link":"https://x/?k=sk_live_4711","note":"a\"b<c>d/e short"}`,
		} {
			if resp, err := c.Do(t.Context(), call(kind)); err != nil || string(resp.Body) != want {
				t.Errorf("%s: %s, %v", kindName(kind), resp.Body, err)
			}
		}
		if got := string(c.Mask([]byte("x sk_live_4711"))); got != "x ***" {
			t.Error(got)
		}
	})
}

// TestMasks: a logger knows no more than texts.
func TestMasks(t *testing.T) {
	r := newRedactor([]string{`a"b`})
	r.add("later/on")
	got := fmt.Sprintf("%q", r.values())
	for _, want := range []string{`a"b`, `a\"b`, "a%22b", "a&#34;b", "later/on", `later\/on`, "later%2Fon"} {
		if !strings.Contains(got, fmt.Sprintf("%q", want)) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}
