package main

import (
	"net"
	"net/http"
	"sync"
)

// operations are what the routes of all gateways do. A route that is missing
// here counts by its own name.
var operations = map[string]string{
	"POST /v2/invoice/create":            "create",
	"POST /v2/invoice/merchant/info":     "read",
	"POST /v2/invoice/merchant/canceled": "cancel",
	"POST /v2/invoice/merchant/list":     "list",

	"POST /api/v1/login":            "login",
	"POST /api/v1/token-refresh":    "login",
	"POST /api/v1/invoice":          "create",
	"GET /api/v1/invoice/{id}":      "read",
	"PUT /api/v1/invoice/{token}":   "cancel",
	"GET /api/v1/invoice-dashboard": "list",

	"POST /v1/payment/createInvoicePayment": "create",
	"GET /v1/payment/info":                  "read",
	"POST /v1/payment/cancel":               "cancel",

	"POST /v1/invoices":             "create",
	"GET /v1/invoices/{id}":         "read",
	"POST /v1/invoices/{id}/cancel": "cancel",
	"GET /v1/invoices":              "list",
}

// counts are what the gateways were asked.
type counts struct {
	Operations  map[string]int `json:"operations"`
	Connections int            `json:"connections"`
}

var routes = sync.OnceValue(func() *http.ServeMux {
	mux := http.NewServeMux()
	for route := range operations {
		mux.Handle(route, http.NotFoundHandler())
	}
	return mux
})

func operationOf(r *http.Request) string {
	if _, route := routes().Handler(r); operations[route] != "" {
		return operations[route]
	}
	return r.Method + " " + r.URL.Path
}

// counter counts requests by operation, and new connections.
type counter struct {
	mu  sync.Mutex
	now counts
}

func newCounter() *counter { return &counter{now: counts{Operations: map[string]int{}}} }

func (c *counter) request(r *http.Request) {
	operation := operationOf(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.Operations[operation]++
}

// connection is for http.Server.ConnState.
func (c *counter) connection(_ net.Conn, state http.ConnState) {
	if state != http.StateNew {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now.Connections++
}

// take answers what has been counted, and begins anew.
func (c *counter) take() counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.now
	c.now = counts{Operations: map[string]int{}}
	return taken
}
