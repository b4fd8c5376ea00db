package providertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
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

// show is what terraform show says; the test ends when it fails.
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

// Resource is a resource or data source in the state.
type Resource struct {
	Address string
	// Values are the attributes, numbers as json.Number.
	Values map[string]any
	// Identity is nil where Terraform knows of none.
	Identity map[string]any
	// Tainted says that the next plan replaces it.
	Tainted bool
}

// Text is an attribute that is text; "" when it is null.
func (r Resource) Text(name string) string {
	text, _ := r.Values[name].(string)
	return text
}

// State is what the state holds, data sources too, by address.
func (w *Workspace) State() map[string]Resource {
	w.t.Helper()
	var state struct {
		Values struct {
			RootModule struct{ Resources []Resource } `json:"root_module"`
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(w.show("-json")))
	decoder.UseNumber()
	if err := decoder.Decode(&state); err != nil {
		w.t.Fatal(err)
	}
	resources := map[string]Resource{}
	for _, r := range state.Values.RootModule.Resources {
		resources[r.Address] = r
	}
	return resources
}

// Resource is one resource in the state; the test ends when it is not there.
func (w *Workspace) Resource(address string) Resource {
	w.t.Helper()
	r, ok := w.State()[address]
	if !ok {
		w.t.Fatalf("%s is not in state", address)
	}
	return r
}

// stored is what the state file has of the provider's own resources.
func (w *Workspace) stored() string {
	w.t.Helper()
	raw, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	var state struct{ Resources []json.RawMessage }
	if err == nil {
		err = json.Unmarshal(raw, &state)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var own strings.Builder
	for _, r := range state.Resources {
		if strings.Contains(string(r), `"type": "payinvoice_`) {
			own.Write(r)
		}
	}
	return own.String()
}

// ChangeState changes each instance in the state file, such as to what an older
// version of the provider wrote.
func (w *Workspace) ChangeState(change func(instance map[string]any)) {
	w.t.Helper()
	path := filepath.Join(w.dir, "terraform.tfstate")
	raw, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var state map[string]any
	if err := decoder.Decode(&state); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range state["resources"].([]any) {
		for _, instance := range r.(map[string]any)["instances"].([]any) {
			change(instance.(map[string]any))
		}
	}
	if raw, err = json.Marshal(state); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// report checks what a command said and stored.
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
