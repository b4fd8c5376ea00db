// Package providertest runs the provider with real Terraform against simulated
// gateways, and tells which requests reached them.
package providertest

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/pluginserver"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// Stage is a set of simulated gateways on real sockets, and the provider's
// configuration for them.
type Stage struct {
	*sandboxtest.Server
	t    *testing.T
	seen map[string]int
}

// NewStage serves new simulated gateways until the test ends. The behaviours
// are those of sandbox.WithBehaviour.
func NewStage(t *testing.T, behaviours ...any) *Stage {
	t.Helper()
	return &Stage{Server: sandboxtest.Start(t, behaviours...), t: t, seen: map[string]int{}}
}

// Factories serve the provider inside the test's process, as a release does.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"payinvoice": func() (tfprotov6.ProviderServer, error) { return pluginserver.New(provider.New("test")()), nil },
	}
}

// Config is a configuration of the provider for the stage, and what follows.
// Settings are further lines of the provider block.
func (s *Stage) Config(body string, settings ...string) string {
	var gateways strings.Builder
	for _, g := range gatewaytest.Specimens() {
		settings := g.Settings()
		settings["endpoint"] = s.URL(g.Name)
		fmt.Fprintf(&gateways, "  %s = {\n", g.Name)
		for _, name := range slices.Sorted(maps.Keys(settings)) {
			fmt.Fprintf(&gateways, "    %s = %q\n", name, settings[name])
		}
		gateways.WriteString("  }\n")
	}
	return fmt.Sprintf("\nprovider \"payinvoice\" {\n%s  %s\n}\n%s", &gateways, strings.Join(settings, "\n  "), body)
}

// Run runs the steps with real Terraform. Versions below least skip the test
// visibly; nil accepts any.
func (s *Stage) Run(least *version.Version, steps ...resource.TestStep) {
	s.t.Helper()
	test := resource.TestCase{ProtoV6ProviderFactories: Factories(), Steps: steps}
	if least != nil {
		test.TerraformVersionChecks = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(least)}
	}
	resource.UnitTest(s.t, test)
}

// Calls are the requests to a gateway since the last Calls, as method and path,
// with the ids that are no part of the API written as {id}.
func (s *Stage) Calls(gateway string) []string {
	s.t.Helper()
	all := s.Requests(gateway)
	var calls []string
	for _, r := range all[s.seen[gateway]:] {
		calls = append(calls, anonymous(gateway, r))
	}
	s.seen[gateway] = len(all)
	return calls
}

// anonymous replaces the id in a request's path.
func anonymous(gateway string, r sandboxtest.Request) string {
	for _, request := range gatewaytest.Named(gateway).Requests.All() {
		if gatewaytest.Matches(request, r.Method, r.Path) {
			return request
		}
	}
	return r.Method + " " + r.Path
}

// ExpectCalls is a check that these requests, and no others, were made since
// the last look.
func (s *Stage) ExpectCalls(gateway string, want ...string) {
	s.t.Helper()
	if got := s.Calls(gateway); !slices.Equal(got, want) {
		s.t.Errorf("requests to %s:\n  got  %s\n  want %s", gateway, strings.Join(got, "\n       "), strings.Join(want, "\n       "))
	}
}

// Reset is that of the server: nothing was asked yet, and nothing is upset.
func (s *Stage) Reset() {
	s.t.Helper()
	s.Server.Reset()
	s.seen = map[string]int{}
}

// Count is how many of all requests to a gateway have a method and a path that
// ends so.
func (s *Stage) Count(gateway, method, pathEnd string) int {
	n := 0
	for _, r := range s.Requests(gateway) {
		if r.Method == method && strings.HasSuffix(r.Path, pathEnd) {
			n++
		}
	}
	return n
}

// Happens makes a step's PreConfig that lets something happen to the invoice
// whose id the pointer holds by then.
func (s *Stage) Happens(gateway string, id *string, event simulator.Event) func() {
	return func() {
		s.t.Helper()
		if _, err := s.Sandbox.Trigger(context.Background(), gateway, *id, event, ""); err != nil {
			s.t.Fatalf("%s of %s: %v", event, *id, err)
		}
	}
}

// Remember is a check that stores an attribute of a resource.
func Remember(address, attribute string, into *string) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		r, ok := state.RootModule().Resources[address]
		if !ok {
			return fmt.Errorf("%s is not in state", address)
		}
		value, ok := r.Primary.Attributes[attribute]
		if !ok {
			return fmt.Errorf("%s has no %s", address, attribute)
		}
		*into = value
		return nil
	}
}

// Lose makes middleware that handles a request and then drops its answer, for
// the requests that a filter chooses, so many times.
func Lose(times int, chosen func(*http.Request) bool) func(http.Handler) http.Handler {
	left := make(chan struct{}, times)
	for range times {
		left <- struct{}{}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if chosen(r) {
				select {
				case <-left:
					next.ServeHTTP(discard{header: http.Header{}}, r)
					panic(http.ErrAbortHandler)
				default:
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// discard takes an answer that nobody sees.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}
