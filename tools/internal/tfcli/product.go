// Package tfcli finds a Terraform or OpenTofu command line program that is new
// enough for a purpose, and builds one from its Go module where there is none.
package tfcli

import (
	"fmt"
	"strings"
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
		Package: "github.com/hashicorp/terraform",
		Command: "terraform",
		Pinned:  "1.16.0",
	}
	OpenTofu = Product{
		Name:    "OpenTofu",
		Module:  "github.com/opentofu/opentofu",
		Package: "github.com/opentofu/opentofu/cmd/tofu",
		Command: "tofu",
		Pinned:  "1.12.6",
	}
)

// ParseProduct returns the product with this name, in any case.
func ParseProduct(name string) (Product, error) {
	for _, p := range []Product{Terraform, OpenTofu} {
		if strings.EqualFold(p.Name, name) {
			return p, nil
		}
	}
	return Product{}, fmt.Errorf("unknown product %q: it is terraform or opentofu", name)
}
