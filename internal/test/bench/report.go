package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"
)

// report has the measurements. Durations are nanoseconds in JSON.
type report struct {
	Terraform    string        `json:"terraform_version"`
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
	Operations map[string]int `json:"operations"` // the requests
}

func (r *report) write(file string) error {
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, append(encoded, '\n'), 0o600)
}

// show compares each command with that of the idle plugin, and plans with single reads.
func (r *report) show(out io.Writer) {
	fmt.Fprintf(out, "\nTerraform %s, %s\n\n", r.Terraform, parallelism[1:])
	var worst float64
	var slowest measurement
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "n\tof others\tlatency\tresource\tcommand\ttime\tto idle plugin\tto single reads\tTerraform's CPU\tprovider's CPU\tpeak memory\trequests\t")
	for _, m := range r.Measurements {
		toSingle := 0.0
		if m.Command == "plan" {
			toSingle = r.ratio(m, m.Subject, singleReads, m.LatencyMS, m.Others)
		}
		if toSingle > worst {
			worst, slowest = toSingle, m
		}
		fmt.Fprintf(t, "%d\t%d\t%d ms\t%s\t%s\t%.2f s\t%s\t%s\t%.2f s\t%.2f s\t%.1f MB\t%v\t\n", m.N, m.Others, m.LatencyMS, m.Subject, m.Command,
			m.Wall.Seconds(), orDash(r.ratio(m, idlePlugin, m.Command, 0, 0)), orDash(toSingle),
			m.Core.Seconds(), m.CPU.Seconds(), float64(m.Peak)/(1<<20), fmt.Sprint(m.Operations)[len("map"):])
	}
	_ = t.Flush()
	if worst > 0 {
		fmt.Fprintf(out, "\nSlowest against single reads: %.2f of their time, %d × %s among %d others at %d ms\n",
			worst, slowest.N, slowest.Subject, slowest.Others, slowest.LatencyMS)
	}
}

// ratio is how long a command took in the time of another on as many; 0 when there is none.
func (r *report) ratio(m measurement, subject, command string, latency int64, others int) float64 {
	i := slices.IndexFunc(r.Measurements, func(to measurement) bool {
		return to.N == m.N && to.LatencyMS == latency && to.Others == others && to.Subject == subject && to.Command == command
	})
	if i < 0 {
		return 0
	}
	return m.Wall.Seconds() / r.Measurements[i].Wall.Seconds()
}

func orDash(ratio float64) string {
	if ratio == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", ratio)
}
