package pluginserver

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// stored is an invoice as Terraform has it in a state and a configuration.
type stored struct {
	config, state map[string]tftypes.Value
	private       []byte
	identity      *tfprotov6.ResourceIdentityData
}

func (s *stored) set(name string, value any) {
	s.state[name] = tftypes.NewValue(s.state[name].Type(), value)
}

// expire sets a deadline that is past. Hesabe's are dates.
func (s *stored) expire() {
	var deadline string
	_ = s.state["expires_at"].As(&deadline)
	s.set("expires_at", "2020-01-02T00:00:00Z"[:min(len(deadline), 20)])
}

func (s *stored) configure(name string, value any) {
	s.config[name] = tftypes.NewValue(s.config[name].Type(), value)
	s.state[name] = s.config[name] // as a plan that keeps it
}

// TestUnchanged: what is answered without the framework is what the framework
// answers, and costs the same requests.
func TestUnchanged(t *testing.T) {
	set := tftypes.Set{ElementType: tftypes.String}
	for name, test := range map[string]struct {
		change func(s *stored)
		event  simulator.Event
		// plans and reads say that nothing changes.
		plans, reads bool
	}{
		"nothing":                {plans: true, reads: true},
		"paid since":             {event: simulator.Pay, plans: true},
		"another amount":         {change: func(s *stored) { s.config["amount"] = tftypes.NewValue(tftypes.String, "2.5") }, reads: true},
		"another spelling":       {change: func(s *stored) { s.config["amount"] = tftypes.NewValue(tftypes.String, "1.50") }, reads: true},
		"a policy":               {change: func(s *stored) { s.configure("deletion_policy", "abandon") }, plans: true, reads: true},
		"a policy taken out":     {change: func(s *stored) { s.set("deletion_policy", "abandon") }, reads: true},
		"to be replaced":         {change: func(s *stored) { s.configure("replace_when", phases(set, "paid")); s.set("phase", "paid") }},
		"not to be replaced":     {change: func(s *stored) { s.configure("replace_when", phases(set, "paid")) }, plans: true, reads: true},
		"overdue and paid":       {event: simulator.Pay, change: func(s *stored) { s.configure("replace_when", phases(set, "paid")); s.expire() }},
		"no identity yet":        {change: func(s *stored) { s.identity = nil }},
		"no private state":       {change: func(s *stored) { s.private = nil }, plans: true},
		"damaged private state":  {change: func(s *stored) { s.private = []byte(`{"provenance":"e30x"}`) }},
		"unreadable private":     {change: func(s *stored) { s.private = []byte(`{`) }},
		"made somewhere else":    {change: func(s *stored) { s.private = []byte(`{"provenance":"eyJzYW5kYm94Ijp0cnVlfQ=="}`) }},
		"another time of create": {change: func(s *stored) { s.set("created_at", "2020-01-01T00:00:00Z") }, plans: true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, g := range gatewaytest.Specimens() {
				t.Run(g.Name, func(t *testing.T) {
					c := newComparison(t, g)
					s := c.create(t)
					if test.event != "" {
						if _, err := c.Sandbox.Trigger(t.Context(), g.Name, c.id, test.event, ""); err != nil {
							t.Fatal(err)
						}
					}
					if test.change != nil {
						test.change(s)
					}
					c.upgrade(t, s)
					c.plan(t, s, test.plans)
					c.read(t, s, test.reads)
				})
			}
		})
	}
}

func phases(set tftypes.Set, phase string) []tftypes.Value {
	return []tftypes.Value{tftypes.NewValue(set.ElementType, phase)}
}

// comparison has the provider, and the framework alone.
type comparison struct {
	*sandboxtest.Server
	specimen  gatewaytest.Specimen
	framework tfprotov6.ProviderServer
	// ours asks the framework only if mayAsk.
	ours    releasingServer
	allowed bool

	typ        tftypes.Object
	attributes []*tfprotov6.SchemaAttribute
	id         string
}

