package main

import (
	"fmt"
	"strings"
)

// subject is what is measured: a resource, many times.
type subject struct {
	name string
	// resource is its type, and arguments are its arguments, which may name
	// count.index.
	resource, arguments string
	// source is the provider's; "" for Terraform's own.
	source string
	// lists says that a refresh can be served from the gateway's list.
	lists bool
}

// plain are what stands beside the gateways: they ask nobody. The small resource
// of the idle plugin has two attributes, the wide one as many as an invoice.
var plain = []subject{
	{name: "terraform_data", resource: "terraform_data", arguments: `input = "1.${count.index}"`},
	{name: "small idle plugin", resource: "idle_small", arguments: `amount = "1.${count.index}"`, source: "payinvoice/idle"},
	{name: "wide idle plugin", resource: "idle_wide", arguments: `amount = "1.${count.index}"`, source: "payinvoice/idle"},
}

// gatewayArguments are the arguments of an invoice at a gateway, and lists says that a
// refresh can be served from the gateway's list.
type gatewayArguments struct {
	Arguments string `json:"arguments"`
	Lists     bool   `json:"lists"`
}

func (a gatewayArguments) subject(name string) subject {
	return subject{name: name, resource: "payinvoice_" + name + "_invoice", source: "payinvoice/payinvoice", arguments: a.Arguments, lists: a.Lists}
}

// configuration has the resource n times. The provider's settings come from the
// environment.
func (s subject) configuration(n int) string {
	var required string
	if s.source != "" {
		name := s.source[strings.Index(s.source, "/")+1:]
		required = fmt.Sprintf("terraform {\n  required_providers {\n    %s = { source = %q }\n  }\n}\n\n", name, s.source)
	}
	return fmt.Sprintf("%sresource %q \"many\" {\n  count = %d\n  %s\n}\n", required, s.resource, n, s.arguments)
}
