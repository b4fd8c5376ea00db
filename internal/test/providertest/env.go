// Package providertest runs the provider with real Terraform against simulated
// gateways, and records the requests that reached them.
package providertest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// Env is a set of simulated gateways on real sockets, and the provider's
// configuration for them.
type Env struct {
	*sandboxtest.Server
	t    *testing.T
	seen map[string]int
}

// NewEnv serves new simulated gateways until the test ends. The behaviours
// are those of sandbox.WithBehaviour.
func NewEnv(t *testing.T, behaviours ...any) *Env {
	t.Helper()
	return &Env{Server: sandboxtest.Start(t, behaviours...), t: t, seen: map[string]int{}}
}

// Config is a configuration of the provider for these gateways, followed by body.
// Settings are further lines of the provider block.
func (s *Env) Config(body string, settings ...string) string {
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

// Calls are the requests to a gateway since the last Calls, as method and path,
// with the ids that are no part of the API written as {id}.
func (s *Env) Calls(gateway string) []string {
	s.t.Helper()
	all := s.Requests(gateway)
	var calls []string
	for _, r := range all[s.seen[gateway]:] {
		calls = append(calls, withoutID(gateway, r))
	}
	s.seen[gateway] = len(all)
	return calls
}

// withoutID replaces the id in a request's path.
func withoutID(gateway string, r sandboxtest.Request) string {
	for _, request := range gatewaytest.Named(gateway).Requests.All() {
		if gatewaytest.Matches(request, r.Method, r.Path) {
			return request
		}
	}
	return r.Method + " " + r.Path
}

// ExpectCalls checks that these requests, and no others, were made since the last check.
func (s *Env) ExpectCalls(gateway string, want ...string) {
	s.t.Helper()
	if got := s.Calls(gateway); !slices.Equal(got, want) {
		s.t.Errorf("requests to %s:\n  got  %s\n  want %s", gateway, strings.Join(got, "\n       "), strings.Join(want, "\n       "))
	}
}

// Reset clears the recorded requests and removes the faults.
func (s *Env) Reset() {
	s.t.Helper()
	s.Server.Reset()
	s.seen = map[string]int{}
}

// Count returns the number of requests to a gateway with this method and end of the path.
func (s *Env) Count(gateway, method, pathEnd string) int {
	n := 0
	for _, r := range s.Requests(gateway) {
		if r.Method == method && strings.HasSuffix(r.Path, pathEnd) {
			n++
		}
	}
	return n
}

// Trigger triggers an event for an invoice, such as its payment.
func (s *Env) Trigger(gateway, id string, event simulator.Event) {
	s.t.Helper()
	if _, err := s.Sandbox.Trigger(context.Background(), gateway, id, event, ""); err != nil {
		s.t.Fatalf("%s of %s: %v", event, id, err)
	}
}

// ExpectNoCancel checks that no invoice was canceled: request is the method and path of a
// cancel.
func (s *Env) ExpectNoCancel(gateway, request string) {
	s.t.Helper()
	for _, r := range s.Requests(gateway) {
		if gatewaytest.Matches(request, r.Method, r.Path) {
			s.t.Errorf("%s was requested %s %s", gateway, r.Method, r.Path)
		}
	}
}
