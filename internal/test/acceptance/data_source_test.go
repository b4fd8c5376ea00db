package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// unknownID could be the id of an invoice, and invalidID cannot.
func unknownID(g specimen) string { return g.UnknownID }
func invalidID(g specimen) string { return g.InvalidID }

// data is the block of a data source of the gateway.
func (g specimen) data(kind, name string, arguments expressions) string {
	var lines []string
	for _, argument := range slices.Sorted(maps.Keys(arguments)) {
		lines = append(lines, fmt.Sprintf("  %s = %s\n", argument, arguments[argument]))
	}
	return fmt.Sprintf("data \"payinvoice_%s_%s\" %q {\n%s}\n", g.Name, kind, name, strings.Join(lines, ""))
}

// TestInvoiceDataDescriptions: what describes an attribute that a data source
// tells is not about an argument that a resource takes.
func TestInvoiceDataDescriptions(t *testing.T) {
	t.Parallel()
	schemas, err := providertest.NewServer().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	aboutArguments := regexp.MustCompile(`(?i)default|not set|jsonencode|adopt_existing|respelling|in place|canceling`)
	for name, schema := range schemas.DataSourceSchemas {
		attributes := schema.Block.Attributes
		if i := slices.IndexFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == "invoices" }); i >= 0 {
			attributes = attributes[i].NestedType.Attributes
		}
		for _, a := range attributes {
			if said := aboutArguments.FindString(a.Description); a.Computed && said != "" {
				t.Errorf("%s: %s speaks of %q: %s", name, a.Name, said, a.Description)
			}
		}
	}
}

// dataOf is the address of a data source of the gateway.
func (g specimen) dataOf(kind, name string) string {
	return fmt.Sprintf("data.payinvoice_%s_%s.%s", g.Name, kind, name)
}

// byID are the arguments of a data source of one invoice.
func byID(id string) expressions { return expressions{"id": strconv.Quote(id)} }

// TestInvoiceData: a data source shows all that the gateway reports of an
// invoice, with one request.
func TestInvoiceData(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t)
		all, least := g.createElsewhere(t, s, g.all()), g.createElsewhere(t, s, g.fewest())
		id := least.Text("id")
		s.Trigger(g.Name, id, simulator.Pay)

		reported := func(r providertest.Resource, changes ...map[string]any) map[string]any {
			want := merged(append([]map[string]any{r.Values}, changes...)...)
			for _, name := range append(slices.Clone(g.Unreported), "deletion_policy", "replace_when", "adopt_existing", "timeouts") {
				delete(want, name)
			}
			want["amount"] = anySpelling(r.Text("amount"))
			for name, value := range g.ReportedAs {
				if want[name] == nil {
					want[name] = value
				}
			}
			return decoded(want)
		}
		paid := merged(g.Paid, map[string]any{"status": g.Events[simulator.Pay].Status, "phase": "paid", "money_moved": true}, g.PaidView)

		w := s.Workspace(g.data("invoice", "all", byID(all.Text("id"))))
		w.Apply().SucceedsQuietly()
		s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)
		expectValues(t, decoded(w.Resource(g.dataOf("invoice", "all")).Values), reported(all))

		w.Configure(s.Config(g.data("invoice", "paid", byID(id))))
		w.Apply().SucceedsQuietly()
		s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)
		expectValues(t, decoded(w.Resource(g.dataOf("invoice", "paid")).Values), reported(least, paid))
	})
}

// anySpelling matches an amount with any number of zeros at the end.
func anySpelling(amount string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(strings.TrimRight(amount, "0")) + "0*$")
}

// decoded are values in which text that is a JSON object is that object.
func decoded(values map[string]any) map[string]any {
	values = maps.Clone(values)
	for name, value := range values {
		var object map[string]any
		if text, ok := value.(string); ok && json.Unmarshal([]byte(text), &object) == nil {
			values[name] = object
		}
	}
	return values
}

