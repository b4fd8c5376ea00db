// Command terraform-provider-payinvoice serves the payinvoice provider to
// Terraform.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print how Terraform can attach, and wait")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/payinvoice/payinvoice",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
