package examplestest

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are all Markdown files of which this package takes care, by path.
func documents(t *testing.T, roots ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, root := range roots {
		err := filepath.WalkDir(filepath.Join(repository, root), func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.Contains(entry.Name(), ".md") {
				return err
			}
			name, err := filepath.Rel(repository, file)
			found[filepath.ToSlash(name)] = readFile(t, filepath.ToSlash(name))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// TestTemplates checks that the configurations of the documentation are
// examples, and thereby formatted: no template has Terraform code of its own.
func TestTemplates(t *testing.T) {
	for file, content := range documents(t, "templates") {
		if regexp.MustCompile("```(terraform|hcl|tf)\\b").MatchString(content) {
			t.Errorf("%s has Terraform code of its own: put it into examples/ and include it with tffile", file)
		}
	}
}

// TestResourcePages checks that the page of every invoice shows its phases and
// what destroy does, which its page.txt may lack.
func TestResourcePages(t *testing.T) {
	pages := documents(t, "docs/resources")
	if len(pages) == 0 {
		t.Fatal("there is no page; run make generate")
	}
	for file, content := range pages {
		if !strings.HasSuffix(file, "_invoice.md") {
			continue
		}
		for _, row := range []string{"\n| `open` | `", "\n| `open` | Cancels the invoice", "\n| `unknown` | any other", "\nsubcategory: \"" + strings.ToUpper(path.Base(file)[:1])} {
			if !strings.Contains(content, row) {
				t.Errorf("%s has no line %q", file, strings.TrimSpace(row))
			}
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// onMain is where the files of the main branch are shown.
var onMain = regexp.MustCompile("^" + regexp.QuoteMeta(repositoryURL) + "/(?:blob|tree)/main/")

// TestLinks follows the links within the repository. A registry shows a page of docs/
// beside its folder, and docs/index.md one level higher, where a relative link leads
// nowhere. It ignores the extension of a page, which GitHub needs.
func TestLinks(t *testing.T) {
	pages := documents(t, "docs", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "DESIGN.md", "SECURITY.md", "examples")
	for file, content := range pages {
		for _, match := range link.FindAllStringSubmatch(content, -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			name := onMain.ReplaceAllString(target, "")
			switch {
			case strings.Contains(name, "://"):
				continue
			case target == "":
				name = file
			case name != target: // an absolute link
			case file == "docs/index.md":
				t.Errorf("%s links to %s: a registry needs an absolute link there", file, match[1])
				continue
			default:
				name = path.Join(path.Dir(file), target)
			}
			if _, err := os.Stat(filepath.Join(repository, filepath.FromSlash(name))); errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s links to %s, which is not there", file, match[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(pages[name]), anchor) {
				t.Errorf("%s links to %s, which has no such heading", file, match[1])
			}
		}
	}
}

var (
	heading  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notWords = regexp.MustCompile(`[^a-z0-9 _-]`)
	anchorID = regexp.MustCompile(`<a id="([^"]+)"></a>`)
)

// anchors are what a link can point to within a page.
func anchors(content string) []string {
	var found []string
	for _, match := range heading.FindAllStringSubmatch(content, -1) {
		found = append(found, strings.ReplaceAll(notWords.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-"))
	}
	for _, match := range anchorID.FindAllStringSubmatch(content, -1) {
		found = append(found, match[1])
	}
	return found
}

// TestNamedTests checks that the tests by which DESIGN.md guards the promises are
// there.
func TestNamedTests(t *testing.T) {
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(readFile(t, "DESIGN.md"), -1)
	if len(named) == 0 {
		t.Fatal("DESIGN.md names no test")
	}
	tests := testNames(t)
	for _, match := range named {
		if !tests[match[1]] {
			t.Errorf("DESIGN.md names %s, which is not there", match[1])
		}
	}
}

// testNames are the names of all tests of the repository.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for _, root := range []string{"internal", "tools"} {
		err := filepath.WalkDir(filepath.Join(repository, root), func(file string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, "_test.go") {
				return err
			}
			source, err := os.ReadFile(file)
			for _, match := range declared.FindAllSubmatch(source, -1) {
				names[string(match[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}
