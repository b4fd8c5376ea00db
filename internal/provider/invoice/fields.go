package invoice

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// fields says where a model, a struct whose fields are all attr.Values, has its
// attributes. The framework finds that out anew for each value.
type fields map[string][]int // as reflect.Value.FieldByIndex takes them

// fieldsOf are the fields of a model, given by a pointer.
func fieldsOf(model any) fields {
	f := fields{}
	for _, field := range reflect.VisibleFields(reflect.TypeOf(model).Elem()) {
		if name := field.Tag.Get("tfsdk"); name != "" {
			f[name] = field.Index
		}
	}
	return f
}

// fill sets the fields of a model.
func (f fields) fill(ctx context.Context, model any, types map[string]attr.Type, values map[string]tftypes.Value) error {
	target := reflect.ValueOf(model).Elem()
	for name, index := range f {
		value, err := types[name].ValueFromTerraform(ctx, values[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		field, source := target.FieldByIndex(index), reflect.ValueOf(value)
		if !source.Type().AssignableTo(field.Type()) {
			return fmt.Errorf("%s: a %T does not go into a field for a %s", name, value, field.Type())
		}
		field.Set(source)
	}
	return nil
}

// values are what the fields of a model hold.
func (f fields) values(ctx context.Context, model any) (map[string]tftypes.Value, error) {
	source := reflect.ValueOf(model).Elem()
	values := make(map[string]tftypes.Value, len(f))
	for name, index := range f {
		held, ok := source.FieldByIndex(index).Interface().(attr.Value)
		if !ok {
			return nil, fmt.Errorf("%s: the field is no attribute's value", name)
		}
		value, err := held.ToTerraformValue(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = value
	}
	return values, nil
}
