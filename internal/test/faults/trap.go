package faults

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
)

// Trap is a host that nobody must ever contact: redirects lead there.
type Trap struct {
	server   *httptest.Server
	contacts atomic.Int64
}

// NewTrap starts a trap. Even a connection without a request is a contact.
func NewTrap() *Trap {
	t := &Trap{}
	t.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
	}))
	t.server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			t.contacts.Add(1)
		}
	}
	t.server.Start()
	return t
}

// URL is where the trap is. Its host is another one than that of the sandbox's
// listeners.
func (t *Trap) URL() string { return strings.Replace(t.server.URL, "127.0.0.1", "localhost", 1) }

// Contacts is how many connections were made.
func (t *Trap) Contacts() int { return int(t.contacts.Load()) }

// Close ends the trap.
func (t *Trap) Close() { t.server.Close() }
