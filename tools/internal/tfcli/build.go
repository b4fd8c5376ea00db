package tfcli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// CacheVariable names the folder that holds what was built, in place of one in
// the user's cache folder.
const CacheVariable = "PAYINVOICE_TOOLS_CACHE"

// CacheDir returns the folder that holds what was built.
func CacheDir() (string, error) {
	if dir := os.Getenv(CacheVariable); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder (%s can name one): %w", CacheVariable, err)
	}
	return filepath.Join(dir, "terraform-provider-payinvoice"), nil
}

// Builder builds each version of a product once and keeps it in a folder.
type Builder struct {
	Dir string
	Log io.Writer // what it does, and what Go says while it does it
}

// Build returns the absolute path of the program, built if it is not there.
func (b Builder) Build(ctx context.Context, p Product, version string) (string, error) {
	dir := filepath.Join(b.Dir, p.Command+"-"+version)
	program := filepath.Join(dir, gocmd.Exe(p.Command))
	if verify(ctx, program, version) == nil {
		return program, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	unlock, err := b.lock(ctx, dir)
	if err != nil {
		return "", err
	}
	defer unlock()
	if verify(ctx, program, version) == nil {
		return program, nil // another process built it meanwhile
	}
	if err := b.build(ctx, p, version, dir, program); err != nil {
		if ctx.Err() != nil {
			return "", fmt.Errorf("building %s %s was interrupted", p.Name, version)
		}
		return "", fmt.Errorf("cannot build %s %s: %w", p.Name, version, err)
	}
	return program, nil
}

// lock keeps two processes from building the same thing at the same time.
func (b Builder) lock(ctx context.Context, dir string) (unlock func(), err error) {
	lock := flock.New(filepath.Join(dir, "lock"))
	locked, err := lock.TryLock()
	if err == nil && !locked {
		fmt.Fprintf(b.Log, "Another process is building in %s; waiting for it.\n", dir)
		_, err = lock.TryLockContext(ctx, time.Second)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot lock %s: %w", lock.Path(), err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// build works in a folder beside the program, so that the last step is a rename
// within one file system: the program is there whole or not at all.
func (b Builder) build(ctx context.Context, p Product, version, dir, program string) error {
	work, err := freshWorkDir(dir)
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	start := time.Now()
	fmt.Fprintf(b.Log, "Building %s %s from its Go module, once; this takes some minutes.\n", p.Name, version)
	goMod, err := b.download(ctx, p, version, work)
	if err != nil {
		return err
	}
	if err := writeModule(work, p, version, goMod); err != nil {
		return err
	}
	// Listing the packages fetches them, so that a failure of the network shows
	// apart from one of the compiler.
	if err := b.run(ctx, work, "list", "-mod=mod", "-deps", "-f", "{{with .Error}}{{.}}{{end}}", p.Package); err != nil {
		return registryError(err)
	}
	built := filepath.Join(work, filepath.Base(program))
	if err := b.run(ctx, work, "build", "-mod=mod", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X "+p.Module+"/version.dev=no", "-o", built, p.Package); err != nil {
		return err
	}
	if err := verify(ctx, built, version); err != nil {
		return err
	}
	if err := os.Rename(built, program); err != nil {
		return err
	}
	fmt.Fprintf(b.Log, "Built %s in %s.\n", program, time.Since(start).Round(time.Second))
	return nil
}

// freshWorkDir also clears what a killed build left behind; the lock is held.
func freshWorkDir(dir string) (string, error) {
	work := filepath.Join(dir, "work")
	if err := os.RemoveAll(work); err != nil {
		return "", err
	}
	return work, os.Mkdir(work, 0o755)
}

// download fetches the product's module and returns its go.mod.
func (b Builder) download(ctx context.Context, p Product, version, work string) ([]byte, error) {
	cmd := gocmd.Go(ctx, work, "mod", "download", "-json", p.Module+"@v"+version)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, runErr := cmd.Output()
	var answer struct{ GoMod, Error string }
	if err := json.Unmarshal(out, &answer); err != nil {
		return nil, errors.Join(runErr, errors.New(stderr.String()), err)
	}
	if answer.Error != "" {
		return nil, registryError(errors.New(answer.Error))
	}
	if runErr != nil {
		return nil, runErr
	}
	return os.ReadFile(answer.GoMod)
}

func writeModule(work string, p Product, version string, productMod []byte) error {
	files, err := generateModule(p, version, productMod)
	if err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (b Builder) run(ctx context.Context, dir string, args ...string) error {
	cmd := gocmd.Go(ctx, dir, args...)
	cmd.Stdout = b.Log
	cmd.Stderr = b.Log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", args[0], err)
	}
	return nil
}

func registryError(err error) error {
	return fmt.Errorf("its Go modules could not be loaded: %w\n"+
		"If the network is the reason, check it and what 'go env GOPROXY GOSUMDB' says, then try again; what was fetched is kept", err)
}

func verify(ctx context.Context, program, want string) error {
	if _, err := os.Stat(program); err != nil {
		return err
	}
	version, err := Version(ctx, program)
	if err != nil {
		return err
	}
	if version != want {
		return fmt.Errorf("%s says that it is %s, not %s", program, version, want)
	}
	return nil
}