// TestInvoiceDataErrors: what is not an invoice of the gateway is an error, and
// no invoice is made up.
func TestInvoiceDataErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		id    func(specimen) string
		fault providertest.Fault
		says  string // of a gateway's title
		reads int
	}{
		{name: "not found", id: unknownID, says: "No such %s invoice", reads: 1},
		{name: "no id", id: invalidID, says: "Not a valid %s invoice id"},
		{name: "unauthorized", id: unknownID, fault: providertest.Respond(401, "application/json", "{}"), says: "Cannot read the %s invoice", reads: 1},
		{name: "forbidden", id: unknownID, fault: providertest.Respond(403, "application/json", "{}"), says: "Cannot read the %s invoice", reads: 1},
		{name: "a proxy's 404", id: unknownID, fault: providertest.Respond(404, "text/html", "<h1>Not Found</h1>"), says: "Cannot read the %s invoice", reads: 1},
	}
	each(t, func(t *testing.T, g specimen) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				s := providertest.NewEnv(t)
				if test.fault != nil {
					s.Intercept(providertest.InjectFault(-1, every(reads), test.fault))
				}
				w := s.Workspace(g.data("invoice", "it", byID(test.id(g))), "max_retries = 0")
				r := w.Apply()
				r.Fails(1)
				r.Find("error", fmt.Sprintf(test.says, g.Title))
				if n := g.count(s, g.Requests.Read); n < test.reads || test.reads == 0 && n > 0 {
					t.Errorf("%d reads, want %d", n, test.reads)
				}
				if len(w.State()) != 0 {
					t.Error("the state has an invoice")
				}
			})
		}
	})
}

// TestInvoiceDataUnconfigured: without credentials one error says which,
// whatever is to be read.
func TestInvoiceDataUnconfigured(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		blocks := map[string]string{"invoice": g.data("invoice", "it", byID(g.UnknownID))}
		if g.Listing != nil {
			blocks["invoices"] = g.data("invoices", "it", firstDay(g))
		}
		for kind, block := range blocks {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				r := providertest.NewWorkspace(t, block).Plan()
				r.Fails(1)
				r.Find("error", g.Title+" is not configured correctly", g.Name+".", strings.ToUpper(g.Name)+"_")
			})
		}
	})
}

// TestInvoiceStatusDataUnconfigured: so does the data source that only CryptoCloud
// has.
func TestInvoiceStatusDataUnconfigured(t *testing.T) {
	t.Parallel()
	g := cryptocloudSpecimen
	r := providertest.NewWorkspace(t, g.data("invoice_status", "it", byID(g.UnknownID))).Plan()
	r.Fails(1)
	r.Find("error", g.Title+" is not configured correctly", "cryptocloud.", "CRYPTOCLOUD_")
}

// TestInvoiceDataBareID: CryptoCloud's ids are accepted without INV-, and stay
// as they were typed.
func TestInvoiceDataBareID(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("cryptocloud")
	s := providertest.NewEnv(t)
	id := g.createElsewhere(t, s, g.all()).Text("id")
	bare := strings.TrimPrefix(id, "INV-")
	w := s.Workspace(g.data("invoice", "it", byID(bare)))
	w.Apply().SucceedsQuietly()
	if d := w.Resource(g.dataOf("invoice", "it")); d.Text("id") != bare || d.Text("order_id") != "order elsewhere" {
		t.Errorf("read %v", d.Values)
	}
	s.ExpectCalls(g.Name, g.calls(g.Requests.Read)...)
}

// checksStatus is the request of CryptoCloud's old API.
const checksStatus = "GET /v1/invoice/info"

