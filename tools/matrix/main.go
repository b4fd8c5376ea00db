// Command matrix runs the acceptance tests with each version of Terraform and
// OpenTofu that the provider is promised to work on, and prints a table.
//
//	go run ./matrix                             all of them
//	go run ./matrix -only terraform@1.11.4      one of them, or several by commas
//	go run ./matrix -run Import ./internal/...  chosen tests of chosen packages
//
// A program that is not on PATH in just that version is built once.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

// cli is one version of one product.
type cli struct {
	product tfcli.Product
	version string
}

func (c cli) String() string { return c.product.Name + " " + c.version }

// key names a cli on the command line.
func (c cli) key() string { return strings.ToLower(c.product.Name) + "@" + c.version }

// supported are the versions that are tested: a Terraform from before identity,
// actions and queries, the first with all three, and the newest; and the newest
// OpenTofu.
var supported = []cli{
	{tfcli.Terraform, "1.11.4"},
	{tfcli.Terraform, "1.14.8"},
	{tfcli.Terraform, tfcli.Terraform.Pinned},
	{tfcli.OpenTofu, tfcli.OpenTofu.Pinned},
}

// defaultPackages hold the acceptance tests.
var defaultPackages = []string{"./internal/provider/..."}

var errFailed = errors.New("not every test passed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("matrix", flag.ContinueOnError)
	flags.SetOutput(out)
	only := flags.String("only", "", "these `versions`, such as terraform@1.11.4,opentofu@1.12.6")
	tests := flags.String("run", "", "only tests that match the `expression`")
	timeout := flags.Duration("timeout", time.Hour, "how long the tests of one package may take with one version")
	if err := flags.Parse(args); err != nil {
		return err
	}
	clis, err := choose(*only)
	if err != nil {
		return err
	}
	root, err := provider.Root()
	if err != nil {
		return err
	}
	finder, err := tfcli.NewFinder(os.Stderr)
	if err != nil {
		return err
	}
	packages := flags.Args()
	if len(packages) == 0 {
		packages = defaultPackages
	}
	goTest := append([]string{"test", "-json", "-count=1", "-timeout=" + timeout.String(), "-run=" + *tests}, packages...)

	rows := make([]row, 0, len(clis))
	for _, c := range clis {
		r := row{cli: c}
		r.path, r.err = finder.Exactly(ctx, c.product, c.version)
		if r.err == nil {
			fmt.Fprintf(out, "=== %s: %s\n", c, r.path)
			r.seconds, r.results, r.err = test(ctx, root, r, goTest)
		}
		if ctx.Err() != nil {
			printTable(out, rows) // of those that were finished
			return ctx.Err()
		}
		r.printFailures(out)
		rows = append(rows, r)
	}
	if !printTable(out, rows) {
		return errFailed
	}
	return nil
}

// choose picks among the supported versions; an empty choice is all of them.
func choose(only string) ([]cli, error) {
	if only == "" {
		return supported, nil
	}
	var chosen []cli
	for key := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(supported, func(c cli) bool { return c.key() == strings.ToLower(strings.TrimSpace(key)) })
		if i < 0 {
			var known []string
			for _, c := range supported {
				known = append(known, c.key())
			}
			return nil, fmt.Errorf("%q is not among %s", key, strings.Join(known, ", "))
		}
		chosen = append(chosen, supported[i])
	}
	return chosen, nil
}

// test runs the tests with one program.
func test(ctx context.Context, root string, r row, goTest []string) (time.Duration, *results, error) {
	cmd := gocmd.Command(ctx, root, "go", goTest...)
	cmd.Env = append(tfcli.CleanEnv(os.Environ()), environment(r)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		return 0, nil, err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, nil, err
	}
	read, readErr := readResults(output)
	err = cmd.Wait()
	took := time.Since(start)
	var exit *exec.ExitError
	switch {
	case readErr != nil:
		return took, read, readErr
	case errors.As(err, &exit) && read.count().failed > 0:
		return took, read, nil // the table says it
	case err != nil:
		return took, read, fmt.Errorf("go test: %w\n%s", err, stderr.String())
	default:
		return took, read, nil
	}
}

// environment is what the testing framework, and tests without it, need to run
// a program. OpenTofu completes a provider's short name with a host of its own.
func environment(r row) []string {
	env := []string{"TF_ACC=1", tfcli.PathVariable + "=" + r.path}
	if r.product.Name == tfcli.OpenTofu.Name {
		env = append(env, "TF_ACC_PROVIDER_HOST=registry.opentofu.org", "TF_ACC_PROVIDER_NAMESPACE=hashicorp")
	}
	return env
}
