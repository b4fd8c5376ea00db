package acceptance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// unread are the arguments that a resource does not learn from the gateway.
func (g specimen) unread() []string {
	return slices.Concat(g.Unreported, g.Unimported)
}

// same are the arguments, spelled otherwise where that is possible.
func (g specimen) same(arguments expressions) expressions {
	for name := range arguments {
		if same := g.argument(name).Same; same != "" {
			arguments = arguments.with(name, same)
		}
	}
	return arguments
}

// defaults are the arguments and all that has a default, with that default.
func (g specimen) defaults(arguments expressions) expressions {
	arguments = arguments.with("deletion_policy", `"cancel"`)
	if g.Finds {
		arguments = arguments.with("adopt_existing", "false")
	}
	for name, value := range g.Defaults {
		arguments = arguments.with(name, value)
	}
	return arguments
}

// importing is a way to import an invoice.
type importing struct {
	name  string
	needs *version.Version // nil for any Terraform
	// block is the import block of a resource; nil where a command imports.
	block func(g specimen, name, id string) string
}

func importBlock(g specimen, name, by string) string {
	return fmt.Sprintf("import {\n  to = %s\n  %s\n}\n", g.address(name), by)
}

var (
	byBlock    = importing{name: "block by id", block: func(g specimen, name, id string) string { return importBlock(g, name, "id = "+strconv.Quote(id)) }}
	byIdentity = importing{
		name: "block by identity", needs: providertest.WithImportByIdentity,
		block: func(g specimen, name, id string) string {
			return importBlock(g, name, fmt.Sprintf("identity = {\n    id = %q\n  }", id))
		},
	}
	byCommand    = importing{name: "command"}
	importBlocks = []importing{byBlock, byIdentity}
	importings   = []importing{byCommand, byBlock, byIdentity}
)

// expectReads checks that since the last look nothing but reads was requested, and
// perhaps something else.
func (g specimen) expectReads(t *testing.T, s *providertest.Env, perhaps ...string) {
	t.Helper()
	calls := s.Calls(g.Name)
	if !slices.Contains(calls, g.Requests.Read) {
		t.Error("the invoice is not read")
	}
	for _, call := range calls {
		if call != g.Requests.Read && call != g.Requests.Login && !slices.Contains(perhaps, call) {
			t.Errorf("there is a request %s", call)
		}
	}
}

// TestImport: an invoice that Terraform did not make comes under management
// with all that the gateway reports; an unchanged configuration plans
// nothing then.
func TestImport(t *testing.T) {
	t.Parallel()
	for _, way := range importings {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			if way.needs != nil {
				providertest.NeedsTerraform(t, way.needs)
			}
			each(t, func(t *testing.T, g specimen) {
				s := providertest.NewEnv(t)
				made := g.createElsewhere(t, s, g.fewest())
				id := made.Text("id")
				// The reference is not generated anew, and need not be set.
				config := g.resource("it", g.fewest().with(g.Reference, strconv.Quote(made.Text(g.Reference))))
				w := s.Workspace(config)
				if way.block == nil {
					w.Import(g.address("it"), id).Succeeds()
				} else {
					w.Configure(s.Config(config + way.block(g, "it", id)))
					plan := w.Plan()
					plan.SucceedsQuietly()
					if changed := plan.Changed(); len(changed) > 0 || !strings.Contains(plan.Text(), "1 to import, 0 to add, 0 to change, 0 to destroy") {
						t.Errorf("the plan is\n%s", plan.Text())
					}
					plan.Apply().SucceedsQuietly()
				}
				g.expectReads(t, s)

				want := made.Values
				want["amount"] = anySpelling(made.Text("amount"))
				for _, name := range g.unread() {
					want[name] = nil
				}
				imported := w.Resource(g.address("it"))
				expectValues(t, imported.Values, want)
				if way.needs != nil && fmt.Sprint(imported.Identity) != fmt.Sprint(map[string]any{"id": id}) {
					t.Errorf("the identity is %v", imported.Identity)
				}
				w.Plan().IsEmpty()
				g.expectReads(t, s)
			})
		})
	}
}

