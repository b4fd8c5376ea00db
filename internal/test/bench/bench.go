package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The programs that are measured, by their packages.
const (
	providerPackage = "github.com/payinvoice/terraform-provider-payinvoice"
	idlePackage     = providerPackage + "/internal/test/bench/terraform-provider-idle"
)

// parallelism is how many resources Terraform works on at a time.
const parallelism = "-parallelism=10"

// singleReads is a plan without reading ahead.
const singleReads = "plan, single reads"

// bench is one run. Its folder holds the programs, and a folder for each cycle.
type bench struct {
	options
	dir    string
	log    io.Writer
	report report
}

func (b *bench) run(ctx context.Context) error {
	fmt.Fprintln(b.log, "Building the provider as for a release, and the idle plugin that is measured beside it.")
	if err := b.build(ctx); err != nil {
		return err
	}
	version, err := b.terraform(ctx, b.dir, nil, "version", "-json").Output()
	if err != nil {
		return fmt.Errorf("terraform version: %w", err)
	}
	if err := json.Unmarshal(version, &b.report); err != nil {
		return err
	}
	for _, n := range b.sizes {
		for _, s := range beside {
			if err := b.cycle(ctx, s, measurement{N: n}); err != nil {
				return err
			}
		}
		for _, latency := range b.latencies {
			for _, g := range b.gateways {
				for _, others := range b.others {
					if g.Listing == nil && others > 0 {
						continue // nobody notices them
					}
					if err := b.cycle(ctx, invoices(g), measurement{N: n, LatencyMS: latency.Milliseconds(), Others: others}); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// build also puts launchers where Terraform looks for providers.
func (b *bench) build(ctx context.Context) error {
	programs, launchers := filepath.Join(b.dir, programsDir), filepath.Join(b.dir, launchersDir)
	for _, dir := range []string{programs, launchers} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", programs, providerPackage, idlePackage) //nolint:gosec // packages of this module
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = b.log
	if err := build.Run(); err != nil {
		return fmt.Errorf("go build: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	built, err := os.ReadDir(programs)
	for _, program := range built {
		err = errors.Join(err, os.Symlink(self, filepath.Join(launchers, program.Name())))
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"payinvoice/payinvoice\" = %[1]q\n    \"payinvoice/idle\" = %[1]q\n  }\n}\n",
		filepath.ToSlash(launchers))
	return errors.Join(err, os.WriteFile(b.configFile(), []byte(overrides), 0o600))
}

func (b *bench) configFile() string { return filepath.Join(b.dir, "cli.tfrc") }

// terraform is a command that finds the launchers, and none of the user's own settings.
func (b *bench) terraform(ctx context.Context, dir string, environment []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), args...) //nolint:gosec // whoever measures chooses it
	cmd.Dir, cmd.WaitDelay = dir, 10*time.Second
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "TF_") || strings.HasPrefix(variable, "PAYINVOICE_")
	})
	cmd.Env = append(append(cmd.Env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_CONFIG_FILE="+b.configFile()), environment...)
	return cmd
}

// cycle makes, plans and destroys as many of a subject as row says.
func (b *bench) cycle(ctx context.Context, s subject, row measurement) (err error) {
	latency := time.Duration(row.LatencyMS) * time.Millisecond
	fmt.Fprintf(b.log, "%d × %s among %d others, latency %s\n", row.N, s.name, row.Others, latency)
	dir, err := os.MkdirTemp(b.dir, "cycle-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := &cycle{bench: b, dir: dir, row: row}
	c.row.Subject = s.name
	if s.gateway != nil {
		if c.simulated, err = simulate(*s.gateway, filepath.Join(dir, "gateway"), latency, (row.Others+row.N-1)/row.N); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.simulated.stop()) }()
	}
	backend, stop := keepState()
	defer stop()
	if err := c.prepare(ctx, backend, s.configuration(row.N)); err != nil {
		return err
	}

	plan := []string{"plan", "-detailed-exitcode"}
	if err := c.measure(ctx, "apply", "on", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := c.measure(ctx, "plan", "on", plan...); err != nil {
		return err
	}
	if s.lists() {
		if err := c.measure(ctx, singleReads, "off", plan...); err != nil {
			return err
		}
	}
	return c.measure(ctx, "destroy", "on", "destroy", "-auto-approve")
}

// cycle is the life of many of a subject.
type cycle struct {
	*bench
	dir       string
	simulated *simulation // nil without a gateway
	row       measurement // what all its measurements have in common
}

// prepare makes the folder ready for plans. It is initialized before the configuration
// is there: no provider is to be installed.
func (c *cycle) prepare(ctx context.Context, backend, configuration string) error {
	if err := os.WriteFile(filepath.Join(c.dir, "backend.tf"), []byte(backend), 0o600); err != nil {
		return err
	}
	if output, err := c.terraform(ctx, c.dir, nil, "init").CombinedOutput(); err != nil {
		return fmt.Errorf("terraform init: %w\n%s", err, output)
	}
	return os.WriteFile(filepath.Join(c.dir, "main.tf"), []byte(configuration), 0o600)
}

// measure runs a command, and notes what it took.
func (c *cycle) measure(ctx context.Context, name, readAhead string, args ...string) error {
	environment := []string{"PAYINVOICE_READ_AHEAD=" + readAhead}
	if c.simulated != nil {
		g := c.simulated.gateway
		environment = append(environment, g.Environment(c.simulated.URL, g.Settings())...)
	}
	cmd := c.terraform(ctx, c.dir, environment, append(args, "-no-color", parallelism)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	m := c.row
	m.Command = name
	start := time.Now()
	err := cmd.Run()
	m.Wall = time.Since(start)
	if err == nil {
		m.usage, err = takeUsage(filepath.Join(c.bench.dir, programsDir, usageFile))
	}
	if err != nil {
		return fmt.Errorf("%d × %s: %s: %w\n%s", m.N, m.Subject, name, err, &output)
	}
	m.Core = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() - m.CPU
	if c.simulated != nil {
		m.Operations = c.simulated.asked()
	}
	c.report.Measurements = append(c.report.Measurements, m)
	return nil
}
