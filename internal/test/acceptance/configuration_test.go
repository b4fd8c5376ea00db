package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// variables are all environment variables that the provider reads.
var variables = func() []string {
	names := []string{"PAYINVOICE_SANDBOX"}
	for _, g := range specimens {
		for _, setting := range append(slices.Collect(maps.Keys(g.Settings())), "endpoint") {
			names = append(names, variable(g, setting))
		}
	}
	return names
}()

// setVariables sets these variables, and none of the others, for the test.
func setVariables(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range variables {
		t.Setenv(name, values[name])
	}
	for name := range values {
		if !slices.Contains(variables, name) {
			t.Fatalf("the provider has no variable %s", name)
		}
	}
}

func variable(g specimen, setting string) string { return strings.ToUpper(g.Name + "_" + setting) }

// settings are lines of the provider's configuration for a gateway.
func (g specimen) settings(values map[string]string) string {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&lines, "    %s = %s\n", name, values[name])
	}
	return fmt.Sprintf("  %s = {\n%s  }\n", g.Name, &lines)
}

// quoted are texts as expressions.
func quoted(values map[string]string) map[string]string {
	expressions := map[string]string{}
	for name, value := range values {
		expressions[name] = strconv.Quote(value)
	}
	return expressions
}

func providerBlock(settings ...string) string {
	return "provider \"payinvoice\" {\n" + strings.Join(settings, "") + "}\n"
}

// TestConfigurationMissing names what is missing of a gateway that is used, all
// of it in one error, when an invoice is planned.
func TestConfigurationMissing(t *testing.T) {
	setVariables(t, nil)
	for _, g := range specimens {
		needed := slices.Collect(maps.Keys(g.Credentials))
		if g.NoEndpoint {
			needed = append(needed, "endpoint")
		}
		all := maps.Clone(g.Credentials)
		all["endpoint"] = "http://127.0.0.1:9"
		for _, missing := range append(needed, "everything") {
			t.Run(g.Name+" "+missing, func(t *testing.T) {
				given, lacking := maps.Clone(all), []string{missing}
				delete(given, missing)
				if missing == "everything" {
					given, lacking = nil, needed
				}
				plan := providertest.NewWorkspace(t, providerBlock(g.settings(quoted(given)))+g.resource("it", g.fewest())).Plan()
				plan.Fails(1)
				said := plan.Find("error", g.Title, "sandbox = {").String()
				for name := range all {
					is := strings.Contains(said, g.Name+"."+name) && strings.Contains(said, variable(g, name))
					if is != slices.Contains(lacking, name) {
						t.Errorf("it names %s: %v\n%s", name, is, said)
					}
				}
			})
		}
	}
}

// TestConfigurationBlank: white space is no credential. It is not sent, and the
// environment is asked instead.
func TestConfigurationBlank(t *testing.T) {
	for _, g := range specimens {
		t.Run(g.Name, func(t *testing.T) {
			setVariables(t, nil)
			s := providertest.NewEnv(t)
			blank, spaced := map[string]string{"endpoint": s.URL(g.Name)}, map[string]string{"endpoint": s.URL(g.Name)}
			variables := map[string]string{}
			for name, value := range g.Credentials {
				blank[name], spaced[name] = " \t\n", "\n "+value+" \n"
				variables[variable(g, name)] = value + "\n"
			}
			w := providertest.NewWorkspace(t, providerBlock(g.settings(quoted(blank)))+g.resource("it", withOptions(g)))
			plan := w.Plan()
			plan.Fails(1)
			for name := range g.Credentials {
				plan.Find("error", g.Name+"."+name, variable(g, name))
			}
			s.ExpectCalls(g.Name)
			setVariables(t, variables)
			w.Apply().SucceedsQuietly()
			setVariables(t, nil)
			w.Configure(providerBlock(g.settings(quoted(spaced))) + g.resource("it", withOptions(g)))
			w.Plan().IsEmpty()
		})
	}
}

