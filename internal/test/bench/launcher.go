package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// Terraform starts a provider by itself, so what a provider uses up is measured
// by a launcher that Terraform takes for it: this program under the provider's
// name. It runs the provider with its own input, output and environment, and
// notes what it used.
const (
	launchersDir = "launchers"
	programsDir  = "programs" // beside launchersDir; the same names
	usageFile    = "usage"    // in programsDir; a line for each process
)

// usage is the usage of one process, or of several in turn.
type usage struct {
	CPU  time.Duration `json:"cpu"`
	Peak int64         `json:"peak"` // of resident memory, in bytes; 0 where it is not known
}

// launched is the program to launch; "" for the benchmark itself.
func launched(name string) string {
	base := filepath.Base(name)
	if !strings.HasPrefix(base, "terraform-provider-") {
		return ""
	}
	return filepath.Join(filepath.Dir(filepath.Dir(name)), programsDir, base)
}

// launch runs a program and returns its exit code.
func launch(program string, args []string) int {
	signal.Ignore(os.Interrupt)           // Terraform ends a provider in its own way
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // what was built here; it ends when Terraform ends it
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if cmd.ProcessState != nil {
		err = note(filepath.Join(filepath.Dir(program), usageFile), cmd.ProcessState)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// note appends a line: several processes may end at the same time.
func note(file string, ended *os.ProcessState) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, int64(ended.UserTime()+ended.SystemTime()), peakMemory(ended)) // in one write
	return errors.Join(err, f.Close())
}

// takeUsage adds up what was noted, and forgets it.
func takeUsage(file string) (total usage, err error) {
	noted, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return total, nil // Terraform's own resources have no provider
	}
	if err != nil {
		return total, err
	}
	for lines := strings.NewReader(string(noted)); ; {
		var one usage
		if _, err := fmt.Fscanln(lines, &one.CPU, &one.Peak); errors.Is(err, io.EOF) {
			return total, os.Remove(file)
		} else if err != nil {
			return total, err
		}
		total.CPU, total.Peak = total.CPU+one.CPU, max(total.Peak, one.Peak)
	}
}
