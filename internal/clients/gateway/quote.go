package gateway

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// terminalSequence matches the sequences that color text in a terminal or move its
// cursor.
var terminalSequence = regexp.MustCompile("\x1b\\[[^\\x40-\\x7e]*[\\x40-\\x7e]?")

// Quote makes a gateway's text fit for a diagnostic, a state or a log: at most this
// many bytes, on one line, without control characters, invalid bytes or markup.
func Quote(text string, most int) string {
	if strings.ContainsRune(text, '\x1b') {
		text = terminalSequence.ReplaceAllString(text, " ")
	}
	// Removing markup may leave text that is itself markup.
	for range 3 {
		if !strings.Contains(text, "<") {
			break
		}
		text = withoutMarkup(text)
	}
	return oneLine(text, most)
}

// withoutMarkup returns the text of a page, without scripts and styles.
func withoutMarkup(page string) string {
	var b strings.Builder
	hidden := false
	for tokens := html.NewTokenizer(strings.NewReader(page)); ; {
		switch tokens.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if !hidden {
				_, _ = b.Write(tokens.Text())
			}
		case html.StartTagToken:
			name, _ := tokens.TagName()
			element := atom.Lookup(name)
			hidden = element == atom.Script || element == atom.Style
			_ = b.WriteByte(' ')
		default:
			hidden = false
			_ = b.WriteByte(' ')
		}
	}
}

// PageTitle is the title of an HTML page; "" if it has none.
func PageTitle(page string) string {
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := tokens.TagName(); atom.Lookup(name) == atom.Title && tokens.Next() == html.TextToken {
				return strings.TrimSpace(string(tokens.Text()))
			}
		}
	}
}

// cutMark ends text that was cut.
const cutMark = "…"

// oneLine returns the beginning of text, with spaces in place of line breaks and
// unprintable characters.
func oneLine(text string, most int) string {
	var b strings.Builder
	cut, space := 0, false // cut is where the text ends if it turns out to be too long
	for _, r := range text {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError {
			space = b.Len() > 0
			continue
		}
		if space {
			_ = b.WriteByte(' ')
			space = false
		}
		_, _ = b.WriteRune(r)
		if b.Len() > most {
			return strings.TrimSpace(b.String()[:cut]) + cutMark
		}
		if b.Len() <= most-len(cutMark) {
			cut = b.Len()
		}
	}
	return b.String()
}
