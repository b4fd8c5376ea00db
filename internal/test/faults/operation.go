// Package faults puts faults between a gateway's client and a simulated
// gateway: closed connections; lost, late, malformed or endless responses; redirects;
// rate limits. Tests choose the request for each.
//
// Its middleware fits sandboxtest.Server.Intercept.
package faults

import (
	"net/http"
	"slices"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// Operation is an operation of a gateway's API.
type Operation struct {
	Gateway string
	// Name is create, read, list, cancel, login or refresh.
	Name string

	request string // a method and a path, with {id} for an id
}

// The names of operations.
const (
	Create  = "create"
	Read    = "read"
	List    = "list"
	Cancel  = "cancel"
	Login   = "login"
	Refresh = "refresh"
)

// Operations returns the operations of a gateway.
func Operations(gateway string) []Operation {
	r := gatewaytest.Named(gateway).Requests
	all := []Operation{
		{gateway, Login, r.Login},
		{gateway, Refresh, r.Refresh},
		{gateway, Create, r.Create},
		{gateway, Read, r.Read},
		{gateway, List, r.Find},
		{gateway, Cancel, r.Cancel},
	}
	return slices.DeleteFunc(all, func(o Operation) bool { return o.request == "" })
}

// Of returns an operation of a gateway. It panics if there is none of this name.
func Of(gateway, name string) Operation {
	for _, o := range Operations(gateway) {
		if o.Name == name {
			return o
		}
	}
	panic("faults: " + gateway + " has no operation " + name)
}

// String is the gateway and the name.
func (o Operation) String() string { return o.Gateway + " " + o.Name }

// Matches reports whether a request asks for the operation.
func (o Operation) Matches(r *http.Request) bool {
	return gatewaytest.Matches(o.request, r.Method, r.URL.Path)
}
