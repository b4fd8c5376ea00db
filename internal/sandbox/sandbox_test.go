package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

func open(t testing.TB, dir string, opts ...sandbox.Option) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Open(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// send sends a request to Meum through the sandbox's transport, and returns the
// id in what it gets.
func send(ctx context.Context, s *sandbox.Sandbox, method, path, body string) (id string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, sandbox.Endpoint("meum")+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+meum.APIKey)
	r.Header.Set("Content-Type", "application/json")
	response, err := (&http.Client{Transport: s.Transport()}).Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	if response.StatusCode >= 300 {
		return "", fmt.Errorf("%s: %s", response.Status, text)
	}
	var answer struct{ ID string }
	err = json.Unmarshal(text, &answer)
	return answer.ID, err
}

func create(t testing.TB, s *sandbox.Sandbox, reference string) (id string) {
	t.Helper()
	id, err := send(t.Context(), s, http.MethodPost, "/v1/invoices",
		fmt.Sprintf(`{"amount":"1.00","currency":"USD","external_order_id":%q}`, reference))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func get(t testing.TB, s *sandbox.Sandbox, id string) {
	t.Helper()
	if got, err := send(t.Context(), s, http.MethodGet, "/v1/invoices/"+id, ""); err != nil || got != id {
		t.Fatalf("get %s: %s, %v", id, got, err)
	}
}

func TestStoredInOneCommandFoundInTheNext(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first := open(t, dir)
	id := create(t, first, "o")
	second := open(t, dir) // while the first is still open
	get(t, second, id)
	if _, err := second.Trigger(t.Context(), "meum", id, simulator.Pay, ""); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first.Close(), second.Close()); err != nil {
		t.Fatal(err)
	}
	third := open(t, dir)
	get(t, third, id)
	if _, err := third.Trigger(t.Context(), "meum", id, simulator.Pay, ""); !errors.Is(err, simulator.ErrNotApplicable) {
		t.Errorf("paid twice: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.Open(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file as directory: %v", err)
	}
	dir := t.TempDir()
	_, err := sandbox.Open(dir, sandbox.WithBehaviour(meum.Behaviour{}, &cryptocloud.Behaviour{}))
	if err == nil || !strings.Contains(err.Error(), "*cryptocloud.Behaviour") {
		t.Errorf("an unknown behaviour: %v", err)
	}
	open(t, dir, sandbox.WithTemporaryStore()) // the failed one does not hold it
}

func TestNamesOfGateways(t *testing.T) {
	s := open(t, t.TempDir(), sandbox.WithTemporaryStore())
	if got := sandbox.Endpoint("meum"); got != "https://meum.sandbox.invalid" {
		t.Errorf("endpoint %s", got)
	}
	for _, gateway := range sandbox.Gateways() {
		if _, err := s.Trigger(t.Context(), gateway, "nonsense", simulator.Pay, ""); !errors.Is(err, simulator.ErrNoInvoice) {
			t.Errorf("%s: %v", gateway, err)
		}
		response, err := (&http.Client{Transport: s.Transport()}).Get(sandbox.Endpoint(gateway) + "/no/such/path")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %s to an unknown path", gateway, response.Status)
		}
	}
	if _, err := s.Trigger(t.Context(), "nonsense", "x", simulator.Pay, ""); err == nil {
		t.Error("an event of an unknown gateway")
	}
}

func TestBehave(t *testing.T) {
	s := open(t, t.TempDir(), sandbox.WithTemporaryStore(),
		sandbox.WithBehaviour(cryptocloud.Behaviour{TestMode: true}, meum.Behaviour{NoPayoutWallet: true}))
	if _, err := send(t.Context(), s, http.MethodPost, "/v1/invoices", `{"amount":"1","currency":"USD"}`); err == nil {
		t.Error("the behaviour given to Open has no effect")
	}
	if err := s.Behave(); err != nil {
		t.Fatal(err)
	}
	id := create(t, s, "o")
	if err := s.Behave(meum.Behaviour{Duplicates: meum.CreateDuplicate}); err != nil {
		t.Fatal(err)
	}
	get(t, s, id)
	if again := create(t, s, "o"); again == id {
		t.Error("the behaviour given to Behave has no effect")
	}
	if err := s.Behave("nonsense"); err == nil {
		t.Error("a string as behaviour")
	}
}

func TestClock(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s := open(t, t.TempDir(), sandbox.WithTemporaryStore(), sandbox.WithClock(func() time.Time { return now }),
		sandbox.WithBehaviour(meum.Behaviour{Lifetime: time.Hour}))
	id := create(t, s, "o")
	now = now.Add(time.Hour)
	if _, err := s.Trigger(t.Context(), "meum", id, simulator.Pay, ""); !errors.Is(err, simulator.ErrNotApplicable) {
		t.Errorf("payment past the deadline: %v", err)
	}
}

func TestParallelCreates(t *testing.T) {
	s := open(t, t.TempDir())
	var mu sync.Mutex
	ids := map[string]bool{}
	var work sync.WaitGroup
	for worker := range 10 {
		work.Go(func() {
			for i := range 5 {
				id := create(t, s, fmt.Sprint(worker, "/", i))
				get(t, s, id)
				mu.Lock()
				ids[id] = true
				mu.Unlock()
			}
		})
	}
	work.Wait()
	if len(ids) != 50 {
		t.Errorf("%d different ids of 50", len(ids))
	}
	// One reference, many at once: one invoice.
	same := map[string]bool{}
	for range 10 {
		work.Go(func() {
			id := create(t, s, "same")
			mu.Lock()
			same[id] = true
			mu.Unlock()
		})
	}
	work.Wait()
	if len(same) != 1 {
		t.Errorf("%d invoices of one reference", len(same))
	}
}

func TestClosedSandboxReturnsAnError(t *testing.T) {
	s := open(t, t.TempDir())
	s.Close()
	_, err := send(t.Context(), s, http.MethodGet, "/v1/invoices/inv_00000000000000000000000000000000", "")
	if err == nil || !strings.Contains(err.Error(), "500") || !strings.Contains(err.Error(), store.ErrClosed.Error()) {
		t.Errorf("got %v", err)
	}
}

// TestManyInvoices fails when requests begin to read the whole store.
func TestManyInvoices(t *testing.T) {
	if testing.Short() {
		t.Skip("fills the store")
	}
	const many = 5000
	s := open(t, t.TempDir(), sandbox.WithTemporaryStore())
	var ids []string
	for i := range many {
		ids = append(ids, create(t, s, fmt.Sprint("ref-", i)))
	}
	requests := map[string]func(){
		"get":               func() { get(t, s, ids[many/2]) },
		"create":            func() { create(t, s, "new") },
		"list by reference": func() { _, _ = send(t.Context(), s, http.MethodGet, "/v1/invoices?external_order_id=ref-7", "") },
		"list by status":    func() { _, _ = send(t.Context(), s, http.MethodGet, "/v1/invoices?status=paid", "") },
		"a page": func() {
			_, _ = send(t.Context(), s, http.MethodGet, "/v1/invoices?limit=100&starting_after="+ids[many/2], "")
		},
	}
	for name, request := range requests {
		fastest := time.Hour // the others were slow for reasons of the machine
		for range 10 {
			started := time.Now()
			request()
			fastest = min(fastest, time.Since(started))
		}
		t.Logf("%s takes %s with %d invoices", name, fastest, many)
		if fastest > 50*time.Millisecond {
			t.Errorf("%s is slow", name)
		}
	}
}
