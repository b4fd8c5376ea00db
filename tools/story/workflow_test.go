//go:build unix

package story

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gopkg.in/yaml.v3"
)

// workflowFile has what is run of a GitHub workflow,
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax.
type workflowFile struct {
	Env  map[string]string
	Jobs map[string]struct{ Steps []workflowStep }
}

type workflowStep struct {
	Name, Run, If string
}

// TestWorkflow runs the steps of the workflow example as GitHub does, on a sandbox,
// with a browser test that succeeds and one that fails.
func TestWorkflow(t *testing.T) {
	startBrowser(t) // there is one
	for name, c := range map[string]struct {
		test   string
		failed []string // steps
		phase  string   // of the invoice at the end
	}{
		"success": {example(t, "workflow/checkout.test.js"), nil, "paid"},
		"failure": {"throw new Error();\n", []string{"Pay in a browser"}, "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkflow(t, c.test)
			if failed := w.run(); strings.Join(failed, ", ") != strings.Join(c.failed, ", ") {
				t.Errorf("failed steps: %q, not %q\n%s", failed, c.failed, w.output())
			}
			list, err := exec.Command(w.program, "sandbox", "list", "--data-dir", filepath.Join(w.dir, "payinvoice")).CombinedOutput()
			if err != nil || strings.Count(string(list), "\n") != 2 || !strings.Contains(string(list), c.phase) {
				t.Errorf("there is no single invoice that is %s: %v\n%s", c.phase, err, list)
			}
		})
	}
}

// workflow is a run of the workflow on this machine.
type workflow struct {
	t       *testing.T
	file    workflowFile
	dir     string // RUNNER_TEMP
	program string // the provider's
	port    string // of the sandbox
	env     []string
	log     *os.File // what all steps print
}

func newWorkflow(t *testing.T, test string) *workflow {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("the example's browser test needs npm")
	}
	w := &workflow{t: t, dir: t.TempDir(), port: freePort(t)}
	if err := yaml.Unmarshal([]byte(w.local(example(t, "workflow/checkout.yml"))), &w.file); err != nil {
		t.Fatal(err)
	}
	program, terraform := installed(t, filepath.Join(w.dir, "checkout"), "1.14")
	w.program = program
	for _, name := range []string{"main.tf", "package.json"} {
		write(t, filepath.Join(terraform.Dir, name), example(t, "workflow/"+name))
	}
	write(t, filepath.Join(terraform.Dir, "checkout.test.js"), test)
	// In place of the step that installs the provider.
	bin := filepath.Join(w.dir, "provider", "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(bin, "terraform-provider-payinvoice")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(terraform.Program, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	browser, err := browserPath()
	if err != nil {
		t.Fatal(err)
	}
	w.env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "RUNNER_TEMP="+w.dir, "CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE="+terraform.ConfigFile, browserVariable+"="+browser)
	for name, value := range w.file.Env {
		w.env = append(w.env, name+"="+value)
	}
	if w.log, err = os.Create(filepath.Join(w.dir, "log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.log.Close() })
	return w
}

func (w *workflow) local(text string) string { return strings.ReplaceAll(text, "4480", w.port) }

// run returns the names of the steps that failed.
func (w *workflow) run() (failed []string) {
	w.t.Helper()
	for _, step := range w.file.Jobs["checkout"].Steps {
		skipped := len(failed) > 0 && step.If != "always()"
		if step.Run == "" || step.Name == "Install the provider" || skipped {
			continue
		}
		if err := w.step(step.Run); err != nil {
			failed = append(failed, step.Name)
		}
	}
	return failed
}

// step runs a script as https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
// says. What it leaves in the background runs until the test ends.
func (w *workflow) step(script string) error {
	cmd := exec.Command("bash", "-e", "-c", script)
	cmd.Dir, cmd.Env = filepath.Join(w.dir, "checkout"), w.env
	cmd.Stdout, cmd.Stderr = w.log, w.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	w.t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }) // nothing may be left
	return cmd.Wait()
}

func (w *workflow) output() string {
	content, err := os.ReadFile(w.log.Name())
	if err != nil {
		w.t.Error(err)
	}
	return string(content)
}
