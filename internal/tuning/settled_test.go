package tuning

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
)

// chance makes values at random, few different ones so that they are often
// the same.
type chance struct{ *rand.Rand }

// of makes a value for an attribute; unknown ones only in configurations.
func (c chance) of(name string, typ tftypes.Type, unknown bool) tftypes.Value {
	switch n := c.IntN(12); {
	case n < 3:
		return tftypes.NewValue(typ, nil)
	case n == 3 && unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	}
	switch {
	case typ.Is(tftypes.String):
		return tftypes.NewValue(typ, c.text(name))
	case typ.Is(tftypes.Number):
		return tftypes.NewValue(typ, big.NewFloat(float64(c.IntN(2))))
	case typ.Is(tftypes.Bool):
		return tftypes.NewValue(typ, c.IntN(2) == 0)
	case typ.Is(tftypes.Object{}):
		values := map[string]tftypes.Value{}
		for part, inner := range typ.(tftypes.Object).AttributeTypes {
			values[part] = c.of(part, inner, unknown)
		}
		return tftypes.NewValue(typ, values)
	case typ.Is(tftypes.List{}):
		return tftypes.NewValue(typ, c.several(name, typ.(tftypes.List).ElementType, unknown))
	default:
		elements := c.several(name, typ.(tftypes.Set).ElementType, unknown)
		if len(elements) > 1 && elements[0].Equal(elements[1]) {
			elements = elements[:1]
		}
		return tftypes.NewValue(typ, elements)
	}
}

func (c chance) text(name string) string {
	words := []string{"1.5", "1.50", "2"}
	switch name {
	case "phase", "replace_when":
		words = []string{"paid", "expired"}
	case "deletion_policy":
		words = []string{"cancel", "cancel", "abandon"}
	case "currency":
		words = []string{"USD", "USD", "EUR"}
	case "metadata", "additional_data":
		words = []string{`{"a":1}`, `{ "a": 1 }`, `{"a":2}`}
	case "create", "read", "delete":
		words = []string{"1m", "2m"}
	}
	return words[c.IntN(len(words))]
}

func (c chance) several(name string, typ tftypes.Type, unknown bool) []tftypes.Value {
	elements := []tftypes.Value{}
	for range c.IntN(3) {
		e := c.of(name, typ, unknown)
		if !e.IsNull() && (unknown || e.IsFullyKnown()) {
			elements = append(elements, e)
		}
	}
	return elements
}

// request is a request to plan in which Terraform itself sees no change.
func (c chance) request(t *testing.T, typeName string, schema *tfprotov6.Schema) *tfprotov6.PlanResourceChangeRequest {
	t.Helper()
	typ := schema.ValueType().(tftypes.Object)
	state, config := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	var arguments []string
	for _, a := range schema.Block.Attributes {
		state[a.Name] = c.of(a.Name, typ.AttributeTypes[a.Name], false)
		config[a.Name] = tftypes.NewValue(typ.AttributeTypes[a.Name], nil)
		if !a.Required && !a.Optional {
			continue
		}
		arguments = append(arguments, a.Name)
		switch n := c.IntN(200); {
		case n < 150: // most are as they were
			config[a.Name] = state[a.Name]
		case n < 152:
			config[a.Name] = c.of(a.Name, typ.AttributeTypes[a.Name], true)
		}
		if state[a.Name].IsNull() && (a.Name == "deletion_policy" || a.Name == "adopt_existing") && c.IntN(4) > 0 {
			// The state hardly ever lacks a default.
			value := tftypes.NewValue(tftypes.String, "cancel")
			if a.Name == "adopt_existing" {
				value = tftypes.NewValue(tftypes.Bool, false)
			}
			state[a.Name] = value
		}
	}
	req := &tfprotov6.PlanResourceChangeRequest{TypeName: typeName, PriorPrivate: c.private(t, arguments)}
	req.PriorState = dynamic(t, typ, tftypes.NewValue(typ, state))
	req.Config = dynamic(t, typ, tftypes.NewValue(typ, config))
	proposed := *req.PriorState
	req.ProposedNewState = &proposed
	req.PriorIdentity = identity(t, "inv_1")
	return req
}

