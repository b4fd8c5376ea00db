package tuning

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Settled answers by itself what is certain to stay as it is.
type Settled interface {
	// Plan reports whether planning is certain to change nothing.
	Plan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool
	// Read reads a resource, and reports whether it is as the request has it. If
	// not, the server is asked with the context that is returned.
	Read(ctx context.Context, req *tfprotov6.ReadResourceRequest) (context.Context, bool)
	// Upgrade answers a state that needs no upgrade; false where it may need one.
	Upgrade(req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.DynamicValue, bool)
}

// settledServer answers by itself where nothing changes, as in most plans: the
// framework takes a state apart attribute by attribute, several times a call, in
// time that grows with the square of their number.
type settledServer struct {
	calls
	settled Settled
}

// UpgradeResourceState implements tfprotov6.ProviderServer.
func (s settledServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if state, ok := s.settled.Upgrade(req); ok {
		return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: state}, nil
	}
	return s.calls.UpgradeResourceState(ctx, req)
}

// ReadResource implements tfprotov6.ProviderServer.
func (s settledServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, same := s.settled.Read(ctx, req)
	if !same {
		return s.calls.ReadResource(ctx, req)
	}
	return &tfprotov6.ReadResourceResponse{
		NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity,
	}, nil
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (s settledServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if !proposesNothing(req) || !s.settled.Plan(ctx, req) {
		return s.calls.PlanResourceChange(ctx, req)
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.PriorState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
	}, nil
}

// proposesNothing reports whether Terraform itself sees no change. Without an
// identity, the framework makes one.
func proposesNothing(req *tfprotov6.PlanResourceChangeRequest) bool {
	return req.PriorState != nil && req.ProposedNewState != nil && req.PriorIdentity != nil && req.PriorIdentity.IdentityData != nil &&
		len(req.PriorState.MsgPack) > 0 && bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack)
}
