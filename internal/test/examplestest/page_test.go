package examplestest

import (
	"fmt"
	"regexp"
	"strings"
)

// block is one fenced block of a page.
type block struct {
	line     int    // of the opening fence
	language string // what follows the opening fence
	code     string
	file     string // the file that the paragraph before the block names
	marks    marks
}

// isShell reports whether the reader is to type the block. A script that is to
// be saved in a file is "bash".
func (b block) isShell() bool { return b.language == "shell" }

// isOutput reports whether the block is what the command before prints.
func (b block) isOutput() bool { return b.language == "text" }

func (b block) isFile() bool { return !b.isShell() && !b.isOutput() }

// name returns the name of the test of a block.
func (b block) name() string {
	what := b.language
	if b.isFile() {
		what = b.file
	}
	return fmt.Sprintf("line_%d_%s", b.line, strings.ReplaceAll(what, "/", "_"))
}

// page is a document as its reader sees it.
type page struct {
	marks  marks // those of the whole page
	blocks []block
}

var (
	fence     = regexp.MustCompile("^( *)```(.*)$")
	fileNamed = regexp.MustCompile("`([a-zA-Z0-9_./-]+\\.(?:tf|hcl|sh|yml|yaml|json|tfrc))`")
)

// parsePage finds the blocks of a page and the marks before them. A mark
// belongs to the next block; between the two is nothing but white space.
func parsePage(content string) (page, error) {
	var (
		p         page
		open      *block
		indent    string
		pending   marks
		marked    int    // the line of the pending marks
		paragraph string // the last paragraph of text
		ended     bool   // a blank line follows it
	)
	for i, text := range strings.Split(content, "\n") {
		number := i + 1
		match := fence.FindStringSubmatch(text)
		switch {
		case open != nil && match != nil && match[2] == "":
			p.blocks = append(p.blocks, *open)
			open, paragraph = nil, ""
		case open != nil:
			open.code += strings.TrimPrefix(text, indent) + "\n"
		case match != nil:
			if match[2] == "" {
				return page{}, fmt.Errorf("line %d: the block names no language", number)
			}
			indent = match[1]
			open = &block{line: number, language: match[2], marks: pending}
			open.file = namedFile(paragraph)
			pending, marked = marks{}, 0
		case strings.HasPrefix(strings.TrimSpace(text), markPrefix):
			m, err := parseMarks(text)
			if err != nil {
				return page{}, fmt.Errorf("line %d: %w", number, err)
			}
			if m.page {
				p.marks = m
				continue
			}
			pending, marked = m, number
		case strings.TrimSpace(text) == "":
			ended = true
		case marked > 0:
			return page{}, fmt.Errorf("line %d: no block follows the mark", marked)
		default:
			if ended {
				paragraph, ended = "", false
			}
			paragraph += text + "\n"
		}
	}
	if open != nil {
		return page{}, fmt.Errorf("line %d: the block has no end", open.line)
	}
	return p, nil
}

// namedFile is the last file that a paragraph names, or main.tf.
func namedFile(paragraph string) string {
	all := fileNamed.FindAllStringSubmatch(paragraph, -1)
	if len(all) == 0 || !strings.HasSuffix(strings.TrimSpace(paragraph), ":") {
		return "main.tf"
	}
	return all[len(all)-1][1]
}
