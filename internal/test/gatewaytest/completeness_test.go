package gatewaytest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

const repository = "../../.."

// served are the names of all that the provider serves, by their folder in docs
// and examples, and the gateways that can be configured.
func served(t *testing.T) (gateways []string, names map[string][]string) {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range schemas.Provider.Block.Attributes {
		if a.NestedType != nil && a.Name != "sandbox" {
			gateways = append(gateways, a.Name)
		}
	}
	return gateways, map[string][]string{
		"resources":      slices.Collect(maps.Keys(schemas.ResourceSchemas)),
		"data-sources":   slices.Collect(maps.Keys(schemas.DataSourceSchemas)),
		"actions":        slices.Collect(maps.Keys(schemas.ActionSchemas)),
		"list-resources": slices.Collect(maps.Keys(schemas.ListResourceSchemas)),
	}
}

// TestComplete names what a gateway that the provider serves still lacks.
func TestComplete(t *testing.T) {
	gateways, names := served(t)
	var described []string
	for _, s := range Specimens() {
		described = append(described, s.Name)
	}
	for _, name := range sandbox.Gateways() {
		if !slices.Contains(gateways, name) {
			t.Errorf("%s is simulated, but not among gateways in internal/provider/provider.go", name)
		}
	}
	for _, name := range gateways {
		t.Run(name, func(t *testing.T) {
			if !slices.Contains(sandbox.Gateways(), name) {
				t.Error("it is not among gateways in internal/sandbox/sandbox.go")
			}
			if !slices.Contains(described, name) {
				t.Fatal("it has no specimen in internal/test/gatewaytest")
			}
			s := Named(name)
			if title := sandbox.Title(name); title != s.Title {
				t.Errorf("its name is %s in internal/sandbox/sandbox.go, and %s in its definition", title, s.Title)
			}
			t.Run("specimen", func(t *testing.T) { expectWholeSpecimen(t, s, slices.Contains(names["list-resources"], s.resource())) })
			t.Run("tests", func(t *testing.T) { expectTests(t, s) })
			t.Run("examples and texts", func(t *testing.T) {
				for kind, all := range names {
					for _, served := range all {
						if strings.HasPrefix(served, "payinvoice_"+name+"_") {
							expectExamples(t, kind, served)
						}
					}
				}
				expectFile(t, "examples/guides/going-live/"+name+"/main.tf")
				expectPhases(t, s)
				expectMention(t, "README.md", s.Title)
				expectMention(t, "docs/guides/going-live.md", "\n## "+s.Title+"\n")
				expectMention(t, "docs/guides/switching-gateways.md", "\n| "+s.Title+" |")
			})
		})
	}
}

func (s Specimen) resource() string { return "payinvoice_" + s.Name + "_invoice" }

func expectWholeSpecimen(t *testing.T, s Specimen, lists bool) {
	t.Helper()
	lacks := map[string]bool{
		"Arguments": len(s.Arguments) == 0, "Reference": s.Reference == "", "Invalid": len(s.Invalid) == 0,
		"Requests.Create": s.Requests.Create == "", "Requests.Read": s.Requests.Read == "", "Requests.Cancel": s.Requests.Cancel == "",
		"Requests.Find": s.Requests.Find == "" && (lists || s.Finds), "Listing": s.Listing == nil && lists,
		"Wire.Life": len(s.Wire.Life) == 0, "Wire.Headers": len(s.Wire.Headers) == 0, "Wire.Amount": s.Wire.Amount == nil,
		"Events": len(s.Events) == 0, "CheckoutURLField": s.CheckoutURLField == "", "StatusField": s.StatusField == "", "Open": s.Open == nil, "Undocumented": s.Undocumented == nil,
		"Computed": len(s.Computed) == 0, "Paid": len(s.Paid) == 0, "UnknownID": s.UnknownID == "", "InvalidID": s.InvalidID == "",
		"Canaries.Translate": s.Canaries.Translate == nil, "Refusal": !strings.Contains(s.Refusal, "TEXT"), "TooMany": s.TooMany == "",
	}
	for _, name := range s.Secrets {
		lacks["Canaries.Secrets: "+name] = s.Canaries.Secrets[name] == ""
	}
	for name, value := range s.Credentials {
		lacks["SandboxCredentials in the definition: "+name] = value == ""
	}
	for event := range s.Events {
		lacks["Events: "+string(event)+", which the simulator does not know"] = !slices.Contains(sandbox.EventsByGateway()[s.Name], event)
	}
	for _, event := range []simulator.Event{simulator.Pay, simulator.Expire, simulator.Cancel} {
		_, known := s.Events[event]
		lacks["Events: "+string(event)] = !known
	}
	if s.Listing != nil {
		l := s.Listing
		maps.Copy(lacks, map[string]bool{
			"Listing.Day": l.Day == nil, "Listing.WholeRange": l.WholeRange == nil, "Listing.PageSize": l.PageSize == 0, "Listing.PageParameter": l.PageParameter == "",
			"Listing.Page": l.Page == Page{}, "Listing.MinimalFields": len(l.MinimalFields) == 0, "Listing.Readings": len(l.Readings) == 0,
			"Listing.Filters": l.Filters == nil, "Listing.QueryFilters": l.QueryFilters == nil, "Listing.Amount25": l.Amount25 == "", "Listing.Refused": len(l.Refused) == 0,
			"Listing.AdoptionIgnores": l.AdoptionIgnores == "" && s.Finds, "Listing.Events": len(l.Events) == 0,
		})
	}
	for _, name := range slices.Sorted(maps.Keys(lacks)) {
		if lacks[name] {
			t.Errorf("it lacks %s", name)
		}
	}
}

