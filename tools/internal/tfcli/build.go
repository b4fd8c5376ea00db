package tfcli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/mod/modfile"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
)

// build returns the absolute path of a program that is built once and kept.
func (f *Finder) build(ctx context.Context, p Product, version string) (string, error) {
	dir := filepath.Join(f.cache, p.Command+"-"+version)
	program := filepath.Join(dir, gocmd.Exe(p.Command))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	// Two processes do not build the same thing at the same time.
	lock := flock.New(filepath.Join(dir, "lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("cannot lock %s: %w", lock.Path(), err)
	}
	defer func() { _ = lock.Unlock() }()
	if verify(ctx, program, version) == nil {
		return program, nil
	}

	start := time.Now()
	fmt.Fprintf(f.log, "Building %s %s from its Go module, once; this takes some minutes.\n", p.Name, version)
	work := filepath.Join(dir, "build") // beside the program, so that a rename puts it there whole
	err := os.RemoveAll(work)           // a killed build leaves it behind
	defer os.RemoveAll(work)
	if err == nil {
		err = f.compile(ctx, p, version, work)
	}
	built := filepath.Join(work, filepath.Base(program))
	if err == nil {
		err = verify(ctx, built, version)
	}
	if err == nil {
		err = os.Rename(built, program)
	}
	if err != nil {
		return "", fmt.Errorf("cannot build %s %s: %w\n"+
			"If the network is the reason, check what 'go env GOPROXY GOSUMDB' says and try again; what was fetched is kept", p.Name, version, err)
	}
	fmt.Fprintf(f.log, "Built %s in %s.\n", program, time.Since(start).Round(time.Second))
	return program, nil
}

func verify(ctx context.Context, program, want string) error {
	if _, err := os.Stat(program); err != nil {
		return err
	}
	version, err := Version(ctx, program)
	if err == nil && version != want {
		err = fmt.Errorf("%s says that it is %s, not %s", program, version, want)
	}
	return err
}

// compile builds the product in a copy of its module: a module that replaces
// others by folders cannot be installed, and those folders are not in its archive.
func (f *Finder) compile(ctx context.Context, p Product, version, work string) error {
	source, err := download(ctx, filepath.Dir(work), p.Module+"@v"+version)
	if err != nil {
		return err
	}
	if err := os.CopyFS(work, os.DirFS(source)); err != nil {
		return err
	}
	if err := standIn(work); err != nil {
		return err
	}
	cmd := gocmd.Go(ctx, work, "build", "-mod=mod", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X "+p.Module+"/version.dev=no", "-o", gocmd.Exe(p.Command), p.Package)
	cmd.Stdout, cmd.Stderr = f.log, f.log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build: %w", err)
	}
	return nil
}

// download returns the folder of a module's source.
func download(ctx context.Context, dir, module string) (string, error) {
	out, runErr := gocmd.Go(ctx, dir, "mod", "download", "-json", module).Output()
	var answer struct{ Dir, Error string }
	if err := json.Unmarshal(out, &answer); err != nil {
		return "", errors.Join(runErr, err)
	}
	if answer.Error != "" {
		return "", errors.New(answer.Error)
	}
	return answer.Dir, runErr
}

// standIn gives the module in a folder the modules that it replaces by folders of
// its own. Of those only the remote-state backends are compiled into the program;
// the others serve tests and need no package.
func standIn(dir string) error {
	name := filepath.Join(dir, "go.mod")
	raw, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	mod, err := modfile.Parse(name, raw, nil)
	if err != nil {
		return err
	}
	for _, setting := range mod.Godebug { // a newer Go may not know it any more
		if err := mod.DropGodebug(setting.Key); err != nil {
			return err
		}
	}
	for _, r := range mod.Replace {
		if r.New.Version != "" {
			continue
		}
		folder := filepath.Join(dir, filepath.FromSlash(r.New.Path))
		files := map[string]string{"go.mod": "module " + r.Old.Path + "\n"}
		if _, backend, ok := strings.Cut(r.Old.Path, "/internal/backend/remote-state/"); ok {
			files["backend.go"] = strings.ReplaceAll(backendStub, "NAME", backend)
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		for file, content := range files {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o600); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(name, modfile.Format(mod.Syntax), 0o600)
}

// backendStub says that the backend is not there as soon as it is configured.
const backendStub = `package stub

import (
	"errors"

	"github.com/hashicorp/terraform/internal/backend"
	"github.com/hashicorp/terraform/internal/configs/configschema"
	"github.com/hashicorp/terraform/internal/tfdiags"
	"github.com/zclconf/go-cty/cty"
)

type absent struct{ backend.Backend }

func New() backend.Backend { return absent{} }

func (absent) ConfigSchema() *configschema.Block { return &configschema.Block{} }

func (absent) PrepareConfig(config cty.Value) (cty.Value, tfdiags.Diagnostics) {
	var diags tfdiags.Diagnostics
	return config, diags.Append(errors.New("this program was built for tests, without the NAME backend"))
}
`
