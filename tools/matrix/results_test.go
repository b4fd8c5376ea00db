package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

// events are what "go test -json" writes, a line each: action, package, test
// and output.
func events(lines ...[4]string) string {
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "{\"Time\":\"2026-01-01T00:00:00Z\",\"Action\":%q,\"Package\":%q,\"Test\":%q,\"Output\":%q}\n", l[0], l[1], l[2], l[3])
	}
	return b.String()
}

func read(t *testing.T, text string) *results {
	t.Helper()
	r, err := readResults(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCounts(t *testing.T) {
	tests := []struct {
		name   string
		events string
		want   counts
		failed []string
	}{
		{"all pass", events(
			[4]string{"start", "m/p"}, [4]string{"run", "m/p", "TestA"}, [4]string{"pass", "m/p", "TestA"}, [4]string{"pass", "m/p"},
		), counts{passed: 1}, nil},
		{"subtests count for their test", events(
			[4]string{"run", "m/p", "TestA"}, [4]string{"run", "m/p", "TestA/x"}, [4]string{"run", "m/p", "TestA/y"},
			[4]string{"pass", "m/p", "TestA/x"}, [4]string{"skip", "m/p", "TestA/y"}, [4]string{"pass", "m/p", "TestA"},
			[4]string{"run", "m/p", "TestAB"}, [4]string{"pass", "m/p", "TestAB"}, [4]string{"pass", "m/p"},
		), counts{passed: 2, skipped: 1}, nil},
		{"a failure is counted once", events(
			[4]string{"fail", "m/p", "TestA/x"}, [4]string{"pass", "m/p", "TestA/y"}, [4]string{"fail", "m/p", "TestA"}, [4]string{"fail", "m/p"},
		), counts{passed: 1, failed: 1}, []string{"p.TestA/x"}},
		{"a test fails although its subtests pass", events(
			[4]string{"pass", "m/p", "TestA/x"}, [4]string{"fail", "m/p", "TestA"}, [4]string{"fail", "m/p"},
		), counts{passed: 1, failed: 1}, []string{"p.TestA"}},
		{"a test does not end", events(
			[4]string{"run", "m/p", "TestA"}, [4]string{"output", "m/p", "TestA", "panic: test timed out\n"}, [4]string{"fail", "m/p"},
		), counts{failed: 1}, []string{"p.TestA"}},
		{"a package fails as a whole", events(
			[4]string{"pass", "m/p", "TestA"}, [4]string{"fail", "m/p"},
		), counts{passed: 1, failed: 1}, []string{"m/p"}},
		{"a package without tests", events([4]string{"start", "m/p"}, [4]string{"skip", "m/p"}), counts{}, nil},
		{"a package does not compile", `{"ImportPath":"m/p [m/p.test]","Action":"build-output","Output":"p.go:1:1: no\n"}
			{"ImportPath":"m/p [m/p.test]","Action":"build-fail"}
			{"Action":"start","Package":"m/p"}
			{"Action":"fail","Package":"m/p","FailedBuild":"m/p [m/p.test]"}`, counts{failed: 1}, []string{"m/p"}},
		{"the tests outside a package do not compile", `{"ImportPath":"m/p_test [m/p.test]","Action":"build-fail"}
			{"Action":"fail","Package":"m/p","FailedBuild":"m/p_test [m/p.test]"}`, counts{failed: 1}, []string{"m/p_test"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := read(t, test.events)
			if got := r.count(); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			var failed []string
			for _, n := range r.failures() {
				failed = append(failed, n.String())
			}
			if !slices.Equal(failed, test.failed) {
				t.Errorf("failed: %q, want %q", failed, test.failed)
			}
		})
	}
	if _, err := readResults(strings.NewReader("FAIL")); err == nil {
		t.Error("what is not JSON has to be an error")
	}
}

func TestTable(t *testing.T) {
	some := read(t, events(
		[4]string{"pass", "m/p", "TestA"},
		[4]string{"output", "m/p", "TestB", "=== RUN   TestB\n"},
		[4]string{"output", "m/p", "TestB", "    stage_test.go:12: Terraform 1.11.4 is older\n        than 1.14.0\n"},
		[4]string{"output", "m/p", "TestB", "--- SKIP: TestB (0.00s)\n"},
		[4]string{"skip", "m/p", "TestB"},
		[4]string{"skip", "m/p", "TestC"},
	))
	var out bytes.Buffer
	good := row{cli: cli{tfcli.Terraform, "1.11.4"}, seconds: 61 * time.Second, results: some}
	if !printTable(&out, []row{good}) {
		t.Error("nothing failed")
	}
	for _, want := range []string{
		"Skipped on Terraform 1.11.4:\n  Terraform 1.11.4 is older than 1.14.0:\n    p.TestB\n  no reason given:\n    p.TestC\n",
		"  Terraform   1.11.4       1       0        2       61\n",
		"\nTotal: 1 passed, 0 failed, 2 skipped\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, out.String())
		}
	}

	for what, bad := range map[string]row{
		"no program":                       {cli: good.cli, err: errors.New("it cannot be built")},
		"no test ran":                      {cli: good.cli, results: read(t, "")},
		"a failed run":                     {cli: good.cli, results: read(t, events([4]string{"fail", "m/p", "TestA"}))},
		"tests passed, and go test failed": {cli: good.cli, results: some, err: errors.New("exit status 2")},
	} {
		if printTable(&bytes.Buffer{}, []row{good, bad}) {
			t.Errorf("%s: the table says that all is well", what)
		}
	}
}

// TestFailures: what is printed suffices to find the reason.
func TestFailures(t *testing.T) {
	var out bytes.Buffer
	row{cli: cli{tfcli.OpenTofu, "1.12.6"}, results: read(t, events(
		[4]string{"output", "m/p", "TestA", "    a_test.go:1: it is wrong\n"}, [4]string{"fail", "m/p", "TestA"},
		[4]string{"output", "m/p", "TestB", "=== PAUSE TestB\n"},
		[4]string{"output", "m/p", "", "panic: no more\n"}, [4]string{"fail", "m/p"},
	))}.printFailures(&out)
	want := `--- OpenTofu 1.12.6: p.TestA
    a_test.go:1: it is wrong
--- OpenTofu 1.12.6: m/p was cut short
panic: no more
These had not ended:
    p.TestB
`
	if out.String() != want {
		t.Errorf("got:\n%s", out.String())
	}
}

func TestChoose(t *testing.T) {
	if all, err := choose(""); err != nil || len(all) != len(supported) {
		t.Errorf("%v, %v", all, err)
	}
	some, err := choose("opentofu@" + tfcli.OpenTofu.Pinned + ", Terraform@1.11.4")
	if err != nil || len(some) != 2 || some[0].product != tfcli.OpenTofu || some[1].version != "1.11.4" {
		t.Errorf("%v, %v", some, err)
	}
	if _, err := choose("terraform@0.12.0"); err == nil || !strings.Contains(err.Error(), "terraform@1.11.4") {
		t.Errorf("%v", err)
	}
}