func expectTests(t *testing.T, s Specimen) {
	t.Helper()
	for _, folder := range []string{"internal/clients/", "internal/sandbox/"} {
		expectFile(t, folder+s.Name+"/*_test.go")
	}
	// GNUmakefile and tools know the gateways by this file, or the user's own credentials
	// reach a test.
	expectFile(t, "internal/sandbox/"+s.Name+"/behaviour.go")
	m, known := merchant.Gateways[s.Name]
	if !known {
		t.Fatal("it is not among Gateways in internal/test/merchant")
	}
	if m.Create == nil || m.Status == nil || m.Verify == nil || m.Paid == "" || m.Webhooks["pay"] == "" || m.Reference != s.Reference {
		t.Errorf("internal/test/merchant/%s.go is not complete: %+v", s.Name, m)
	}
}

// examples are the files of each kind that every gateway has.
var examples = map[string][]string{
	"resources": {
		"page.txt", "resource.tf", "resource-expiry.tf", "resource-feed.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf", "modules/invoice/main.tf",
	},
	"data-sources":   {"data-source.tf"},
	"list-resources": {"list-resource.tfquery.hcl"},
	"actions":        {"action.tf"},
}

// expectExamples looks for the examples of what is served.
func expectExamples(t *testing.T, kind, name string) {
	t.Helper()
	wanted := examples[kind]
	if strings.HasSuffix(name, "_cancel_invoice") {
		wanted = append(slices.Clone(wanted), "action-trigger.tf", "action-before-destroy.tf")
	}
	for _, file := range wanted {
		expectFile(t, "examples/"+kind+"/"+name+"/"+file)
	}
	expectMention(t, "CHANGELOG.md", "`"+name+"`")
}

// expectPhases compares the table of phases in the resource's page with the definition's.
func expectPhases(t *testing.T, s Specimen) {
	t.Helper()
	if len(s.Phases) == 0 {
		t.Error("its definition lacks Phases")
	}
	page := "examples/resources/" + s.resource() + "/page.txt"
	_, text, _ := strings.Cut(read(t, page), "\n# phases\n")
	text, _, _ = strings.Cut(text, "\n# ")
	for _, row := range s.Phases {
		said := slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool {
			return strings.HasPrefix(line, "| `"+string(row.Phase)+"` |") && (row.Late || strings.Contains(line, "`"+row.Status+"`"))
		})
		if !said {
			t.Errorf("the table of phases in %s does not say that %q is %s", page, row.Status, row.Phase)
		}
	}
	for event, outcome := range s.Events {
		if meaning := s.Phases.Of(outcome.Status, outcome.Phase == "expired"); meaning != outcome.Phase {
			t.Errorf("after %s the specimen says that %q is %s, the definition %s", event, outcome.Status, outcome.Phase, meaning)
		}
	}
}

func expectFile(t *testing.T, pattern string) {
	t.Helper()
	if found, err := filepath.Glob(filepath.Join(repository, pattern)); err != nil || len(found) == 0 {
		t.Errorf("there is no %s", pattern)
	}
}

func expectMention(t *testing.T, file, text string) {
	t.Helper()
	if !strings.Contains(read(t, file), text) {
		t.Errorf("%s does not mention %s", file, text)
	}
}

// read reads a file of the repository; "" when there is none, which then
// mentions nothing.
func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, file))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(content)
}
