package invoice

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

func TestDecide(t *testing.T) {
	fresh := privateState{}
	sent := privateState{Asserted: []string{"x"}}
	imported := privateState{Imported: true}
	declared := privateState{Imported: true, Asserted: []string{"x"}}
	tests := map[string]struct {
		change change
		record privateState
		want   argumentPlan
	}{
		"never set":                           {change{role: roleUnread, priorNull: true}, fresh, planKeep},
		"unchanged":                           {change{role: roleReadable, configured: true, equal: true}, sent, planKeep},
		"changed":                             {change{role: roleReadable, configured: true}, sent, planReplace},
		"added":                               {change{role: roleUnread, configured: true, priorNull: true}, fresh, planReplace},
		"removed, reported by the gateway":    {change{role: roleReadable}, sent, planReplace},
		"removed, never reported":             {change{role: roleUnread}, sent, planReplace},
		"filled by the gateway":               {change{role: roleReadable}, fresh, planKeep},
		"imported, then set, not reported":    {change{role: roleUnread, configured: true, priorNull: true}, imported, planRecord},
		"imported, then set, reported absent": {change{role: roleReadable, configured: true, priorNull: true}, imported, planRecord},
		"imported, and guessed wrongly":       {change{role: roleReadable, unreliable: true, configured: true}, imported, planRecord},
		"imported, and really different":      {change{role: roleReadable, configured: true}, imported, planReplace},
		"imported, declared, then changed":    {change{role: roleUnread, configured: true}, declared, planReplace},
		"imported, declared, then removed":    {change{role: roleUnread}, declared, planReplace},
		"imported, reported, not configured":  {change{role: roleReadable}, imported, planKeep},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := decide(tt.change, "x", tt.record); got != tt.want {
				t.Errorf("decide(%+v, %+v) = %d, want %d", tt.change, tt.record, got, tt.want)
			}
		})
	}
}

// planAttributes are one of each role.
var planAttributes = map[string]schema.Attribute{
	"id":              schema.StringAttribute{Computed: true},
	"status":          schema.StringAttribute{Computed: true},
	"amount":          schema.StringAttribute{Required: true, CustomType: attribute.AmountType{}},
	"reference":       schema.StringAttribute{Optional: true, Computed: true},
	"email":           schema.StringAttribute{Optional: true},
	"currency":        schema.StringAttribute{Optional: true, Computed: true, Default: stringdefault.StaticString("USD")},
	"coins":           schema.ListAttribute{Optional: true, ElementType: attribute.AmountType{}},
	"deletion_policy": schema.StringAttribute{Optional: true},
	"items": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{
		Attributes: map[string]schema.Attribute{"rate": schema.StringAttribute{Required: true, CustomType: attribute.AmountType{}}},
	}},
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

var (
	noText  = tftypes.NewValue(tftypes.String, nil)
	unknown = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	coins   = tftypes.List{ElementType: tftypes.String}
	anItem  = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"rate": tftypes.String}}
	items   = tftypes.List{ElementType: anItem}
)

func itemsAt(rate string) tftypes.Value {
	return tftypes.NewValue(items, []tftypes.Value{tftypes.NewValue(anItem, map[string]tftypes.Value{"rate": text(rate)})})
}

// values are all attributes, null but for those that are given.
func values(given map[string]tftypes.Value) map[string]tftypes.Value {
	all := map[string]tftypes.Value{}
	for name := range planAttributes {
		all[name] = noText
	}
	all["coins"] = tftypes.NewValue(coins, nil)
	all["items"] = tftypes.NewValue(items, nil)
	for name, value := range given {
		all[name] = value
	}
	return all
}

