package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what was measured. Durations are nanoseconds in JSON.
type report struct {
	Terraform    string        `json:"terraform"`
	StartUps     []startUp     `json:"start_ups"`
	Measurements []measurement `json:"measurements"`
}

// measurement is one command over n resources.
type measurement struct {
	N         int   `json:"n"`
	LatencyMS int64 `json:"latency_ms"`
	// Others is how many invoices the account has that are in no state.
	Others  int           `json:"others"`
	Subject string        `json:"subject"`
	Command string        `json:"command"`
	Wall    time.Duration `json:"wall"`
	// Core is Terraform's own CPU time, that of the provider is in usage.
	Core time.Duration `json:"terraform_cpu"`
	usage
	asked
}

func (r *report) write(file string) error {
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(encoded, '\n'), 0o644)
}

func (r *report) print(out io.Writer) {
	fmt.Fprintf(out, "\nTerraform %s, %s\n\n", r.Terraform, parallelism[1:])
	r.printStartUps(out)
	r.printMeasurements(out)
	r.printRatios(out)
}

func table(out io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
}

func (r *report) printStartUps(out io.Writer) {
	t := table(out)
	fmt.Fprintln(t, "program\tsize\thandshake\tschema served\tCPU\tpeak memory\t")
	for _, s := range r.StartUps {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t\n", s.Program, megabytes(s.Size), milliseconds(s.Handshake), milliseconds(s.Schema), milliseconds(s.CPU), megabytes(s.Peak))
	}
	_ = t.Flush()
	fmt.Fprintln(out)
}

func (r *report) printMeasurements(out io.Writer) {
	t := table(out)
	fmt.Fprintln(t, "n\tof others\tlatency\tresource\tcommand\ttime\tTerraform's CPU\tprovider's CPU\tpeak memory\trequests\tconnections\twhich\t")
	for _, m := range r.Measurements {
		fmt.Fprintf(t, "%d\t%d\t%d ms\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t\n", m.N, m.Others, m.LatencyMS, m.Subject, m.Command,
			seconds(m.Wall), seconds(m.Core), seconds(m.CPU), megabytes(m.Peak), m.requests(), m.Connections, m.operations())
	}
	_ = t.Flush()
	fmt.Fprintln(out)
}

// operations are the requests by operation, most frequent first.
func (a asked) operations() string {
	names := slices.SortedFunc(maps.Keys(a.Operations), func(x, y string) int {
		if a.Operations[x] != a.Operations[y] {
			return a.Operations[y] - a.Operations[x]
		}
		return strings.Compare(x, y)
	})
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%d %s", a.Operations[name], name))
	}
	return strings.Join(parts, ", ")
}

// printRatios compares the plans: with single reads, and with a plugin that does
// nothing.
func (r *report) printRatios(out io.Writer) {
	t := table(out)
	fmt.Fprintln(t, "a plan\tlatency\tof\tamong others\ttime against single reads\tinvoices a request\tagainst the small idle plugin\tagainst the wide one\tmemory an invoice\t")
	for _, m := range r.Measurements {
		if m.Command != "plan" || isPlain(m.Subject) {
			continue
		}
		fmt.Fprintf(t, "%s\t%d ms\t%d\t%d\t%s\t%.1f\t%s\t%s\t%s\t\n", m.Subject, m.LatencyMS, m.N, m.Others,
			ratio(m, r.singleReads(m)), float64(m.N)/float64(max(m.requests(), 1)),
			ratio(m, r.find(m.N, 0, 0, plain[1].name, "plan")), ratio(m, r.find(m.N, 0, 0, plain[2].name, "plan")), r.growth(m))
	}
	_ = t.Flush()
	r.printSlowest(out)
}

// singleReads is the same plan with the read-ahead switched off.
func (r *report) singleReads(m measurement) *measurement {
	return r.find(m.N, m.LatencyMS, m.Others, m.Subject, "plan, single reads")
}

// printSlowest names the plan for which reading ahead does the most harm.
func (r *report) printSlowest(out io.Writer) {
	var slowest measurement
	worst := 0.0
	for _, m := range r.Measurements {
		if single := r.singleReads(m); m.Command == "plan" && single != nil && m.Wall.Seconds()/single.Wall.Seconds() > worst {
			slowest, worst = m, m.Wall.Seconds()/single.Wall.Seconds()
		}
	}
	if worst > 0 {
		fmt.Fprintf(out, "\nSlowest against single reads: %.2f of their time, %d × %s among %d others at %d ms\n",
			worst, slowest.N, slowest.Subject, slowest.Others, slowest.LatencyMS)
	}
}

func isPlain(name string) bool {
	return slices.ContainsFunc(plain, func(s subject) bool { return s.name == name })
}

// find is a measurement; nil when there is none.
func (r *report) find(n int, latency int64, others int, subject, command string) *measurement {
	i := slices.IndexFunc(r.Measurements, func(m measurement) bool {
		return m.N == n && m.LatencyMS == latency && m.Others == others && m.Subject == subject && m.Command == command
	})
	if i < 0 {
		return nil
	}
	return &r.Measurements[i]
}

// growth is how much memory an invoice takes, going by the smallest number of
// the same.
func (r *report) growth(m measurement) string {
	smallest := m
	for _, other := range r.Measurements {
		if other.Subject == m.Subject && other.Command == m.Command && other.LatencyMS == m.LatencyMS && other.Others == m.Others && other.N < smallest.N {
			smallest = other
		}
	}
	if smallest.N == m.N {
		return "-"
	}
	return fmt.Sprintf("%.1f KB", float64(m.Peak-smallest.Peak)/1024/float64(m.N-smallest.N))
}

func ratio(m measurement, to *measurement) string {
	if to == nil {
		return "-"
	}
	return fmt.Sprintf("%.2f", float64(m.Wall)/float64(to.Wall))
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }
