package tfcli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// Runner runs a program in a folder, apart from the user's own settings.
type Runner struct {
	Program    string
	Dir        string
	ConfigFile string // the CLI configuration; none if empty
}

// Run returns what the program printed. On failure the error holds all of it.
func (r Runner) Run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := gocmd.Command(ctx, r.Dir, r.Program, args...)
	var err error
	if cmd.Env, err = CleanEnv(os.Environ()); err != nil {
		return nil, err
	}
	cmd.Env = append(cmd.Env, "TF_IN_AUTOMATION=1")
	if r.ConfigFile != "" {
		cmd.Env = append(cmd.Env, "TF_CLI_CONFIG_FILE="+r.ConfigFile)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout = &stdout
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return nil, &RunError{Command: args[0], Output: strings.TrimSpace(stdout.String() + stderr.String()), Err: err}
	}
	return stdout.Bytes(), nil
}

// RunError is a run that failed.
type RunError struct {
	Command string
	Output  string // all that the program printed
	Err     error
}

func (e *RunError) Error() string {
	return fmt.Sprintf("%s: %v\n%s", e.Command, e.Err, e.Output)
}

func (e *RunError) Unwrap() error { return e.Err }

// ExitCode returns the code that a failed run ended with, or -1.
func ExitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}
