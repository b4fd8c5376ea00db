package providertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// secrets are those of the simulated gateways.
var secrets = func() (all []string) {
	for _, g := range gatewaytest.Specimens() {
		all = append(all, g.SecretValues()...)
	}
	return all
}()

// Diagnostic is a warning or an error.
type Diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	// Snippet shows the lines of the configuration that it is about.
	Snippet struct {
		Context string `json:"context"`
		Code    string `json:"code"`
	} `json:"snippet"`
}

// String is the whole text.
func (d Diagnostic) String() string { return d.Severity + ": " + d.Summary + "\n" + d.Detail }

// Report is the output of a command.
type Report struct {
	Failed      bool
	Diagnostics []Diagnostic
	Progress    []string // messages of actions
	Found       []Found  // what a query found

	t       *testing.T
	command string
}

// String is the whole output.
func (r *Report) String() string {
	var texts []string
	for _, d := range r.Diagnostics {
		texts = append(texts, d.String())
	}
	return strings.Join(texts, "\n\n")
}

func (r *Report) of(severity string) []Diagnostic {
	return slices.DeleteFunc(slices.Clone(r.Diagnostics), func(d Diagnostic) bool { return d.Severity != severity })
}

// Errors are the errors.
func (r *Report) Errors() []Diagnostic { return r.of("error") }

// Warnings are the warnings.
func (r *Report) Warnings() []Diagnostic { return r.of("warning") }

// Succeeds ends the test if the command failed.
func (r *Report) Succeeds() {
	r.t.Helper()
	if r.Failed {
		r.t.Fatalf("%s failed:\n%s", r.command, r)
	}
}

// SucceedsQuietly ends the test if the command failed or warned of something.
func (r *Report) SucceedsQuietly() {
	r.t.Helper()
	if r.Failed || len(r.Diagnostics) > 0 {
		r.t.Fatalf("%s should say nothing, but says:\n%s", r.command, r)
	}
}

// Fails ends the test unless the command failed with so many errors.
func (r *Report) Fails(errors int) {
	r.t.Helper()
	if got := len(r.Errors()); !r.Failed || got != errors {
		r.t.Fatalf("%s should fail with %d error(s); failed: %v, errors: %d:\n%s", r.command, errors, r.Failed, got, r)
	}
}

// Find is the only diagnostic whose text holds each of the texts. The test
// ends when there is none or more than one.
func (r *Report) Find(severity string, texts ...string) Diagnostic {
	r.t.Helper()
	found := slices.DeleteFunc(r.of(severity), func(d Diagnostic) bool { return !containsAll(d.String(), texts) })
	if len(found) != 1 {
		r.t.Fatalf("%s should say one %s with each of %q, but says:\n%s", r.command, severity, texts, r)
	}
	return found[0]
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// Planned is what a plan does to a resource.
type Planned struct {
	Action  string   // "create", "update", "delete", "replace", "no-op" or "read"
	Reasons []string // the attributes that force a replacement, sorted
	Unknown []string // the attributes that are known only after apply, sorted
	After   map[string]any
}

// Plan is a plan that was made, and the output of terraform plan.
type Plan struct {
	*Report
	// Changes are what the plan does, by address.
	Changes map[string]Planned

	w *Workspace
}

func (p *Plan) read(output []byte) {
	p.t.Helper()
	var plan tfjson.Plan
	plan.UseJSONNumber(true)
	if err := json.Unmarshal(output, &plan); err != nil {
		p.t.Fatal(err)
	}
	p.Changes = map[string]Planned{}
	for _, r := range plan.ResourceChanges {
		p.Changes[r.Address] = readChange(r.Change)
		if text := fmt.Sprint(r.Change.Before, r.Change.After); strings.HasPrefix(r.Type, "payinvoice_") && slices.ContainsFunc(secrets, func(s string) bool { return strings.Contains(text, s) }) {
			p.t.Errorf("the plan for %s holds a secret", r.Address)
		}
	}
}

func readChange(c *tfjson.Change) Planned {
	change := Planned{Action: "replace"}
	if !c.Actions.Replace() {
		change.Action = string(c.Actions[0])
	}
	for _, path := range c.ReplacePaths {
		change.Reasons = append(change.Reasons, fmt.Sprint(path.([]any)[0]))
	}
	slices.Sort(change.Reasons)
	unknown, _ := c.AfterUnknown.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		if holdsTrue(unknown[name]) {
			change.Unknown = append(change.Unknown, name)
		}
	}
	change.After, _ = c.After.(map[string]any)
	return change
}

// holdsTrue reports whether anything of an attribute is unknown.
func holdsTrue(unknown any) bool {
	switch unknown := unknown.(type) {
	case bool:
		return unknown
	case []any:
		return slices.ContainsFunc(unknown, holdsTrue)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(unknown)), holdsTrue)
	default:
		return false
	}
}

// Changed are the addresses that the plan does something to, sorted.
func (p *Plan) Changed() []string {
	var changed []string
	for address, change := range p.Changes {
		if change.Action != "no-op" {
			changed = append(changed, address)
		}
	}
	slices.Sort(changed)
	return changed
}

// IsEmpty ends the test if the plan does something, or Terraform printed a diagnostic.
func (p *Plan) IsEmpty() {
	p.t.Helper()
	p.SucceedsQuietly()
	if changed := p.Changed(); len(changed) > 0 {
		p.t.Fatalf("the plan should be empty, but is:\n%s", p.Text())
	}
}

var blanks = regexp.MustCompile(`[ \t]+`)

// Text is the plan as Terraform shows it, with single blanks.
func (p *Plan) Text() string {
	p.t.Helper()
	return blanks.ReplaceAllString(string(p.w.show(planFile)), " ")
}

// Apply runs terraform apply with this plan.
func (p *Plan) Apply() *Report {
	p.t.Helper()
	p.Succeeds()
	return p.w.operate("apply", planFile)
}
