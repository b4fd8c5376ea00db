package merchant

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// Receiver is an address that takes webhooks until the test ends. To a browser it shows
// a page.
type Receiver struct {
	URL string

	mu       sync.Mutex
	webhooks []Webhook
	statuses []int
}

// NewReceiver starts a receiver. It responds with the statuses in turn, and
// with 200 when there are no more.
func NewReceiver(t testing.TB, statuses ...int) *Receiver {
	r := &Receiver{statuses: statuses}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.URL = server.URL
	return r
}

// ServeHTTP takes a webhook.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Method == http.MethodGet {
		_, _ = io.WriteString(w, "<!doctype html><title>Shop</title><h1 id=thanks>Thank you for your order</h1>")
		return
	}
	body, _ := io.ReadAll(req.Body) // an incomplete webhook does not verify
	r.mu.Lock()
	defer r.mu.Unlock()
	r.webhooks = append(r.webhooks, Webhook{
		Path: req.URL.Path, URL: "http://" + req.Host + req.RequestURI, Header: req.Header.Clone(), Body: body,
	})
	status := http.StatusOK
	if len(r.statuses) > 0 {
		status, r.statuses = r.statuses[0], r.statuses[1:]
	}
	w.WriteHeader(status)
}

// Webhooks returns the webhooks received so far.
func (r *Receiver) Webhooks() []Webhook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.webhooks)
}

// Wait waits for n webhooks, at most ten seconds.
func (r *Receiver) Wait(t testing.TB, n int) []Webhook {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		got := r.Webhooks()
		if len(got) >= n {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d webhooks came, not %d", len(got), n)
		}
	}
}
