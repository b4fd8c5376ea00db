// Command bench measures what the provider costs: requests, time and memory of
// apply, plan and destroy, for many invoices at simulated gateways that answer
// at once or take their time, at accounts that are quiet or busy. Beside it, in the same run, it measures the same
// number of resources that Terraform serves by itself, those of a plugin that
// does nothing, and a plan that reads every invoice singly.
//
//	go run ./bench
//	go run ./bench -n 100 -latency 100ms -gateways meum
//
// It prints a table and writes JSON. It is no test: it fails only when a command
// fails or a plan is not empty.
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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

// minimumVersion is what the provider is measured with at least: older versions
// know neither its actions nor its identities, and load less.
const minimumVersion = "1.14"

func main() {
	if program := launched(os.Args[0]); program != "" {
		os.Exit(launch(program, os.Args[1:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// options are what is measured.
type options struct {
	sizes     []int
	latencies []time.Duration
	others    []int
	gateways  []string
	runs      int
	terraform string
	output    string
}

func parse(args []string, out io.Writer) (options, error) {
	o := options{}
	known, err := gatewayNames()
	if err != nil {
		return o, err
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	sizes := flags.String("n", "10,30,100,200", "how many invoices: `numbers`")
	latencies := flags.String("latency", "50ms,300ms", "how long a gateway takes to answer: `durations`")
	others := flags.String("others", "0,2000", "how many invoices of others are made at the same time: `numbers`")
	gateways := flags.String("gateways", strings.Join(known, ","), "at which gateways: `names`; none measures only what stands beside")
	flags.IntVar(&o.runs, "runs", 1, "how often each plan is made; the table has the medians of time and memory")
	flags.StringVar(&o.terraform, "terraform", "", "the Terraform program at this `path`")
	flags.StringVar(&o.output, "o", filepath.Join("bin", "bench.json"), "the JSON `file`, below the provider's source")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.sizes, err = list(*sizes, strconv.Atoi); err != nil {
		return o, fmt.Errorf("-n: %w", err)
	}
	if o.latencies, err = list(*latencies, time.ParseDuration); err != nil {
		return o, fmt.Errorf("-latency: %w", err)
	}
	if o.others, err = list(*others, strconv.Atoi); err != nil {
		return o, fmt.Errorf("-others: %w", err)
	}
	if o.gateways, err = list(*gateways, oneOf(known)); err != nil {
		return o, fmt.Errorf("-gateways: %w", err)
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.runs = max(o.runs, 1)
	return o, nil
}

func gatewayNames() ([]string, error) {
	root, err := provider.Root()
	if err != nil {
		return nil, err
	}
	return provider.Gateways(root)
}

// oneOf accepts some words.
func oneOf(known []string) func(string) (string, error) {
	return func(word string) (string, error) {
		if !slices.Contains(known, word) {
			return "", fmt.Errorf("%q is not one of %s", word, strings.Join(known, ", "))
		}
		return word, nil
	}
}

// list parses what stands between commas.
func list[T any](text string, parse func(string) (T, error)) ([]T, error) {
	var values []T
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		value, err := parse(part)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args, out)
	if err != nil {
		return err
	}
	root, err := provider.Root()
	if err != nil {
		return err
	}
	if o.terraform == "" {
		finder, err := tfcli.NewFinder(out)
		if err != nil {
			return err
		}
		if o.terraform, err = finder.AtLeast(ctx, tfcli.Terraform, minimumVersion); err != nil {
			return err
		}
	}
	version, err := tfcli.Version(ctx, o.terraform)
	if err != nil {
		return err
	}
	environ, err := tfcli.CleanEnv(os.Environ())
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "payinvoice-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	b := &bench{options: o, root: root, dir: dir, environ: environ, log: out, report: report{Terraform: version}}
	if err := b.run(ctx); err != nil {
		return err
	}
	b.report.print(out)
	if !filepath.IsAbs(o.output) {
		o.output = filepath.Join(root, o.output)
	}
	if err := b.report.write(o.output); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nThe same as JSON:", o.output)
	return nil
}
