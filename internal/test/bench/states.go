package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
)

// keepState serves Terraform one state by HTTP. A state file is written anew after
// each resource, in time that grows with the square of their number: beside it,
// nothing else could be seen.
// https://developer.hashicorp.com/terraform/language/backend/http
func keepState() (backend string, stop func()) {
	var mu sync.Mutex
	var state []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch sent, err := io.ReadAll(r.Body); {
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
		case r.Method == http.MethodPost:
			state = sent
		case state == nil:
			w.WriteHeader(http.StatusNoContent)
		default:
			_, _ = w.Write(state)
		}
	}))
	return fmt.Sprintf("terraform {\n  backend \"http\" {\n    address = %q\n  }\n}\n", server.URL), server.Close
}
