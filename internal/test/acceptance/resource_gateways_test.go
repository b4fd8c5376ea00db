package acceptance

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// specimens are all gateways. What the resources of all have in common is
// tested with each of them; one more gateway costs one more specimen.
var specimens = []specimen{cryptocloudSpecimen, hesabeSpecimen, xpaysSpecimen, meumSpecimen}

// specimen is what those tests must know of a gateway.
type specimen struct {
	name, title string
	// credentials are the settings without which the gateway cannot be used, as
	// the simulated one wants them. It has an endpoint of its own, or none.
	credentials map[string]string
	noEndpoint  bool
	// arguments are all that a create sends.
	arguments []argument
	// reference is the argument that holds the merchant's reference.
	reference string
	// currency is the argument that holds the currency of the amount; "" when
	// there is only one.
	currency string
	// finds says that the gateway can be searched for a reference.
	finds bool
	// looksFirst says that a create with a reference of the user's looks for
	// it first, since the gateway may answer with an older invoice.
	looksFirst bool
	// retries401 says that a read which is answered with 401 is tried once more:
	// with a new login, or with another reading of the rule for signatures.
	retries401 bool
	// guessed are arguments that an import may get wrong.
	guessed []string
	// readsBack says that a create is followed by a read.
	readsBack bool
	// checks is the request that shows that the account is answered; "" where none is
	// made.
	checks string
	// unknownMoves says that an invoice shows that it was paid, whatever its status.
	unknownMoves bool
	// cancelShows says that the answer to a cancel is the whole invoice, so that no
	// read confirms it.
	cancelShows bool
	requests    requests
	// events are those that the gateway knows, and what they lead to.
	events map[simulator.Event]word
	// lateIsCanceled says that an invoice past its deadline is still unpaid to
	// the gateway, so that destroy cancels it.
	lateIsCanceled bool
	// refund is the event that returns what was paid; "" where there is none.
	refund simulator.Event
	// link is checkout_url's name in an answer, and status that of status.
	link, status string
	// open is the status of a new invoice in an answer, and undocumented one
	// that nobody knows.
	open, undocumented any
	// computed are the attributes of a new invoice besides the arguments: with
	// all arguments, and with the least, where those differ or are added.
	computed, least map[string]any
	// paid are the attributes that a payment changes.
	paid map[string]any
	// readable is the behaviour of the simulator that makes its answers fit for
	// a rewrite; nil where they are anyway.
	readable any
	// connect makes a client of the simulated gateway.
	connect func(transport.Config) (lookup, error)
}

// lookup asks a gateway what it says of an invoice.
type lookup func(ctx context.Context, id string) (gateway.Facts, error)

// argument is an argument of a resource. Its values are expressions, in which
// NAME stands for the name of the resource.
type argument struct {
	name         string
	value, other string
	// same is another spelling of value; "" when there is none.
	same     string
	required bool
	// needs are the arguments without which this one is refused.
	needs []string
}

// requests are a method and a path for each operation; {id} stands for an id.
// One that the gateway does not have is "".
type requests struct{ login, create, read, cancel, find string }

// word is a gateway's status and what it means.
type word struct {
	status string
	phase  gateway.Phase
	// pays says that money moves although the phase is still open.
	pays bool
}

// moves reports whether money has moved after that.
func (w word) moves() bool { return w.pays || w.phase.MoneyMoved() }

var (
	anInstant = regexp.MustCompile(`^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?Z$`)
	aUUID     = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	generated = regexp.MustCompile(`^tf-[a-z2-7]{26}$`)
)

// lookupWith makes a lookup of a gateway's client.
func lookupWith[Spec any, Inv gateway.Invoice](client gateway.Gateway[Spec, Inv]) lookup {
	return func(ctx context.Context, id string) (gateway.Facts, error) {
		inv, err := client.Get(ctx, id)
		if err != nil {
			return gateway.Facts{}, err
		}
		return inv.Facts(time.Now()), nil
	}
}

