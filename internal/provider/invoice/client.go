package invoice

import (
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/engine"
)

// GatewayClient is embedded by everything that uses a gateway: resources, data sources,
// actions and list resources.
type GatewayClient[Spec any, Inv gateway.Invoice] struct {
	def         *Definition[Spec, Inv]
	connections *Connections
}

// NewGatewayClient returns a client that has yet to be configured.
func NewGatewayClient[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) GatewayClient[Spec, Inv] {
	return GatewayClient[Spec, Inv]{def: def}
}

// Configure stores the provider's data, which is nil during validation.
func (c *GatewayClient[Spec, Inv]) Configure(providerData any) {
	if connections, ok := providerData.(*Connections); ok {
		c.connections = connections
	}
}

// engine returns the engine of a configured gateway.
func (c *GatewayClient[Spec, Inv]) engine() (*engine.Engine[Spec, Inv], Settings, error) {
	if c.connections == nil {
		return nil, nil, errors.New("the provider is not configured yet")
	}
	made, err := connect(c.connections, c.def)
	if err != nil {
		return nil, nil, err
	}
	return made.engine, made.settings, nil
}

// Client returns the gateway's client, which is created on first use.
func (c *GatewayClient[Spec, Inv]) Client() (gateway.Gateway[Spec, Inv], diag.Diagnostics) {
	e, _, err := c.engine()
	if err != nil {
		return nil, diag.Diagnostics{c.reporter().configurationError("", err)}
	}
	return e.Client, nil
}

// Failure reports a failed operation on an invoice.
func (c *GatewayClient[Spec, Inv]) Failure(operation, subject string, err error) diag.Diagnostics {
	return c.reporter().failure(operation, subject, err)
}

func (c *GatewayClient[Spec, Inv]) reporter() reporter { return c.def.reporter() }

func (c *GatewayClient[Spec, Inv]) typeName() string { return c.reporter().typeName() }

func now() time.Time { return time.Now() }