func TestPlanChange(t *testing.T) {
	state := map[string]tftypes.Value{
		"id": text("1"), "status": text("created"), "amount": text("25"), "reference": text("tf-abc"),
		"currency": text("USD"), "deletion_policy": text("cancel"), "items": itemsAt("2.5"),
	}
	with := func(change map[string]tftypes.Value) map[string]tftypes.Value {
		all := map[string]tftypes.Value{"amount": text("25"), "items": itemsAt("2.5")}
		for name, value := range change {
			all[name] = value
		}
		return all
	}
	tests := map[string]struct {
		config      map[string]tftypes.Value
		state       map[string]tftypes.Value // beside what all have
		record      privateState
		unreliable  []string
		wantReplace []string
		want        map[string]tftypes.Value
	}{
		"nothing changed": {
			config: with(nil),
			want:   map[string]tftypes.Value{"id": text("1"), "amount": text("25"), "reference": text("tf-abc"), "status": text("created")},
		},
		"respelled amounts at any depth": {
			config: with(map[string]tftypes.Value{"amount": text("25.00"), "items": itemsAt("2.500")}),
			want:   map[string]tftypes.Value{"amount": text("25"), "items": itemsAt("2.5"), "status": text("created")},
		},
		"a respelled amount beside a change in place": {
			config: with(map[string]tftypes.Value{"amount": text("25.0"), "deletion_policy": text("abandon")}),
			want:   map[string]tftypes.Value{"amount": text("25"), "deletion_policy": text("abandon"), "status": text("created"), "id": text("1")},
		},
		"another amount": {
			config:      with(map[string]tftypes.Value{"amount": text("26")}),
			wantReplace: []string{"amount"},
			want:        map[string]tftypes.Value{"amount": text("26"), "status": unknown},
		},
		"another rate of an item": {
			config:      with(map[string]tftypes.Value{"items": itemsAt("2.6")}),
			wantReplace: []string{"items"},
		},
		"an amount that is not known yet": {
			config:      with(map[string]tftypes.Value{"amount": unknown}),
			wantReplace: []string{"amount"},
		},
		"another currency than the default": {
			config:      with(map[string]tftypes.Value{"currency": text("EUR")}),
			wantReplace: []string{"currency"},
		},
		"a reference that is taken away": {
			config:      with(nil),
			record:      privateState{Asserted: []string{"reference"}},
			wantReplace: []string{"reference"},
			want:        map[string]tftypes.Value{"reference": unknown},
		},
		"a wrong guess after an import": {
			config:     with(map[string]tftypes.Value{"currency": text("EUR")}),
			record:     privateState{Imported: true},
			unreliable: []string{"currency"},
			want:       map[string]tftypes.Value{"currency": text("EUR"), "status": text("created")},
		},
		"a guess after an import that is not the default": {
			config:     with(nil),
			state:      map[string]tftypes.Value{"currency": text("KWD")},
			record:     privateState{Imported: true},
			unreliable: []string{"currency"},
			want:       map[string]tftypes.Value{"currency": text("KWD"), "status": text("created")},
		},
		"what was a guess, and is configured since": {
			config:      with(map[string]tftypes.Value{"currency": text("EUR")}),
			record:      privateState{Imported: true, Asserted: []string{"currency"}},
			unreliable:  []string{"currency"},
			wantReplace: []string{"currency"},
		},
		"an argument after an import": {
			config: with(map[string]tftypes.Value{"email": text("a@example.com")}),
			record: privateState{Imported: true},
			want:   map[string]tftypes.Value{"email": text("a@example.com"), "status": text("created")},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			config := values(tt.config)
			prior := maps.Clone(state)
			maps.Copy(prior, tt.state)
			got, err := planChange(context.Background(), planAttributes, tt.unreliable, config, values(prior), proposed(config), tt.record)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.replace, tt.wantReplace) {
				t.Errorf("replace %v, want %v", got.replace, tt.wantReplace)
			}
			for attribute, want := range tt.want {
				if !got.values[attribute].Equal(want) {
					t.Errorf("%s = %s, want %s", attribute, got.values[attribute], want)
				}
			}
		})
	}
}

// proposed is the plan that the framework hands over: what is computed and not
// configured is unknown.
func proposed(config map[string]tftypes.Value) map[string]tftypes.Value {
	plan := map[string]tftypes.Value{}
	for name, a := range planAttributes {
		plan[name] = config[name]
		switch {
		case !config[name].IsNull():
		case name == "currency":
			plan[name] = text("USD")
		case a.IsComputed():
			plan[name] = unknown
		}
	}
	return plan
}

func TestAssertedBy(t *testing.T) {
	config := values(map[string]tftypes.Value{"amount": text("25"), "email": text("a@example.com"), "deletion_policy": text("cancel")})
	if got, want := assertedBy(planAttributes, config), []string{"amount", "email"}; !slices.Equal(got, want) {
		t.Errorf("asserted %v, want %v", got, want)
	}
}

func TestRoles(t *testing.T) {
	want := map[string]role{
		"id": roleComputed, "amount": roleReadable, "reference": roleReadable, "email": roleUnread, "deletion_policy": roleLocal,
	}
	for name, r := range want {
		if got := roleOf(name, planAttributes[name]); got != r {
			t.Errorf("roleOf(%s) = %d, want %d", name, got, r)
		}
	}
}
