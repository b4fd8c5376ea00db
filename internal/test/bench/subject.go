package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// subject is a resource to measure, in many instances.
type subject struct {
	name string
	// resource is its type, and arguments are its arguments, which may name
	// count.index.
	resource, arguments string
	source              string                // the provider's; "" for Terraform's own
	gateway             *gatewaytest.Specimen // nil for what asks nobody
}

// idlePlugin serves a resource that does nothing and has as many attributes as an
// invoice.
const idlePlugin = "idle plugin"

// beside are the subjects besides the gateways.
var beside = []subject{
	{name: "terraform_data", resource: "terraform_data", arguments: `input = "1.${count.index}"`},
	{name: idlePlugin, resource: "idle", arguments: `amount = "1.${count.index}"`, source: "payinvoice/idle"},
}

// invoices are those of a gateway.
func invoices(g gatewaytest.Specimen) subject {
	lines := []string{`amount = "${count.index + 10}.50"`}
	for _, a := range g.Arguments {
		if a.Required && a.Name == g.Reference {
			lines = append(lines, a.Name+` = "order-${count.index}"`)
		}
	}
	return subject{
		name: g.Name, resource: "payinvoice_" + g.Name + "_invoice", source: "payinvoice/payinvoice",
		arguments: strings.Join(append(lines, g.Required()), "\n  "), gateway: &g,
	}
}

// lists says that a refresh can be served from the gateway's list.
func (s subject) lists() bool { return s.gateway != nil && s.gateway.Listing != nil }

// configuration has the resource n times. The provider's settings come from the
// environment.
func (s subject) configuration(n int) string {
	var required string
	if s.source != "" {
		required = fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n\n", path.Base(s.source), s.source)
	}
	return fmt.Sprintf("%sresource %q \"many\" {\n  count = %d\n  %s\n}\n", required, s.resource, n, s.arguments)
}
