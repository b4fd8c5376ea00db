package tuning

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/invoice"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
)

// arguments of one invoice at each gateway.
var arguments = map[string]map[string]string{
	"cryptocloud": {"amount": "1.5", "currency": "USD", "order_id": "order"},
	"hesabe":      {"amount": "1.5"},
	"meum":        {"amount": "1.5", "currency": "USD", "metadata": `{"a":1}`},
	"xpays": {
		"amount": "1.5", "order_id": "order", "from_fiat_currency": "USD", "to_crypto_currency": "USDT",
		"chain": "tron", "additional_data": `{"a":1}`,
	},
}

// settings are what the simulated gateways accept.
var settings = map[string]map[string]string{
	"cryptocloud": cryptocloud.Definition().Demo,
	"hesabe":      hesabe.Definition().Demo,
	"meum":        meum.Definition().Demo,
	"xpays":       xpays.Definition().Demo,
}

// reader has one invoice, and both ways to read it.
type reader struct {
	*sandboxtest.Server
	gateway   string
	settled   *provider.Settled
	framework tfprotov6.ProviderServer
	schema    *tfprotov6.Schema
	invoice   *tfprotov6.ApplyResourceChangeResponse
}

func (r *reader) typeName() string { return "payinvoice_" + r.gateway + "_invoice" }

// newReader makes an invoice.
func newReader(t *testing.T, gateway string) *reader {
	t.Helper()
	r := &reader{Server: sandboxtest.Start(t), gateway: gateway}
	t.Setenv("PAYINVOICE_READ_AHEAD", "off")
	t.Setenv(invoice.EnvironmentVariable(gateway, invoice.EndpointSetting), r.URL(gateway))
	for name, value := range settings[gateway] {
		t.Setenv(invoice.EnvironmentVariable(gateway, name), value)
	}
	p, settled := provider.NewSettled("test")
	r.settled, r.framework = settled, providerserver.NewProtocol6(p)()
	schemas, err := r.framework.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	r.schema = schemas.ResourceSchemas[r.typeName()]
	configured, err := r.framework.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: empty(t, schemas.Provider)})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(configured, err)
	}
	r.create(t)
	return r
}

// empty is a block without any argument.
func empty(t *testing.T, schema *tfprotov6.Schema) *tfprotov6.DynamicValue {
	t.Helper()
	typ := schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, inner := range typ.AttributeTypes {
		values[name] = tftypes.NewValue(inner, nil)
	}
	return dynamic(t, typ, tftypes.NewValue(typ, values))
}

func (r *reader) create(t *testing.T) {
	t.Helper()
	typ := r.schema.ValueType().(tftypes.Object)
	config, proposed := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	for _, a := range r.schema.Block.Attributes {
		config[a.Name] = tftypes.NewValue(typ.AttributeTypes[a.Name], nil)
		if text, given := arguments[r.gateway][a.Name]; given {
			config[a.Name] = tftypes.NewValue(tftypes.String, text)
		}
		proposed[a.Name] = config[a.Name]
		if a.Computed && config[a.Name].IsNull() {
			proposed[a.Name] = tftypes.NewValue(typ.AttributeTypes[a.Name], tftypes.UnknownValue)
		}
	}
	prior := dynamic(t, typ, tftypes.NewValue(typ, nil))
	configured := dynamic(t, typ, tftypes.NewValue(typ, config))
	plan, err := r.framework.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.typeName(), PriorState: prior, Config: configured, ProposedNewState: dynamic(t, typ, tftypes.NewValue(typ, proposed)),
	})
	if err != nil || len(plan.Diagnostics) > 0 {
		t.Fatal(plan, err)
	}
	r.invoice, err = r.framework.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.typeName(), PriorState: prior, Config: configured,
		PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate, PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil || len(r.invoice.Diagnostics) > 0 {
		t.Fatal(r.invoice, err)
	}
}

// request asks for the invoice, at times with another state than it has.
func (r *reader) request(t *testing.T, c chance) *tfprotov6.ReadResourceRequest {
	t.Helper()
	typ := r.schema.ValueType().(tftypes.Object)
	value, err := r.invoice.NewState.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	state := map[string]tftypes.Value{}
	if err := value.As(&state); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(state)) {
		if c.IntN(20) == 0 {
			state[name] = c.of(name, typ.AttributeTypes[name], false)
		}
	}
	req := &tfprotov6.ReadResourceRequest{
		TypeName: r.typeName(), CurrentState: dynamic(t, typ, tftypes.NewValue(typ, state)),
		Private: r.invoice.Private, CurrentIdentity: r.invoice.NewIdentity,
	}
	switch c.IntN(12) {
	case 0:
		req.Private = c.private(t, nil)
	case 1:
		req.Private = []byte(`{".import_before_read":"dHJ1ZQ=="}`)
	}
	var id string
	if err := state["id"].As(&id); err == nil && c.IntN(10) > 0 {
		req.CurrentIdentity = identity(t, id) // an invoice that does not exist is gone
	}
	switch c.IntN(20) {
	case 0:
		req.CurrentIdentity = nil
	case 1:
		req.CurrentIdentity = identity(t, "inv_1")
	}
	return req
}

