package main

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
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
	t.Setenv("GORACE", "atexit_sleep_ms=0") // or each launcher lingers for a second
	file := filepath.Join(t.TempDir(), "sub", "bench.json")
	var out strings.Builder
	if err := run(t.Context(), []string{"-n", "3", "-latency", "1ms", "-others", "7", "-gateways", "meum", "-o", file}, &out); err != nil {
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
	// A new invoice is read back, and read again before it is canceled; the response to
	// the cancel confirms it. Terraform refreshes before a plan and before a destroy.
	want := map[string]map[string]int{
		"terraform_data apply": nil, "terraform_data plan": nil, "terraform_data destroy": nil,
		"idle plugin apply": nil, "idle plugin plan": nil, "idle plugin destroy": nil,
		"meum apply": {"create": 3, "read": 3}, "meum plan": {"read": 3}, "meum plan, single reads": {"read": 3}, "meum destroy": {"read": 6, "cancel": 3},
	}
	for _, m := range r.Measurements {
		name := m.Subject + " " + m.Command
		operations, known := want[name]
		if delete(want, name); !known || !maps.Equal(m.Operations, operations) {
			t.Errorf("%s: the requests are %v, want %v", name, m.Operations, operations)
		}
		if m.N != 3 || m.Wall <= 0 || m.Core <= 0 || (m.CPU > 0) != (m.Subject != "terraform_data") {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if len(want) > 0 || r.Terraform == "" {
		t.Errorf("not measured: %v, with Terraform %q", want, r.Terraform)
	}
	for _, want := range []string{"Slowest against single reads", "[create:3 read:3]", file} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q:\n%s", want, out.String())
		}
	}
}

func TestBusyAccount(t *testing.T) {
	const others = 3
	for _, g := range gatewaytest.Specimens() {
		if g.Listing == nil {
			continue // nobody notices others, so none are made
		}
		t.Run(g.Name, func(t *testing.T) {
			s, err := simulate(g, t.TempDir(), 0, others)
			if err != nil {
				t.Fatal(err)
			}
			defer s.stop()
			endpoint, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			measured, err := g.Connect(transport.Config{Endpoint: endpoint})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := measured.Create(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
			}
			invoices, err := s.sandbox.Invoices(t.Context(), g.Name, "")
			if err != nil || len(invoices) != 2*(1+others) || s.asked()["create"] != 2 {
				t.Errorf("%d invoices, %v; want 2 with %d others each", len(invoices), err, others)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{{"-n", "ten"}, {"-latency", "100"}, {"-others", "many"}, {"-gateways", "paypal"}, {"more"}, {"-unknown"}} {
		if _, err := parse(args, &strings.Builder{}); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	o, err := parse([]string{"-n", "1, 2", "-latency", "5ms", "-gateways", ""}, &strings.Builder{})
	if err != nil || len(o.sizes) != 2 || o.sizes[1] != 2 || o.latencies[0] != 5*time.Millisecond || len(o.gateways) != 0 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestRatios(t *testing.T) {
	row := func(n int, subject, command string, wall time.Duration) measurement {
		return measurement{N: n, Subject: subject, Command: command, Wall: wall}
	}
	r := report{Measurements: []measurement{
		row(100, idlePlugin, "plan", 2*time.Second),
		row(100, "meum", "plan", 3*time.Second),
		row(100, "meum", singleReads, 6*time.Second),
		row(200, "meum", "plan", 3*time.Second),
	}}
	var out strings.Builder
	r.show(&out)
	for _, want := range []string{
		"100 0 0 ms meum plan 3.00 s 1.50 0.50 ", "200 0 0 ms meum plan 3.00 s - - ",
		"Slowest against single reads: 0.50 of their time, 100 × meum among 0 others at 0 ms",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}
