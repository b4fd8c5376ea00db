package chaos

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// profile is a gateway under test.
type profile struct{ gatewaytest.Specimen }

var profiles = func() (all []profile) {
	for _, g := range gatewaytest.Specimens() {
		all = append(all, profile{g})
	}
	return all
}()

// finders are the gateways that can find an invoice by its reference.
func finders() []profile {
	return slices.DeleteFunc(slices.Clone(profiles), func(p profile) bool { return !p.Finds })
}

func profileOf(name string) profile { return profile{gatewaytest.Named(name)} }

// address is the one resource of most configurations.
func (p profile) address() string { return "payinvoice_" + p.Name + "_invoice.it" }

// resource is a block with further lines.
func (p profile) resource(lines ...string) string {
	return fmt.Sprintf("resource \"payinvoice_%s_invoice\" \"it\" {\n  amount = \"10.5\"\n  %s\n  %s\n}\n", p.Name, p.Required(), strings.Join(lines, "\n  "))
}

// referenceArgument is the line that sets the reference; a text without interpolation.
func (p profile) referenceArgument(reference string) string {
	return fmt.Sprintf("%s = %q", p.Reference, reference)
}

// provider is the provider's block. Credentials and endpoints are in the
// environment.
func provider(timeout time.Duration, retries int) string {
	return fmt.Sprintf("provider \"payinvoice\" {\n  request_timeout = %q\n  max_retries = %d\n}\n", timeout, retries)
}

// variable is the environment variable of a setting.
func variable(gateway, setting, value string) string {
	return strings.ToUpper(gateway+"_"+setting) + "=" + value
}

// environment has the settings of the gateway.
func (p profile) environment(endpoint string) []string {
	return p.Environment(endpoint, p.Settings())
}

// env is one simulated gateway, the faults in front of it, and its ledger.
type env struct {
	*sandboxtest.Server
	profile
	faults   *faults.Injector
	honeypot *faults.Honeypot
	ledger   ledger
}

// newEnv serves a new gateway until the test ends.
func newEnv(t *testing.T, p profile, behaviours ...any) *env {
	t.Helper()
	return newEnvWith(t, p, nil, behaviours...)
}

// newEnvWith puts middleware, which may be nil, behind the faults: those that break
// a connection off, or never end, need the connection itself.
func newEnvWith(t *testing.T, p profile, middleware func(http.Handler) http.Handler, behaviours ...any) *env {
	t.Helper()
	s := &env{Server: sandboxtest.Start(t, behaviours...), profile: p, faults: faults.New(), honeypot: faults.NewHoneypot()}
	t.Cleanup(func() {
		s.faults.Disarm()
		s.honeypot.Close()
		if n := s.honeypot.Connections(); n > 0 {
			t.Errorf("a redirect was followed: the other host was contacted %d times", n)
		}
	})
	client, err := p.InProcess(s.Sandbox)
	if err != nil {
		t.Fatal(err)
	}
	s.ledger = ledger{server: s.Server, gateway: p, client: client}
	s.Intercept(s.ledger.record)
	if middleware != nil {
		s.Intercept(middleware)
	}
	s.Intercept(s.faults.Wrap)
	return s
}

// workspace makes a workspace for the gateway.
func (s *env) workspace(t *testing.T, config string, variables ...string) *workspace {
	t.Helper()
	return newWorkspace(t, config, append(s.environment(s.URL(s.Name)), variables...)...)
}

// count is how many requests of an operation came in.
func (s *env) count(operation string) int {
	n, o := 0, faults.Of(s.Name, operation)
	for _, r := range s.Requests(s.Name) {
		if o.Matches(&http.Request{Method: r.Method, URL: &url.URL{Path: r.Path}}) {
			n++
		}
	}
	return n
}
