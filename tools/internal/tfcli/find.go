// Package tfcli finds a Terraform or OpenTofu command line program that is new
// enough for a purpose, and builds one from its Go module where there is none.
package tfcli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/mod/semver"
)

const (
	// PathVariable names the program to use. It is the variable that Terraform's
	// own test framework reads.
	PathVariable = "TF_ACC_TERRAFORM_PATH"
	// CacheVariable names the folder that holds what was built, in place of one in
	// the user's cache folder.
	CacheVariable = "PAYINVOICE_TOOLS_CACHE"
)

// Product is a command line program that drives providers.
type Product struct {
	Name    string // as people write it
	Module  string // the Go module it is built from
	Package string // the main package in that module
	Command string // the name of the program
	Pinned  string // the version that is built when any newer one would do
}

// Terraform and OpenTofu are the two products that the provider supports.
var (
	Terraform = Product{
		Name:    "Terraform",
		Module:  "github.com/hashicorp/terraform",
		Package: ".",
		Command: "terraform",
		Pinned:  "1.16.0",
	}
	OpenTofu = Product{
		Name:    "OpenTofu",
		Module:  "github.com/opentofu/opentofu",
		Package: "./cmd/tofu",
		Command: "tofu",
		Pinned:  "1.12.6",
	}
)

// Finder chooses a program: one that is there already, else one that it builds.
type Finder struct {
	cache string
	log   io.Writer // for people; never the result
}

// NewFinder returns a Finder that looks at this machine and builds into the
// cache folder.
func NewFinder(log io.Writer) (*Finder, error) {
	if dir := os.Getenv(CacheVariable); dir != "" {
		dir, err := filepath.Abs(dir)
		return &Finder{dir, log}, err
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("no cache folder (%s can name one): %w", CacheVariable, err)
	}
	return &Finder{filepath.Join(dir, "terraform-provider-payinvoice"), log}, nil
}

// AtLeast returns the absolute path of a program that is minimum or newer. In
// order: the one that TF_ACC_TERRAFORM_PATH names, the one on PATH, the pinned
// one. Someone who sets the variable wants that program and no other, so a
// version of it that is too old is an error.
func (f *Finder) AtLeast(ctx context.Context, p Product, minimum string) (string, error) {
	if !semver.IsValid("v" + minimum) {
		return "", fmt.Errorf("%q is not a version such as 1.14 or 1.14.8", minimum)
	}
	if named := os.Getenv(PathVariable); named != "" {
		path, version, err := locate(ctx, named)
		if err == nil && !AtLeast(version, minimum) {
			err = fmt.Errorf("%s is version %s, and %s or later is needed: unset it, or name a newer one", path, version, minimum)
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", PathVariable, err)
		}
		return path, nil
	}
	if path, version := f.onPath(ctx, p); AtLeast(version, minimum) {
		return path, nil
	}
	if !AtLeast(p.Pinned, minimum) {
		return "", fmt.Errorf("%s %s or later is needed, and the newest that is built here is %s: install a newer one and name it in %s",
			p.Name, minimum, p.Pinned, PathVariable)
	}
	return f.build(ctx, p, p.Pinned)
}

// Exactly returns the absolute path of a program of just this version: the one
// on PATH where it is of this version, else one built from its module.
func (f *Finder) Exactly(ctx context.Context, p Product, want string) (string, error) {
	if v := "v" + want; semver.Canonical(v) != v {
		return "", fmt.Errorf("%q is not a whole version such as 1.14.8", want)
	}
	if path, version := f.onPath(ctx, p); version == want {
		return path, nil
	}
	return f.build(ctx, p, want)
}

// onPath also passes over a program that does not run, such as the shim of a
// version manager that has no version chosen.
func (f *Finder) onPath(ctx context.Context, p Product) (path, version string) {
	path, version, err := locate(ctx, p.Command)
	if err != nil && !errors.Is(err, exec.ErrNotFound) {
		fmt.Fprintln(f.log, "Not used:", err)
	}
	return path, version
}

func locate(ctx context.Context, name string) (path, version string, err error) {
	if path, err = exec.LookPath(name); err != nil {
		return "", "", err
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", "", err
	}
	version, err = Version(ctx, path)
	return path, version, err
}

// AtLeast reports whether version (such as 1.16.0 or 1.15.0-rc1) is minimum or
// newer. A minimum may leave out its last parts: 1.14 means 1.14.0.
func AtLeast(version, minimum string) bool {
	return semver.Compare("v"+version, "v"+minimum) >= 0
}
