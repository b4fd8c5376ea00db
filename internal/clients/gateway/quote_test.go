package gateway

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"Invoice not found":            "Invoice not found",
		" two \r\n lines\t":            "two lines",
		"amount must be > 0 and < 5":   "amount must be > 0 and < 5",
		"größe 𝒳 مبلغ":                 "größe 𝒳 مبلغ",
		"a\x00b\x07c":                  "a b c",
		"\x1b[31mred\x1b[0m \x1b[2Jx":  "red x",
		"\x1b]0;title\x07x":            "]0;title x",
		"\xff\xfe binary \xef\xbf\xbd": "binary",
		"a\u202eb\u200bc":              "a b c",
		"<h1>\n\tBad gateway\r\n</h1>": "Bad gateway",
		`<p title="a>b">x</p>`:         "x",
		"<script>alert(1)</script>hi":  "hi",
		"<style>p{}</style><p>hi":      "hi",
		"x<!-- secret -->y":            "x y",
		"&lt;b&gt;":                    "&lt;b&gt;",
		"<p>&lt;b&gt;bold&lt;/b&gt;":   "bold",
		"<p>a &amp; b":                 "a & b",
		strings.Repeat("x", 100):       strings.Repeat("x", 100),
		strings.Repeat("x", 101):       strings.Repeat("x", 97) + "…",
		strings.Repeat("é", 51):        strings.Repeat("é", 48) + "…",
	} {
		if got := Quote(text, 100); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

func TestPageTitle(t *testing.T) {
	for page, want := range map[string]string{
		"<html><head><TITLE lang=en> 502 Bad\nGateway </title></head>": "502 Bad\nGateway",
		"<title></title>": "", "<p>no title": "", "no page": "", "<title>cut": "cut", "<title>a &amp; b</title>": "a & b",
	} {
		if got := PageTitle(page); got != want {
			t.Errorf("%q: %q", page, got)
		}
	}
}

// FuzzQuote: whatever is quoted can be printed, and is bounded.
func FuzzQuote(f *testing.F) {
	for _, seed := range []string{"plain", "<html><title>x</title>", "\x1b[31m", "\xff", "&lt;script&gt;", "<<<<>>>>", strings.Repeat("é", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Quote(text, 100)
		if len(got) > 100 || !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }) {
			t.Errorf("%q: %q", text, got)
		}
	})
}

func TestQuotingIsQuick(t *testing.T) {
	start := time.Now()
	for _, piece := range []string{"<", "<a>", "</", "<!--", "<p x=", "&amp;", "&", "\x1b[", "\x00", "é", "<script>"} {
		Quote(strings.Repeat(piece, (4<<20)/len(piece)), 100)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
