// Package provider builds the provider of this repository and lays it out so
// that Terraform and OpenTofu find it without a registry.
package provider

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// Address is the provider's in Terraform's registry.
const Address = "registry.terraform.io/payinvoice/payinvoice"

// DevVersion is the version of a provider that is no release: that of the coming
// one, so that the constraints of the examples allow it.
const DevVersion = "0.1.0"

// Root returns the folder of the provider's source, in which the working folder is.
func Root() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "terraform-registry-manifest.json")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is not inside a checkout of the provider", start)
		}
	}
}

// Gateways are the names of the gateways of the provider at root, by the folders of their
// simulators.
func Gateways(root string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, "internal", "sandbox", "*", "behaviour.go"))
	for i, file := range found {
		found[i] = filepath.Base(filepath.Dir(file))
	}
	return found, err
}

// Install builds the provider at root into a filesystem mirror below dir and
// returns the path of the program.
func Install(ctx context.Context, root, dir, version string, log io.Writer, address string) (string, error) {
	program := filepath.Join(dir, filepath.FromSlash(address), version, runtime.GOOS+"_"+runtime.GOARCH,
		gocmd.Exe("terraform-provider-payinvoice_v"+version))
	cmd := gocmd.Go(ctx, root, "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-X main.version="+version, "-o", program, ".")
	cmd.Stdout = log
	cmd.Stderr = log
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("cannot build the provider: go build: %w", err)
	}
	return program, nil
}

// CLIConfig returns a CLI configuration that takes providers from the mirror at
// dir and from nowhere else.
func CLIConfig(dir string) string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(dir))
}
