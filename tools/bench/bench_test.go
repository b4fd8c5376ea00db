package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test program stand in for the launcher, as the command does.
func TestMain(m *testing.M) {
	if program := launched(os.Args[0]); program != "" {
		os.Exit(launch(program, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// TestBench measures a few invoices, and looks at what the JSON says of them.
func TestBench(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege there")
	}
	file := filepath.Join(t.TempDir(), "sub", "bench.json")
	var out strings.Builder
	if err := run(context.Background(), []string{"-n", "3", "-latency", "1ms", "-others", "0,30", "-gateways", "meum,xpays", "-o", file}, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	if len(r.StartUps) != 2 || r.StartUps[0].Size == 0 || r.StartUps[0].Schema == 0 {
		t.Errorf("start-ups: %+v", r.StartUps)
	}
	// A new invoice is read back, and read again before it is canceled; the answer to
	// the cancel confirms it. Terraform refreshes before a plan and before a destroy.
	for subject, want := range map[string]map[string]map[string]int{
		"meum": {
			"apply": {"create": 3, "read": 3}, "plan": {"read": 3}, "plan, single reads": {"read": 3},
			"destroy": {"read": 6, "cancel": 3},
		},
		"xpays":          {"apply": {"create": 3}, "plan": {"read": 3}, "destroy": {"read": 6, "cancel": 3}},
		"terraform_data": {"apply": {}, "plan": {}, "destroy": {}},
	} {
		latency := int64(1)
		if isPlain(subject) {
			latency = 0
		}
		for command, operations := range want {
			m := r.find(3, latency, 0, subject, command)
			if m == nil {
				t.Errorf("%s of %s was not measured", command, subject)
				continue
			}
			if len(m.Operations) != len(operations) || m.Wall <= 0 || m.Core <= 0 {
				t.Errorf("%s of %s: %+v, want the requests %v", command, subject, m, operations)
			}
			for operation, n := range operations {
				if m.Operations[operation] != n {
					t.Errorf("%s of %s: %d × %s, want %d", command, subject, m.Operations[operation], operation, n)
				}
			}
		}
	}
	busy, single := r.find(3, 1, 30, "meum", "plan"), r.find(3, 1, 30, "meum", "plan, single reads")
	if busy == nil || single == nil || single.Operations["read"] != 3 || single.Operations["list"] != 0 {
		t.Errorf("among others: %+v, single reads: %+v", busy, single)
	}
	if m := r.find(3, 1, 30, "xpays", "plan"); m != nil {
		t.Errorf("others at a gateway without a list: %+v", m)
	}
	for _, want := range []string{"Slowest against single reads", "small idle plugin", "3 create", file} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out.String())
		}
	}
}

func TestArgumentsRefused(t *testing.T) {
	for _, args := range [][]string{{"-n", "ten"}, {"-latency", "100"}, {"-others", "many"}, {"-gateways", "paypal"}, {"more"}, {"-unknown"}} {
		if _, err := parse(args, &strings.Builder{}); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	o, err := parse([]string{"-n", "1, 2", "-latency", "5ms", "-gateways", "", "-runs", "0"}, &strings.Builder{})
	if err != nil || len(o.sizes) != 2 || o.sizes[1] != 2 || o.latencies[0] != 5*time.Millisecond || len(o.gateways) != 0 || o.runs != 1 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestRatios(t *testing.T) {
	row := func(n int, subject, command string, wall time.Duration, peak int64, requests int) measurement {
		m := measurement{N: n, Subject: subject, Command: command, Wall: wall}
		m.Peak, m.Operations = peak, map[string]int{"read": requests}
		return m
	}
	r := report{Measurements: []measurement{
		row(100, "small idle plugin", "plan", 2*time.Second, 0, 0),
		row(100, "meum", "plan", 3*time.Second, 1<<20, 4),
		row(100, "meum", "plan, single reads", 6*time.Second, 1<<20, 100),
		row(1100, "meum", "plan", 3*time.Second, 3<<20, 11),
	}}
	var out strings.Builder
	r.printRatios(&out)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 5 {
		t.Fatalf("not a line for each plan:\n%s", out.String())
	}
	if closing := lines[len(lines)-1]; closing != "Slowest against single reads: 0.50 of their time, 100 × meum among 0 others at 0 ms" {
		t.Errorf("the closing line is %q", closing)
	}
	for i, want := range [][]string{{"meum", "0", "ms", "100", "0", "0.50", "25.0", "1.50", "-", "-"}, {"meum", "0", "ms", "1100", "0", "-", "100.0", "-", "-", "2.0", "KB"}} {
		if got := strings.Fields(lines[i+1]); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestOperations(t *testing.T) {
	a := asked{Operations: map[string]int{"read": 3, "list": 1, "create": 3}}
	if got := a.operations(); got != "3 create, 3 read, 1 list" || a.requests() != 7 {
		t.Errorf("%q, %d", got, a.requests())
	}
}

func TestMiddle(t *testing.T) {
	runs := func(values ...[2]int64) (measured []measurement) {
		for _, v := range values {
			measured = append(measured, measurement{Wall: time.Duration(v[0]), usage: usage{Peak: v[1]}})
		}
		return measured
	}
	for name, test := range map[string]struct {
		measured   []measurement
		wall, peak int64
	}{
		"one":                          {runs([2]int64{7, 70}), 7, 70},
		"the slowest takes the middle": {runs([2]int64{9, 50}, [2]int64{1, 90}, [2]int64{5, 10}), 5, 50},
	} {
		t.Run(name, func(t *testing.T) {
			if m := middle(test.measured); int64(m.Wall) != test.wall || m.Peak != test.peak {
				t.Errorf("%d and %d, want %d and %d", m.Wall, m.Peak, test.wall, test.peak)
			}
		})
	}
}
