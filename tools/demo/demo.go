package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/tfcli"
)

//go:embed provider.tf cancel.tf
var configuration embed.FS

const (
	cliConfigFile = "cli.tfrc"
	cancelGateway = "meum"
	cancelType    = "payinvoice_" + cancelGateway + "_cancel_invoice"
	canceled      = "canceled"
)

// demo is one run. Its folder holds the provider, the simulated gateways' data
// and two configurations that share those: one makes the invoices and destroys
// them, the other, which knows nothing of the first, looks at what is left.
type demo struct {
	out     io.Writer
	root    string // the provider's source
	dir     string
	version string
	live    tfcli.Runner
	proof   tfcli.Runner

	gateways []string
	invoices map[string]provider.Invoice // by gateway, as created
}

func newDemo(root, dir, cli, version string, out io.Writer) (*demo, error) {
	runner := func(name string) tfcli.Runner {
		return tfcli.Runner{Program: cli, Dir: filepath.Join(dir, name), ConfigFile: filepath.Join(dir, cliConfigFile)}
	}
	gateways, err := provider.Gateways(root)
	return &demo{
		out: out, root: root, dir: dir, version: version,
		live: runner("invoices"), proof: runner("proof"), gateways: gateways,
	}, err
}

func (d *demo) run(ctx context.Context) error {
	steps := []struct {
		title string
		do    func(context.Context) error
	}{
		{"Build the provider and install it where only this demo looks", d.install},
		{"Initialize (terraform init)", d.initialize},
		{"Create one invoice at each gateway (terraform apply)", d.create},
		{"Plan again: nothing may change (terraform plan)", d.planNothing},
		{"Cancel one invoice now, by an action (terraform apply -invoke)", d.cancelOne},
		{"Destroy, which cancels the invoices that are open (terraform destroy)", d.destroy},
		{"Prove it: ask each gateway for its invoice again (terraform import)", d.prove},
	}
	for i, step := range steps {
		fmt.Fprintf(d.out, "\n%d. %s\n", i+1, step.title)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("step %d, %q: %w", i+1, step.title, err)
		}
	}
	return nil
}

func (d *demo) install(ctx context.Context) error {
	mirror := filepath.Join(d.dir, "mirror")
	if _, err := provider.Install(ctx, d.root, mirror, provider.DevVersion, d.out, provider.Address); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(d.dir, cliConfigFile), []byte(provider.CLIConfig(mirror)), 0o600)
}

func (d *demo) initialize(ctx context.Context) error {
	for _, runner := range []tfcli.Runner{d.live, d.proof} {
		if err := d.writeConfiguration(runner.Dir); err != nil {
			return err
		}
		if _, err := runner.Run(ctx, "init", "-input=false", "-no-color"); err != nil {
			return err
		}
	}
	return nil
}

// writeConfiguration leaves the action out: what comes before actions does not
// know the block.
func (d *demo) writeConfiguration(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	variables, err := json.Marshal(map[string]string{"data_dir": filepath.Join(d.dir, "gateways")})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "demo.auto.tfvars.json"), variables, 0o600); err != nil {
		return err
	}
	for _, gateway := range d.gateways {
		example, err := provider.Example(d.root, gateway)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, gateway+".tf"), []byte(example), 0o600); err != nil {
			return err
		}
	}
	return copyConfiguration("provider.tf", dir)
}

func copyConfiguration(name, dir string) error {
	content, err := configuration.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), content, 0o600)
}

func (d *demo) create(ctx context.Context) error {
	out, err := d.live.Run(ctx, "apply", "-input=false", "-auto-approve", "-no-color")
	if err != nil {
		return err
	}
	d.report(out)
	if d.invoices, err = readInvoices(ctx, d.live); err != nil {
		return err
	}
	if err := checkCreated(d.gateways, d.invoices); err != nil {
		return err
	}
	return printTable(d.out, d.invoices)
}

func readInvoices(ctx context.Context, terraform tfcli.Runner) (map[string]provider.Invoice, error) {
	out, err := terraform.Run(ctx, "show", "-json", "-no-color")
	if err != nil {
		return nil, err
	}
	return provider.Invoices(out, "order")
}

func (d *demo) planNothing(ctx context.Context) error {
	const changes = 2 // the exit code of a plan that is not empty
	_, err := d.live.Run(ctx, "plan", "-input=false", "-detailed-exitcode", "-no-color")
	if tfcli.ExitCode(err) == changes {
		return fmt.Errorf("the plan is not empty: %w", err)
	}
	if err == nil {
		d.say("No changes.")
	}
	return err
}

func (d *demo) cancelOne(ctx context.Context) error {
	if !tfcli.AtLeast(d.version, actionVersion) {
		d.say("Left out: actions need Terraform %s or later. Destroy cancels this invoice as well.", actionVersion)
		return nil
	}
	offered, err := d.offersAction(ctx)
	if err != nil {
		return err
	}
	if !offered {
		d.say("Left out: the provider offers no action %s. Destroy cancels this invoice as well.", cancelType)
		return nil
	}
	if err := copyConfiguration("cancel.tf", d.live.Dir); err != nil {
		return err
	}
	out, err := d.live.Run(ctx, "apply", "-input=false", "-auto-approve", "-no-color", "-invoke=action."+cancelType+".demo")
	if err != nil {
		return err
	}
	d.report(out)
	return d.checkCanceledOne(ctx)
}

// checkCanceledOne reads the invoices again, because an action changes no state.
func (d *demo) checkCanceledOne(ctx context.Context) error {
	if _, err := d.live.Run(ctx, "apply", "-refresh-only", "-input=false", "-auto-approve", "-no-color"); err != nil {
		return err
	}
	invoices, err := readInvoices(ctx, d.live)
	if err != nil {
		return err
	}
	got := invoices[cancelGateway]
	if got.Phase != canceled {
		return fmt.Errorf("the %s invoice %s is in phase %q after the action, not %q", cancelGateway, got.ID, got.Phase, canceled)
	}
	d.say("The %s invoice %s has status %s, phase %s.", cancelGateway, got.ID, got.Status, got.Phase)
	return nil
}

func (d *demo) offersAction(ctx context.Context) (bool, error) {
	out, err := d.live.Run(ctx, "providers", "schema", "-json")
	if err != nil {
		return false, err
	}
	var doc struct {
		Providers map[string]struct {
			Actions map[string]json.RawMessage `json:"action_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		return false, err
	}
	_, ok := doc.Providers[provider.Address].Actions[cancelType]
	return ok, nil
}

func (d *demo) destroy(ctx context.Context) error {
	out, err := d.live.Run(ctx, "destroy", "-input=false", "-auto-approve", "-no-color")
	if err != nil {
		return err
	}
	d.report(out)
	return nil
}

func (d *demo) prove(ctx context.Context) error {
	for _, gateway := range d.gateways {
		id := d.invoices[gateway].ID
		if _, err := d.proof.Run(ctx, "import", "-input=false", "-no-color", provider.ResourceType(gateway)+".order", id); err != nil {
			return err
		}
	}
	found, err := readInvoices(ctx, d.proof)
	if err != nil {
		return err
	}
	if err := checkProof(d.invoices, found); err != nil {
		return err
	}
	if err := printTable(d.out, found); err != nil {
		return err
	}
	d.say("All %d invoices are canceled.", len(found))
	return nil
}

func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.out, "   "+format+"\n", args...)
}

// report shows Terraform's own closing line.
func (d *demo) report(out []byte) {
	lines := strings.Split(string(out), "\n")
	if i := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, " complete!") }); i >= 0 {
		d.say("%s", strings.TrimSpace(lines[i]))
	}
}
