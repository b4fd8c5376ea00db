// Package faults puts faults between a gateway's client and a simulated
// gateway: connections that close, answers that are lost, late, misshapen or
// endless, redirects, rate limits. Tests choose which request meets which.
//
// Its middleware fits sandboxtest.Server.Intercept.
package faults

import (
	"net/http"
	"strings"
)

// Operation is something that a gateway is asked to do.
type Operation struct {
	Gateway string
	// Name is create, read, list, cancel, login or refresh.
	Name string

	method, prefix, suffix string
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

// operations are those of all gateways, as their documentation has them.
var operations = []Operation{
	{"cryptocloud", Create, http.MethodPost, "/v2/invoice/create", ""},
	{"cryptocloud", Read, http.MethodPost, "/v2/invoice/merchant/info", ""},
	{"cryptocloud", List, http.MethodPost, "/v2/invoice/merchant/list", ""},
	{"cryptocloud", Cancel, http.MethodPost, "/v2/invoice/merchant/canceled", ""},

	{"hesabe", Login, http.MethodPost, "/api/v1/login", ""},
	{"hesabe", Refresh, http.MethodPost, "/api/v1/token-refresh", ""},
	{"hesabe", List, http.MethodGet, "/api/v1/invoice-dashboard", ""},
	{"hesabe", Create, http.MethodPost, "/api/v1/invoice", ""},
	{"hesabe", Read, http.MethodGet, "/api/v1/invoice/", "{id}"},
	{"hesabe", Cancel, http.MethodPut, "/api/v1/invoice/", "{token}"},

	{"xpays", Create, http.MethodPost, "/v1/payment/createInvoicePayment", ""},
	{"xpays", Read, http.MethodGet, "/v1/payment/info", ""},
	{"xpays", Cancel, http.MethodPost, "/v1/payment/cancel", ""},

	{"meum", Create, http.MethodPost, "/v1/invoices", ""},
	{"meum", List, http.MethodGet, "/v1/invoices", ""},
	{"meum", Read, http.MethodGet, "/v1/invoices/", "{id}"},
	{"meum", Cancel, http.MethodPost, "/v1/invoices/", "{id}/cancel"},
}

// Operations are those of a gateway.
func Operations(gateway string) []Operation {
	var found []Operation
	for _, o := range operations {
		if o.Gateway == gateway {
			found = append(found, o)
		}
	}
	return found
}

// Of is one operation of a gateway. It panics for one that there is not: a test
// that names it is wrong.
func Of(gateway, name string) Operation {
	for _, o := range operations {
		if o.Gateway == gateway && o.Name == name {
			return o
		}
	}
	panic("faults: " + gateway + " has no operation " + name)
}

// String is the gateway and the name.
func (o Operation) String() string { return o.Gateway + " " + o.Name }

// Matches reports whether a request asks for the operation.
func (o Operation) Matches(r *http.Request) bool {
	if r.Method != o.method {
		return false
	}
	rest, below := strings.CutPrefix(r.URL.Path, o.prefix)
	if !below {
		return false
	}
	if _, tail, variable := strings.Cut(o.suffix, "}"); variable {
		id, ends := strings.CutSuffix(rest, tail)
		return ends && id != "" && !strings.Contains(id, "/")
	}
	return rest == ""
}
