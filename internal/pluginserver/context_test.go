package pluginserver

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
)

type key struct{}

// served is the provider as Terraform finds it.
func served(t *testing.T) tfprotov6.ProviderServer {
	t.Helper()
	s := New(provider.New("test")())
	if _, ok := s.(releasingServer); !ok {
		t.Fatal("the framework's server does not offer all calls")
	}
	return s
}

func TestContextsAreReleased(t *testing.T) {
	s := served(t)
	const resourceType = "payinvoice_meum_invoice"
	schemas, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	typ := schemas.ResourceSchemas[resourceType].ValueType()
	nothing, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, nil))
	if err != nil {
		t.Fatal(err)
	}
	left := plan(t, s, &tfprotov6.PlanResourceChangeRequest{
		TypeName: resourceType, PriorState: &nothing, ProposedNewState: &nothing, Config: &nothing,
	})
	runtime.GC()
	if left.Value() != nil {
		t.Error("what a call's context held is kept after the call")
	}
	runtime.KeepAlive(s)
}

// plan makes a call whose context holds something large.
func plan(t *testing.T, s tfprotov6.ProviderServer, req *tfprotov6.PlanResourceChangeRequest) weak.Pointer[[1 << 20]byte] {
	t.Helper()
	large := new([1 << 20]byte)
	resp, err := s.PlanResourceChange(context.WithValue(context.Background(), key{}, large), req)
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(resp, err)
	}
	return weak.Make(large)
}

func TestContextLastsAsLongAsItsCall(t *testing.T) {
	for name, test := range map[string]struct {
		keepValues bool
		after      any
	}{
		"without logs": {false, nil},
		"with logs":    {true, "value"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
			var lent, background context.Context
			_, err := callWithRelease(ctx, test.keepValues, func(ctx context.Context, _ *int) (*int, error) {
				lent, background = ctx, context.WithoutCancel(ctx)
				if ctx.Value(key{}) != "value" || ctx.Err() != nil {
					t.Errorf("the call has the value %v, and %v", ctx.Value(key{}), ctx.Err())
				}
				child, release := context.WithCancel(ctx)
				defer release()
				cancel()
				<-child.Done()
				return nil, ctx.Err()
			}, nil)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the call ended with %v", err)
			}
			<-lent.Done()
			if _, limited := lent.Deadline(); limited || lent.Value(key{}) != test.after || !errors.Is(lent.Err(), context.Canceled) {
				t.Error("after the call its context is not one that is canceled, or has other values")
			}
			if background.Err() != nil || background.Value(key{}) != test.after {
				t.Error("what outlasts the call is canceled, or has other values")
			}
		})
	}
}
