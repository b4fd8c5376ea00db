package faults

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
)

// Honeypot is a host that nobody must contact: redirects lead to it.
type Honeypot struct {
	server      *httptest.Server
	connections atomic.Int64
}

// NewHoneypot starts a honeypot. Even a connection without a request counts.
func NewHoneypot() *Honeypot {
	t := &Honeypot{}
	t.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	}))
	t.server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			t.connections.Add(1)
		}
	}
	t.server.Start()
	return t
}

// URL is the honeypot's address. Its host differs from that of the sandbox's listeners.
func (t *Honeypot) URL() string { return strings.Replace(t.server.URL, "127.0.0.1", "localhost", 1) }

// Connections is the number of connections so far.
func (t *Honeypot) Connections() int { return int(t.connections.Load()) }

// Close stops the honeypot.
func (t *Honeypot) Close() { t.server.Close() }
