package invoice

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// User is whatever uses a gateway: a resource, a data source, an action or a
// list resource.
type User[Spec any, Inv gateway.Invoice] struct {
	def         *Definition[Spec, Inv]
	connections *Connections
}

// NewUser makes a user of a gateway.
func NewUser[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv]) User[Spec, Inv] {
	return User[Spec, Inv]{def: def}
}

// Take takes what the provider hands out. It is nil while Terraform only
// validates.
func (u *User[Spec, Inv]) Take(providerData any) {
	if c, ok := providerData.(*Connections); ok {
		u.connections = c
	}
}

// engine makes the engine of a gateway that is configured.
func (u *User[Spec, Inv]) engine() (*engine[Spec, Inv], Settings, error) {
	if u.connections == nil {
		return nil, nil, errors.New("the provider is not configured yet")
	}
	c, err := connect(u.connections, u.def)
	if err != nil {
		return nil, nil, err
	}
	return &engine[Spec, Inv]{
		def: u.def, gateway: c.gateway, readAhead: c.readAhead, claims: c.claims, now: now, pause: pause,
	}, c.settings, nil
}

// Client is the gateway's client, made when it is first used.
func (u *User[Spec, Inv]) Client() (gateway.Gateway[Spec, Inv], diag.Diagnostics) {
	e, _, err := u.engine()
	if err != nil {
		return nil, diag.Diagnostics{u.reporter().notConnected("", err)}
	}
	return e.gateway, nil
}

// Failure reports an operation on an invoice that failed.
func (u *User[Spec, Inv]) Failure(operation, subject string, err error) diag.Diagnostics {
	return u.reporter().failure(operation, subject, err)
}

func (u *User[Spec, Inv]) reporter() reporter { return u.def.reporter() }

func (u *User[Spec, Inv]) typeName() string { return "payinvoice_" + u.def.Name + "_invoice" }

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
