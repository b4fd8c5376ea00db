package tfcli

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// machine is what a Finder sees: the version of each program that is there.
type machine struct {
	variable string            // TF_ACC_TERRAFORM_PATH
	onPath   map[string]string // path by name
	versions map[string]string // by path; a program without one does not run
}

func (m machine) finder(built *string) *Finder {
	return &Finder{
		Log: io.Discard,
		getenv: func(name string) string {
			if name == PathVariable {
				return m.variable
			}
			return ""
		},
		lookPath: func(name string) (string, error) {
			if path, ok := m.onPath[name]; ok {
				return path, nil
			}
			return "", exec.ErrNotFound
		},
		version: func(_ context.Context, path string) (string, error) {
			if version, ok := m.versions[path]; ok {
				return version, nil
			}
			return "", errors.New(path + " does not run")
		},
		build: func(_ context.Context, p Product, version string) (string, error) {
			*built = p.Command + " " + version
			return abs("/cache/" + p.Command + "-" + version), nil
		},
	}
}

func abs(path string) string {
	path, _ = filepath.Abs(filepath.FromSlash(path))
	return path
}

func TestAtLeastChoice(t *testing.T) {
	terraformOnPath := map[string]string{"terraform": "/bin/terraform"}
	tests := map[string]struct {
		machine machine
		product Product
		minimum string
		want    string
		built   string
		wantErr string
	}{
		"named program": {
			machine: machine{variable: "/opt/tf", onPath: terraformOnPath, versions: map[string]string{"/opt/tf": "1.14.8", "/bin/terraform": "1.16.0"}},
			product: Terraform, minimum: "1.14", want: "/opt/tf",
		},
		"named program too old": {
			machine: machine{variable: "/opt/tf", onPath: terraformOnPath, versions: map[string]string{"/opt/tf": "1.11.4", "/bin/terraform": "1.16.0"}},
			product: Terraform, minimum: "1.14", wantErr: "TF_ACC_TERRAFORM_PATH names /opt/tf, which is version 1.11.4; 1.14 or later is needed",
		},
		"named program does not run": {
			machine: machine{variable: "/opt/tf"},
			product: Terraform, minimum: "1.14", wantErr: "TF_ACC_TERRAFORM_PATH: /opt/tf does not run",
		},
		"program on PATH": {
			machine: machine{onPath: terraformOnPath, versions: map[string]string{"/bin/terraform": "1.14.0"}},
			product: Terraform, minimum: "1.14", want: "/bin/terraform",
		},
		"pre-release of a newer version": {
			machine: machine{onPath: terraformOnPath, versions: map[string]string{"/bin/terraform": "1.15.0-rc1"}},
			product: Terraform, minimum: "1.14", want: "/bin/terraform",
		},
		"pre-release of the version itself": {
			machine: machine{onPath: terraformOnPath, versions: map[string]string{"/bin/terraform": "1.14.0-rc1"}},
			product: Terraform, minimum: "1.14", want: "/cache/terraform-1.16.0", built: "terraform 1.16.0",
		},
		"program on PATH too old": {
			machine: machine{onPath: terraformOnPath, versions: map[string]string{"/bin/terraform": "1.11.4"}},
			product: Terraform, minimum: "1.14", want: "/cache/terraform-1.16.0", built: "terraform 1.16.0",
		},
		"versions are not text": {
			machine: machine{onPath: terraformOnPath, versions: map[string]string{"/bin/terraform": "1.9.8"}},
			product: Terraform, minimum: "1.14", want: "/cache/terraform-1.16.0", built: "terraform 1.16.0",
		},
		"program on PATH does not run": {
			machine: machine{onPath: terraformOnPath},
			product: Terraform, minimum: "1.5", want: "/cache/terraform-1.16.0", built: "terraform 1.16.0",
		},
		"nothing there": {
			product: Terraform, minimum: "1.5", want: "/cache/terraform-1.16.0", built: "terraform 1.16.0",
		},
		"another product": {
			machine: machine{onPath: terraformOnPath, versions: map[string]string{"/bin/terraform": "1.16.0"}},
			product: OpenTofu, minimum: "1.8", want: "/cache/tofu-1.12.6", built: "tofu 1.12.6",
		},
		"newer than the pinned one": {
			product: Terraform, minimum: "1.99", wantErr: "Terraform 1.99 or later is needed, and the newest that is built here is 1.16.0",
		},
		"no version": {
			product: Terraform, minimum: "new", wantErr: `"new" is not a version`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var built string
			got, err := test.machine.finder(&built).AtLeast(t.Context(), test.product, test.minimum)
			checkChoice(t, got, err, test.want, test.wantErr)
			if built != test.built {
				t.Errorf("built %q, want %q", built, test.built)
			}
		})
	}
}

func TestExactChoice(t *testing.T) {
	old := machine{
		variable: "/opt/tf",
		onPath:   map[string]string{"terraform": "/bin/terraform", "tofu": "/bin/tofu"},
		versions: map[string]string{"/bin/terraform": "1.11.4", "/bin/tofu": "1.11.4", "/opt/tf": "1.14.8"},
	}
	tests := map[string]struct {
		product Product
		version string
		want    string
		built   string
		wantErr string
	}{
		"on PATH":            {product: Terraform, version: "1.11.4", want: "/bin/terraform"},
		"not on PATH":        {product: Terraform, version: "1.14.8", want: "/cache/terraform-1.14.8", built: "terraform 1.14.8"},
		"another product":    {product: OpenTofu, version: "1.12.6", want: "/cache/tofu-1.12.6", built: "tofu 1.12.6"},
		"not a whole number": {product: Terraform, version: "1.14", wantErr: `"1.14" is not a whole version`},
		"a path":             {product: Terraform, version: "1.14.8/../..", wantErr: "is not a whole version"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var built string
			got, err := old.finder(&built).Exactly(t.Context(), test.product, test.version)
			checkChoice(t, got, err, test.want, test.wantErr)
			if built != test.built {
				t.Errorf("built %q, want %q", built, test.built)
			}
		})
	}
}

func checkChoice(t *testing.T, got string, err error, want, wantErr string) {
	t.Helper()
	if wantErr != "" {
		if err == nil || !strings.Contains(err.Error(), wantErr) {
			t.Errorf("error %v, want one with %q", err, wantErr)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got != abs(want) {
		t.Errorf("got %s, want %s", got, abs(want))
	}
}

func TestParseProduct(t *testing.T) {
	for name, want := range map[string]Product{"terraform": Terraform, "opentofu": OpenTofu, "OpenTofu": OpenTofu} {
		if got, err := ParseProduct(name); err != nil || got != want {
			t.Errorf("ParseProduct(%q) = %v, %v", name, got, err)
		}
	}
	if _, err := ParseProduct("pulumi"); err == nil {
		t.Error("an unknown product is accepted")
	}
}
