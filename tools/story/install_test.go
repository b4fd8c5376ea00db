package story

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

// installed builds the provider, and returns its program and a Terraform, of a
// version or a later one, that uses it in a new folder.
func installed(t *testing.T, dir, version string) (program string, terraform tfcli.Runner) {
	t.Helper()
	mirror := t.TempDir()
	program, err := provider.Install(t.Context(), root(t), mirror, provider.DevVersion, os.Stderr, provider.Address)
	if err != nil {
		t.Fatal(err)
	}
	cliConfig := filepath.Join(mirror, "cli.tfrc")
	write(t, cliConfig, provider.CLIConfig(mirror))
	finder, err := tfcli.NewFinder(os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	cli, err := finder.AtLeast(t.Context(), tfcli.Terraform, version)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return program, tfcli.Runner{Program: cli, Dir: dir, ConfigFile: cliConfig}
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := provider.Root()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// example is the content of a file below examples/.
func example(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root(t), "examples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// freePort is a TCP port that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
