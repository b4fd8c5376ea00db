package providertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
)

// The versions of Terraform that brought a feature.
var (
	WithImportByIdentity = version.Must(version.NewVersion("1.12.0"))
	WithActions          = version.Must(version.NewVersion("1.14.0"))
	WithQuery            = WithActions
	WithBeforeDestroy    = version.Must(version.NewVersion("1.16.0"))
)

// NeedsTerraform skips the test visibly when Terraform is older than a feature
// of the test.
func NeedsTerraform(t *testing.T, feature *version.Version) {
	t.Helper()
	is, err := terraformVersion(Terraform(t))
	if err != nil {
		t.Fatal(err)
	}
	if is.LessThan(feature) {
		t.Skipf("Terraform %s is older than %s", is, feature)
	}
}

var versions sync.Map // by path

func terraformVersion(path string) (*version.Version, error) {
	if known, ok := versions.Load(path); ok {
		return known.(*version.Version), nil
	}
	raw, err := exec.CommandContext(context.Background(), path, "version", "-json").Output()
	if err != nil {
		return nil, fmt.Errorf("%s version: %w", path, err)
	}
	var said struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		return nil, fmt.Errorf("%s version: %w", path, err)
	}
	is, err := version.NewVersion(said.Version)
	if err == nil {
		versions.Store(path, is)
	}
	return is, err
}

// Write writes a file beside the configuration.
func (w *Workspace) Write(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Read reads a file beside the configuration.
func (w *Workspace) Read(name string) string {
	w.t.Helper()
	content, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(content)
}

// Invoke runs an action of the configuration by itself, such as
// action.payinvoice_meum_cancel_invoice.it.
func (w *Workspace) Invoke(action string) *Report {
	w.t.Helper()
	return w.Apply("-invoke=" + action)
}

// Found is an invoice that terraform query found.
type Found struct {
	Address     string         `json:"address"`
	DisplayName string         `json:"display_name"`
	Identity    map[string]any `json:"identity"`
	// Resource is nil unless the list block says include_resource.
	Resource map[string]any `json:"resource_object"`
}

// Query runs terraform query with list blocks.
func (w *Workspace) Query(blocks string, options ...string) *Report {
	w.t.Helper()
	w.Write("main.tfquery.hcl", blocks)
	return w.operate("query", options...)
}

// Import runs terraform import, which has no output for machines: an error is
// one diagnostic with the whole output.
func (w *Workspace) Import(address, id string) *Report {
	w.t.Helper()
	output, failed := w.run("import", "-no-color", address, id)
	r := &Report{}
	if failed {
		r.Diagnostics = []Diagnostic{{Severity: "error", Detail: unframed(string(output))}}
	}
	return w.report(r, "import", failed)
}

// unframed is Terraform's text without line breaks and the frames of errors.
func unframed(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(text)), " ")
}

// Output is an output of the configuration, as JSON.
func (w *Workspace) Output(name string) string {
	w.t.Helper()
	text, failed := w.run("output", "-json", name)
	if failed {
		w.t.Fatalf("terraform output: %s", text)
	}
	return string(text)
}