// TestConfigurationMissingShop tells where a shop can be set: CryptoCloud makes
// an invoice for one, but reads and cancels without.
func TestConfigurationMissingShop(t *testing.T) {
	setVariables(t, nil)
	g := cryptocloudSpecimen
	s := providertest.NewEnv(t)
	w := providertest.NewWorkspace(t, providerBlock(g.settings(map[string]string{
		"api_key": strconv.Quote(g.Credentials["api_key"]), "endpoint": strconv.Quote(s.URL(g.Name)),
	}))+g.resource("it", g.fewest()))
	report := w.Plan()
	report.Fails(1)
	report.Find("error", "shop_id", "cryptocloud.shop_id", "CRYPTOCLOUD_SHOP_ID")
	s.ExpectCalls(g.Name)
}

// TestConfigurationOfUnusedGateways is not looked at.
func TestConfigurationOfUnusedGateways(t *testing.T) {
	setVariables(t, nil)
	s := providertest.NewEnv(t)
	for _, g := range specimens {
		settings := g.Settings()
		settings["endpoint"] = s.URL(g.Name)
		broken := ""
		for _, other := range specimens {
			if other.Name != g.Name {
				broken += other.settings(map[string]string{"endpoint": `"ftp://nowhere"`})
			}
		}
		w := providertest.NewWorkspace(t, providerBlock(g.settings(quoted(settings)), broken)+g.resource("it", g.fewest()))
		w.Apply().SucceedsQuietly()
		w.Plan().IsEmpty()
	}
}

// TestConfigurationFromEnvironment takes from the environment what the
// configuration does not set.
func TestConfigurationFromEnvironment(t *testing.T) {
	s := providertest.NewEnv(t)
	values := map[string]string{"CRYPTOCLOUD_SHOP_ID": "ShopOfEnvironmen"}
	for _, g := range specimens {
		for name, value := range g.Credentials {
			values[variable(g, name)] = value
		}
		values[variable(g, "endpoint")] = s.URL(g.Name)
	}
	setVariables(t, values)
	empty := providerBlock(meumSpecimen.settings(map[string]string{"api_key": `""`}), hesabeSpecimen.settings(map[string]string{"password": "null"}))
	for name, block := range map[string]string{"nothing is configured": "", "an empty block": providerBlock(), "empty settings": empty} {
		t.Run(name, func(t *testing.T) {
			w := providertest.NewWorkspace(t, block+allGateways(specimen.fewest))
			w.Apply().SucceedsQuietly()
			if shop := w.Resource(cryptocloudSpecimen.address("it")).Text("shop_id"); shop != values["CRYPTOCLOUD_SHOP_ID"] {
				t.Errorf("shop_id is %q", shop)
			}
			w.Plan().IsEmpty()
		})
	}
}

// TestConfigurationWins over the environment.
func TestConfigurationWins(t *testing.T) {
	values := map[string]string{}
	for _, name := range variables {
		if name != "PAYINVOICE_SANDBOX" {
			values[name] = "http://wrong.invalid"
		}
	}
	setVariables(t, values)
	s := providertest.NewEnv(t)
	w := s.Workspace(allGateways(specimen.fewest))
	w.Apply().SucceedsQuietly()
	w.Plan().IsEmpty()
	if shop := w.Resource(cryptocloudSpecimen.address("it")).Text("shop_id"); shop == values["CRYPTOCLOUD_SHOP_ID"] {
		t.Errorf("shop_id is %q", shop)
	}
}

// unknownSettings configure all gateways with what another resource makes, and
// which is known only after apply when that resource is made anew.
func unknownSettings(s *providertest.Env, generation int) string {
	var settings []string
	inputs := map[string]string{}
	for _, g := range specimens {
		values := map[string]string{}
		for name, value := range g.Credentials {
			inputs[g.Name+"_"+name] = strconv.Quote(value)
			values[name] = "terraform_data.vault.output." + g.Name + "_" + name
		}
		inputs[g.Name+"_endpoint"] = strconv.Quote(s.URL(g.Name))
		values["endpoint"] = "terraform_data.vault.output." + g.Name + "_endpoint"
		settings = append(settings, g.settings(values))
	}
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		fmt.Fprintf(&lines, "    %s = %s\n", name, inputs[name])
	}
	return providerBlock(settings...) + fmt.Sprintf("resource \"terraform_data\" \"vault\" {\n  triggers_replace = %d\n  input = {\n%s  }\n}\n", generation, &lines)
}

