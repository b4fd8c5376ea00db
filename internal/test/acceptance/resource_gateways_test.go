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
	Name, Title string
	// credentials are the settings without which the gateway cannot be used, as
	// the simulated one wants them. It has an endpoint of its own, or none.
	Credentials map[string]string
	NoEndpoint  bool
	// arguments are all that a create sends.
	Arguments []argument
	// reference is the argument that holds the merchant's reference.
	Reference string
	// currency is the argument that holds the currency of the amount; "" when
	// there is only one.
	Currency string
	// finds says that the gateway can be searched for a reference.
	Finds bool
	// looksFirst says that a create with a reference of the user's looks for
	// it first, since the gateway may answer with an older invoice.
	LooksFirst bool
	// retries401 says that a read which is answered with 401 is tried once more:
	// with a new login, or with another reading of the rule for signatures.
	Retries401 bool
	// guessed are arguments that an import may get wrong.
	Guessed []string
	// readsBack says that a create is followed by a read.
	ReadsBack bool
	// checks is the request that shows that the account is answered; "" where none is
	// made.
	Checks string
	// unknownMoves says that an invoice shows that it was paid, whatever its status.
	UnknownMoves bool
	// cancelShows says that the answer to a cancel is the whole invoice, so that no
	// read confirms it.
	CancelShows bool
	Requests    requests
	// events are those that the gateway knows, and what they lead to.
	Events map[simulator.Event]word
	// lateIsCanceled says that an invoice past its deadline is still unpaid to
	// the gateway, so that destroy cancels it.
	LateIsCanceled bool
	// refund is the event that returns what was paid; "" where there is none.
	Refund simulator.Event
	// link is checkout_url's name in an answer, and status that of status.
	Link, Status string
	// open is the status of a new invoice in an answer, and undocumented one
	// that nobody knows.
	Open, Undocumented any
	// computed are the attributes of a new invoice besides the arguments: with
	// all arguments, and with the least, where those differ or are added.
	Computed, Least map[string]any
	// paid are the attributes that a payment changes.
	Paid map[string]any
	// readable is the behaviour of the simulator that makes its answers fit for
	// a rewrite; nil where they are anyway.
	Readable any
	// connect makes a client of the simulated gateway.
	Connect func(transport.Config) (lookup, error)
}

// lookup asks a gateway what it says of an invoice.
type lookup func(ctx context.Context, id string) (gateway.Facts, error)

// argument is an argument of a resource. Its values are expressions, in which
// NAME stands for the name of the resource.
type argument struct {
	Name         string
	Value, Other string
	// same is another spelling of value; "" when there is none.
	Same     string
	Required bool
	// needs are the arguments without which this one is refused.
	Needs []string
}

// requests are a method and a path for each operation; {id} stands for an id.
// One that the gateway does not have is "".
type requests struct{ Login, Create, Read, Cancel, Find string }

// word is a gateway's status and what it means.
type word struct {
	Status string
	Phase  gateway.Phase
	// pays says that money moves although the phase is still open.
	Pays bool
}

// moves reports whether money has moved after that.
func (w word) moves() bool { return w.Pays || w.Phase.MoneyMoved() }

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
	endpoint, err := transport.ParseEndpoint(sandbox.Endpoint(g.Name))
	if err != nil {
		t.Fatal(err)
	}
	ask, err := g.Connect(transport.Config{Endpoint: endpoint, RoundTripper: s.Sandbox.Transport()})
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

// calls are the requests of one command as a stage lists them: with a login
// before where the gateway needs one, and without those that are "".
func (g specimen) calls(requests ...string) []string {
	calls := slices.DeleteFunc(requests, func(request string) bool { return request == "" })
	if g.Requests.Login != "" && len(calls) > 0 {
		return slices.Insert(calls, 0, g.Requests.Login)
	}
	return calls
}

// expectOnly checks that these requests were made since the last look, how often
// and in which order so ever, and no others: reads that happen at the same time
// may be joined.
func (g specimen) expectOnly(t *testing.T, s *providertest.Stage, want ...string) {
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
	if g.CancelShows {
		return g.calls(g.Requests.Read, g.Requests.Cancel)
	}
	return g.calls(g.Requests.Read, g.Requests.Cancel, g.Requests.Read)
}

// is reports whether a method and a path are those of a request.
func is(method, url, request string) bool {
	matches, err := path.Match(strings.ReplaceAll(request, "{id}", "*"), method+" "+url)
	return err == nil && matches
}

// every chooses the requests of an operation at all gateways.
func every(operation func(requests) string) providertest.Chosen {
	return func(r *http.Request) bool {
		return slices.ContainsFunc(specimens, func(g specimen) bool { return is(r.Method, r.URL.Path, operation(g.Requests)) })
	}
}

// only chooses a request.
func only(request string) providertest.Chosen {
	return func(r *http.Request) bool { return is(r.Method, r.URL.Path, request) }
}

// specimenOf is the gateway that a request is meant for.
func specimenOf(r *http.Request) specimen {
	i := slices.IndexFunc(specimens, func(g specimen) bool {
		all := []string{g.Requests.Login, g.Requests.Create, g.Requests.Read, g.Requests.Cancel, g.Requests.Find}
		return slices.ContainsFunc(all, func(request string) bool { return is(r.Method, r.URL.Path, request) })
	})
	return specimens[i]
}

// count is how many of all requests to the gateway were this one.
func (g specimen) count(s *providertest.Stage, request string) int {
	n := 0
	for _, r := range s.Requests(g.Name) {
		if is(r.Method, r.Path, request) {
			n++
		}
	}
	return n
}

func creates(r requests) string { return r.Create }
func reads(r requests) string   { return r.Read }
func cancels(r requests) string { return r.Cancel }

// readable are the behaviours that make all answers fit for a rewrite.
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
