package pluginserver

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// releasingServer releases the contexts of finished calls. The plugin framework keeps
// the context of each call until the provider stops, and with it the call's loggers and
// its stream: some 50 KB for each resource in a plan. The methods below are those that
// are called once for each resource or data source.
type releasingServer struct {
	calls
	// keepValues keeps a context's values, which include the loggers, after its call:
	// what outlasts a call, such as a list that is read ahead, logs with them.
	keepValues bool
	provider   unchangedProvider
}

func (s releasingServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.calls.ValidateResourceConfig, req)
}

func (s releasingServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.upgradeResourceState, req)
}

func (s releasingServer) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.calls.UpgradeResourceIdentity, req)
}

func (s releasingServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.readResource, req)
}

func (s releasingServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.planResourceChange, req)
}

func (s releasingServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.calls.ApplyResourceChange, req)
}

func (s releasingServer) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.calls.ImportResourceState, req)
}

func (s releasingServer) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.calls.ValidateDataResourceConfig, req)
}

func (s releasingServer) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return callWithRelease(ctx, s.keepValues, s.calls.ReadDataSource, req)
}

// callWithRelease makes one call, and releases its context when it returns.
func callWithRelease[Req, Resp any](ctx context.Context, keepValues bool, call func(context.Context, *Req) (*Resp, error), req *Req) (*Resp, error) {
	after := context.Background()
	if keepValues {
		after = context.WithoutCancel(ctx)
	}
	after, cancel := context.WithCancel(after)
	cancel()
	released := &releasedContext{}
	released.current.Store(&ctx)
	defer released.current.Store(&after)
	return call(released, req)
}

// releasedContext is the context of a call as long as the call lasts, and a canceled
// one afterwards.
type releasedContext struct {
	current atomic.Pointer[context.Context]
}

func (c *releasedContext) Deadline() (time.Time, bool) { return (*c.current.Load()).Deadline() }
func (c *releasedContext) Done() <-chan struct{}       { return (*c.current.Load()).Done() }
func (c *releasedContext) Err() error                  { return (*c.current.Load()).Err() }
func (c *releasedContext) Value(key any) any           { return (*c.current.Load()).Value(key) }