// guarded is the framework's server, which must not get some calls.
type guarded struct {
	calls
	t *testing.T
	c *comparison
}

func (g guarded) expectAllowed() {
	if !g.c.allowed {
		g.t.Helper()
		g.t.Error("the framework got a call that changes nothing")
	}
}

func (g guarded) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	g.expectAllowed()
	return g.calls.PlanResourceChange(ctx, req)
}

func (g guarded) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	g.expectAllowed()
	return g.calls.UpgradeResourceState(ctx, req)
}

func (g guarded) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	g.expectAllowed()
	return g.calls.ReadResource(ctx, req)
}

func newComparison(t *testing.T, g gatewaytest.Specimen) *comparison {
	t.Helper()
	c := &comparison{Server: sandboxtest.Start(t), specimen: g, framework: providerserver.NewProtocol6(provider.New("test")())(), allowed: true}
	for _, variable := range g.Environment(c.URL(g.Name), g.Settings()) {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	t.Setenv("PAYINVOICE_READ_AHEAD", "off")
	ours, ok := New(provider.New("test")()).(releasingServer)
	if !ok {
		t.Fatal("the framework's server does not offer all calls")
	}
	ours.calls = guarded{ours.calls, t, c}
	c.ours = ours
	schemas, err := c.framework.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	schema := schemas.ResourceSchemas[c.typeName()]
	c.attributes, c.typ = schema.Block.Attributes, schema.ValueType().(tftypes.Object)
	nothing := map[string]tftypes.Value{}
	providerType := schemas.Provider.ValueType().(tftypes.Object)
	for name, typ := range providerType.AttributeTypes {
		nothing[name] = tftypes.NewValue(typ, nil)
	}
	for _, s := range []tfprotov6.ProviderServer{c.framework, c.ours} {
		resp, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, tftypes.NewValue(providerType, nothing))})
		if err != nil || len(resp.Diagnostics) > 0 {
			t.Fatal(resp, err)
		}
	}
	return c
}

func (c *comparison) typeName() string { return "payinvoice_" + c.specimen.Name + "_invoice" }

func dynamic(t *testing.T, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// create makes an invoice of the least arguments.
func (c *comparison) create(t *testing.T) *stored {
	t.Helper()
	s := &stored{config: map[string]tftypes.Value{}}
	proposed := map[string]tftypes.Value{}
	for _, a := range c.attributes {
		s.config[a.Name] = tftypes.NewValue(c.typ.AttributeTypes[a.Name], nil)
		proposed[a.Name] = s.config[a.Name]
		if a.Computed {
			proposed[a.Name] = tftypes.NewValue(c.typ.AttributeTypes[a.Name], tftypes.UnknownValue)
		}
	}
	for _, a := range c.specimen.Arguments {
		if value := strings.ReplaceAll(strings.Trim(a.Value, `"`), "NAME", "order"); a.Required {
			s.config[a.Name] = tftypes.NewValue(tftypes.String, value)
		}
	}
	s.config["amount"] = tftypes.NewValue(tftypes.String, "1.5")
	for name, value := range s.config {
		if !value.IsNull() {
			proposed[name] = value
		}
	}
	prior, config := dynamic(t, tftypes.NewValue(c.typ, nil)), dynamic(t, tftypes.NewValue(c.typ, s.config))
	plan, err := c.framework.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: c.typeName(), PriorState: prior, Config: config, ProposedNewState: dynamic(t, tftypes.NewValue(c.typ, proposed)),
	})
	if err != nil || len(plan.Diagnostics) > 0 {
		t.Fatal(plan, err)
	}
	made, err := c.framework.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.typeName(), PriorState: prior, Config: config, PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate,
	})
	if err != nil || len(made.Diagnostics) > 0 {
		t.Fatal(made, err)
	}
	state, err := made.NewState.Unmarshal(c.typ)
	if err != nil || state.As(&s.state) != nil || s.state["id"].As(&c.id) != nil {
		t.Fatal(state, err)
	}
	s.private, s.identity = made.Private, made.NewIdentity
	if _, err := c.ours.ReadResource(t.Context(), c.readRequest(t, s)); err != nil { // logs in
		t.Fatal(err)
	}
	return s
}