// TestStatusCheck: every word of the old API, one request each.
func TestStatusCheck(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("cryptocloud")
	tests := map[string]struct {
		event         simulator.Event
		status, phase string
	}{
		"created":  {"", "created", "open"},
		"paid":     {simulator.Pay, "paid", "paid"},
		"overpaid": {simulator.Overpay, "paid", "paid"},
		"partial":  {simulator.Underpay, "partial", "underpaid"},
		"canceled": {simulator.Cancel, "canceled", "canceled"},
		"expired":  {simulator.Expire, "canceled", "canceled"},
	}
	s := providertest.NewEnv(t)
	var shop, config strings.Builder
	for name := range tests {
		shop.WriteString(g.resource(name, g.fewest()))
	}
	made := s.Workspace(shop.String())
	made.Apply().Succeeds()
	invoices := made.State()
	for name, test := range tests {
		id := invoices[g.address(name)].Text("id")
		if test.event != "" {
			s.Trigger(g.Name, id, test.event)
		}
		config.WriteString(g.data("invoice_status", name, byID(id)) + g.data("invoice_status", name+"_bare", byID(strings.TrimPrefix(id, "INV-"))))
	}
	s.Calls(g.Name)

	w := s.Workspace(config.String())
	w.Apply().SucceedsQuietly()
	s.ExpectCalls(g.Name, slices.Repeat([]string{checksStatus}, 2*len(tests))...)
	checked := w.State()
	for name, test := range tests {
		id := invoices[g.address(name)].Text("id")
		for name, id := range map[string]string{name: id, name + "_bare": strings.TrimPrefix(id, "INV-")} {
			expectValues(t, checked[g.dataOf("invoice_status", name)].Values, map[string]any{"id": id, "status": test.status, "phase": test.phase})
		}
	}

	// Whether it has a word for an overpaid invoice is not documented.
	s.Behave(cryptocloud.Behaviour{V1Overpaid: true})
	w.Apply().SucceedsQuietly()
	if it := w.Resource(g.dataOf("invoice_status", "overpaid")); it.Text("status") != "overpaid" || it.Text("phase") != "overpaid" {
		t.Errorf("overpaid is %v", it.Values)
	}
}

// TestStatusCheckErrors: a response without a status is an error; a word that is
// not documented is shown as it is.
func TestStatusCheckErrors(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("cryptocloud")
	tests := []struct {
		name  string
		id    string
		fault providertest.Fault
		says  []string // nil for success
		calls int
	}{
		{name: "unknown id", id: "INV-NOTTHERE", says: []string{"INV-NOTTHERE", "Invoice not found", "Check the id"}, calls: 1},
		{name: "no id", id: "INV-", says: []string{"not a CryptoCloud invoice id"}},
		{name: "unauthorized", id: "INV-NOTTHERE", fault: providertest.Respond(401, "application/json", `{"message":"Unauthenticated."}`), says: []string{"INV-NOTTHERE", "rejected the credentials", "CRYPTOCLOUD_API_KEY"}, calls: 1},
		{name: "a page", id: "INV-NOTTHERE", fault: providertest.Respond(200, "text/html", "<h1>Welcome</h1>"), says: []string{"INV-NOTTHERE", "probably did not come from the gateway"}, calls: 1},
		{name: "no word", id: "INV-NOTTHERE", fault: providertest.Respond(200, "application/json", `{"status":"success"}`), says: []string{"lacks status_invoice"}, calls: 1},
		{name: "a new word", id: "INV-NOTTHERE", fault: providertest.Respond(200, "application/json", `{"status":"success","status_invoice":"frozen"}`), calls: 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t)
			if test.fault != nil {
				s.Intercept(providertest.InjectFault(-1, every(func(requests) string { return checksStatus }), test.fault))
			}
			w := s.Workspace(g.data("invoice_status", "it", byID(test.id)))
			r := w.Apply()
			if n := g.count(s, checksStatus); n != test.calls {
				t.Errorf("%d requests, want %d", n, test.calls)
			}
			if test.says == nil {
				r.SucceedsQuietly()
				expectValues(t, w.Resource(g.dataOf("invoice_status", "it")).Values, map[string]any{"id": test.id, "status": "frozen", "phase": "unknown"})
				return
			}
			r.Fails(1)
			r.Find("error", test.says...)
		})
	}
}
