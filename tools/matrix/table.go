package main

import (
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one version's line in the table.
type row struct {
	cli
	path    string
	seconds time.Duration
	results *results // nil when nothing was run
	err     error
}

// counts are those of the tests. A version that could not be tried at all has
// one failure, and so has one with which no test was run.
func (r row) counts() counts {
	var c counts
	if r.results != nil {
		c = r.results.count()
	}
	if c.failed == 0 && (r.err != nil || c.passed == 0) {
		c.failed = 1
	}
	return c
}

// printFailures prints what failed, and all that it said.
func (r row) printFailures(out io.Writer) {
	if r.err != nil {
		fmt.Fprintf(out, "--- %s: %v\n", r.cli, r.err)
	}
	if r.results == nil {
		return
	}
	for _, n := range r.results.failures() {
		if o := r.results.outcomes[n]; o.action != "" {
			fmt.Fprintf(out, "--- %s: %s\n%s", r.cli, n, o.output.String())
		}
	}
	for whole, tests := range r.results.cutShort() {
		fmt.Fprintf(out, "--- %s: %s was cut short\n", r.cli, whole)
		if o := r.results.outcomes[whole]; o != nil {
			fmt.Fprint(out, o.output.String())
		}
		fmt.Fprintf(out, "These had not ended:\n")
		for _, n := range tests {
			fmt.Fprintf(out, "    %s\n", n)
		}
	}
}

// String is a test's name, or the whole package's.
func (n name) String() string {
	if n.test == "" {
		return n.pkg
	}
	return path.Base(n.pkg) + "." + n.test
}

// printTable prints what was skipped and the table, and reports whether all is
// well.
func printTable(out io.Writer, rows []row) bool {
	for _, r := range rows {
		r.printSkips(out)
	}
	fmt.Fprintln(out)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "CLI\tversion\tpassed\tfailed\tskipped\tseconds\t")
	var total counts
	for _, r := range rows {
		c := r.counts()
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%.0f\t\n", r.product.Name, r.version, c.passed, c.failed, c.skipped, r.seconds.Seconds())
		total.add(c)
	}
	_ = table.Flush()
	fmt.Fprintf(out, "\nTotal: %d passed, %d failed, %d skipped\n", total.passed, total.failed, total.skipped)
	return total.failed == 0
}

// printSkips lists what was skipped by its reason.
func (r row) printSkips(out io.Writer) {
	if r.results == nil {
		return
	}
	skips := r.results.skips()
	if len(skips) == 0 {
		return
	}
	fmt.Fprintf(out, "\nSkipped on %s:\n", r.cli)
	for _, reason := range slices.Sorted(maps.Keys(skips)) {
		fmt.Fprintf(out, "  %s:\n", strings.TrimSuffix(reason, "."))
		for _, n := range skips[reason] {
			fmt.Fprintf(out, "    %s\n", n)
		}
	}
}
