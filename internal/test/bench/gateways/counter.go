package main

import (
	"net"
	"net/http"
	"sync"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// operationNames are what the requests of all gateways do, by the request. A
// request that is missing here counts by its own name.
var operationNames = func() map[string]string {
	names := map[string]string{}
	for _, g := range gatewaytest.Specimens() {
		r := g.Requests
		names[r.Login], names[r.Refresh] = "login", "login"
		names[r.Create], names[r.Read], names[r.Cancel], names[r.Find] = "create", "read", "cancel", "list"
	}
	return names
}()

// counts are what the gateways were asked.
type counts struct {
	Operations  map[string]int `json:"operations"`
	Connections int            `json:"connections"`
}

func operationOf(r *http.Request) string {
	for request, name := range operationNames {
		if gatewaytest.Matches(request, r.Method, r.URL.Path) {
			return name
		}
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
