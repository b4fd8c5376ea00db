package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// Settled answers what is certain to stay as it is, for all resources of one
// provider: see invoice.Settled.
type Settled struct {
	provider *payinvoice
	known    map[string]invoice.Settled
}

// NewSettled makes a provider as New does, and with it what answers before it.
func NewSettled(version string) (provider.Provider, *Settled) {
	s := &Settled{provider: newProvider(version), known: map[string]invoice.Settled{}}
	for _, g := range s.provider.gateways {
		s.known[typeName+"_"+g.Name+"_invoice"] = g.Settled
	}
	return s.provider, s
}

// Plan reports whether planning is certain to change nothing.
func (s *Settled) Plan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool {
	known, ok := s.known[req.TypeName]
	return ok && known.Plan(ctx, req)
}

// Read reads an invoice, and reports whether it is as the request has it. If not,
// the provider is to be asked with the context that is returned.
func (s *Settled) Read(ctx context.Context, req *tfprotov6.ReadResourceRequest) (context.Context, bool) {
	known, ok := s.known[req.TypeName]
	connections := s.provider.configured.Load()
	if !ok || connections == nil {
		return ctx, false
	}
	return known.Read(ctx, connections, req)
}

// Upgrade answers a state that needs no upgrade.
func (s *Settled) Upgrade(req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.DynamicValue, bool) {
	known, ok := s.known[req.TypeName]
	if !ok {
		return nil, false
	}
	return known.Upgrade(req)
}
