// Command terraform prints the absolute path of a Terraform or OpenTofu program
// of the version asked for, and builds it from its Go module where this machine
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
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	path, err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	default:
		fmt.Println(path)
	}
}

func run(ctx context.Context, args []string, log io.Writer) (string, error) {
	flags := flag.NewFlagSet("terraform", flag.ContinueOnError)
	flags.SetOutput(log)
	name := flags.String("product", "terraform", "terraform or opentofu")
	minimum := flags.String("min", "", "any version from this `version` on")
	exactly := flags.String("exactly", "", "this `version` and no other")
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	product, err := tfcli.ParseProduct(*name)
	if err != nil {
		return "", err
	}
	finder, err := tfcli.NewFinder(log)
	if err != nil {
		return "", err
	}
	switch {
	case flags.NArg() > 0:
		return "", fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *minimum != "" && *exactly != "":
		return "", errors.New("give only one of -min and -exactly")
	case *minimum != "":
		return finder.AtLeast(ctx, product, *minimum)
	default:
		return finder.Exactly(ctx, product, cmp.Or(*exactly, product.Pinned))
	}
}
