// Command demo shows the provider at work: it drives a real Terraform through
// the life of one invoice at each gateway, and then proves that all of them are
// canceled. The gateways are the provider's own simulators, so it needs no
// account, no key and no network, and no invoice is real.
//
//	go run ./demo
//	go run ./demo -terraform /path/to/terraform -keep
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

const (
	minimumVersion = "1.5"  // what the provider supports
	actionVersion  = "1.14" // from here on there are actions
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case interrupted:
		fmt.Fprintln(os.Stderr, "Interrupted.")
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(out)
	keep := flags.Bool("keep", false, "keep the folder with the configurations, their states and the provider")
	program := flags.String("terraform", "", "the Terraform program at this `path`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	start := time.Now()
	root, err := provider.Root()
	if err != nil {
		return err
	}
	cli, version, err := findCLI(ctx, *program, out)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "payinvoice-demo-")
	if err != nil {
		return err
	}
	defer cleanUp(dir, *keep, out)

	d, err := newDemo(root, dir, cli, version, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "One invoice at each of %d gateways, from creation to cancellation.\n"+
		"The gateways are simulated: no account, no key, no network, and no invoice is real.\n"+
		"It drives %s, version %s.\n", len(d.gateways), cli, version)
	if err := d.run(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe demo succeeded in %s.\n", time.Since(start).Round(100*time.Millisecond))
	return nil
}

// findCLI returns the program to drive and its version.
func findCLI(ctx context.Context, program string, log io.Writer) (path, version string, err error) {
	if program == "" {
		finder, err := tfcli.NewFinder(log)
		if err != nil {
			return "", "", err
		}
		if program, err = finder.AtLeast(ctx, tfcli.Terraform, minimumVersion); err != nil {
			return "", "", err
		}
	}
	if path, err = filepath.Abs(program); err != nil {
		return "", "", err
	}
	if version, err = tfcli.Version(ctx, path); err != nil {
		return "", "", err
	}
	if !tfcli.AtLeast(version, minimumVersion) {
		return "", "", fmt.Errorf("%s is version %s; the provider needs %s or later", path, version, minimumVersion)
	}
	return path, version, nil
}

func cleanUp(dir string, keep bool, out io.Writer) {
	if keep {
		fmt.Fprintf(out, "\nKept: %s\nTo go on there: export TF_CLI_CONFIG_FILE=%s\n", dir, filepath.Join(dir, cliConfigFile))
		return
	}
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(out, "The folder of the demo is still there:", err)
	}
}
