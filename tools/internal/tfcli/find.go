package tfcli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// PathVariable names the program to use. It is the variable that Terraform's
// own test framework reads.
const PathVariable = "TF_ACC_TERRAFORM_PATH"

// Finder chooses a program: one that is there already, else one that it builds.
type Finder struct {
	Log io.Writer // for people; never the result

	getenv   func(string) string
	lookPath func(string) (string, error)
	version  func(ctx context.Context, path string) (string, error)
	build    func(ctx context.Context, p Product, version string) (string, error)
}

// NewFinder returns a Finder that looks at this machine and builds into the
// cache folder.
func NewFinder(log io.Writer) (*Finder, error) {
	cache, err := CacheDir()
	if err != nil {
		return nil, err
	}
	builder := Builder{Dir: cache, Log: log}
	return &Finder{
		Log:      log,
		getenv:   os.Getenv,
		lookPath: exec.LookPath,
		version:  Version,
		build:    builder.Build,
	}, nil
}

// AtLeast returns the absolute path of a program that is minimum or newer. In
// order: the one that TF_ACC_TERRAFORM_PATH names, the one on PATH, the pinned
// one. Someone who sets the variable wants that program and no other, so a
// version of it that is too old is an error.
func (f *Finder) AtLeast(ctx context.Context, p Product, minimum string) (string, error) {
	if err := CheckMinimum(minimum); err != nil {
		return "", err
	}
	if path := f.getenv(PathVariable); path != "" {
		return f.named(ctx, path, minimum)
	}
	if path, version, ok := f.onPath(ctx, p); ok {
		if AtLeast(version, minimum) {
			return filepath.Abs(path)
		}
		fmt.Fprintf(f.Log, "%s is %s %s; %s or later is needed here.\n", path, p.Name, version, minimum)
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
	if err := CheckExact(want); err != nil {
		return "", err
	}
	if path, version, ok := f.onPath(ctx, p); ok && version == want {
		return filepath.Abs(path)
	}
	return f.build(ctx, p, want)
}

func (f *Finder) named(ctx context.Context, path, minimum string) (string, error) {
	version, err := f.version(ctx, path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", PathVariable, err)
	}
	if !AtLeast(version, minimum) {
		return "", fmt.Errorf("%s names %s, which is version %s; %s or later is needed: unset it, or name a newer one",
			PathVariable, path, version, minimum)
	}
	return filepath.Abs(path)
}

// onPath also passes over a program that does not run, such as the shim of a
// version manager that has no version chosen.
func (f *Finder) onPath(ctx context.Context, p Product) (path, version string, ok bool) {
	path, err := f.lookPath(p.Command)
	if err != nil {
		return "", "", false
	}
	version, err = f.version(ctx, path)
	if err != nil {
		fmt.Fprintf(f.Log, "Not used: %v\n", err)
		return "", "", false
	}
	return path, version, true
}
