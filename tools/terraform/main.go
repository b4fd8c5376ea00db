// Command terraform prints the absolute path of a Terraform or OpenTofu program
// of the version requested, and builds it from its Go module where this machine
// has none.
//
//	go run ./terraform
//	go run ./terraform -min 1.14
//	go run ./terraform -exactly 1.11.4
//	go run ./terraform -product opentofu -exactly 1.12.6
//
// Without a version it is the one that is pinned here. With -min the first of
// these is taken: the program that TF_ACC_TERRAFORM_PATH names (an error if it is
// too old), the one on PATH if it is new enough, the pinned one. What is built is
// kept in the user's cache folder, or in the one that PAYINVOICE_TOOLS_CACHE
// names.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

func main() {
	name := flag.String("product", "terraform", "terraform or opentofu")
	minimum := flag.String("min", "", "any version from this `version` on")
	exactly := flag.String("exactly", "", "this `version` and no other")
	flag.Parse()
	product, known := map[string]tfcli.Product{"terraform": tfcli.Terraform, "opentofu": tfcli.OpenTofu}[*name]
	if !known || flag.NArg() > 0 || *minimum != "" && *exactly != "" {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	path, err := find(ctx, product, *minimum, *exactly)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
	fmt.Println(path)
}

func find(ctx context.Context, product tfcli.Product, minimum, exactly string) (string, error) {
	finder, err := tfcli.NewFinder(os.Stderr)
	if err != nil {
		return "", err
	}
	if minimum != "" {
		return finder.AtLeast(ctx, product, minimum)
	}
	return finder.Exactly(ctx, product, cmp.Or(exactly, product.Pinned))
}