// plan plans what Terraform proposes: the arguments of the configuration, and the
// rest as it is.
func (c *comparison) plan(t *testing.T, s *stored, nothing bool) {
	t.Helper()
	proposed := map[string]tftypes.Value{}
	for _, a := range c.attributes {
		proposed[a.Name] = s.state[a.Name]
		if !s.config[a.Name].IsNull() || !a.Computed {
			proposed[a.Name] = s.config[a.Name]
		}
	}
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName: c.typeName(), Config: dynamic(t, tftypes.NewValue(c.typ, s.config)),
		PriorState: dynamic(t, tftypes.NewValue(c.typ, s.state)), PriorPrivate: s.private, PriorIdentity: s.identity,
		ProposedNewState: dynamic(t, tftypes.NewValue(c.typ, proposed)),
	}
	compare(t, c, "plan", nothing, func(server tfprotov6.ProviderServer) (*tfprotov6.PlanResourceChangeResponse, error) {
		return server.PlanResourceChange(t.Context(), req)
	})
}

// upgrade takes a state of this version as it is, without attributes that it lost,
// and leaves any other to the framework.
func (c *comparison) upgrade(t *testing.T, s *stored) {
	t.Helper()
	attributes := map[string]any{"of_an_older_version": true}
	for name, value := range s.state {
		var text string
		attributes[name] = nil
		if value.Type().Is(tftypes.String) && !value.IsNull() && value.As(&text) == nil {
			attributes[name] = text
		}
	}
	raw, err := json.Marshal(attributes)
	if err != nil {
		t.Fatal(err)
	}
	for version, same := range map[int64]bool{0: true, 7: false} {
		req := &tfprotov6.UpgradeResourceStateRequest{TypeName: c.typeName(), Version: version, RawState: &tfprotov6.RawState{JSON: raw}}
		compare(t, c, "upgrade", same, func(server tfprotov6.ProviderServer) (*tfprotov6.UpgradeResourceStateResponse, error) {
			return server.UpgradeResourceState(t.Context(), req)
		})
	}
}

func (c *comparison) readRequest(t *testing.T, s *stored) *tfprotov6.ReadResourceRequest {
	t.Helper()
	return &tfprotov6.ReadResourceRequest{
		TypeName: c.typeName(), CurrentState: dynamic(t, tftypes.NewValue(c.typ, s.state)), Private: s.private, CurrentIdentity: s.identity,
	}
}

func (c *comparison) read(t *testing.T, s *stored, nothing bool) {
	t.Helper()
	req := c.readRequest(t, s)
	compare(t, c, "read", nothing, func(server tfprotov6.ProviderServer) (*tfprotov6.ReadResourceResponse, error) {
		return server.ReadResource(t.Context(), req)
	})
}

// withoutSalt hides a provenance that a read has recorded: its salt is random.
func withoutSalt(resp any) {
	if read, ok := resp.(*tfprotov6.ReadResourceResponse); ok && bytes.HasPrefix(read.Private, []byte(`{"provenance":`)) {
		read.Private = []byte("recorded")
	}
}

// compare makes a call of both servers.
func compare[Resp any](t *testing.T, c *comparison, name string, nothing bool, call func(tfprotov6.ProviderServer) (*Resp, error)) {
	t.Helper()
	before := len(c.Requests(c.specimen.Name))
	want, err := call(c.framework)
	if err != nil {
		t.Fatal(err)
	}
	between := len(c.Requests(c.specimen.Name))
	c.allowed = !nothing
	got, err := call(c.ours)
	c.allowed = true
	withoutSalt(got)
	withoutSalt(want)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, %v\nthe framework: %+v", name, got, err, want)
	}
	if got, want := len(c.Requests(c.specimen.Name))-between, between-before; got != want {
		t.Errorf("%s: %d requests, the framework makes %d", name, got, want)
	}
}
