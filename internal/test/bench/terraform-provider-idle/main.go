// Command idle is a provider whose resources do nothing: what they cost is what
// Terraform and the plugin framework cost. make bench measures them beside the
// real provider.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return idle{} },
		providerserver.ServeOpts{Address: "registry.terraform.io/payinvoice/idle"})
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

type idle struct{}

func (idle) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "idle"
}

func (idle) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (idle) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (idle) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (idle) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return nothing{} }}
}

// computed is how many attributes a resource has besides its argument, like an invoice.
const computed = 40

type nothing struct{}

func (nothing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "idle"
}

func (nothing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"amount": schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
	}
	for i := range computed {
		attributes[fmt.Sprintf("computed_%d", i)] = schema.StringAttribute{Computed: true}
	}
	resp.Schema = schema.Schema{Attributes: attributes}
}

// Create gives every other unknown attribute a value, as an invoice has about as many.
func (nothing) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	values := map[string]tftypes.Value{}
	if err := req.Plan.Raw.As(&values); err != nil {
		resp.Diagnostics.AddError("Cannot read the plan", err.Error())
		return
	}
	for i := range computed {
		var value any
		if i%2 == 0 {
			value = "a value as long as most"
		}
		values[fmt.Sprintf("computed_%d", i)] = tftypes.NewValue(tftypes.String, value)
	}
	resp.State.Raw = tftypes.NewValue(req.Plan.Raw.Type(), values)
}

// Read keeps the state.
func (nothing) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (nothing) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (nothing) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
