package provider

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestRoot(t *testing.T) {
	root := t.TempDir()
	inside := filepath.Join(root, "tools", "demo")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	for dir, module := range map[string]string{root: Module, filepath.Join(root, "tools"): Module + "/tools"} {
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module "+module+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(inside)
	got, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	if !sameFolder(t, got, root) {
		t.Errorf("Root() = %s, want %s", got, root)
	}

	t.Chdir(t.TempDir())
	if got, err := Root(); err == nil {
		t.Errorf("outside a checkout Root() = %s", got)
	}
}

// sameFolder sees through links: a temporary folder may be below one.
func sameFolder(t *testing.T, a, b string) bool {
	t.Helper()
	infoA, err := os.Stat(a)
	if err != nil {
		t.Fatal(err)
	}
	infoB, err := os.Stat(b)
	if err != nil {
		t.Fatal(err)
	}
	return os.SameFile(infoA, infoB)
}

func TestMirrorPath(t *testing.T) {
	got := filepath.ToSlash(mirrorPath("mirror", Address, "1.2.3"))
	want := "mirror/registry.terraform.io/payinvoice/payinvoice/1.2.3/" +
		runtime.GOOS + "_" + runtime.GOARCH + "/terraform-provider-payinvoice_v1.2.3"
	if strings.TrimSuffix(got, ".exe") != want {
		t.Errorf("mirrorPath = %s, want %s", got, want)
	}
}

func TestLinkReplaces(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "new"), filepath.Join(dir, "below", "old")
	for range 2 { // the second time there is one already
		if err := os.WriteFile(from, []byte("provider"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := link(from, to); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(to); err != nil || string(got) != "provider" {
			t.Fatalf("%q, %v", got, err)
		}
	}
}

func TestInstallNeedsAddress(t *testing.T) {
	if _, err := Install(t.Context(), ".", t.TempDir(), "1.2.3", os.Stderr); err == nil {
		t.Error("a provider was installed nowhere")
	}
}

func TestGateways(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	names, err := Gateways(root)
	if err != nil || !slices.Contains(names, "meum") || slices.Contains(names, "simulator") {
		t.Errorf("%q, %v", names, err)
	}
	if names, err := Gateways(t.TempDir()); err == nil {
		t.Errorf("an empty folder has %q", names)
	}
}
