package chaos

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/faults"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// ledger is what the gateway itself knows: all invoices, whoever created them.
// Faults do not affect it.
type ledger struct {
	server  *sandboxtest.Server
	gateway profile
	client  *gatewaytest.Client

	// posting is held for reading while a create is processed, and for writing
	// while the ledger is read: a killed process may leave creates in flight.
	posting sync.RWMutex
	mu      sync.Mutex
	// responses are those to successful creates.
	responses [][]byte
}

// record is the middleware next to the gateway. It remembers the responses to
// creates that succeed.
func (b *ledger) record(next http.Handler) http.Handler {
	create := faults.Of(b.gateway.Name, faults.Create)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !create.Matches(r) {
			next.ServeHTTP(w, r)
			return
		}
		recorder := b.post(next, r)
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = io.Copy(w, recorder.Body)
	})
}

// post lets the gateway process a create.
func (b *ledger) post(next http.Handler, r *http.Request) *httptest.ResponseRecorder {
	b.posting.RLock()
	defer b.posting.RUnlock()
	recorder := httptest.NewRecorder()
	next.ServeHTTP(recorder, r)
	if recorder.Code < 300 {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.responses = append(b.responses, bytes.Clone(recorder.Body.Bytes()))
	}
	return recorder
}

// createResponses are those to the creates that have succeeded.
func (b *ledger) createResponses() [][]byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.responses)
}

// creates is how many creates have succeeded.
func (b *ledger) creates() int { return len(b.createResponses()) }

// all are all invoices.
func (b *ledger) all(t *testing.T) []gateway.Facts {
	t.Helper()
	b.posting.Lock()
	defer b.posting.Unlock()
	creates := len(b.createResponses())
	found, err := b.found()
	if err != nil {
		t.Fatalf("the gateway's ledger: %v", err)
	}
	if len(found) != creates && b.gateway.DuplicateBehaviour == nil { // which may return an older one
		t.Fatalf("the gateway's ledger has %d invoices after %d creates", len(found), creates)
	}
	return found
}

// open are the invoices that can be paid.
func (b *ledger) open(t *testing.T) []gateway.Facts {
	t.Helper()
	return slices.DeleteFunc(b.all(t), func(f gateway.Facts) bool { return f.Phase != gateway.PhaseOpen })
}

// found reads all invoices through a client in the process, past the faults: from a
// list, or one by one.
func (b *ledger) found() ([]gateway.Facts, error) {
	ctx := context.Background()
	if b.client.List != nil {
		return b.client.List(ctx, b.server.Now().AddDate(0, 0, -2), b.server.Now().AddDate(0, 0, 2))
	}
	invoices, err := b.server.Sandbox.Invoices(ctx, b.gateway.Name, "")
	if err != nil {
		return nil, err
	}
	var all []gateway.Facts
	for _, inv := range invoices {
		facts, err := b.client.Get(ctx, inv.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, facts)
	}
	return all, nil
}