// withOptions are the least arguments, and those that the provider could set.
func withOptions(g specimen) expressions {
	arguments := g.fewest()
	for name := range g.Options {
		arguments = arguments.with(name, g.argument(name).Value)
	}
	return arguments
}

// TestConfigurationUnknown plans with settings that are known only after apply,
// without a request, and applies that plan.
func TestConfigurationUnknown(t *testing.T) {
	setVariables(t, nil)
	s := providertest.NewEnv(t)
	w := providertest.NewWorkspace(t, unknownSettings(s, 1)+allGateways(withOptions))
	plan := w.Plan()
	plan.SucceedsQuietly()
	for _, g := range specimens {
		s.ExpectCalls(g.Name)
	}
	plan.Apply().SucceedsQuietly()
	w.Plan().IsEmpty()
	for _, g := range specimens {
		s.Calls(g.Name)
	}

	// The vault is made anew beside invoices that exist, that change in place,
	// that are replaced, and that are destroyed.
	before := w.State()
	want := map[string]string{}
	for i, g := range specimens {
		want[g.Name] = []string{"update", "replace", "no-op"}[i%3]
	}
	w.Configure(unknownSettings(s, 2) + allGateways(func(g specimen) expressions {
		switch want[g.Name] {
		case "update":
			return withOptions(g).with("deletion_policy", `"abandon"`)
		case "replace":
			return withOptions(g).with("amount", "100")
		default:
			return withOptions(g)
		}
	}))
	plan = w.Plan()
	plan.SucceedsQuietly()
	for _, g := range specimens {
		if change := plan.Changes[g.address("it")]; change.Action != want[g.Name] {
			t.Errorf("%s is planned to %s", g.Name, change.Action)
		}
		s.ExpectCalls(g.Name)
	}
	plan.Apply().SucceedsQuietly()
	after := w.State()
	for _, g := range specimens {
		same := before[g.address("it")].Text("id") == after[g.address("it")].Text("id")
		if same == (want[g.Name] == "replace") {
			t.Errorf("%s: the invoice is the same: %v", g.Name, same)
		}
	}
	w.Plan().IsEmpty()
}

// TestConfigurationUnknownOption: what only a create may need keeps nobody from
// reading.
func TestConfigurationUnknownOption(t *testing.T) {
	setVariables(t, nil)
	g := cryptocloudSpecimen
	s := providertest.NewEnv(t)
	made := g.createElsewhere(t, s, g.fewest())
	values := quoted(g.Credentials)
	values["endpoint"], values["shop_id"] = strconv.Quote(s.URL(g.Name)), "terraform_data.shop.output"
	w := providertest.NewWorkspace(t, providerBlock(g.settings(values))+fmt.Sprintf(`
resource "terraform_data" "shop" {
  input = "AnyShop000000001"
}
data "payinvoice_cryptocloud_invoice" "there" {
  id = %q
}
`, made.Text("id"))+g.resource("it", g.fewest()))
	plan := w.Plan()
	plan.SucceedsQuietly()
	s.ExpectCalls(g.Name, g.Requests.Read)
	plan.Apply().SucceedsQuietly()
	if shop := w.Resource(g.address("it")).Text("shop_id"); shop != "AnyShop000000001" {
		t.Errorf("the shop is %q", shop)
	}
}

// TestConfigurationUnknownGateway plans with a gateway that is unknown as a
// whole.
func TestConfigurationUnknownGateway(t *testing.T) {
	setVariables(t, nil)
	g := meumSpecimen
	s := providertest.NewEnv(t)
	w := providertest.NewWorkspace(t, fmt.Sprintf(`
provider "payinvoice" {
  meum = terraform_data.meum.output
}
resource "terraform_data" "meum" {
  input = { api_key = %q, endpoint = %q }
}
`, g.Credentials["api_key"], s.URL(g.Name))+g.resource("it", g.fewest()))
	plan := w.Plan()
	plan.SucceedsQuietly()
	s.ExpectCalls(g.Name)
	plan.Apply().SucceedsQuietly()
	s.ExpectCalls(g.Name, g.created(g.fewest())...)
}

