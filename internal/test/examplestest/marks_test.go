package examplestest

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"

	"github.com/hashicorp/go-version"
)

const (
	markPrefix = "<!-- walk:"
	markSuffix = "-->"
)

// marks tell the walk what a page does not tell its reader. They are in an HTML
// comment before a block:
//
//	<!-- walk: terraform=1.14 tofu=no invoice=meum:inv_1234 -->
//
//	page          the marks hold for the whole page
//	account       needs an account: runs on the sandbox instead
//	installs      the page installs the provider itself
//	new           the block's file goes into a new, empty folder; a main.tf does
//	              anyway after a command or another main.tf
//	add           the block's main.tf goes into the folder as it is
//	keep          the block's file goes into every later folder of the page, too
//	invoice=G:ID  ID is printed where the id of an open invoice at gateway G is needed
//	event=E       what happens to every invoice in the state before the block
//	unanswered    the gateways' servers answer every request with an error page
//	terraform=V   needs this version of Terraform
//	tofu=V        needs this version of OpenTofu, or tofu=no
//	program=P     needs this program on PATH
//	fails         the command is to fail
//	skip="why"    the block cannot be run here
type marks struct {
	page, account, installs, begins, adds, kept, fails, unanswered bool

	invoice, event, terraform, tofu, program, skip string
}

var mark = regexp.MustCompile(`^([a-z]+)(?:=("[^"]*"|\S+))?(?:\s+|$)`)

func parseMarks(comment string) (marks, error) {
	var m marks
	text := strings.TrimSpace(comment)
	inner, closed := strings.CutSuffix(text, markSuffix)
	if !closed {
		return m, fmt.Errorf("%q does not end with %s", text, markSuffix)
	}
	switches := map[string]*bool{
		"page": &m.page, "account": &m.account, "installs": &m.installs,
		"new": &m.begins, "add": &m.adds, "keep": &m.kept, "fails": &m.fails, "unanswered": &m.unanswered,
	}
	values := map[string]*string{
		"invoice": &m.invoice, "event": &m.event, "terraform": &m.terraform, "tofu": &m.tofu,
		"program": &m.program, "skip": &m.skip,
	}
	for rest := strings.TrimSpace(strings.TrimPrefix(inner, markPrefix)); rest != ""; {
		match := mark.FindStringSubmatch(rest)
		if match == nil {
			return m, fmt.Errorf("%q is not a mark", rest)
		}
		rest = rest[len(match[0]):]
		value := strings.Trim(match[2], `"`)
		if on, known := switches[match[1]]; known && match[2] == "" {
			*on = true
		} else if text, known := values[match[1]]; known && value != "" {
			*text = value
		} else {
			return m, fmt.Errorf("%q is not a mark", match[0])
		}
	}
	return m, m.check()
}

func (m marks) check() error {
	for _, v := range []string{m.terraform, m.tofu} {
		if v == "" || v == "no" {
			continue
		}
		if _, err := version.NewVersion(v); err != nil {
			return err
		}
	}
	if m.invoice != "" && !strings.Contains(m.invoice, ":") {
		return fmt.Errorf("invoice=%s names no gateway", m.invoice)
	}
	return nil
}

// lacks is why the program cannot run the block, or "".
func (m marks) lacks(c *cli) string {
	product, least := "Terraform", m.terraform
	if c.openTofu {
		product, least = "OpenTofu", m.tofu
	}
	switch {
	case m.skip != "":
		return m.skip
	case m.program != "" && !installed(m.program):
		return "needs " + m.program
	case least == "no":
		return "not in " + product
	case least != "" && c.version.Core().LessThan(version.Must(version.NewVersion(least))):
		return fmt.Sprintf("needs %s %s", product, least)
	default:
		return ""
	}
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
