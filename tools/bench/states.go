package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// states is where Terraform keeps its states, by HTTP, each under its own path.
// A state file is written anew after each resource, in time that grows with the
// square of their number: beside it, nothing else could be seen.
// https://developer.hashicorp.com/terraform/language/backend/http
type states struct {
	address string
	stop    func()

	mu     sync.Mutex
	byPath map[string][]byte
}

// keepStates serves states until stop is called.
func keepStates(ctx context.Context) (*states, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &states{address: "http://" + listener.Addr().String(), byPath: map[string][]byte{}}
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	s.stop = func() { _ = server.Close() }
	go func() { _ = server.Serve(listener) }()
	return s, nil
}

// backend configures Terraform to keep a state here.
func (s *states) backend(name string) string {
	return fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n  }\n}\n", s.address+"/"+name)
}

func (s *states) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case http.MethodGet:
		state, ok := s.byPath[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = w.Write(state)
	case http.MethodPost:
		state, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.byPath[r.URL.Path] = state
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}
