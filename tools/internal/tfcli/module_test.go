package tfcli

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestGenerateModule(t *testing.T) {
	tests := map[string]struct {
		product   Product
		version   string
		mod       string
		wantMod   string
		wantFiles []string
		wantErr   string
	}{
		"folders become stand-ins": {
			product: Terraform, version: "1.16.0",
			mod: `module github.com/hashicorp/terraform
go 1.26.4
godebug tlskyber=0
require github.com/hashicorp/terraform/internal/legacy v0.0.0-00010101000000-000000000000
replace github.com/hashicorp/terraform/internal/backend/remote-state/s3 => ./internal/backend/remote-state/s3
replace github.com/hashicorp/terraform/internal/legacy => ./internal/legacy
`,
			wantMod: `module payinvoice-tools-build

go 1.26.4

require github.com/hashicorp/terraform v1.16.0

replace github.com/hashicorp/terraform/internal/backend/remote-state/s3 => ./stub/internal/backend/remote-state/s3

replace github.com/hashicorp/terraform/internal/legacy => ./stub/internal/legacy
`,
			wantFiles: []string{
				"go.mod",
				"stub/internal/backend/remote-state/s3/backend.go",
				"stub/internal/backend/remote-state/s3/go.mod",
				"stub/internal/legacy/go.mod",
			},
		},
		"modules stay as they are": {
			product: OpenTofu, version: "1.12.6",
			mod: `module github.com/opentofu/opentofu
go 1.26.6
replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2
exclude example.com/broken v1.0.0
`,
			wantMod: `module payinvoice-tools-build

go 1.26.6

require github.com/opentofu/opentofu v1.12.6

exclude example.com/broken v1.0.0

replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2
`,
			wantFiles: []string{"go.mod"},
		},
		"no Go version": {
			product: Terraform, version: "0.1.0", mod: "module github.com/hashicorp/terraform\n",
			wantErr: "the go.mod of Terraform 0.1.0 names no Go version",
		},
		"no go.mod": {
			product: Terraform, version: "1.16.0", mod: "<html>", wantErr: "go.mod:1",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			files, err := generateModule(test.product, test.version, []byte(test.mod))
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Fatalf("error %v, want one with %q", err, test.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := string(files["go.mod"]); got != test.wantMod {
				t.Errorf("go.mod:\n%s\nwant:\n%s", got, test.wantMod)
			}
			if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, test.wantFiles) {
				t.Errorf("files %q, want %q", got, test.wantFiles)
			}
		})
	}
}

func TestBackendStub(t *testing.T) {
	files, err := generateModule(Terraform, "1.16.0", []byte(`module github.com/hashicorp/terraform
go 1.26.4
replace github.com/hashicorp/terraform/internal/backend/remote-state/s3 => ./internal/backend/remote-state/s3
`))
	if err != nil {
		t.Fatal(err)
	}
	dir := "stub/internal/backend/remote-state/s3/"
	wantMod := "module github.com/hashicorp/terraform/internal/backend/remote-state/s3\n\ngo 1.26.4\n"
	if got := string(files[dir+"go.mod"]); got != wantMod {
		t.Errorf("go.mod: %q, want %q", got, wantMod)
	}
	stub := string(files[dir+"backend.go"])
	for _, want := range []string{"func New() backend.Backend", "without the s3 backend"} {
		if !strings.Contains(stub, want) {
			t.Errorf("the stand-in lacks %q", want)
		}
	}
}
