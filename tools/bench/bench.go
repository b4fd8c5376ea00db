package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// The programs that are measured, and their packages below the source.
const (
	providerProgram = "terraform-provider-payinvoice"
	idleProgram     = "terraform-provider-idle"
	gatewaysProgram = "gateways"
)

var packages = map[string]string{
	providerProgram: ".",
	idleProgram:     "./internal/test/bench/terraform-provider-idle",
	gatewaysProgram: "./internal/test/bench/gateways",
}

// readAhead switches the read-ahead on or off.
const readAhead = "PAYINVOICE_READ_AHEAD="

// parallelism is how many resources Terraform works on at a time.
const parallelism = "-parallelism=10"

// bench is one run. Its folder holds the programs, and a folder for each cycle.
type bench struct {
	options
	root, dir string
	environ   []string // of the commands, without the user's own settings
	log       io.Writer
	states    *states
	report    report
	cycles    int
}

func (b *bench) run(ctx context.Context) error {
	fmt.Fprintln(b.log, "Building the provider as for a release, and what is measured beside it.")
	if err := b.build(ctx); err != nil {
		return err
	}
	subjects, err := b.subjects(ctx)
	if err != nil {
		return err
	}
	if b.states, err = keepStates(ctx); err != nil {
		return err
	}
	defer b.states.stop()
	if err := b.startUps(ctx); err != nil {
		return err
	}
	for _, n := range b.sizes {
		for _, s := range plain {
			if err := b.cycle(ctx, s, n, 0, 0); err != nil {
				return err
			}
		}
		for _, latency := range b.latencies {
			for _, name := range b.gateways {
				if err := b.busyAndQuiet(ctx, subjects[name].subject(name), n, latency); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// subjects asks the program of the simulated gateways for the arguments of an invoice at
// each.
func (b *bench) subjects(ctx context.Context) (subjects map[string]gatewayArguments, err error) {
	cmd := gocmd.Command(ctx, "", b.program(gatewaysProgram), "-subjects")
	cmd.Stderr = b.log
	printed, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(printed, &subjects)
	}
	return subjects, err
}

func (b *bench) program(name string) string {
	return filepath.Join(b.dir, programsDir, gocmd.Exe(name))
}

func (b *bench) build(ctx context.Context) error {
	for name, path := range packages {
		cmd := gocmd.Go(ctx, b.root, "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", b.program(name), path)
		cmd.Stdout, cmd.Stderr = b.log, b.log
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("go build %s: %w", path, err)
		}
	}
	return b.install()
}

// install puts launchers where Terraform looks for providers.
func (b *bench) install() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	launchers := filepath.Join(b.dir, launchersDir)
	if err := os.Mkdir(launchers, 0o700); err != nil {
		return err
	}
	for _, name := range []string{providerProgram, idleProgram} {
		if err := os.Symlink(self, filepath.Join(launchers, gocmd.Exe(name))); err != nil {
			return err
		}
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"payinvoice/payinvoice\" = %[1]q\n    \"payinvoice/idle\" = %[1]q\n  }\n}\n",
		filepath.ToSlash(launchers))
	return os.WriteFile(b.configFile(), []byte(overrides), 0o600)
}

func (b *bench) configFile() string { return filepath.Join(b.dir, "cli.tfrc") }

// busyAndQuiet measures a gateway with every number of others. Where there is no
// list, they make no difference.
func (b *bench) busyAndQuiet(ctx context.Context, s subject, n int, latency time.Duration) error {
	for _, others := range b.others {
		if others > 0 && !s.lists {
			continue
		}
		if err := b.cycle(ctx, s, n, latency, others); err != nil {
			return err
		}
	}
	return nil
}

// cycle makes, plans and destroys n of a subject among so many of others.
func (b *bench) cycle(ctx context.Context, s subject, n int, latency time.Duration, others int) (err error) {
	b.cycles++
	dir := filepath.Join(b.dir, fmt.Sprintf("cycle-%d", b.cycles))
	if err := b.prepare(ctx, dir, s.configuration(n)); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	simulated, err := simulate(ctx, b.program(gatewaysProgram), filepath.Join(dir, "gateways"), latency, (others+n-1)/n, b.log)
	if err != nil {
		return err
	}
	defer func() {
		if ended := simulated.stop(); err == nil {
			err = ended
		}
	}()

	c := &cycle{bench: b, dir: dir, simulated: simulated, row: measurement{Subject: s.name, N: n, LatencyMS: latency.Milliseconds(), Others: others}}
	fmt.Fprintf(b.log, "%d × %s among %d others, latency %s\n", n, s.name, others, latency)
	plan := []string{"plan", "-detailed-exitcode"}
	if err := c.measure(ctx, "apply", 1, "on", "apply", "-auto-approve"); err != nil {
		return err
	}
	if err := c.measure(ctx, "plan", b.runs, "on", plan...); err != nil {
		return err
	}
	if s.lists {
		if err := c.measure(ctx, "plan, single reads", b.runs, "off", plan...); err != nil {
			return err
		}
	}
	return c.measure(ctx, "destroy", 1, "on", "destroy", "-auto-approve")
}

// prepare makes a folder with a configuration, ready for plans. It is initialized
// before the configuration is there: no provider is to be installed.
func (b *bench) prepare(ctx context.Context, dir, configuration string) error {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "backend.tf"), []byte(b.states.backend(filepath.Base(dir))), 0o600); err != nil {
		return err
	}
	cmd := b.command(ctx, dir, "init")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("terraform init: %w\n%s", err, output)
	}
	return os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600)
}

// command is a Terraform command that finds the launchers.
func (b *bench) command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := gocmd.Command(ctx, dir, b.terraform, append(args, "-input=false", "-no-color")...)
	cmd.Env = append(slices.Clone(b.environ), "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE="+b.configFile())
	return cmd
}

// cycle is the life of n of a subject.
type cycle struct {
	*bench
	dir       string
	simulated *simulation
	row       measurement // what all its measurements have in common
}

// measure runs a command several times, and notes the median.
func (c *cycle) measure(ctx context.Context, name string, runs int, ahead string, args ...string) error {
	var measured []measurement
	for range runs {
		m, err := c.once(ctx, ahead, args)
		if err != nil {
			return fmt.Errorf("%d × %s: %w", c.row.N, c.row.Subject, err)
		}
		m.Command = name
		measured = append(measured, m)
	}
	c.report.Measurements = append(c.report.Measurements, middle(measured))
	return nil
}

// middle is the run that took the median time, with the median of what all took
// of memory: that does not go by time.
func middle(measured []measurement) measurement {
	peak := median(measured, func(m measurement) int64 { return m.Peak })
	slices.SortFunc(measured, func(a, b measurement) int { return cmp.Compare(a.Wall, b.Wall) })
	m := measured[len(measured)/2]
	m.Peak = peak
	return m
}

func (c *cycle) once(ctx context.Context, ahead string, args []string) (measurement, error) {
	cmd := c.command(ctx, c.dir, append(args, parallelism)...)
	cmd.Env = append(append(cmd.Env, c.simulated.environment...), readAhead+ahead)
	start := time.Now()
	output, err := cmd.CombinedOutput()
	m := c.row
	m.Wall = time.Since(start)
	if err != nil {
		return m, fmt.Errorf("terraform %s: %w\n%s", args[0], err, output)
	}
	if m.usage, err = takeUsage(filepath.Join(c.bench.dir, programsDir, usageFile)); err != nil {
		return m, err
	}
	m.Core = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() - m.CPU
	m.asked, err = c.simulated.asked()
	return m, err
}
