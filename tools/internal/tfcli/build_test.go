package tfcli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// The tests build with this test program in the place of go: it answers as go
// does, and as the program that go would have built.
const (
	fakeVersion = "PAYINVOICE_TEST_VERSION" // what the program built says of itself
	fakeFailure = "PAYINVOICE_TEST_FAILURE" // the go command that fails, or hang
	fakeLog     = "PAYINVOICE_TEST_LOG"     // a file with a line for each go command
)

func TestMain(m *testing.M) {
	version := os.Getenv(fakeVersion)
	switch {
	case version == "":
		os.Exit(m.Run())
	case os.Args[1] == "version":
		fmt.Printf("{\"terraform_version\": %q}\n", version)
	default:
		os.Exit(fakeGo(os.Args[1:]))
	}
}

func fakeGo(args []string) int {
	log, err := os.OpenFile(os.Getenv(fakeLog), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 1
	}
	fmt.Fprintln(log, args[0])
	fails := os.Getenv(fakeFailure) == args[0]
	switch args[0] {
	case "mod":
		if fails {
			fmt.Println(`{"Error": "dial tcp: no such host"}`)
			return 1
		}
		fmt.Printf("{\"GoMod\": %q}\n", os.Getenv(fakeLog)+".mod")
	case "build":
		if os.Getenv(fakeFailure) == "hang" {
			time.Sleep(time.Minute)
		}
		self, _ := os.Executable()
		if err := copyProgram(self, args[slices.Index(args, "-o")+1]); err != nil {
			return 1
		}
	}
	if fails {
		return 1
	}
	return 0
}

func copyProgram(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o755)
}

// useFakeGo returns a function that tells which go commands ran.
func useFakeGo(t *testing.T, version, failure string) func() []string {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := copyProgram(self, filepath.Join(dir, gocmd.Exe("go"))); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log")
	mod := "module github.com/hashicorp/terraform\ngo 1.26\n" +
		"replace github.com/hashicorp/terraform/internal/legacy => ./internal/legacy\n"
	if err := os.WriteFile(log+".mod", []byte(mod), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv(fakeVersion, version)
	t.Setenv(fakeFailure, failure)
	t.Setenv(fakeLog, log)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // or each fake lingers for a second
	return func() []string {
		commands, _ := os.ReadFile(log)
		return strings.Fields(string(commands))
	}
}

func TestBuildOnce(t *testing.T) {
	ran := useFakeGo(t, "1.16.0", "")
	builder := Builder{Dir: t.TempDir(), Log: io.Discard}
	want := filepath.Join(builder.Dir, "terraform-1.16.0", gocmd.Exe("terraform"))

	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if got, err := builder.Build(t.Context(), Terraform, "1.16.0"); err != nil || got != want {
				t.Errorf("Build = %s, %v; want %s", got, err, want)
			}
		})
	}
	wait.Wait()
	if got, want := ran(), []string{"mod", "list", "build"}; !slices.Equal(got, want) {
		t.Errorf("go ran %q, want %q", got, want)
	}
	if left, _ := filepath.Glob(filepath.Join(builder.Dir, "*", "work")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestBuildReplacesBrokenProgram(t *testing.T) {
	ran := useFakeGo(t, "1.16.0", "")
	builder := Builder{Dir: t.TempDir(), Log: io.Discard}
	program := filepath.Join(builder.Dir, "terraform-1.16.0", gocmd.Exe("terraform"))
	if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, []byte("cut off"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := builder.Build(t.Context(), Terraform, "1.16.0"); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(ran(), "build") {
		t.Error("a program that does not run was kept")
	}
}

func TestBuildFailures(t *testing.T) {
	tests := map[string]struct {
		version string // what the program built says
		failure string
		wantErr string
	}{
		"registry not reached":     {version: "1.16.0", failure: "mod", wantErr: "its Go modules could not be loaded: dial tcp: no such host\nIf the network is the reason"},
		"dependencies not reached": {version: "1.16.0", failure: "list", wantErr: "its Go modules could not be loaded: go list: exit status 1"},
		"does not compile":         {version: "1.16.0", failure: "build", wantErr: "cannot build Terraform 1.16.0: go build: exit status 1"},
		"another version":          {version: "1.15.0", wantErr: "says that it is 1.15.0, not 1.16.0"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			useFakeGo(t, test.version, test.failure)
			builder := Builder{Dir: t.TempDir(), Log: new(bytes.Buffer)}
			_, err := builder.Build(t.Context(), Terraform, "1.16.0")
			if err == nil || !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
			left, _ := os.ReadDir(filepath.Join(builder.Dir, "terraform-1.16.0"))
			for _, entry := range left {
				if entry.Name() != "lock" {
					t.Errorf("left behind: %s", entry.Name())
				}
			}
		})
	}
}

func TestBuildInterrupted(t *testing.T) {
	ran := useFakeGo(t, "1.16.0", "hang")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for !slices.Contains(ran(), "build") && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	start := time.Now()
	builder := Builder{Dir: t.TempDir(), Log: io.Discard}
	_, err := builder.Build(ctx, Terraform, "1.16.0")
	if want := "building Terraform 1.16.0 was interrupted"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
	if elapsed := time.Since(start); elapsed > 30*time.Second {
		t.Errorf("it took %s to stop", elapsed)
	}
	if left, _ := filepath.Glob(filepath.Join(builder.Dir, "*", "work")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestCacheDir(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(CacheVariable, dir)
	if got, err := CacheDir(); err != nil || got != dir {
		t.Errorf("CacheDir() = %s, %v; want %s", got, err, dir)
	}
}
