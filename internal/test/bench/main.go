// Command bench measures what the provider costs: requests, time and memory of
// apply, plan and destroy, for many invoices at simulated gateways that answer
// at once or take their time, at accounts that are quiet or busy. Beside it, in the
// same run, it measures as many resources that Terraform serves by itself, those of
// a plugin that does nothing, and a plan that reads every invoice singly.
//
//	make bench ARGS="-n 100 -latency 100ms -gateways meum"
//
// It prints a table and writes JSON. It fails only if a command fails or a plan is not
// empty.
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

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

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

// options select what to measure.
type options struct {
	sizes, others []int
	latencies     []time.Duration
	gateways      []gatewaytest.Specimen
	output        string
}

func parse(args []string, out io.Writer) (o options, err error) {
	var known []string
	for _, g := range gatewaytest.Specimens() {
		known = append(known, g.Name)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	sizes := flags.String("n", "10,30,100,200", "how many invoices: `numbers`")
	latencies := flags.String("latency", "50ms,300ms", "how long a gateway takes to answer: `durations`")
	others := flags.String("others", "0,2000", "how many invoices of others are made at the same time: `numbers`")
	gateways := flags.String("gateways", strings.Join(known, ","), "at which gateways: `names`; none measures only what stands beside")
	flags.StringVar(&o.output, "o", filepath.Join("bin", "bench.json"), "the JSON `file`")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var errs [4]error
	o.sizes, errs[0] = list(*sizes, strconv.Atoi)
	o.latencies, errs[1] = list(*latencies, time.ParseDuration)
	o.others, errs[2] = list(*others, strconv.Atoi)
	o.gateways, errs[3] = list(*gateways, specimen)
	return o, errors.Join(errs[:]...)
}

func specimen(name string) (gatewaytest.Specimen, error) {
	all := gatewaytest.Specimens()
	i := slices.IndexFunc(all, func(g gatewaytest.Specimen) bool { return g.Name == name })
	if i < 0 {
		return gatewaytest.Specimen{}, fmt.Errorf("there is no gateway %q", name)
	}
	return all[i], nil
}

// list parses what stands between commas.
func list[T any](text string, parse func(string) (T, error)) (values []T, err error) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
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
	dir, err := os.MkdirTemp("", "payinvoice-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{options: o, dir: dir, log: out}
	if err := b.run(ctx); err != nil {
		return err
	}
	b.report.show(out)
	if err := b.report.write(o.output); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nThe same as JSON:", o.output)
	return nil
}
