package tfcli

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// A module that replaces others by local folders cannot be installed, and the
// folders that Terraform replaces are not in its module archive either. So a
// small module is generated around the product, with the product's own
// replacements: a module for a module as it stands, a folder by a stand-in. Its
// godebug settings stay behind, because a newer Go may not know them any more.

// generateModule returns the files of that module, by slash-separated path,
// from the product's go.mod.
func generateModule(p Product, version string, productMod []byte) (map[string][]byte, error) {
	product, err := modfile.Parse(p.Module+"/go.mod", productMod, nil)
	if err != nil {
		return nil, err
	}
	if product.Go == nil {
		return nil, fmt.Errorf("the go.mod of %s %s names no Go version", p.Name, version)
	}

	mod := new(modfile.File)
	files := make(map[string][]byte)
	steps := []error{
		mod.AddModuleStmt("payinvoice-tools-build"),
		mod.AddGoStmt(product.Go.Version),
		mod.AddRequire(p.Module, "v"+version),
	}
	for _, e := range product.Exclude {
		steps = append(steps, mod.AddExclude(e.Mod.Path, e.Mod.Version))
	}
	for _, r := range product.Replace {
		target := r.New.Path
		if r.New.Version == "" {
			target = "./" + path.Join("stub", strings.TrimPrefix(r.Old.Path, p.Module+"/"))
			addStub(files, target, p, r.Old.Path, product.Go.Version)
		}
		steps = append(steps, mod.AddReplace(r.Old.Path, r.Old.Version, target, r.New.Version))
	}
	if i := slices.IndexFunc(steps, func(err error) bool { return err != nil }); i >= 0 {
		return nil, steps[i]
	}
	if files["go.mod"], err = mod.Format(); err != nil {
		return nil, err
	}
	return files, nil
}

// addStub adds a stand-in for a module. Of those that are left out only the
// remote-state backends are compiled into the program; the others serve tests
// and need no package.
func addStub(files map[string][]byte, dir string, p Product, module, goVersion string) {
	files[path.Join(dir, "go.mod")] = fmt.Appendf(nil, "module %s\n\ngo %s\n", module, goVersion)
	backends := p.Module + "/internal/backend/remote-state/"
	if name, ok := strings.CutPrefix(module, backends); ok {
		files[path.Join(dir, "backend.go")] = bytes.ReplaceAll([]byte(backendStub), []byte("NAME"), []byte(name))
	}
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
