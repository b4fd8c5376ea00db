package pluginserver

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
)

// unchangedProvider has resources that answer calls that change nothing. Most calls in
// a plan are of this kind, and the framework's share of them is most of the cost of a
// plan.
type unchangedProvider interface {
	Unchanged(typeName string) (invoice.Unchanged, bool)
}

func (s releasingServer) upgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if r, ok := s.provider.Unchanged(req.TypeName); ok {
		if state, same := r.UpgradeUnchanged(ctx, req); same {
			return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: state}, nil
		}
	}
	return s.calls.UpgradeResourceState(ctx, req)
}

func (s releasingServer) readResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if r, ok := s.provider.Unchanged(req.TypeName); ok {
		var nothing bool
		if ctx, nothing = r.ReadUnchanged(ctx, req); nothing {
			return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
		}
	}
	return s.calls.ReadResource(ctx, req)
}

func (s releasingServer) planResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if r, ok := s.provider.Unchanged(req.TypeName); ok && r.PlanUnchanged(ctx, req) {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.PriorState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity}, nil
	}
	return s.calls.PlanResourceChange(ctx, req)
}
