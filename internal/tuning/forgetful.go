package tuning

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// forgetfulServer makes a server forget the contexts of calls that are over. The
// plugin framework keeps the context of each call until the provider stops, and
// with it the call's loggers and its stream: some 50 KB for each resource of a
// plan. What goes on after its call, such as a list that is read ahead, loses the
// loggers: where logs are wanted, this is not. Calls are treated so that come once
// for each resource or data source.
type forgetfulServer struct{ calls }

func (s forgetfulServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return forgetting(ctx, s.calls.ValidateResourceConfig, req)
}

func (s forgetfulServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return forgetting(ctx, s.calls.UpgradeResourceState, req)
}

func (s forgetfulServer) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return forgetting(ctx, s.calls.UpgradeResourceIdentity, req)
}

func (s forgetfulServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return forgetting(ctx, s.calls.ReadResource, req)
}

func (s forgetfulServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return forgetting(ctx, s.calls.PlanResourceChange, req)
}

func (s forgetfulServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return forgetting(ctx, s.calls.ApplyResourceChange, req)
}

func (s forgetfulServer) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return forgetting(ctx, s.calls.ImportResourceState, req)
}

func (s forgetfulServer) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return forgetting(ctx, s.calls.ValidateDataResourceConfig, req)
}

func (s forgetfulServer) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return forgetting(ctx, s.calls.ReadDataSource, req)
}

// forgetting makes one call.
func forgetting[Req, Resp any](ctx context.Context, call func(context.Context, *Req) (*Resp, error), req *Req) (*Resp, error) {
	lent := &lentContext{}
	lent.owner.Store(&ctx)
	defer lent.owner.Store(nil)
	return call(lent, req)
}

// lentContext is the context of a call as long as the call lasts. After that it
// is one that has been canceled, and holds nothing.
type lentContext struct {
	owner atomic.Pointer[context.Context]
}

// over is a context that has been canceled.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func (l *lentContext) current() context.Context {
	if owner := l.owner.Load(); owner != nil {
		return *owner
	}
	return over
}

// Deadline implements context.Context.
func (l *lentContext) Deadline() (time.Time, bool) { return l.current().Deadline() }

// Done implements context.Context.
func (l *lentContext) Done() <-chan struct{} { return l.current().Done() }

// Err implements context.Context.
func (l *lentContext) Err() error { return l.current().Err() }

// Value implements context.Context.
func (l *lentContext) Value(key any) any { return l.current().Value(key) }
