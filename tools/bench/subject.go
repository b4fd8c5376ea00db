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

// gateways are the subjects that ask a gateway.
var gateways = []subject{
	{name: "cryptocloud", arguments: `amount = "${count.index + 10}.50"`, lists: true},
	{name: "hesabe", arguments: `amount = "${count.index + 1}.250"`, lists: true},
	{name: "meum", arguments: `amount = "${count.index + 10}.50"`, lists: true},
	{name: "xpays", arguments: `
  amount             = "${count.index + 10}.50"
  order_id           = "order-${count.index}"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"`},
}

func gatewayNames() []string {
	var names []string
	for _, g := range gateways {
		names = append(names, g.name)
	}
	return names
}

// gatewayName checks a name.
func gatewayName(name string) (string, error) {
	_, err := gateway(name)
	return name, err
}

func gateway(name string) (subject, error) {
	for _, g := range gateways {
		if g.name == name {
			g.resource, g.source = "payinvoice_"+name+"_invoice", "payinvoice/payinvoice"
			return g, nil
		}
	}
	return subject{}, fmt.Errorf("%q is not one of %s", name, strings.Join(gatewayNames(), ", "))
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
