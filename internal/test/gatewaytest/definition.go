package gatewaytest

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
)

// fromDefinition is the part that comes from the gateway's definition.
type fromDefinition struct {
	Name, Title string
	// Credentials are the settings without which the gateway cannot be used, as
	// the simulated one wants them, and Options the others. Secrets are the names
	// of those that must never be shown.
	Credentials, Options map[string]string
	Secrets              []string
	// Identifying are the settings that tell one account from another.
	Identifying []string
	// NoEndpoint says that the gateway has no address of its own.
	NoEndpoint bool
	// Unreported are the arguments that no response of the gateway holds.
	Unreported []string
	// UnreliableOnImport are arguments that an import may get wrong.
	UnreliableOnImport []string
	// Phases maps the gateway's statuses to phases.
	Phases gateway.PhaseTable
	// HasAlternative says that an action can identify an invoice by something other than
	// its id.
	HasAlternative bool
	// Connect makes the gateway's client for the simulated gateway.
	Connect func(transport.Config) (*Client, error)
}

// Client is a gateway's client without its types.
type Client struct {
	Get func(ctx context.Context, id string) (gateway.Facts, error)
	// Create creates an invoice as another system would; reference may be "".
	Create func(ctx context.Context, reference string) (gateway.Facts, error)
	// List lists the invoices created in a period; nil if the gateway cannot.
	List func(ctx context.Context, from, to time.Time) ([]gateway.Facts, error)
}

// defined reads a definition. spec returns a Spec with only the required arguments.
func defined[Spec any, Inv gateway.Invoice](
	def *invoice.Definition[Spec, Inv], spec func(amount gateway.Money, reference string) Spec,
) fromDefinition {
	d := fromDefinition{
		Name: def.Name, Title: def.Title, NoEndpoint: def.DefaultEndpoint == "",
		Unreported: def.Unreported, UnreliableOnImport: def.UnreliableOnImport, Phases: def.Phases, HasAlternative: def.Alternative != nil,
		Credentials: map[string]string{}, Options: map[string]string{},
		Connect: func(cfg transport.Config) (*Client, error) { return connect(def, spec, cfg) },
	}
	for _, s := range def.Settings {
		value, known := def.SandboxCredentials[s.Name]
		switch {
		case !s.Optional:
			d.Credentials[s.Name] = value
		case known:
			d.Options[s.Name] = value
		}
		if s.Sensitive {
			d.Secrets = append(d.Secrets, s.Name)
		}
		if s.IdentifiesAccount {
			d.Identifying = append(d.Identifying, s.Name)
		}
	}
	return d
}

func connect[Spec any, Inv gateway.Invoice](
	def *invoice.Definition[Spec, Inv], spec func(gateway.Money, string) Spec, cfg transport.Config,
) (*Client, error) {
	client, err := def.Connect(def.SandboxCredentials, cfg)
	if err != nil {
		return nil, err
	}
	amount, err := gateway.ParseAmount("25")
	if err != nil {
		return nil, err
	}
	facts := func(inv Inv, err error) (gateway.Facts, error) {
		if err != nil {
			return gateway.Facts{}, err
		}
		return inv.Facts(time.Now()), nil
	}
	c := &Client{
		Get: func(ctx context.Context, id string) (gateway.Facts, error) { return facts(client.Get(ctx, id)) },
		Create: func(ctx context.Context, reference string) (gateway.Facts, error) {
			return facts(client.Create(ctx, spec(amount, reference)))
		},
	}
	if def.ListCreatedBetween != nil {
		c.List = func(ctx context.Context, from, to time.Time) (found []gateway.Facts, err error) {
			for inv, err := range def.ListCreatedBetween(ctx, client, from, to) {
				if err != nil {
					return nil, err
				}
				found = append(found, inv.Facts(time.Now()))
			}
			return found, nil
		}
	}
	return c, nil
}

// InProcess returns a client that calls a simulated gateway within the process, so that
// its requests are not recorded.
func (s Specimen) InProcess(simulated *sandbox.Sandbox) (*Client, error) {
	endpoint, err := url.Parse(sandbox.Endpoint(s.Name))
	if err != nil {
		return nil, err
	}
	return s.Connect(transport.Config{Endpoint: endpoint, RoundTripper: simulated.Transport()})
}

// Settings are all settings of the provider that the simulated gateway accepts,
// besides the endpoint.
func (s Specimen) Settings() map[string]string {
	all := maps.Clone(s.Credentials)
	maps.Copy(all, s.Options)
	return all
}

// SecretValues are the secrets of the simulated gateway, sorted.
func (s Specimen) SecretValues() []string {
	var values []string
	all := s.Settings()
	for _, name := range s.Secrets {
		values = append(values, all[name])
	}
	return slices.Sorted(slices.Values(values))
}

// Variable is the environment variable of a setting.
func (s Specimen) Variable(setting string) string {
	return invoice.EnvironmentVariable(s.Name, setting)
}

// Environment returns the variables that configure a gateway with these settings.
func (s Specimen) Environment(endpoint string, settings map[string]string) []string {
	variables := []string{s.Variable(invoice.EndpointSetting) + "=" + endpoint}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		variables = append(variables, s.Variable(name)+"="+settings[name])
	}
	return variables
}