// TestImportTellsDollarsOnly: CryptoCloud may say 0 for the amount in fiat, and tell
// it in dollars.
func TestImportTellsDollarsOnly(t *testing.T) {
	t.Parallel()
	g := cryptocloudSpecimen
	s := providertest.NewEnv(t, cryptocloud.Behaviour{ZeroAmountInFiat: true})
	made := g.createElsewhere(t, s, g.fewest().with("amount", `"25.50"`))
	w := s.Workspace(g.resource("it", g.fewest().with("amount", `"25.50"`).with(g.Reference, strconv.Quote(made.Text(g.Reference)))))
	w.Import(g.address("it"), made.Text("id")).Succeeds()
	if amount := w.Resource(g.address("it")).Text("amount"); amount != "25.5" {
		t.Errorf("the amount is %q", amount)
	}
	w.Plan().IsEmpty()
}

// TestImportUnchanged: whatever the configuration sets that the invoice was
// made with plans no replacement. What the gateway never reports is recorded in
// place, without a request; then the plan is empty.
func TestImportUnchanged(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		made, configured func(specimen) expressions
		// records are the arguments that are recorded in place.
		records func(specimen) []string
	}{
		"least":         {made: specimen.fewest, configured: specimen.fewest},
		"least_spelled": {made: specimen.fewest, configured: func(g specimen) expressions { return g.same(g.fewest()) }},
		"defaults":      {made: specimen.fewest, configured: func(g specimen) expressions { return g.defaults(g.fewest()) }},
		"all":           {made: specimen.all, configured: specimen.all, records: specimen.unread},
		"all_spelled":   {made: specimen.all, configured: func(g specimen) expressions { return g.same(g.all()) }, records: specimen.unread},
		"local": {
			made: specimen.fewest, configured: func(g specimen) expressions { return g.fewest().with("deletion_policy", `"abandon"`) },
			records: func(specimen) []string { return []string{"deletion_policy"} },
		},
	}
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		var shop, config strings.Builder
		for name, test := range tests {
			shop.WriteString(g.resource(name, test.made(g)))
		}
		made := s.Workspace(shop.String())
		made.Apply().Succeeds()
		invoices := made.State()
		for name, test := range tests {
			config.WriteString(g.resource(name, test.configured(g)) + byBlock.block(g, name, invoices[g.address(name)].Text("id")))
		}
		s.Calls(g.Name)

		w := s.Workspace(config.String())
		plan := w.Plan()
		plan.SucceedsQuietly()
		plan.Apply().SucceedsQuietly()
		g.expectReads(t, s)
		imported := w.State()
		for name, test := range tests {
			var records []string
			action := "no-op"
			if test.records != nil {
				records = test.records(g)
			}
			if len(records) > 0 {
				action = "update"
			}
			if is := plan.Changes[g.address(name)].Action; is != action {
				t.Errorf("%s: the plan is to %s, want %s", name, is, action)
			}
			for _, argument := range records {
				if imported[g.address(name)].Values[argument] == nil {
					t.Errorf("%s: %s is not recorded", name, argument)
				}
			}
		}
		w.Plan().IsEmpty()
		g.expectReads(t, s)
	})
}

// TestImportChanged: what differs from what the gateway reports replaces the
// invoice, and so does what was recorded after an import, when it changes
// later.
func TestImportChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		made := s.Workspace(g.resource("it", g.all()))
		made.Apply().Succeeds()
		id := made.Resource(g.address("it")).Text("id")
		s.Calls(g.Name)
		unread := slices.Sorted(slices.Values(g.unread()))
		var readable []string
		others, otherUnread := g.all(), g.all()
		for _, a := range g.Arguments {
			others = others.with(a.Name, a.Other)
			if slices.Contains(unread, a.Name) {
				otherUnread = otherUnread.with(a.Name, a.Other)
			} else if !slices.Contains(g.UnreliableOnImport, a.Name) {
				readable = append(readable, a.Name)
			}
		}
		slices.Sort(readable)
		expect := func(when string, plan *providertest.Plan, reasons []string) {
			t.Helper()
			plan.SucceedsQuietly()
			change := plan.Changes[g.address("it")]
			if !slices.Equal(change.Reasons, reasons) || len(reasons) > 0 && change.Action != "replace" {
				t.Errorf("%s the plan is to %s because of %v, want %v", when, change.Action, change.Reasons, reasons)
			}
		}

		w := s.Workspace(g.resource("it", g.all().with("amount", g.argument("amount").Other)) + byBlock.block(g, "it", id))
		expect("with another amount", w.Plan(), []string{"amount"})
		w.Configure(s.Config(g.resource("it", others) + byBlock.block(g, "it", id)))
		expect("with all arguments changed", w.Plan(), readable)

		w.Configure(s.Config(g.resource("it", g.all()) + byBlock.block(g, "it", id)))
		w.Apply().SucceedsQuietly()
		w.Configure(s.Config(g.resource("it", otherUnread)))
		expect("with what was recorded changed", w.Plan(), unread)
		w.Configure(s.Config(g.resource("it", g.all())))
		w.Plan().IsEmpty()
		g.expectReads(t, s)
	})
}

