// Command docs writes the provider's documentation from its schema, templates
// and examples, and formats the examples.
//
//	go run ./docs          writes what changed
//	go run ./docs -check   fails if anything would change, and writes nothing
//
// It needs no network once its tools are there: the schema comes from the
// provider as built here.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/gocmd"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

// Folders that hold what is written, and all that is read.
var (
	written = []string{"docs", "examples"}
	read    = append([]string{"templates"}, written...)
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
	flags := flag.NewFlagSet("docs", flag.ContinueOnError)
	flags.SetOutput(out)
	check := flags.Bool("check", false, "fail if anything would change, and write nothing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := provider.Root()
	if err != nil {
		return err
	}
	// All work is done on a copy, so that a failure leaves the sources alone.
	work, err := os.MkdirTemp("", "payinvoice-docs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	before, err := readTree(root, read)
	if err != nil {
		return err
	}
	if err := writeTree(work, before); err != nil {
		return err
	}
	if err := generate(ctx, root, work, os.Stderr); err != nil {
		return err
	}
	after, err := readTree(work, read)
	if err != nil {
		return err
	}
	changes := compare(before, after)
	for _, c := range changes {
		fmt.Fprintln(out, c)
	}
	switch {
	case len(changes) == 0:
		fmt.Fprintf(out, "%s are up to date.\n", strings.Join(written, " and "))
		return nil
	case *check:
		return errors.New("generated files are out of date: run 'make generate' and commit the result")
	default:
		return apply(root, changes)
	}
}

// generate rewrites docs and examples below work.
func generate(ctx context.Context, root, work string, log io.Writer) error {
	finder, err := tfcli.NewFinder(log)
	if err != nil {
		return err
	}
	// Always the same version: others format and describe in another way.
	cli, err := finder.Exactly(ctx, tfcli.Terraform, tfcli.Terraform.Pinned)
	if err != nil {
		return err
	}
	terraform := tfcli.Runner{Program: cli, Dir: work}
	if _, err := terraform.Run(ctx, "fmt", "-recursive", "examples"); err != nil {
		return err
	}
	schema, err := providerSchema(ctx, root, cli, log)
	if err != nil {
		return err
	}
	schemaDir, err := os.MkdirTemp("", "payinvoice-schema-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(schemaDir)
	schemaFile := filepath.Join(schemaDir, "schema.json")
	if err := os.WriteFile(schemaFile, schema, 0o600); err != nil {
		return err
	}
	for _, command := range []string{"generate", "validate"} {
		if err := tfplugindocs(ctx, root, log, command,
			"--provider-dir", work, "--provider-name", "payinvoice", "--providers-schema", schemaFile); err != nil {
			return err
		}
	}
	return nil
}

// tfplugindocs runs at root, where the path of its module is known.
func tfplugindocs(ctx context.Context, root string, log io.Writer, args ...string) error {
	cmd := gocmd.Go(ctx, root, append([]string{"tool", "-modfile=tools/tfplugindocs/go.mod", "tfplugindocs"}, args...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		fmt.Fprintf(log, "%s", out)
		return fmt.Errorf("tfplugindocs %s: %w", args[0], err)
	}
	return nil
}

// providerSchema builds the provider and returns its schema as Terraform tells
// it, under the short name by which tfplugindocs looks for it.
func providerSchema(ctx context.Context, root, cli string, log io.Writer) ([]byte, error) {
	dir, err := os.MkdirTemp("", "payinvoice-provider-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	mirror := filepath.Join(dir, "mirror")
	if _, err := provider.Install(ctx, root, mirror, provider.DevVersion, log, provider.Address); err != nil {
		return nil, err
	}
	configFile := filepath.Join(dir, "cli.tfrc")
	configuration := fmt.Sprintf("terraform {\n  required_providers {\n    payinvoice = { source = %q }\n  }\n}\n", provider.Source)
	if err := errors.Join(
		os.WriteFile(configFile, []byte(provider.CLIConfig(mirror)), 0o600),
		os.WriteFile(filepath.Join(dir, "main.tf"), []byte(configuration), 0o600),
	); err != nil {
		return nil, err
	}
	terraform := tfcli.Runner{Program: cli, Dir: dir, ConfigFile: configFile}
	if _, err := terraform.Run(ctx, "init", "-input=false", "-no-color"); err != nil {
		return nil, err
	}
	schema, err := terraform.Run(ctx, "providers", "schema", "-json")
	if err != nil {
		return nil, err
	}
	return renameProvider(schema, provider.Address, "payinvoice")
}

// renameProvider changes the name under which a provider's schema stands.
func renameProvider(schema []byte, from, to string) ([]byte, error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(schema, &doc); err != nil {
		return nil, err
	}
	var providers map[string]json.RawMessage
	if err := json.Unmarshal(doc["provider_schemas"], &providers); err != nil {
		return nil, err
	}
	if _, ok := providers[from]; !ok {
		return nil, fmt.Errorf("the schema does not hold the provider %s", from)
	}
	providers[to] = providers[from]
	delete(providers, from)
	var err error
	if doc["provider_schemas"], err = json.Marshal(providers); err != nil {
		return nil, err
	}
	return json.Marshal(doc)
}
