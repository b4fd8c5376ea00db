package examplestest

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Files that Terraform writes into a workspace.
const (
	stateFile = "terraform.tfstate"
	planFile  = "plan.bin"
)

// workspace is a folder with a configuration.
type workspace struct {
	t   *testing.T
	cli *cli
	dir string
	env []string
	// stdin is the input of commands; nil means none.
	stdin io.Reader
	// sandbox has the invoices.
	sandbox *sandboxDir
}

// newWorkspace makes an empty folder whose configurations run on the sandbox,
// as the environment says, so that no example has to mention it.
func newWorkspace(t *testing.T, s *sandboxDir) *workspace {
	t.Helper()
	w := &workspace{t: t, cli: mustCLI(t), dir: t.TempDir(), sandbox: s}
	w.env = append(cleanEnv(), "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_CONFIG_FILE="+w.cli.configFile, "PAYINVOICE_SANDBOX="+s.path)
	return w
}

// of is the same folder in another test, such as a part of the one that made it.
func (w *workspace) of(t *testing.T) *workspace {
	same := *w
	same.t = t
	return &same
}

// write adds a file to the configuration.
func (w *workspace) write(name, content string) {
	w.t.Helper()
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// output is the output of a command, both streams, and its exit code.
type output struct {
	text string
	code int
}

// try runs a command that may fail.
func (w *workspace) try(args ...string) output {
	w.t.Helper()
	return w.command(w.cli.program, args...)
}

func (w *workspace) command(program string, args ...string) output {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), program, args...)
	cmd.Dir = w.dir
	cmd.Env, cmd.Stdin = w.env, w.stdin
	// A file, because a command in the background would keep a pipe open.
	both, err := os.CreateTemp(w.t.TempDir(), "output")
	if err != nil {
		w.t.Fatal(err)
	}
	defer both.Close()
	cmd.Stdout, cmd.Stderr = both, both
	err = cmd.Run()
	text, readErr := os.ReadFile(both.Name())
	if readErr != nil {
		w.t.Fatal(readErr)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return output{string(text), 0}
	case errors.As(err, &exit):
		return output{string(text), exit.ExitCode()}
	default:
		w.t.Fatal(err)
		return output{}
	}
}

// run runs a command that must succeed.
func (w *workspace) run(args ...string) string {
	w.t.Helper()
	out := w.try(args...)
	if out.code != 0 {
		w.t.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), out.code, out.text)
	}
	return out.text
}

// apply applies, and fails the test if the plan after it is not empty.
func (w *workspace) apply(args ...string) string {
	w.t.Helper()
	out := w.run(append([]string{"apply", "-auto-approve"}, args...)...)
	if p := w.plan(args...); !p.empty() {
		w.t.Errorf("the plan after apply is not empty: %v", p.Changes)
	}
	return out
}

// destroy destroys, and fails the test unless every invoice is canceled at its
// gateway.
func (w *workspace) destroy(args ...string) string {
	w.t.Helper()
	before := w.invoices()
	out := w.run(append([]string{"destroy", "-auto-approve"}, args...)...)
	if left := w.invoices(); len(left) > 0 {
		w.t.Errorf("destroy left %v in state", left)
	}
	for _, i := range before {
		w.sandbox.expect(w.t, i, gateway.PhaseCanceled)
	}
	return out
}

// plan has the changes of a plan.
type plan struct {
	Changes []change
	text    string
}

// change is what a plan does with one resource; "no-op" and "read" are left
// out unless the resource is imported.
type change struct {
	Address  string
	Actions  []string
	Imported bool
}

func (p plan) empty() bool { return len(p.Changes) == 0 }

func (w *workspace) plan(args ...string) plan {
	w.t.Helper()
	const changes = 2 // the exit code of a plan that is not empty
	out := w.try(append([]string{"plan", "-detailed-exitcode", "-out=" + planFile}, args...)...)
	p := plan{text: out.text}
	switch out.code {
	case 0:
		return p
	case changes:
	default:
		w.t.Fatalf("plan: exit code %d\n%s", out.code, out.text)
	}
	var shown struct {
		Changes []struct {
			Address string `json:"address"`
			Mode    string `json:"mode"`
			Change  struct {
				Actions   []string        `json:"actions"`
				Importing json.RawMessage `json:"importing"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	show := exec.CommandContext(w.t.Context(), w.cli.program, "show", "-json", planFile)
	show.Dir, show.Env = w.dir, w.env
	printed, err := show.Output()
	if err == nil {
		err = json.Unmarshal(printed, &shown)
	}
	if err != nil {
		w.t.Fatalf("show: %v\n%s", err, printed)
	}
	for _, c := range shown.Changes {
		imported := len(c.Change.Importing) > 0
		if c.Mode == "managed" && (imported || !slices.Equal(c.Change.Actions, []string{"no-op"})) {
			p.Changes = append(p.Changes, change{c.Address, c.Change.Actions, imported})
		}
	}
	return p
}

// state reads a state file, which is far quicker than terraform show.
type state struct {
	Outputs map[string]struct {
		Value any `json:"value"`
	} `json:"outputs"`
	Resources []struct {
		Mode      string `json:"mode"`
		Type      string `json:"type"`
		Name      string `json:"name"`
		Instances []struct {
			Attributes struct {
				ID    string `json:"id"`
				Phase string `json:"phase"`
			} `json:"attributes"`
		} `json:"instances"`
	} `json:"resources"`
}

func (w *workspace) state(file string) state {
	w.t.Helper()
	var s state
	content, err := os.ReadFile(filepath.Join(w.dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return s
	}
	if err == nil {
		err = json.Unmarshal(content, &s)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// invoice is an invoice in state.
type invoice struct {
	address, gateway, id, phase string
}

var invoiceType = regexp.MustCompile(`^payinvoice_([a-z]+)_invoice$`)

// invoices are all invoices that the state holds.
func (w *workspace) invoices() []invoice { return w.invoicesIn(stateFile) }

// invoicesIn are the invoices in a state file. Their addresses lack module and
// index.
func (w *workspace) invoicesIn(file string) []invoice {
	w.t.Helper()
	var found []invoice
	for _, r := range w.state(file).Resources {
		match := invoiceType.FindStringSubmatch(r.Type)
		if match == nil || r.Mode != "managed" {
			continue
		}
		for _, i := range r.Instances {
			found = append(found, invoice{r.Type + "." + r.Name, match[1], i.Attributes.ID, i.Attributes.Phase})
		}
	}
	return found
}

// one is the only invoice in state.
func (w *workspace) one() invoice {
	w.t.Helper()
	found := w.invoices()
	if len(found) != 1 {
		w.t.Fatalf("the state holds %v, not one invoice", found)
	}
	return found[0]
}

// outputs are the values of all outputs.
func (w *workspace) outputs() map[string]any {
	w.t.Helper()
	values := map[string]any{}
	for name, o := range w.state(stateFile).Outputs {
		values[name] = o.Value
	}
	return values
}