// TestEndpointRefused refuses an address that would carry credentials in the
// clear or that is none, when an invoice is planned, and does not repeat a
// password in it.
func TestEndpointRefused(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{
		"http://api.example.com", "http://10.0.0.1", "http://localhost.example.com", "https://user:hunter2@api.example.com",
		"https://api.example.com?key=1", "https://api.example.com?", "https://api.example.com#part", "api.example.com", "ftp://127.0.0.1", "https://", "/v1",
	} {
		var settings []string
		for _, g := range specimens {
			values := maps.Clone(g.Credentials)
			values["endpoint"] = endpoint
			settings = append(settings, g.settings(quoted(values)))
		}
		plan := providertest.NewWorkspace(t, providerBlock(settings...)+allGateways(withOptions)).Plan()
		plan.Fails(len(specimens))
		for _, g := range specimens {
			plan.Find("error", g.Title, g.Name+".endpoint", variable(g, "endpoint"))
		}
		if strings.Contains(plan.String(), "hunter2") {
			t.Errorf("it repeats the password:\n%s", plan)
		}
	}
}

// TestEndpointPrefix puts a path before that of the API, and ignores a slash at
// the end.
func TestEndpointPrefix(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		paths = append(paths, r.Method+" "+r.URL.Path)
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	for endpoint, prefix := range map[string]string{"": "", "/": "", "/pay/gate": "/pay/gate", "/pay/gate//": "/pay/gate"} {
		paths = nil
		var settings, want []string
		for _, g := range specimens {
			values := maps.Clone(g.Credentials)
			values["endpoint"] = server.URL + endpoint
			settings = append(settings, g.settings(quoted(values)))
			request := g.Requests.Create
			if g.Requests.Login != "" {
				request = g.Requests.Login
			}
			want = append(want, strings.Replace(request, " ", " "+prefix, 1))
			if g.Finds && g.Requests.Login == "" { // whether the create was processed is looked up
				want = append(want, strings.Replace(g.Requests.Find, " ", " "+prefix, 1))
			}
		}
		providertest.NewWorkspace(t, providerBlock(settings...)+allGateways(withOptions)).Apply().Fails(len(specimens))
		slices.Sort(paths)
		slices.Sort(want)
		if !slices.Equal(paths, want) {
			t.Errorf("endpoint %s: requests %q, not %q", endpoint, paths, want)
		}
	}
}

// TestConfigurationInvalid refuses settings of the whole provider.
func TestConfigurationInvalid(t *testing.T) {
	t.Parallel()
	invoice := meumSpecimen.resource("it", meumSpecimen.fewest())
	for _, setting := range []string{
		`request_timeout = "0s"`, `request_timeout = "-1s"`, `request_timeout = "10"`, `request_timeout = "soon"`, `request_timeout = ""`,
		`max_retries = -1`, `max_retries = 101`, `max_retries = 1.5`, `max_retries = "many"`,
	} {
		report := providertest.NewWorkspace(t, providerBlock(setting+"\n")+invoice).Validate()
		report.Fails(1)
		name, _, _ := strings.Cut(setting, " ")
		if d := report.Errors()[0]; !strings.Contains(d.String()+d.Snippet.Code, name) {
			t.Errorf("%s: it does not name it:\n%s", setting, d)
		}
	}
	for _, setting := range []string{`request_timeout = "1ms"`, `request_timeout = "1h30m"`, `max_retries = 0`, `max_retries = 100`, `max_retries = "3"`} {
		providertest.NewWorkspace(t, providerBlock(setting+"\n")+invoice).Validate().SucceedsQuietly()
	}
}

func sandboxBlock(dir string, settings ...string) string {
	return providerBlock(append(settings, fmt.Sprintf("  sandbox = { data_dir = %q }\n", dir))...)
}