// identity is that of an invoice.
func identity(t *testing.T, id string) *tfprotov6.ResourceIdentityData {
	t.Helper()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
	return &tfprotov6.ResourceIdentityData{
		IdentityData: dynamic(t, typ, tftypes.NewValue(typ, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, id)})),
	}
}

// private is the record of what was configured, as the framework keeps it.
func (c chance) private(t *testing.T, arguments []string) []byte {
	t.Helper()
	switch c.IntN(6) {
	case 0:
		return nil
	case 1:
		return []byte(`{"arguments":"e30="}`)
	}
	asserted := slices.DeleteFunc(slices.Clone(arguments), func(string) bool { return c.IntN(20) == 0 })
	if c.IntN(2) == 0 {
		asserted = nil
	}
	raw, err := json.Marshal(map[string]any{"imported": c.IntN(2) == 0, "asserted": asserted})
	if err != nil {
		t.Fatal(err)
	}
	private, err := json.Marshal(map[string][]byte{"arguments": raw})
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func dynamic(t *testing.T, typ tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	d, err := tfprotov6.NewDynamicValue(typ, value)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// TestSettled: what is said to be settled is answered by the framework with
// what the request holds already.
func TestSettled(t *testing.T) {
	p, settled := provider.NewSettled("test")
	server := providerserver.NewProtocol6(p)()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, typeName := range slices.Sorted(maps.Keys(schemas.ResourceSchemas)) {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			schema := schemas.ResourceSchemas[typeName]
			typ := schema.ValueType()
			yes, missed := 0, 0
			const cases = 600
			for n := range cases {
				c := chance{rand.New(rand.NewPCG(1, uint64(n)))} // the same cases each time
				req := c.request(t, typeName, schema)
				said := proposesNothing(req) && settled.Plan(t.Context(), req)
				resp, err := server.PlanResourceChange(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				different := changes(t, typ, req, resp)
				if said && different != "" {
					t.Errorf("case %d is said to be settled, but the framework answers with %s", n, different)
				}
				if said {
					yes++
				} else if different == "" {
					missed++
				}
			}
			t.Logf("%d of %d cases are settled, %d of them are not seen", yes+missed, cases, missed)
			if yes < cases/100 || missed > yes/10 {
				t.Errorf("only %d of %d settled cases are seen", yes, yes+missed)
			}
		})
	}
}

// changes tells in what an answer differs from the request; "" where it does
// not.
func changes(t *testing.T, typ tftypes.Type, req *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse) string {
	t.Helper()
	var found []string
	note := func(differs bool, what string) {
		if differs {
			found = append(found, what)
		}
	}
	prior, err := req.PriorState.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	planned, err := resp.PlannedState.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	differences, _ := prior.Diff(planned)
	note(len(differences) > 0, fmt.Sprint(differences))
	note(len(resp.RequiresReplace) > 0, "a replacement")
	note(len(resp.Diagnostics) > 0, "diagnostics")
	note(resp.Deferred != nil, "a deferral")
	note(!bytes.Equal(resp.PlannedPrivate, req.PriorPrivate), "another private state")
	note(resp.PlannedIdentity == nil || !bytes.Equal(resp.PlannedIdentity.IdentityData.MsgPack, req.PriorIdentity.IdentityData.MsgPack), "another identity")
	return strings.Join(found, " and ")
}

// TestSettledAnswer: what is settled does not reach the framework, all else does.
func TestSettledAnswer(t *testing.T) {
	value := func(text string) *tfprotov6.DynamicValue { return &tfprotov6.DynamicValue{MsgPack: []byte(text)} }
	whose := &tfprotov6.ResourceIdentityData{IdentityData: value("identity")}
	for name, test := range map[string]struct {
		req     tfprotov6.PlanResourceChangeRequest
		settled bool
		here    bool
	}{
		"settled":        {tfprotov6.PlanResourceChangeRequest{PriorState: value("a"), ProposedNewState: value("a"), PriorIdentity: whose}, true, true},
		"not settled":    {tfprotov6.PlanResourceChangeRequest{PriorState: value("a"), ProposedNewState: value("a"), PriorIdentity: whose}, false, false},
		"a change":       {tfprotov6.PlanResourceChangeRequest{PriorState: value("a"), ProposedNewState: value("b"), PriorIdentity: whose}, true, false},
		"no identity":    {tfprotov6.PlanResourceChangeRequest{PriorState: value("a"), ProposedNewState: value("a")}, true, false},
		"no state":       {tfprotov6.PlanResourceChangeRequest{PriorIdentity: whose}, true, false},
		"states in JSON": {tfprotov6.PlanResourceChangeRequest{PriorState: &tfprotov6.DynamicValue{JSON: []byte("{}")}, ProposedNewState: &tfprotov6.DynamicValue{JSON: []byte("{}")}, PriorIdentity: whose}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			behind := &counting{}
			test.req.PriorPrivate = []byte("private")
			resp, err := settledServer{behind, always(test.settled)}.PlanResourceChange(t.Context(), &test.req)
			if err != nil || (behind.asked == 0) != test.here {
				t.Fatalf("%d plans reached the framework, %v", behind.asked, err)
			}
			if test.here && (resp.PlannedState != test.req.PriorState || string(resp.PlannedPrivate) != "private" || resp.PlannedIdentity != whose) {
				t.Errorf("%+v", resp)
			}
		})
	}
	for _, settled := range []bool{true, false} {
		t.Run(fmt.Sprintf("read, settled: %v", settled), func(t *testing.T) {
			behind := &counting{}
			req := &tfprotov6.ReadResourceRequest{CurrentState: value("a"), Private: []byte("private"), CurrentIdentity: whose}
			resp, err := settledServer{behind, always(settled)}.ReadResource(t.Context(), req)
			if err != nil || (behind.asked == 0) != settled || behind.handed == settled {
				t.Fatalf("%d reads reached the framework, handed over: %v, %v", behind.asked, behind.handed, err)
			}
			if settled && (resp.NewState != req.CurrentState || string(resp.Private) != "private" || resp.NewIdentity != whose) {
				t.Errorf("%+v", resp)
			}
		})
		t.Run(fmt.Sprintf("upgrade, settled: %v", settled), func(t *testing.T) {
			behind := &counting{}
			resp, err := settledServer{behind, always(settled)}.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{})
			if err != nil || (behind.asked == 0) != settled || settled && string(resp.UpgradedState.MsgPack) != "upgraded" {
				t.Errorf("%d states reached the framework, %+v, %v", behind.asked, resp, err)
			}
		})
	}
}

// always says of everything that it is settled, or of nothing.
type always bool

func (a always) Plan(context.Context, *tfprotov6.PlanResourceChangeRequest) bool { return bool(a) }

func (a always) Read(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (context.Context, bool) {
	return context.WithValue(ctx, key{}, "what was read"), bool(a)
}

func (a always) Upgrade(*tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.DynamicValue, bool) {
	return &tfprotov6.DynamicValue{MsgPack: []byte("upgraded")}, bool(a)
}

// counting stands for the framework.
type counting struct {
	calls
	asked  int
	handed bool
}

func (c *counting) PlanResourceChange(context.Context, *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	c.asked++
	return &tfprotov6.PlanResourceChangeResponse{}, nil
}

func (c *counting) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	c.asked++
	c.handed = ctx.Value(key{}) == "what was read"
	return &tfprotov6.ReadResourceResponse{}, nil
}

func (c *counting) UpgradeResourceState(context.Context, *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	c.asked++
	return &tfprotov6.UpgradeResourceStateResponse{}, nil
}
