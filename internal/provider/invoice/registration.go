package invoice

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Registration is what the provider serves for a gateway, without its types.
type Registration struct {
	Name, Title     string
	Settings        []Setting
	DefaultEndpoint string
	// AccountTitle and EndpointNote are those of the Definition.
	AccountTitle, EndpointNote string

	Resources     []func() resource.Resource
	DataSources   []func() datasource.DataSource
	Actions       []func() action.Action
	ListResources []func() list.ListResource
}

// Register returns what the provider serves for a gateway.
func (d *Definition[Spec, Inv]) Register() Registration {
	r := Registration{
		Name: d.Name, Title: d.Title, Settings: d.Settings, DefaultEndpoint: d.DefaultEndpoint,
		AccountTitle: d.account(), EndpointNote: d.EndpointNote,
		Resources:   []func() resource.Resource{func() resource.Resource { return NewResource(d) }},
		DataSources: []func() datasource.DataSource{func() datasource.DataSource { return NewDataSource(d) }},
		Actions: []func() action.Action{
			func() action.Action { return NewCancelAction(d) },
			func() action.Action { return NewWaitAction(d) },
		},
	}
	if d.Listing != nil {
		r.DataSources = append(r.DataSources, func() datasource.DataSource { return NewListDataSource(d) })
		r.ListResources = []func() list.ListResource{func() list.ListResource { return NewListResource(d) }}
	}
	r.DataSources = append(r.DataSources, d.DataSources...)
	r.Actions = append(r.Actions, d.Actions...)
	return r
}
