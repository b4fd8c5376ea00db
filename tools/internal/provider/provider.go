// Package provider builds the provider of this repository and lays it out so
// that Terraform and OpenTofu find it without a registry.
package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/mod/modfile"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// Module is the provider's Go module.
const Module = "github.com/payinvoice/terraform-provider-payinvoice"

// Source is the provider's address without a host, and Address the whole one in
// Terraform's registry. OpenTofu completes a source with a host of its own.
const (
	Source          = "payinvoice/payinvoice"
	Address         = "registry.terraform.io/" + Source
	OpenTofuAddress = "registry.opentofu.org/" + Source
)

// DevVersion is the version of a provider that is no release: that of the coming
// one, so that the constraints of the examples allow it.
const DevVersion = "0.1.0"

// Root returns the folder of the provider's module, which is the working folder
// or one above it.
func Root() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && modfile.ModulePath(mod) == Module {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is not inside a checkout of %s", start, Module)
		}
	}
}

// Gateways are the names of the gateways of the provider at root, by the folders of their
// simulators.
func Gateways(root string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, "internal", "sandbox", "*", "behaviour.go"))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there are no gateways in %s", root)
	}
	for i, file := range found {
		found[i] = filepath.Base(filepath.Dir(file))
	}
	return found, err
}

// Install builds the provider at root into a filesystem mirror below dir, once
// for each address, and returns the path of the first program.
func Install(ctx context.Context, root, dir, version string, log io.Writer, addresses ...string) (string, error) {
	if len(addresses) == 0 {
		return "", errors.New("no address to install the provider at")
	}
	first := mirrorPath(dir, addresses[0], version)
	if err := build(ctx, root, first, version, log); err != nil {
		return "", err
	}
	for _, address := range addresses[1:] {
		if err := link(first, mirrorPath(dir, address, version)); err != nil {
			return "", err
		}
	}
	return first, nil
}

// mirrorPath returns where a filesystem mirror keeps the program.
func mirrorPath(dir, address, version string) string {
	return filepath.Join(dir, filepath.FromSlash(address), version, runtime.GOOS+"_"+runtime.GOARCH,
		gocmd.Exe("terraform-provider-payinvoice_v"+version))
}

func build(ctx context.Context, root, program, version string, log io.Writer) error {
	cmd := gocmd.Go(ctx, root, "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-X main.version="+version, "-o", program, ".")
	cmd.Stdout = log
	cmd.Stderr = log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("cannot build the provider: go build: %w", err)
	}
	return nil
}

func link(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Link(from, to)
}

// CLIConfig returns a CLI configuration that takes providers from the mirror at
// dir and from nowhere else.
func CLIConfig(dir string) string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(dir))
}