// ask is what the simulated gateway says of an invoice. It leaves no trace in
// the requests.
func (g specimen) ask(t *testing.T, s *providertest.Stage, id string) gateway.Facts {
	t.Helper()
	endpoint, err := transport.ParseEndpoint(sandbox.Endpoint(g.name))
	if err != nil {
		t.Fatal(err)
	}
	ask, err := g.connect(transport.Config{Endpoint: endpoint, RoundTripper: s.Sandbox.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	facts, err := ask(t.Context(), id)
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
	for _, a := range g.arguments {
		values[a.name] = a.value
	}
	return values
}

// fewest are the required arguments.
func (g specimen) fewest() expressions {
	values := expressions{}
	for _, a := range g.arguments {
		if a.required {
			values[a.name] = a.value
		}
	}
	return values
}

// argument is the argument with a name.
func (g specimen) argument(name string) argument {
	return g.arguments[slices.IndexFunc(g.arguments, func(a argument) bool { return a.name == name })]
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
	return fmt.Sprintf("resource \"payinvoice_%s_invoice\" %q {\n%s}\n", g.name, name, &lines)
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
func (g specimen) address(name string) string { return "payinvoice_" + g.name + "_invoice." + name }

// calls are the requests of one command as a stage lists them: with a login
// before where the gateway needs one, and without those that are "".
func (g specimen) calls(requests ...string) []string {
	calls := slices.DeleteFunc(requests, func(request string) bool { return request == "" })
	if g.requests.login != "" && len(calls) > 0 {
		return slices.Insert(calls, 0, g.requests.login)
	}
	return calls
}

// expectOnly checks that these requests were made since the last look, how often
// and in which order so ever, and no others: reads that happen at the same time
// may be joined.
func (g specimen) expectOnly(t *testing.T, s *providertest.Stage, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := s.Calls(g.name); !slices.Equal(slices.Compact(slices.Sorted(slices.Values(got))), want) {
		t.Errorf("requests to %s: %q, which are not only %q", g.name, got, want)
	}
}

// idsIn is how many ids of invoices a text names.
func (g specimen) idsIn(text string) int {
	n := 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,.:()\n", r) }) {
		if matches(word, g.computed["id"]) {
			n++
		}
	}
	return n
}

// created are the requests that make an invoice.
func (g specimen) created(arguments expressions) []string {
	var before, after string
	if _, given := arguments[g.reference]; given && g.looksFirst {
		before = g.requests.find
	}
	if g.readsBack {
		after = g.requests.read
	}
	return g.calls(before, g.requests.create, after)
}

// aged lets something happen three minutes ago by the gateways' clocks: what they say of
// an invoice that was made just now proves nothing.
func aged(s *providertest.Stage, happen func()) {
	now := time.Now()
	s.Set(now.Add(-3 * time.Minute))
	happen()
	s.Set(now)
}

// canceled are the requests that cancel an invoice that is open.
func (g specimen) canceled() []string {
	if g.cancelShows {
		return g.calls(g.requests.read, g.requests.cancel)
	}
	return g.calls(g.requests.read, g.requests.cancel, g.requests.read)
}

// is reports whether a method and a path are those of a request.
func is(method, url, request string) bool {
	matches, err := path.Match(strings.ReplaceAll(request, "{id}", "*"), method+" "+url)
	return err == nil && matches
}

// every chooses the requests of an operation at all gateways.
func every(operation func(requests) string) providertest.Chosen {
	return func(r *http.Request) bool {
		return slices.ContainsFunc(specimens, func(g specimen) bool { return is(r.Method, r.URL.Path, operation(g.requests)) })
	}
}

// only chooses a request.
func only(request string) providertest.Chosen {
	return func(r *http.Request) bool { return is(r.Method, r.URL.Path, request) }
}

// specimenOf is the gateway that a request is meant for.
func specimenOf(r *http.Request) specimen {
	i := slices.IndexFunc(specimens, func(g specimen) bool {
		all := []string{g.requests.login, g.requests.create, g.requests.read, g.requests.cancel, g.requests.find}
		return slices.ContainsFunc(all, func(request string) bool { return is(r.Method, r.URL.Path, request) })
	})
	return specimens[i]
}

// count is how many of all requests to the gateway were this one.
func (g specimen) count(s *providertest.Stage, request string) int {
	n := 0
	for _, r := range s.Requests(g.name) {
		if is(r.Method, r.Path, request) {
			n++
		}
	}
	return n
}

func creates(r requests) string { return r.create }
func reads(r requests) string   { return r.read }
func cancels(r requests) string { return r.cancel }

// readable are the behaviours that make all answers fit for a rewrite.
func readable(behaviours ...any) []any {
	for _, g := range specimens {
		if g.readable != nil {
			behaviours = append(behaviours, g.readable)
		}
	}
	return behaviours
}

// each runs a test with each gateway.
func each(t *testing.T, test func(*testing.T, specimen)) {
	t.Helper()
	for _, g := range specimens {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			test(t, g)
		})
	}
}
