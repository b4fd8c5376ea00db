package examplestest

import (
	"strings"
	"testing"
)

func TestParsePage(t *testing.T) {
	const content = "# A page\n\n<!-- walk: page account -->\n\nIn `a/b.tf`, not in `c.tf`:\n\n" +
		"<!-- walk: new terraform=1.14 tofu=no -->\n```terraform\na = 1\n\nb = 2\n```\n\nThen run `main.tf`.\n\n" +
		"```shell\nterraform plan\n```\n\n- Item:\n\n  ```text\n  indented\n  ```\n"
	p, err := parsePage(content)
	if err != nil || len(p.blocks) != 3 || !p.marks.account {
		t.Fatalf("%+v, %v", p, err)
	}
	file, shell, text := p.blocks[0], p.blocks[1], p.blocks[2]
	if file.file != "c.tf" || file.code != "a = 1\n\nb = 2\n" || file.line != 8 || file.marks != (marks{begins: true, terraform: "1.14", tofu: "no"}) {
		t.Errorf("%+v", file)
	}
	if !shell.isShell() || shell.file != "main.tf" || shell.marks != (marks{}) {
		t.Errorf("%+v", shell)
	}
	if !text.isOutput() || text.code != "indented\n" {
		t.Errorf("%+v", text)
	}
}

func TestPagesThatCannotBeWalked(t *testing.T) {
	for content, want := range map[string]string{
		"<!-- walk: fails -->\n\nText.\n":                     "no block follows the mark",
		"<!-- walk: typo -->\n```shell\n```\n":                `"typo" is not a mark`,
		"<!-- walk: terraform -->\n```shell\n```\n":           `"terraform" is not a mark`,
		"<!-- walk: terraform=new -->\n```shell\n```\n":       "new",
		"<!-- walk: invoice=INV-1 -->\n```shell\n```\n":       "names no gateway",
		"<!-- walk: skip=\"why\"\n```shell\n```\n":            "does not end with",
		"```\nterraform plan\n```\n":                          "names no language",
		"Text.\n\n```shell\nterraform plan\n":                 "has no end",
		"<!-- walk: skip=\"two words\" x -->\n```text\n```\n": `"x" is not a mark`,
	} {
		if _, err := parsePage(content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", content, err, want)
		}
	}
}

func TestMissing(t *testing.T) {
	const screen = "Warning: first\n│ a long\n│ line, made 2026-01-02T03:04:05Z\n\nOpenTofu did it after 12s [id=INV-AAAA1111]\nNo changes.\n"
	for printed, want := range map[string]string{
		"Warning: first\n\nTerraform did it after 0s [id=INV-7QK2M9XD]\n": "",
		"a long line, made 2027-01-01T00:00:00.5Z\n":                      "",
		"No changes.\n\nWarning: first\n":                                 "Warning: first",
		"Terraform did it … [id=INV-7QK2M9XD]\n":                          "",
		"Plan: 1 to add\n":                                                "Plan: 1 to add",
	} {
		if got := missing(printed, screen, nil); got != want {
			t.Errorf("%q: %q is missing, not %q", printed, got, want)
		}
	}
	ids := map[string]string{"INV-7QK2M9XD": "INV-BBBB2222"}
	if missing("[id=INV-7QK2M9XD]", screen, ids) == "" {
		t.Error("the id of another invoice passes for the one that the page names")
	}
}