// TestSettledRead: what is said to be settled is answered by the framework with
// what the request holds already, and what is handed over to the framework is
// what it would have read. Neither asks the gateway once more.
func TestSettledRead(t *testing.T) {
	for _, gateway := range slices.Sorted(maps.Keys(arguments)) {
		t.Run(gateway, func(t *testing.T) {
			r := newReader(t, gateway)
			yes, missed := 0, 0
			const cases = 300
			for n := range cases {
				req := r.request(t, chance{rand.New(rand.NewPCG(2, uint64(n)))})
				start := len(r.Requests(gateway))
				ctx, said := r.settled.Read(t.Context(), req)
				got := r.read(ctx, t, req)
				between := len(r.Requests(gateway))
				want := r.read(t.Context(), t, req)
				if tuned, plain := between-start, len(r.Requests(gateway))-between; tuned != plain {
					t.Errorf("case %d: %d requests, and %d of the framework", n, tuned, plain)
				}
				if !same(t, got, want) {
					t.Errorf("case %d: handed over\n%+v\nby itself\n%+v", n, got, want)
				}
				answered := &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}
				unchanged := same(t, answered, want)
				switch {
				case said && !unchanged:
					t.Errorf("case %d is said to be settled\n%+v\nframework\n%+v", n, answered, want)
				case said:
					yes++
				case unchanged:
					missed++
				}
			}
			t.Logf("%d of %d cases are settled, %d of them are not seen", yes+missed, cases, missed)
			if yes < cases/20 || missed > yes/10 {
				t.Errorf("only %d of %d settled cases are seen", yes, yes+missed)
			}
		})
	}
}

func (r *reader) read(ctx context.Context, t *testing.T, req *tfprotov6.ReadResourceRequest) *tfprotov6.ReadResourceResponse {
	t.Helper()
	resp, err := r.framework.ReadResource(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// same reports whether two answers to a read are the same on the wire.
func same(t *testing.T, a, b *tfprotov6.ReadResourceResponse) bool {
	t.Helper()
	return bytes.Equal(encoded(t, a), encoded(t, b))
}

func encoded(t *testing.T, resp *tfprotov6.ReadResourceResponse) []byte {
	t.Helper()
	text, err := json.Marshal(resp)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestSettledReadOfAnUnconfiguredProvider: before there are connections, and where
// a setting is not known yet, the framework answers.
func TestSettledReadOfAnUnconfiguredProvider(t *testing.T) {
	r := newReader(t, "meum")
	req := &tfprotov6.ReadResourceRequest{TypeName: r.typeName(), CurrentState: r.invoice.NewState, Private: r.invoice.Private, CurrentIdentity: r.invoice.NewIdentity}
	if _, said := r.settled.Read(t.Context(), req); !said {
		t.Fatal("the invoice itself is not settled")
	}
	_, fresh := provider.NewSettled("test")
	if _, said := fresh.Read(t.Context(), req); said {
		t.Error("a provider without configuration has read an invoice")
	}
	unknown := *req
	unknown.TypeName = "payinvoice_other_invoice"
	if _, said := r.settled.Read(t.Context(), &unknown); said {
		t.Error("a resource that does not exist was read")
	}
}

// TestSettledUpgrade: a state of today's schema is answered as by the framework,
// and any other is left to it.
func TestSettledUpgrade(t *testing.T) {
	p, settled := provider.NewSettled("test")
	framework := providerserver.NewProtocol6(p)()
	schemas, err := framework.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for typeName, schema := range schemas.ResourceSchemas {
		for name, test := range map[string]struct {
			version int64
			state   string
			settled bool
		}{
			"all null":      {0, `{}`, true},
			"some set":      {0, `{"id":"inv_1","amount":"1.50","replace_when":["expired"],"timeouts":{"create":"1m","read":null,"delete":null}}`, true},
			"other version": {1, `{"id":"inv_1"}`, false},
			"unknown names": {0, `{"id":"inv_1","of_a_later_release":[1]}`, true},
			"not an object": {0, `[]`, false},
			"wrong type":    {0, `{"id":["inv_1"]}`, false},
			"nothing":       {0, ``, false},
		} {
			t.Run(typeName+"/"+name, func(t *testing.T) {
				req := &tfprotov6.UpgradeResourceStateRequest{TypeName: typeName, Version: test.version, RawState: &tfprotov6.RawState{JSON: []byte(complete(t, schema, test.state))}}
				got, said := settled.Upgrade(req)
				if said != test.settled {
					t.Fatalf("settled: %v", said)
				}
				want, err := framework.UpgradeResourceState(t.Context(), req)
				if said && (err != nil || len(want.Diagnostics) > 0 || !bytes.Equal(got.MsgPack, want.UpgradedState.MsgPack)) {
					t.Errorf("got %+v, the framework says %+v, %v", got, want, err)
				}
				if !said && err == nil && len(want.Diagnostics) == 0 {
					t.Errorf("the framework upgrades it: %+v", want)
				}
			})
		}
	}
	if _, said := settled.Upgrade(&tfprotov6.UpgradeResourceStateRequest{TypeName: "payinvoice_other_invoice", RawState: &tfprotov6.RawState{JSON: []byte(`{}`)}}); said {
		t.Error("the state of a resource that does not exist was upgraded")
	}
}

// complete gives a state in JSON the attributes that it lacks: Terraform writes
// all of them.
func complete(t *testing.T, schema *tfprotov6.Schema, state string) string {
	t.Helper()
	var values map[string]any
	if json.Unmarshal([]byte(state), &values) != nil {
		return state
	}
	for _, a := range schema.Block.Attributes {
		if _, ok := values[a.Name]; !ok {
			values[a.Name] = nil
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