// sourced gives the provider's source, as every configuration outside of tests
// does: what Terraform generates depends on it.
const sourced = `
terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}
`

// TestImportGeneratesConfiguration: terraform plan -generate-config-out writes
// configuration that imports the invoice and plans nothing. Terraform 1.16 must
// be told the provider in the import block, or it looks for one of HashiCorp's;
// once the resource is written, every version refuses that argument.
func TestImportGeneratesConfiguration(t *testing.T) {
	t.Parallel()
	for _, way := range importBlocks {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			if way.needs != nil {
				providertest.NeedsTerraform(t, way.needs)
			}
			each(t, func(t *testing.T, g specimen) {
				s := providertest.NewEnv(t)
				id := g.createElsewhere(t, s, g.all()).Text("id")
				block := way.block(g, "it", id)
				w := s.Workspace(sourced + strings.Replace(block, "{\n", "{\n  provider = payinvoice\n", 1))
				w.Plan("-generate-config-out=generated.tf").Succeeds()
				w.Configure(s.Config(sourced + block))
				plan := w.Plan()
				plan.SucceedsQuietly()
				if changed := plan.Changed(); len(changed) > 0 {
					t.Errorf("the plan is\n%s", plan.Text())
				}
				plan.Apply().SucceedsQuietly()
				w.Plan().IsEmpty()
				g.expectReads(t, s)
			})
		})
	}
}

// TestImportErrors: what is no invoice of the gateway is not imported.
func TestImportErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		id    func(specimen) string
		says  string // of a gateway's title, by a plan
		reads bool
	}{
		{"not found", unknownID, "", true},
		{"no id", invalidID, "Not a valid %s invoice id", false},
	}
	for _, way := range importings {
		for _, test := range tests {
			t.Run(way.name+", "+test.name, func(t *testing.T) {
				t.Parallel()
				if way.needs != nil {
					providertest.NeedsTerraform(t, way.needs)
				}
				each(t, func(t *testing.T, g specimen) {
					s := providertest.NewEnv(t)
					id := test.id(g)
					w := s.Workspace(g.resource("it", g.fewest()))
					if way.block == nil {
						w.Import(g.address("it"), id).Fails(1)
					} else {
						w.Configure(s.Config(g.resource("it", g.fewest()) + way.block(g, "it", id)))
						plan := w.Plan()
						plan.Fails(1)
						if test.says != "" {
							plan.Find("error", fmt.Sprintf(test.says, g.Title), strconv.Quote(id))
						}
					}
					if test.reads {
						g.expectReads(t, s)
					} else {
						s.ExpectCalls(g.Name)
					}
					if len(w.State()) != 0 {
						t.Error("the state has an invoice")
					}
				})
			})
		}
	}
}

// TestImportTrimsID: an id that was copied with white space around it is the same id.
func TestImportTrimsID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		made := g.createElsewhere(t, s, g.fewest())
		w := s.Workspace(g.resource("elsewhere", g.fewest()) + importBlock(g, "elsewhere", fmt.Sprintf("id = %q", " "+made.Text("id")+"\n")))
		w.Apply().SucceedsQuietly()
		if is := w.Resource(g.address("elsewhere")).Text("id"); is != made.Text("id") {
			t.Errorf("the id is %q, not %q", is, made.Text("id"))
		}
		g.expectReads(t, s)
	})
}

// TestImportBareID: CryptoCloud's ids are accepted without INV-, and stored
// with it.
func TestImportBareID(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("cryptocloud")
	for _, way := range importings {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			if way.needs != nil {
				providertest.NeedsTerraform(t, way.needs)
			}
			s := providertest.NewEnv(t)
			id := g.createElsewhere(t, s, g.fewest()).Text("id")
			bare := strings.TrimPrefix(id, "INV-")
			w := s.Workspace(g.resource("it", g.fewest()))
			if way.block == nil {
				w.Import(g.address("it"), bare).Succeeds()
			} else {
				w.Configure(s.Config(g.resource("it", g.fewest()) + way.block(g, "it", bare)))
				w.Apply().SucceedsQuietly()
			}
			if is := w.Resource(g.address("it")).Text("id"); is != id {
				t.Errorf("the id is %s, want %s", is, id)
			}
			w.Plan().IsEmpty()
		})
	}
}