// TestSandbox needs no credentials, opens no socket, remembers what one command
// made for the next, and warns in each that nothing is real.
func TestSandbox(t *testing.T) {
	setVariables(t, nil)
	s := providertest.NewEnv(t)
	dir := filepath.Join(t.TempDir(), "made", "when needed")
	wrong := ""
	for _, g := range specimens {
		wrong += g.settings(quoted(map[string]string{"endpoint": s.URL(g.Name)}))
	}
	for name, config := range map[string]string{"without settings": sandboxBlock(dir), "beside endpoints": sandboxBlock(dir+"2", wrong)} {
		t.Run(name, func(t *testing.T) {
			w := providertest.NewWorkspace(t, config+allGateways(specimen.fewest))
			plan := w.Plan()
			plan.Find("warning", "no invoice is real", dir, "provider attribute sandbox")
			apply := plan.Apply()
			apply.Succeeds()
			apply.Find("warning", "no invoice is real")
			again := w.Plan()
			again.Succeeds()
			again.Find("warning", "no invoice is real")
			if changed := again.Changed(); len(changed) > 0 || len(again.Diagnostics) != 1 {
				t.Errorf("the next command plans %q and says:\n%s", changed, again)
			}
			w.Destroy().Succeeds()
		})
	}
	for _, g := range specimens {
		s.ExpectCalls(g.Name)
	}
}

// TestSandboxFromEnvironment switches the sandbox on by a variable, which the
// configuration overrides.
func TestSandboxFromEnvironment(t *testing.T) {
	fromVariable, configured := filepath.Join(t.TempDir(), "variable"), filepath.Join(t.TempDir(), "configured")
	setVariables(t, map[string]string{"PAYINVOICE_SANDBOX": fromVariable})
	for _, test := range []struct{ block, used, unused string }{
		{"", fromVariable, configured},
		{providerBlock("  sandbox = {}\n"), fromVariable, configured},
		{sandboxBlock(configured), configured, fromVariable},
	} {
		w := providertest.NewWorkspace(t, test.block+meumSpecimen.resource("it", meumSpecimen.fewest()))
		report := w.Apply()
		report.Succeeds()
		if !strings.Contains(report.String(), test.used) || strings.Contains(report.String(), test.unused) {
			t.Errorf("it does not say that %s is used:\n%s", test.used, report)
		}
		if _, err := os.Stat(test.used); err != nil {
			t.Error(err)
		}
		if err := os.RemoveAll(test.used); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSandboxRefused says what is wrong with the folder.
func TestSandboxRefused(t *testing.T) {
	setVariables(t, nil)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		block string
		says  []string
	}{
		"no folder":       {providerBlock("  sandbox = {}\n"), []string{"no folder", "sandbox.data_dir", "PAYINVOICE_SANDBOX"}},
		"a file":          {sandboxBlock(file), []string{"cannot be opened", "sandbox.data_dir", file}},
		"beneath a file":  {sandboxBlock(filepath.Join(file, "folder")), []string{"cannot be opened", "sandbox.data_dir", file}},
		"an empty folder": {sandboxBlock(""), []string{"no folder", "sandbox.data_dir"}},
	} {
		t.Run(name, func(t *testing.T) {
			plan := providertest.NewWorkspace(t, test.block+meumSpecimen.resource("it", meumSpecimen.fewest())).Plan()
			plan.Fails(1)
			plan.Find("error", test.says...)
		})
	}
}

// TestSandboxUnknown asks no real gateway while it is not known whether the
// sandbox is on.
func TestSandboxUnknown(t *testing.T) {
	t.Parallel()
	s := providertest.NewEnv(t)
	dir := t.TempDir()
	w := s.Workspace(allGateways(specimen.fewest)+fmt.Sprintf("resource \"terraform_data\" \"dir\" {\n  input = %q\n}\n", dir),
		"sandbox = { data_dir = terraform_data.dir.output }")
	plan := w.Plan()
	plan.SucceedsQuietly()
	apply := plan.Apply()
	apply.Succeeds()
	apply.Find("warning", "no invoice is real", dir)
	for _, name := range sandbox.Gateways() {
		s.ExpectCalls(name)
	}
}
