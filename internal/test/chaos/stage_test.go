package chaos

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	simcryptocloud "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	simhesabe "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	simmeum "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	simxpays "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
)

// profile is what the tests need to know of a gateway.
type profile struct {
	name string
	// reference is the argument with the merchant's reference.
	reference string
	// arguments are those that a resource needs besides amount and reference.
	arguments string
	// finds says that invoices can be found by their reference.
	finds bool
	// credentials are the settings of the provider, and what the simulated
	// gateway accepts as such; secrets are the names of the secret ones.
	credentials map[string]string
	secrets     []string
	// list is a data source's arguments that list everything; "" for none.
	list string
}

var profiles = []profile{
	{
		name: "cryptocloud", reference: "order_id", finds: true,
		credentials: map[string]string{"api_key": simcryptocloud.APIKey, "shop_id": simcryptocloud.ShopID},
		secrets:     []string{"api_key"},
		list:        fmt.Sprintf("start = %q\n  end = %q", time.Now().AddDate(0, 0, -1).Format(time.DateOnly), time.Now().AddDate(0, 0, 1).Format(time.DateOnly)),
	},
	{
		name: "hesabe", reference: "reference_number", finds: true,
		credentials: map[string]string{
			"username": simhesabe.Username, "password": simhesabe.Password, "merchant_code": simhesabe.MerchantCode,
			"access_code": simhesabe.AccessCode, "secret_key": simhesabe.SecretKey, "iv_key": simhesabe.IVKey,
		},
		secrets: []string{"password", "access_code", "secret_key", "iv_key"},
		list:    "search = \"order\"",
	},
	{
		name: "xpays", reference: "order_id",
		arguments:   "from_fiat_currency = \"USD\"\n  to_crypto_currency = \"USDT\"\n  chain = \"tron\"",
		credentials: map[string]string{"api_key": simxpays.APIKey, "secret_key": simxpays.SecretKey},
		secrets:     []string{"api_key", "secret_key"},
	},
	{
		name: "meum", reference: "external_order_id", finds: true,
		credentials: map[string]string{"api_key": simmeum.APIKey},
		secrets:     []string{"api_key"},
		list:        "status = \"awaiting_payment\"",
	},
}

// finders are the gateways that can find an invoice by its reference.
func finders() []profile {
	return slices.DeleteFunc(slices.Clone(profiles), func(p profile) bool { return !p.finds })
}

func profileOf(name string) profile {
	return profiles[slices.IndexFunc(profiles, func(p profile) bool { return p.name == name })]
}

// address is the one resource of most configurations.
func (p profile) address() string { return "payinvoice_" + p.name + "_invoice.it" }

// resource is a block with further lines.
func (p profile) resource(lines ...string) string {
	return fmt.Sprintf("resource \"payinvoice_%s_invoice\" \"it\" {\n  amount = \"10.5\"\n  %s\n  %s\n}\n", p.name, p.arguments, strings.Join(lines, "\n  "))
}

// refer is the line that sets the reference; a text without interpolation.
func (p profile) refer(reference string) string {
	return fmt.Sprintf("%s = %q", p.reference, reference)
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
	variables := []string{variable(p.name, "endpoint", endpoint)}
	for name, value := range p.credentials {
		variables = append(variables, variable(p.name, name, value))
	}
	return variables
}

// stage is one simulated gateway, the faults in front of it, and its books.
type stage struct {
	*sandboxtest.Server
	profile
	faults *faults.Injector
	trap   *faults.Trap
	books  books
}

// newStage serves a new gateway until the test ends.
func newStage(t *testing.T, p profile, behaviours ...any) *stage {
	t.Helper()
	s := &stage{Server: sandboxtest.Start(t, behaviours...), profile: p, faults: faults.New(), trap: faults.NewTrap()}
	t.Cleanup(func() {
		s.faults.Disarm()
		s.trap.Close()
		if n := s.trap.Contacts(); n > 0 {
			t.Errorf("a redirect was followed: the other host was contacted %d times", n)
		}
	})
	s.books = books{server: s.Server, gateway: p.name, lookup: lookupOf(t, s.Server, p.name)}
	s.Intercept(s.books.keep)
	s.Intercept(s.faults.Wrap)
	return s
}

// workspace makes a workspace for the gateway.
func (s *stage) workspace(t *testing.T, config string, variables ...string) *workspace {
	t.Helper()
	return newWorkspace(t, config, append(s.environment(s.URL(s.name)), variables...)...)
}

// count is how many requests of an operation came in.
func (s *stage) count(operation string) int {
	n, o := 0, faults.Of(s.name, operation)
	for _, r := range s.Requests(s.name) {
		if o.Matches(&http.Request{Method: r.Method, URL: &url.URL{Path: r.Path}}) {
			n++
		}
	}
	return n
}
