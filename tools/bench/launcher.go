package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	usageFile    = "usage"    // in programsDir; one line of JSON for each process
)

// usage is what one process, or several one after the other, used.
type usage struct {
	CPU  time.Duration `json:"cpu"`
	Peak int64         `json:"peak"` // of resident memory, in bytes; 0 where it is not known
}

func (u usage) add(more usage) usage {
	return usage{CPU: u.CPU + more.CPU, Peak: max(u.Peak, more.Peak)}
}

// launched is the program to launch; "" for the benchmark itself.
func launched(name string) string {
	base := filepath.Base(name)
	if !strings.HasPrefix(base, "terraform-provider-") {
		return ""
	}
	return filepath.Join(filepath.Dir(filepath.Dir(name)), programsDir, base)
}

// launch runs a program and answers its exit code.
func launch(program string, args []string) int {
	signal.Ignore(os.Interrupt)           // Terraform ends a provider in its own way
	cmd := exec.Command(program, args...) //nolint:noctx // it ends when Terraform ends it
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	used := usage{CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), Peak: peakMemory(cmd.ProcessState)}
	if err := note(filepath.Join(filepath.Dir(program), usageFile), used); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

// note appends a line: several processes may end at the same time.
func note(file string, used usage) error {
	line, err := json.Marshal(used)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// takeUsage adds up what was noted, and forgets it.
func takeUsage(file string) (usage, error) {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return usage{}, nil
	}
	if err != nil {
		return usage{}, err
	}
	defer f.Close()
	var total usage
	decoder := json.NewDecoder(f)
	for {
		var used usage
		if err := decoder.Decode(&used); errors.Is(err, io.EOF) {
			return total, os.Remove(file)
		} else if err != nil {
			return usage{}, err
		}
		total = total.add(used)
	}
}
