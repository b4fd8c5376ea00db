package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// commandTimeout bounds every command: whatever the faults, it ends before.
const commandTimeout = 3 * time.Minute

// workspace is a folder with a configuration and a state, in which real
// Terraform runs with the provider as a process of its own.
type workspace struct {
	t   *testing.T
	dir string
	env []string
}

const header = `terraform {
  required_providers {
    payinvoice = { source = "payinvoice/payinvoice" }
  }
}
`

// newWorkspace makes a workspace. The variables are added to an environment
// that has no settings of the user's.
func newWorkspace(t *testing.T, config string, variables ...string) *workspace {
	t.Helper()
	dir, err := os.MkdirTemp(temporary, "w") //nolint:usetesting // what killed processes leave is removed at the end of all
	if err != nil {
		t.Fatal(err)
	}
	w := &workspace{t: t, dir: dir}
	w.env = append(cleanEnvironment(), "TF_CLI_CONFIG_FILE="+mustTools(t).config, "TMPDIR="+temporary)
	w.env = append(w.env, variables...)
	if raceDetector {
		w.env = append(w.env, "GORACE=atexit_sleep_ms=0 log_path="+filepath.Join(dir, "race"))
		t.Cleanup(w.reportRaces)
	}
	w.configure(config)
	return w
}

// reportRaces reports what the race detector found in the provider.
func (w *workspace) reportRaces() {
	reports, _ := filepath.Glob(filepath.Join(w.dir, "race.*"))
	for _, file := range reports {
		text, _ := os.ReadFile(file)
		w.t.Errorf("a data race in the provider:\n%s", text)
	}
}

func (w *workspace) configure(config string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(header+config), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// cleanEnvironment is that of the test without what would change Terraform or
// the provider.
func cleanEnvironment() []string {
	var clean []string
	for _, variable := range os.Environ() {
		if !isSetting(variable) {
			clean = append(clean, variable)
		}
	}
	return append(clean, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1")
}

func isSetting(variable string) bool {
	for _, prefix := range []string{"TF_", "TMPDIR=", "CRYPTOCLOUD_", "HESABE_", "XPAYS_", "MEUM_", "PAYINVOICE_"} {
		if strings.HasPrefix(variable, prefix) {
			return true
		}
	}
	return false
}

// diagnostic is a warning or an error.
type diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
}

func (d diagnostic) String() string { return d.Severity + ": " + d.Summary + "\n" + d.Detail }

// outcome is the result of a command.
type outcome struct {
	command        string
	stdout, stderr string
	failed         bool
	diagnostics    []diagnostic
	took           time.Duration
}

// String is all warnings and errors.
func (o outcome) String() string {
	var texts []string
	for _, d := range o.diagnostics {
		texts = append(texts, d.String())
	}
	if len(texts) == 0 {
		texts = []string{o.stdout, o.stderr}
	}
	return strings.Join(texts, "\n")
}

// errors are the texts of the errors.
func (o outcome) errors() []string {
	var texts []string
	for _, d := range o.diagnostics {
		if d.Severity == "error" {
			texts = append(texts, d.String())
		}
	}
	return texts
}

// says reports whether one diagnostic holds each of the texts.
func (o outcome) says(severity string, parts ...string) bool {
	for _, d := range o.diagnostics {
		holds := d.Severity == severity
		for _, part := range parts {
			holds = holds && strings.Contains(d.String(), part)
		}
		if holds {
			return true
		}
	}
	return false
}

// killGroup kills a command, and where there are process groups what it has
// started as well.
func killGroup(cmd *exec.Cmd) error {
	if hasProcessGroups {
		return signalGroup(cmd, kill)
	}
	return cmd.Process.Kill()
}

// running is a command that has been started.
type running struct {
	*exec.Cmd
	t              *testing.T
	name           string
	stdout, stderr bytes.Buffer
	began          time.Time
	ended          chan struct{} // closed when it is over
	giveUp         context.CancelFunc
}

// start starts Terraform with a process group of its own.
func (w *workspace) start(name string, arguments ...string) *running {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	r := &running{t: w.t, name: name, began: time.Now(), ended: make(chan struct{}), giveUp: cancel}
	r.Cmd = exec.CommandContext(ctx, mustTools(w.t).terraform, append([]string{name}, arguments...)...)
	r.Dir, r.Env, r.Stdout, r.Stderr = w.dir, w.env, &r.stdout, &r.stderr
	setProcessGroup(r.Cmd)
	r.Cancel = func() error { return killGroup(r.Cmd) }
	if err := r.Start(); err != nil {
		w.t.Fatal(err)
	}
	commands.add(r.Cmd)
	go func() {
		_ = r.Wait()
		commands.remove(r.Cmd)
		close(r.ended)
	}()
	return r
}

// commandSet are the commands that run at the moment.
type commandSet struct {
	mu      sync.Mutex
	running map[*exec.Cmd]bool
}

var commands = &commandSet{running: map[*exec.Cmd]bool{}}

func (s *commandSet) add(cmd *exec.Cmd) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[cmd] = true
}

func (s *commandSet) remove(cmd *exec.Cmd) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.running, cmd)
}

// killAll kills all commands with what they have started, for good: no further
// one starts.
func (s *commandSet) killAll() {
	s.mu.Lock() // and never unlocked
	for cmd := range s.running {
		_ = killGroup(cmd)
	}
}

// wait returns the result of the command. One that takes too long fails the test.
func (r *running) wait() outcome {
	r.t.Helper()
	<-r.ended
	r.giveUp()
	o := outcome{
		command: r.name, stdout: r.stdout.String(), stderr: r.stderr.String(),
		failed: !r.ProcessState.Success(), took: time.Since(r.began),
	}
	if o.took >= commandTimeout {
		r.t.Errorf("terraform %s was not done after %s:\n%s", r.name, commandTimeout, o.stdout+o.stderr)
	}
	for line := range strings.Lines(o.stdout) {
		var message struct {
			Type       string     `json:"type"`
			Diagnostic diagnostic `json:"diagnostic"`
		}
		if json.Unmarshal([]byte(line), &message) == nil && message.Type == "diagnostic" && !strings.Contains(message.Diagnostic.Summary, "development overrides") {
			o.diagnostics = append(o.diagnostics, message.Diagnostic)
		}
	}
	return o
}

func (w *workspace) run(name string, arguments ...string) outcome {
	w.t.Helper()
	return w.start(name, arguments...).wait()
}

// operation has the first arguments of commands that change something.
var operation = []string{"-json", "-input=false", "-auto-approve"}

func (w *workspace) apply(arguments ...string) outcome {
	w.t.Helper()
	return w.startApply(arguments...).wait()
}

func (w *workspace) startApply(arguments ...string) *running {
	w.t.Helper()
	return w.start("apply", append(operation[:len(operation):len(operation)], arguments...)...)
}

func (w *workspace) destroy(arguments ...string) outcome {
	w.t.Helper()
	return w.startDestroy(arguments...).wait()
}

func (w *workspace) startDestroy(arguments ...string) *running {
	w.t.Helper()
	return w.start("destroy", append(operation[:len(operation):len(operation)], arguments...)...)
}

// succeeds ends the test if the command failed.
func (o outcome) succeeds(t *testing.T) outcome {
	t.Helper()
	if o.failed {
		t.Fatalf("terraform %s failed:\n%s", o.command, o)
	}
	return o
}
