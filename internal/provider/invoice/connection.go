package invoice

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/sandboxapi"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/readahead"
)

// EndpointSetting is the setting that every gateway has.
const EndpointSetting = "endpoint"

// Setting is one attribute of a gateway in the provider's configuration. It
// falls back to the environment variable <GATEWAY>_<NAME>.
type Setting struct {
	Name        string
	Description string
	// Sensitive settings never appear in a log, a diagnostic, plan or state.
	Sensitive bool
	// Optional settings may be missing.
	Optional bool
	// IdentifiesAccount settings distinguish one account from another.
	IdentifiesAccount bool
}

// EnvironmentVariable is the variable that a gateway's setting falls back to.
func EnvironmentVariable(gatewayName, setting string) string {
	return strings.ToUpper(gatewayName + "_" + setting)
}

// Settings are the settings of one gateway by name.
type Settings map[string]string

// sandboxSetting marks the settings of a simulated gateway. It is not an attribute.
const sandboxSetting = "(sandbox)"

// Sandbox reports whether the gateway is simulated.
func (s Settings) Sandbox() bool { return s[sandboxSetting] != "" }

// Configured are a gateway's settings from the configuration and the environment.
// Unknown ones are known only at apply time.
type Configured struct {
	Values  Settings
	Unknown []string
}

// errNotYetKnown: a setting is known only after apply.
var errNotYetKnown = errors.New("known only after apply")

// Connections creates the clients of one configured provider, each on first use, so
// that an unused gateway needs no credentials.
type Connections struct {
	// Gateways are the settings of each gateway by its name.
	Gateways map[string]Configured
	// Transport is the base of every client's transport.
	Transport transport.Config
	// SandboxEndpoint returns the address of a simulated gateway; it is nil if the
	// gateways are real.
	SandboxEndpoint func(name string) string
	// TriggerEvent triggers an event in the sandbox; it is nil if the gateways are
	// real.
	TriggerEvent func(context.Context, sandboxapi.Event) (sandboxapi.Outcome, error)
	// NotYetKnown names a setting of the provider itself that is known only after
	// apply; "" if there is none.
	NotYetKnown string

	// RenewedCredentials are the gateways whose accounts have new credentials, which
	// may differ from the recorded ones.
	RenewedCredentials []string

	// NoReadAhead makes a refresh read every invoice singly.
	NoReadAhead bool

	mu     sync.Mutex
	made   map[string]any // *connection by the name of its gateway
	claims engine.Claims
}

// connection is a gateway in use.
type connection[Spec any, Inv gateway.Invoice] struct {
	engine   *engine.Engine[Spec, Inv]
	settings Settings
}

// connect creates the gateway's client, or returns the existing one.
func connect[Spec any, Inv gateway.Invoice](c *Connections, def *Definition[Spec, Inv]) (*connection[Spec, Inv], error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if made, ok := c.made[def.Name].(*connection[Spec, Inv]); ok {
		return made, nil
	}
	settings, err := c.settings(def.Name, def.account(), def.DefaultEndpoint, def.Settings, def.SandboxCredentials)
	if err != nil {
		return nil, err
	}
	parse := transport.ParseEndpoint
	if c.SandboxEndpoint != nil {
		parse = transport.ParseSandboxURL
	}
	endpoint, err := parse(settings[EndpointSetting])
	if err != nil {
		return nil, fmt.Errorf("invalid endpoint of %s: %w. Correct %s", def.Title, err, settingSources(def.Name, EndpointSetting))
	}
	client, err := def.Connect(settings, c.transportFor(endpoint))
	if err != nil {
		return nil, fmt.Errorf("invalid configuration of %s: %w", def.Title, err)
	}
	var ahead *readahead.Reader[Inv]
	if !c.NoReadAhead {
		ahead = newReadAhead(def, client)
	}
	made := &connection[Spec, Inv]{
		engine: engine.New(def.traits(), client, c.place(def.Name, def.Settings, settings, endpoint), ahead, &c.claims), settings: settings,
	}
	if c.made == nil {
		c.made = map[string]any{}
	}
	c.made[def.Name] = made
	return made, nil
}

// SandboxEvents returns TriggerEvent.
func (c *Connections) SandboxEvents() func(context.Context, sandboxapi.Event) (sandboxapi.Outcome, error) {
	return c.TriggerEvent
}

// place returns where a gateway's client creates and finds invoices.
func (c *Connections) place(name string, known []Setting, values Settings, endpoint *url.URL) engine.Place {
	p := engine.Place{
		Sandbox:  c.SandboxEndpoint != nil,
		Endpoint: strings.ToLower(endpoint.Host) + strings.TrimSuffix(endpoint.Path, "/"),
		Renewed:  slices.Contains(c.RenewedCredentials, name),
	}
	for _, s := range known {
		if s.IdentifiesAccount {
			p.Account = append(p.Account, values[s.Name])
		}
	}
	return p
}

func (c *Connections) transportFor(endpoint *url.URL) transport.Config {
	cfg := c.Transport
	cfg.Endpoint = endpoint
	return cfg
}

// settings returns the gateway's complete settings, or one error that names everything
// that is missing.
func (c *Connections) settings(name, title, defaultEndpoint string, known []Setting, demo map[string]string) (Settings, error) {
	if c.NotYetKnown != "" {
		return nil, fmt.Errorf("the provider attribute %s is %w", c.NotYetKnown, errNotYetKnown)
	}
	configured := c.Gateways[name]
	if c.SandboxEndpoint != nil {
		return sandboxed(configured.Values, known, demo, c.SandboxEndpoint(name)), nil
	}
	values := Settings{}
	if defaultEndpoint != "" {
		values[EndpointSetting] = defaultEndpoint
	}
	maps.Copy(values, configured.Values)
	var missing []string
	for _, s := range append(slices.Clone(known), Setting{Name: EndpointSetting}) {
		switch {
		case s.Optional: // only a create may need it
		case slices.Contains(configured.Unknown, s.Name):
			return nil, fmt.Errorf("the provider attribute %s.%s is %w", name, s.Name, errNotYetKnown)
		case strings.TrimSpace(values[s.Name]) == "":
			missing = append(missing, settingSources(name, s.Name))
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%s is not configured. Set\n  - %s\nTo try the provider without an account, set sandbox = { data_dir = \"...\" } in the provider's configuration", title, strings.Join(missing, "\n  - "))
	}
	return values, nil
}

// sandboxed returns settings that the simulated gateway accepts: its own credentials,
// and configured settings that are not credentials, such as a shop id.
func sandboxed(configured Settings, known []Setting, demo map[string]string, endpoint string) Settings {
	values := Settings{}
	maps.Copy(values, demo)
	for _, s := range known {
		if s.Optional && configured[s.Name] != "" {
			values[s.Name] = configured[s.Name]
		}
	}
	values[EndpointSetting] = endpoint
	values[sandboxSetting] = "on"
	return values
}

func settingSources(gatewayName, setting string) string {
	return fmt.Sprintf("the provider attribute %s.%s or the environment variable %s", gatewayName, setting, EnvironmentVariable(gatewayName, setting))
}
