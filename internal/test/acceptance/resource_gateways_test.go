package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// specimens are all gateways. What the resources of all have in common is
// tested with each of them.
var specimens = func() (all []specimen) {
	for _, s := range gatewaytest.Specimens() {
		all = append(all, specimen{s})
	}
	return all
}()

// specimen is a gateway as these tests use it.
type specimen struct{ gatewaytest.Specimen }

type (
	argument = gatewaytest.Argument
	requests = gatewaytest.Requests
)

// gatewayNamed is the specimen with a name.
func gatewayNamed(name string) specimen { return specimen{gatewaytest.Named(name)} }

// inProcess returns a client of the simulated gateway whose requests are not recorded.
func (g specimen) inProcess(t *testing.T, s *providertest.Env) *gatewaytest.Client {
	t.Helper()
	client, err := g.InProcess(s.Sandbox)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// facts reads an invoice from the simulated gateway.
func (g specimen) facts(t *testing.T, s *providertest.Env, id string) gateway.Facts {
	t.Helper()
	facts, err := g.inProcess(t, s).Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// expressions are arguments of a resource by name.
type expressions map[string]string

// all are all arguments.
func (g specimen) all() expressions {
	values := expressions{}
	for _, a := range g.Arguments {
		values[a.Name] = a.Value
	}
	return values
}

// fewest are the required arguments.
func (g specimen) fewest() expressions {
	values := expressions{}
	for _, a := range g.Arguments {
		if a.Required {
			values[a.Name] = a.Value
		}
	}
	return values
}

// argument is the argument with a name.
func (g specimen) argument(name string) argument {
	return g.Arguments[slices.IndexFunc(g.Arguments, func(a argument) bool { return a.Name == name })]
}

// with is a copy with further arguments, given as names and expressions.
func (e expressions) with(arguments ...string) expressions {
	changed := maps.Clone(e)
	for pair := range slices.Chunk(arguments, 2) {
		changed[pair[0]] = pair[1]
	}
	return changed
}

// without is a copy without some arguments.
func (e expressions) without(names ...string) expressions {
	changed := maps.Clone(e)
	maps.DeleteFunc(changed, func(name, _ string) bool { return slices.Contains(names, name) })
	return changed
}

// resource is the block of a resource.
func (g specimen) resource(name string, arguments expressions) string {
	var lines strings.Builder
	for _, argument := range slices.Sorted(maps.Keys(arguments)) {
		fmt.Fprintf(&lines, "  %s = %s\n", argument, strings.ReplaceAll(arguments[argument], "NAME", name))
	}
	return fmt.Sprintf("resource \"payinvoice_%s_invoice\" %q {\n%s}\n", g.Name, name, &lines)
}

// allGateways are resources of all gateways, each called it.
func allGateways(arguments func(specimen) expressions) string {
	var config strings.Builder
	for _, g := range specimens {
		config.WriteString(g.resource("it", arguments(g)))
	}
	return config.String()
}

// list is an expression for a list of texts.
func list[T ~string](texts ...T) string {
	var quoted []string
	for _, text := range texts {
		quoted = append(quoted, strconv.Quote(string(text)))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// address is that of a resource of the gateway.
func (g specimen) address(name string) string { return "payinvoice_" + g.Name + "_invoice." + name }

// calls are the requests of one command as Env lists them: with a login
// before where the gateway needs one, and without those that are "".
func (g specimen) calls(requests ...string) []string {
	calls := slices.DeleteFunc(requests, func(request string) bool { return request == "" })
	if g.Requests.Login != "" && len(calls) > 0 {
		return slices.Insert(calls, 0, g.Requests.Login)
	}
	return calls
}

// adopted are the requests of a create that adopts what a search finds.
func (g specimen) adopted() []string {
	if g.ReadsBack {
		return g.calls(g.Requests.Find, g.Requests.Read)
	}
	return g.calls(g.Requests.Find)
}

// expectOnly checks that these requests were made since the last look, how often
// and in which order so ever, and no others: reads that happen at the same time
// may be joined.
func (g specimen) expectOnly(t *testing.T, s *providertest.Env, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := s.Calls(g.Name); !slices.Equal(slices.Compact(slices.Sorted(slices.Values(got))), want) {
		t.Errorf("requests to %s: %q, which are not only %q", g.Name, got, want)
	}
}

// idsIn is how many ids of invoices a text names.
func (g specimen) idsIn(text string) int {
	n := 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,.:()\n", r) }) {
		if matches(word, g.Computed["id"]) {
			n++
		}
	}
	return n
}

// created are the requests that make an invoice.
func (g specimen) created(arguments expressions) []string {
	var before, after string
	if _, given := arguments[g.Reference]; given && g.LooksFirst {
		before = g.Requests.Find
	}
	if g.ReadsBack {
		after = g.Requests.Read
	}
	return g.calls(before, g.Requests.Create, after)
}

// threeMinutesAgo runs happen three minutes ago by the gateways' clocks: a gateway's
// response about a new invoice proves nothing.
func threeMinutesAgo(s *providertest.Env, happen func()) {
	now := time.Now()
	s.Set(now.Add(-3 * time.Minute))
	happen()
	s.Set(now)
}

// canceled are the requests that cancel an invoice that is open.
func (g specimen) canceled() []string {
	if g.CancelShows {
		return g.calls(g.Requests.Read, g.Requests.Cancel)
	}
	return g.calls(g.Requests.Read, g.Requests.Cancel, g.Requests.Read)
}

// every chooses the requests of an operation at all gateways.
func every(operation func(requests) string) providertest.Matcher {
	return func(r *http.Request) bool {
		return slices.ContainsFunc(specimens, func(g specimen) bool { return gatewaytest.Matches(operation(g.Requests), r.Method, r.URL.Path) })
	}
}

// only chooses a request.
func only(request string) providertest.Matcher {
	return func(r *http.Request) bool { return gatewaytest.Matches(request, r.Method, r.URL.Path) }
}

// specimenOf is the gateway that a request is meant for.
func specimenOf(r *http.Request) specimen {
	i := slices.IndexFunc(specimens, func(g specimen) bool {
		return slices.ContainsFunc(g.Requests.All(), func(request string) bool { return gatewaytest.Matches(request, r.Method, r.URL.Path) })
	})
	return specimens[i]
}

// count is how many of all requests to the gateway were this one.
func (g specimen) count(s *providertest.Env, request string) int {
	n := 0
	for _, r := range s.Requests(g.Name) {
		if gatewaytest.Matches(request, r.Method, r.Path) {
			n++
		}
	}
	return n
}

func creates(r requests) string { return r.Create }
func reads(r requests) string   { return r.Read }
func cancels(r requests) string { return r.Cancel }

// readable are the behaviours that make all responses fit for a rewrite.
func readable(behaviours ...any) []any {
	for _, g := range specimens {
		if g.Readable != nil {
			behaviours = append(behaviours, g.Readable)
		}
	}
	return behaviours
}

// each runs a test with each gateway.
func each(t *testing.T, test func(*testing.T, specimen)) {
	t.Helper()
	for _, g := range specimens {
		t.Run(g.Name, func(t *testing.T) {
			t.Parallel()
			test(t, g)
		})
	}
}
