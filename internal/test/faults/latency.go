package faults

import (
	"math/rand/v2"
	"net/http"
	"time"
)

// Latency makes middleware that lets every request wait for up to a time
// before the gateway sees it, and its response for up to the same time, so that
// whoever ends a client at a random moment ends it in every state.
func Latency(most time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !wait(r, rand.N(most)) { //nolint:gosec // no secret
				return
			}
			a := newResponse()
			next.ServeHTTP(a, r)
			if wait(r, rand.N(most)) { //nolint:gosec // no secret
				a.sendTo(w)
			}
		})
	}
}

// wait reports whether the client is still there after a time.
func wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
