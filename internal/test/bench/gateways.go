package main

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// simulation is a simulated gateway with nothing in it, on the loopback interface.
type simulation struct {
	*httptest.Server
	gateway gatewaytest.Specimen
	sandbox *sandbox.Sandbox

	mu     sync.Mutex
	counts map[string]int // of requests, by operation
}

// simulate starts a gateway. Every response takes its time, and with each invoice that is
// made so many of others are made, which make the account busy.
func simulate(g gatewaytest.Specimen, dir string, latency time.Duration, others int) (*simulation, error) {
	simulated, err := sandbox.Open(dir, sandbox.WithTemporaryStore())
	if err != nil {
		return nil, err
	}
	client, err := g.InProcess(simulated)
	if err != nil {
		return nil, err
	}
	s := &simulation{gateway: g, sandbox: simulated, counts: map[string]int{}}
	gateway := simulated.Handler(g.Name)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		operation := s.count(r)
		time.Sleep(latency)
		gateway.ServeHTTP(w, r)
		for i := 0; operation == "create" && i < others; i++ {
			if _, err := client.Create(r.Context(), ""); err != nil {
				panic(err) // the measurement would be of a quiet account
			}
		}
	}))
	return s, nil
}

// count counts a request by what it does, or by its own name.
func (s *simulation) count(r *http.Request) string {
	known := s.gateway.Requests
	operation := r.Method + " " + r.URL.Path
	for request, name := range map[string]string{
		known.Login: "login", known.Refresh: "login",
		known.Create: "create", known.Read: "read", known.Cancel: "cancel", known.Find: "list",
	} {
		if gatewaytest.Matches(request, r.Method, r.URL.Path) {
			operation = name
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[operation]++
	return operation
}

// asked counts the requests since the last call.
func (s *simulation) asked() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := maps.Clone(s.counts)
	clear(s.counts)
	return counts
}

func (s *simulation) stop() error {
	s.Close()
	return s.sandbox.Close()
}
