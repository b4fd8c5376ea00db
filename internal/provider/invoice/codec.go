package invoice

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// decodeModel reads the attributes of a resource into a model. The framework's own Get
// does the same, but parses the model with a regular expression for each field of each
// resource: a third of the time of a refresh.
func decodeModel(ctx context.Context, attributes map[string]schema.Attribute, raw tftypes.Value, model any) diag.Diagnostics {
	values, diags := topLevel(raw)
	target := reflect.ValueOf(model).Elem()
	for name, index := range fieldsByAttribute(target.Type()) {
		value, err := attributes[name].GetType().ValueFromTerraform(ctx, values[name])
		if err != nil {
			diags.AddAttributeError(path.Root(name), "Cannot read the resource's attributes", fmt.Sprintf("%s: %v.", name, err))
			continue
		}
		target.FieldByIndex(index).Set(reflect.ValueOf(value))
	}
	return diags
}

// encodeModel is the reverse of decodeModel.
func encodeModel[A interface{ GetType() attr.Type }](ctx context.Context, attributes map[string]A, model any) (tftypes.Value, diag.Diagnostics) {
	var diags diag.Diagnostics
	source := reflect.ValueOf(model).Elem()
	types, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
	for name, index := range fieldsByAttribute(source.Type()) {
		types[name] = attributes[name].GetType().TerraformType(ctx)
		field := source.FieldByIndex(index).Interface().(attr.Value)
		if field.IsNull() { // the zero value of a collection has no element type
			values[name] = tftypes.NewValue(types[name], nil)
			continue
		}
		value, err := field.ToTerraformValue(ctx)
		if err != nil {
			diags.AddAttributeError(path.Root(name), "Cannot write the resource's attributes", fmt.Sprintf("%s: %v.", name, err))
		}
		values[name] = value
	}
	if diags.HasError() {
		return tftypes.Value{}, diags
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values), nil
}

var modelFields sync.Map // map[string][]int by reflect.Type

// fieldsByAttribute returns the fields of a model, all of which are attr.Value, as
// indexes for reflect.Value.FieldByIndex.
func fieldsByAttribute(model reflect.Type) map[string][]int {
	if known, ok := modelFields.Load(model); ok {
		return known.(map[string][]int)
	}
	fields := map[string][]int{}
	for _, f := range reflect.VisibleFields(model) {
		if name := f.Tag.Get("tfsdk"); name != "" {
			fields[name] = f.Index
		}
	}
	modelFields.Store(model, fields)
	return fields
}
