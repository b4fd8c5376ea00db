// Command terraform-provider-payinvoice serves the payinvoice provider to Terraform.
// With the argument sandbox, it runs a test environment.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/pluginserver"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/command"
)

// Set by the release build.
var (
	version = "dev"
	commit  = ""
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == command.Name {
		os.Exit(command.Run(context.Background(), release(), os.Args[2:], os.Stdout, os.Stderr))
	}

	debug := flag.Bool("debug", false, "serve for a debugger: print how Terraform can attach, and wait")
	show := flag.Bool("version", false, "print the version and the commit, and exit")
	flag.Parse()

	if *show {
		fmt.Println(release())
		return
	}
	if err := serve(*debug); err != nil {
		log.Fatal(err)
	}
}

func serve(debug bool) error {
	return pluginserver.Serve("registry.terraform.io/payinvoice/payinvoice", provider.New(release())(), debug)
}

// release names the version and the commit, in the build metadata of a semantic
// version. Gateways see it in the User-Agent.
func release() string {
	if commit == "" {
		return version
	}
	return version + "+" + commit
}
