package acceptance

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// servesVariable makes the test's program a provider that Terraform can start.
const servesVariable = "PAYINVOICE_TEST_SERVES"

func TestMain(m *testing.M) {
	if os.Getenv(servesVariable) == "" {
		os.Exit(m.Run())
	}
	if err := providerserver.Serve(context.Background(), provider.New("test"), providerserver.ServeOpts{Address: "registry.terraform.io/hashicorp/payinvoice"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	resp, err := providertest.NewServer().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Errorf("the schema: %s: %s", d.Summary, d.Detail)
	}
	return resp
}

// TestListsTakeTheSameArguments: terraform query and the data source filter alike.
func TestListsTakeTheSameArguments(t *testing.T) {
	t.Parallel()
	all := schemas(t)
	for name, schema := range all.ListResourceSchemas {
		arguments := map[string]string{}
		for _, a := range all.DataSourceSchemas[name+"s"].Block.Attributes {
			if a.Name != "invoices" {
				arguments[a.Name] = a.Type.String()
			}
		}
		for _, a := range schema.Block.Attributes {
			if a.Type.String() != arguments[a.Name] {
				t.Errorf("%s has %s as %s, its data source as %q", name, a.Name, a.Type, arguments[a.Name])
			}
			delete(arguments, a.Name)
		}
		if len(arguments) > 0 {
			t.Errorf("%s lacks %v", name, arguments)
		}
	}
}

// TestSpecimensAreComplete ensures that the tests of what all gateways share
// leave out no gateway, no argument and no credential.
func TestSpecimensAreComplete(t *testing.T) {
	t.Parallel()
	all := schemas(t)
	var resources []string
	for _, g := range specimens {
		name := "payinvoice_" + g.Name + "_invoice"
		resources = append(resources, name)
		var arguments, tested []string
		for _, a := range all.ResourceSchemas[name].Block.Attributes {
			if _, local := g.local()[a.Name]; (a.Optional || a.Required) && !local {
				arguments = append(arguments, a.Name)
				if a.Name == g.Reference && a.Required == g.generates() {
					t.Errorf("%s.%s is required: %v", name, a.Name, a.Required)
				}
			}
		}
		for _, a := range g.Arguments {
			tested = append(tested, a.Name)
		}
		slices.Sort(tested)
		if !slices.Equal(arguments, tested) {
			t.Errorf("%s has the arguments %q; tested are %q", name, arguments, tested)
		}
	}
	slices.Sort(resources)
	served := slices.DeleteFunc(slices.Sorted(maps.Keys(all.ResourceSchemas)), func(name string) bool { return !strings.HasSuffix(name, "_invoice") })
	if !slices.Equal(served, resources) {
		t.Errorf("the provider serves %q; tested are %q", served, resources)
	}
}

// TestProviderSettings marks every key, password, secret and access code as
// sensitive, and requires nothing.
func TestProviderSettings(t *testing.T) {
	t.Parallel()
	sensitive := []string{"api_key", "password", "access_code", "secret_key", "iv_key"}
	settings := map[string]*tfprotov6.SchemaAttribute{}
	for _, a := range schemas(t).Provider.Block.Attributes {
		settings[a.Name] = a
		if a.Required || a.Description == "" {
			t.Errorf("%s is required: %v; it is described as %q", a.Name, a.Required, a.Description)
		}
	}
	for _, name := range []string{"request_timeout", "max_retries", "sandbox"} {
		if settings[name] == nil {
			t.Errorf("there is no %s", name)
		}
	}
	for _, g := range specimens {
		var names []string
		for _, a := range settings[g.Name].NestedType.Attributes {
			names = append(names, a.Name)
			if a.Required || a.Sensitive != slices.Contains(sensitive, a.Name) || !strings.Contains(a.Description, variable(g, a.Name)) {
				t.Errorf("%s.%s is required: %v, sensitive: %v, described as %q", g.Name, a.Name, a.Required, a.Sensitive, a.Description)
			}
		}
		for _, name := range append(slices.Collect(maps.Keys(g.Credentials)), "endpoint") {
			if !slices.Contains(names, name) {
				t.Errorf("there is no %s.%s", g.Name, name)
			}
		}
	}
}

// TestSecretsStayOutOfTheLog lets Terraform start the provider as a program of
// its own, and log all it says at every level.
func TestSecretsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the provider is started by a shell script")
	}
	folder, bin := t.TempDir(), t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := providertest.NewEnv(t)
	for name, content := range map[string]string{
		filepath.Join(bin, "terraform-provider-payinvoice"): fmt.Sprintf("#!/bin/sh\n%s=yes exec %q \"$@\"\n", servesVariable, program),
		filepath.Join(folder, "cli.tfrc"):                   fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"hashicorp/payinvoice\" = %q\n  }\n}\n", bin),
		filepath.Join(folder, "main.tf"):                    s.Config(allGateways(specimen.all)),
	} {
		if err := os.WriteFile(name, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	log := filepath.Join(folder, "terraform.log")
	for _, command := range []string{"apply", "destroy"} {
		run := exec.CommandContext(t.Context(), providertest.Terraform(t), command, "-auto-approve", "-input=false", "-no-color")
		run.Dir = folder
		run.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(folder, "cli.tfrc"), "TF_LOG=TRACE", "TF_LOG_PATH="+log, "CHECKPOINT_DISABLE=1")
		if output, err := run.CombinedOutput(); err != nil {
			t.Fatalf("terraform %s: %v\n%s", command, err, output)
		}
	}
	logged, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for _, g := range specimens {
		secrets = append(secrets, g.SecretValues()...)
		for _, r := range s.Requests(g.Name) {
			if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
				secrets = append(secrets, bearer)
			}
			if !strings.Contains(string(logged), r.Path) {
				t.Errorf("%s: the request %s is not in the log", g.Name, r.Path)
			}
		}
	}
	for _, secret := range secrets {
		if i := bytes.Index(logged, []byte(secret)); i >= 0 {
			t.Errorf("the secret %s is in the log: %s", secret, logged[max(0, i-300):i+len(secret)])
		}
	}
}
