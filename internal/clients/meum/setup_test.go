package meum

import (
	"net/http"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
)

func newClient(t *testing.T, address, key string) *Client {
	t.Helper()
	return New(Credentials{APIKey: key}, clienttest.Config(t, address))
}

// simulated is a client of the simulated Meum.
func simulated(t *testing.T, behaviour sandbox.Behaviour) (*Client, *sandboxtest.Server) {
	t.Helper()
	server := sandboxtest.Start(t, behaviour)
	return newClient(t, server.URL(Name), sandbox.APIKey), server
}

// newTestServer is a client of a hand-written server.
func newTestServer(t *testing.T, handler http.HandlerFunc) (*Client, *clienttest.Server) {
	t.Helper()
	server := clienttest.Serve(t, handler)
	return New(Credentials{APIKey: " sk_live_demo\n"}, server.Config()), server
}

// newCannedServer is a client of a server that always gives the same answer.
func newCannedServer(t *testing.T, status int, body string) (*Client, *clienttest.Server) {
	t.Helper()
	return newTestServer(t, clienttest.Respond(status, body))
}

// check fails the test if the error is not of this kind.
func check(t *testing.T, err, kind error) *gateway.Error {
	t.Helper()
	return clienttest.Check(t, err, Title, kind)
}
