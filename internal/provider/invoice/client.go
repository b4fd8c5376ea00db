package invoice

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// GatewayClient is embedded by what uses a gateway: a resource, a data source, an
// action or a list resource.
type GatewayClient[Spec any, Inv gateway.Invoice] struct {
	def         *Definition[Spec, Inv]
	connections *Connections
}

// NewGatewayClient makes one that has yet to be configured.
func NewGatewayClient[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) GatewayClient[Spec, Inv] {
	return GatewayClient[Spec, Inv]{def: def}
}

// Configure takes the provider's data, which is nil while Terraform only
// validates.
func (c *GatewayClient[Spec, Inv]) Configure(providerData any) {
	if connections, ok := providerData.(*Connections); ok {
		c.connections = connections
	}
}

// engine makes the engine of a gateway that is configured.
func (c *GatewayClient[Spec, Inv]) engine() (*engine[Spec, Inv], Settings, error) {
	if c.connections == nil {
		return nil, nil, errors.New("the provider is not configured yet")
	}
	made, err := connect(c.connections, c.def)
	if err != nil {
		return nil, nil, err
	}
	return &engine[Spec, Inv]{
		def: c.def, gateway: made.gateway, readAhead: made.readAhead, claims: made.claims, now: now, pause: pause,
	}, made.settings, nil
}

// Client is the gateway's client, made when it is first used.
func (c *GatewayClient[Spec, Inv]) Client() (gateway.Gateway[Spec, Inv], diag.Diagnostics) {
	e, _, err := c.engine()
	if err != nil {
		return nil, diag.Diagnostics{c.reporter().notConnected("", err)}
	}
	return e.gateway, nil
}

// Failure reports an operation on an invoice that failed.
func (c *GatewayClient[Spec, Inv]) Failure(operation, subject string, err error) diag.Diagnostics {
	return c.reporter().failure(operation, subject, err)
}

func (c *GatewayClient[Spec, Inv]) reporter() reporter { return c.def.reporter() }

func (c *GatewayClient[Spec, Inv]) typeName() string { return "payinvoice_" + c.def.Name + "_invoice" }

func now() time.Time { return time.Now() }

// pause waits, or ends at once with the context.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
