package tuning

import (
	"bytes"
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// settledServer answers by itself the plans that change nothing, which most
// plans are: the framework takes a state apart attribute by attribute, in time
// that grows with the square of their number.
type settledServer struct {
	calls
	settled func(context.Context, *tfprotov6.PlanResourceChangeRequest) bool
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (s settledServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if !proposesNothing(req) || !s.settled(ctx, req) {
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
