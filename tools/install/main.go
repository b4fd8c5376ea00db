// Command install builds the provider and puts it where "terraform init" and
// "tofu init" look before they ask a registry, so that a configuration with
//
//	source = "payinvoice/payinvoice"
//
// uses it without any setting.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	plugins, err := pluginDir()
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet("install", flag.ContinueOnError)
	flags.SetOutput(out)
	version := flags.String("version", provider.DevVersion, "the version that the provider has for Terraform")
	dir := flags.String("dir", plugins, "the plugin folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := tfcli.CheckExact(*version); err != nil {
		return err
	}
	root, err := provider.Root()
	if err != nil {
		return err
	}
	path, err := provider.Install(ctx, root, *dir, *version, out, provider.Address, provider.OpenTofuAddress)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `Installed version %s: %s

To use it, write this into a configuration:
  terraform {
    required_providers {
      payinvoice = { source = %q }
    }
  }
Then run "terraform init" or "tofu init"; add -upgrade in a folder that was initialized before.
While this version is installed, init does not look for another one in a registry.
`, *version, path, provider.Source)
	return nil
}

// pluginDir returns the folder in which Terraform and OpenTofu look by default.
func pluginDir() (string, error) {
	if runtime.GOOS == "windows" {
		config, err := os.UserConfigDir()
		return filepath.Join(config, "terraform.d", "plugins"), err
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".terraform.d", "plugins"), err
}
