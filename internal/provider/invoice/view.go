package invoice

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/provider/attribute"
)

// viewAttributes returns the resource's attributes that the gateway reports, all
// computed. They are shared, and must not be changed.
func viewAttributes[Spec any, Inv gateway.Invoice](ctx context.Context, def *Definition[Spec, Inv]) map[string]schema.Attribute {
	def.viewOnce.Do(func() {
		def.viewAttributes = map[string]schema.Attribute{}
		for name, a := range resourceAttributes(ctx, def) {
			if !localAttributes[name] && !slices.Contains(def.Unreported, name) {
				def.viewAttributes[name] = computed(a, descriptionFor(def, name, a))
			}
		}
	})
	return def.viewAttributes
}

// descriptionFor returns the description of an attribute in a view, without what
// applies only to arguments.
func descriptionFor[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv], name string, a resourceschema.Attribute) string {
	if text, ok := def.DataSourceDescriptions[name]; ok {
		return text
	}
	if text, ok := commonDescriptions[name]; ok {
		return text
	}
	return strings.TrimSuffix(a.GetMarkdownDescription(), attribute.Replaces)
}

var commonDescriptions = map[string]string{
	"amount":       "The amount, as decimal text.",
	"checkout_url": "The URL of the payment page; null if the gateway does not return it.",
}

// computed converts a resource's attribute to one of a data source.
func computed(a resourceschema.Attribute, description string) schema.Attribute {
	switch a := a.(type) {
	case resourceschema.StringAttribute:
		return schema.StringAttribute{Computed: true, CustomType: a.CustomType, MarkdownDescription: description}
	case resourceschema.BoolAttribute:
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	case resourceschema.Int64Attribute:
		return schema.Int64Attribute{Computed: true, MarkdownDescription: description}
	case resourceschema.NumberAttribute:
		return schema.NumberAttribute{Computed: true, MarkdownDescription: description}
	case resourceschema.SetAttribute:
		return schema.SetAttribute{Computed: true, ElementType: a.ElementType, MarkdownDescription: description}
	case resourceschema.ListAttribute:
		return schema.ListAttribute{Computed: true, ElementType: a.ElementType, MarkdownDescription: description}
	default:
		// Add new kinds of attribute above; the schema tests fail here otherwise.
		panic("invoice: a data source cannot show an attribute of this kind")
	}
}

// view maps an invoice to a data source's view.
func view[Spec any, Inv gateway.Invoice](ctx context.Context, def *Definition[Spec, Inv], inv Inv) (View[Inv], diag.Diagnostics) {
	v := def.NewView()
	f := inv.Facts(now())
	v.Shared().refresh(f.In(f.Currency))
	return v, v.Refresh(ctx, inv)
}

// viewList returns the list attribute of a data source.
func viewList[Inv gateway.Invoice](ctx context.Context, attributes map[string]schema.Attribute, views []View[Inv]) (types.List, diag.Diagnostics) {
	attributeTypes := map[string]attr.Type{}
	for name, a := range attributes {
		attributeTypes[name] = a.GetType()
	}
	object := types.ObjectType{AttrTypes: attributeTypes}
	elements := make([]attr.Value, 0, len(views))
	for _, v := range views {
		raw, diags := encodeModel(ctx, attributes, v)
		if diags.HasError() {
			return types.ListNull(object), diags
		}
		element, err := object.ValueFromTerraform(ctx, raw)
		if err != nil {
			diags.AddError("Cannot list the invoices", fmt.Sprintf("This is a bug in the provider: %v.", err))
			return types.ListNull(object), diags
		}
		elements = append(elements, element)
	}
	return types.ListValue(object, elements)
}
