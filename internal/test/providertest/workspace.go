package providertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Workspace is a folder with a configuration and a state, in which real
// Terraform runs. Unlike Env.Run it shows what a command says: warnings,
// errors and the plan's text. Every command has a new provider, as in life,
// served inside the test's process. No command may say or store a secret of the
// simulated gateways.
type Workspace struct {
	t   *testing.T
	dir string
}

// NewWorkspace makes a workspace with a configuration.
func NewWorkspace(t *testing.T, config string) *Workspace {
	t.Helper()
	w := &Workspace{t: t, dir: t.TempDir()}
	w.Configure(config)
	return w
}

// Workspace makes a workspace with Config(body, settings...).
func (s *Env) Workspace(body string, settings ...string) *Workspace {
	s.t.Helper()
	return NewWorkspace(s.t, s.Config(body, settings...))
}

// In is the workspace for use in a subtest, which fails alone.
func (w *Workspace) In(t *testing.T) *Workspace {
	inner := *w
	inner.t = t
	return &inner
}

// Configure replaces the configuration.
func (w *Workspace) Configure(config string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(config), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Validate runs terraform validate.
func (w *Workspace) Validate() *Report {
	w.t.Helper()
	output, failed := w.run("validate", "-json", "-no-color")
	var said struct{ Diagnostics []Diagnostic }
	if err := json.Unmarshal(output, &said); err != nil {
		w.t.Fatalf("terraform validate: %v\n%s", err, output)
	}
	return w.report(&Report{Diagnostics: said.Diagnostics}, "validate", failed)
}

// Plan runs terraform plan.
func (w *Workspace) Plan(options ...string) *Plan {
	w.t.Helper()
	p := &Plan{Report: w.operate("plan", append([]string{"-out=" + planFile}, options...)...), w: w}
	if !p.Failed {
		p.read(w.show("-json", planFile))
	}
	return p
}

const planFile = "plan.bin"

// Apply runs terraform apply, which makes a plan of its own.
func (w *Workspace) Apply(options ...string) *Report {
	w.t.Helper()
	return w.operate("apply", append([]string{"-auto-approve"}, options...)...)
}

// Destroy runs terraform destroy.
func (w *Workspace) Destroy(options ...string) *Report {
	w.t.Helper()
	return w.operate("destroy", append([]string{"-auto-approve"}, options...)...)
}

// operate runs a command that says what it does line by line.
func (w *Workspace) operate(command string, options ...string) *Report {
	w.t.Helper()
	output, failed := w.run(append([]string{command, "-json"}, options...)...)
	report := &Report{}
	for line := range bytes.Lines(output) {
		var said struct {
			Type       string     `json:"type"`
			Diagnostic Diagnostic `json:"diagnostic"`
			Hook       struct {
				Message string `json:"message"`
			} `json:"hook"`
			Found Found `json:"list_resource_found"`
		}
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.UseNumber()
		if err := decoder.Decode(&said); err != nil {
			w.t.Fatalf("terraform %s: %v\n%s", command, err, output)
		}
		switch said.Type {
		case "diagnostic":
			report.Diagnostics = append(report.Diagnostics, said.Diagnostic)
		case "action_progress":
			report.Progress = append(report.Progress, said.Hook.Message)
		case "list_resource_found":
			report.Found = append(report.Found, said.Found)
		}
	}
	return w.report(report, command, failed)
}

// show returns the output of terraform show, or ends the test if it fails.
func (w *Workspace) show(options ...string) []byte {
	w.t.Helper()
	output, failed := w.run(append([]string{"show", "-no-color"}, options...)...)
	if failed {
		w.t.Fatalf("terraform show:\n%s", output)
	}
	return output
}

// run runs a command and answers all that it wrote.
func (w *Workspace) run(arguments ...string) (output []byte, failed bool) {
	w.t.Helper()
	reattach, stop := serve(w.t)
	defer stop()
	command := exec.CommandContext(w.t.Context(), Terraform(w.t), arguments...) //nolint:gosec // the program that the tests are about
	command.Dir = w.dir
	command.Env = append(environment(), "TF_REATTACH_PROVIDERS="+reattach)
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return output, err != nil
}

// Terraform is the program to run: where the testing framework looks.
func Terraform(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	path, err := exec.LookPath("terraform")
	if err != nil {
		t.Fatal("there is no terraform: set TF_ACC_TERRAFORM_PATH, or run make test, which finds or builds one")
	}
	return path
}

// environment is that of the test, without Terraform's own settings in it.
func environment() []string {
	variables := slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "TF_") })
	return append(variables, "TF_CLI_CONFIG_FILE="+os.DevNull, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")
}

// report checks the output and the files of a command.
func (w *Workspace) report(r *Report, command string, failed bool) *Report {
	w.t.Helper()
	r.Failed, r.t, r.command = failed, w.t, "terraform "+command
	state := w.stored()
	for _, secret := range secrets {
		if strings.Contains(r.String(), secret) {
			w.t.Errorf("%s says a secret, %q:\n%s", r.command, secret, r)
		}
		if strings.Contains(state, secret) {
			w.t.Errorf("after %s the state holds a secret, %q", r.command, secret)
		}
	}
	return r
}
