package tfcli

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// expectNothingLeft is a check that only the lock, and these, are in the cache.
func (m machine) expectNothingLeft(but ...string) {
	m.t.Helper()
	entries, _ := os.ReadDir(filepath.Join(m.cache, "terraform-1.16.0"))
	for _, entry := range entries {
		if entry.Name() != "lock" && !slices.Contains(but, entry.Name()) {
			m.t.Errorf("left behind: %s", entry.Name())
		}
	}
}

func TestBuildOnce(t *testing.T) {
	m := newMachine(t, "1.16.0", "")
	m.write("cache/terraform-1.16.0/"+gocmd.Exe("terraform"), "does not run")
	m.write("cache/terraform-1.16.0/build/go.mod", "of a build that was killed")
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if got, err := m.build(t.Context(), Terraform, "1.16.0"); err != nil {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
	wait.Wait()
	if got, want := m.ran(), []string{"mod", "build"}; !slices.Equal(got, want) {
		t.Errorf("go ran %q, want %q", got, want)
	}
	m.expectNothingLeft(gocmd.Exe("terraform"))
}

func TestBuildFails(t *testing.T) {
	for name, test := range map[string]struct{ built, failure, wantErr string }{
		"not reached":      {"1.16.0", "mod", "cannot build Terraform 1.16.0: dial tcp: no such host\nIf the network is the reason"},
		"does not compile": {"1.16.0", "build", "cannot build Terraform 1.16.0: go build: exit status 1"},
		"another version":  {"1.15.0", "", "says that it is 1.15.0, not 1.16.0"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, test.built, test.failure)
			_, err := m.build(t.Context(), Terraform, "1.16.0")
			if err == nil || !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
			m.expectNothingLeft()
		})
	}
}

func TestBuildInterrupted(t *testing.T) {
	m := newMachine(t, "1.16.0", "hang")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for len(m.ran()) == 0 && t.Context().Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	start := time.Now()
	if got, err := m.build(ctx, Terraform, "1.16.0"); err == nil {
		t.Errorf("built %s", got)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	m.expectNothingLeft()
}

func TestStandIn(t *testing.T) {
	m := newMachine(t, "", "")
	const backend = "github.com/hashicorp/terraform/internal/backend/remote-state/s3"
	const kept = `module github.com/hashicorp/terraform

go 1.26.4

require github.com/hashicorp/terraform/internal/legacy v0.0.0-00010101000000-000000000000

replace example.com/old v1.0.0 => example.com/new v1.0.0

replace ` + backend + ` => ./internal/backend/remote-state/s3

replace github.com/hashicorp/terraform/internal/legacy => ./internal/legacy
`
	m.write("source/go.mod", kept+"\ngodebug tlskyber=0\n\ngodebug winsymlink=0\n")
	if err := standIn(filepath.Join(m.dir, "source")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"go.mod":                 kept,
		"internal/legacy/go.mod": "module github.com/hashicorp/terraform/internal/legacy\n",
		"internal/backend/remote-state/s3/go.mod":     "module " + backend + "\n",
		"internal/backend/remote-state/s3/backend.go": strings.ReplaceAll(backendStub, "NAME", "s3"),
	} {
		if got, err := os.ReadFile(filepath.Join(m.dir, "source", filepath.FromSlash(name))); err != nil || string(got) != want {
			t.Errorf("%s, %v:\n%s\nwant:\n%s", name, err, got, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(m.dir, "source", "*")); len(left) != 2 {
		t.Errorf("besides go.mod and internal there is more: %q", left)
	}
}
