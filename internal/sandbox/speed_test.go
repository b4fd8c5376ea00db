package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
)

// askMeum sends a request to Meum's handler and returns the response.
func askMeum(s *sandbox.Sandbox, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+meum.APIKey)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.Handler("meum").ServeHTTP(w, r)
	return w
}

// fill makes invoices and returns their ids.
func fill(tb testing.TB, s *sandbox.Sandbox, n int) []string {
	tb.Helper()
	ids := make([]string, n)
	for i := range ids {
		w := askMeum(s, http.MethodPost, "/v1/invoices", fmt.Sprintf(`{"amount":"25.00","currency":"USD","external_order_id":"order-%d"}`, i))
		_, rest, _ := strings.Cut(w.Body.String(), `"id":"`)
		if ids[i], _, _ = strings.Cut(rest, `"`); w.Code != http.StatusCreated {
			tb.Fatal(w.Code, w.Body)
		}
	}
	return ids
}

// BenchmarkRequests asks 20 at a time, nine reads to one create, over two
// sandboxes on one folder with 1,000 invoices, as two processes would have.
func BenchmarkRequests(b *testing.B) {
	dir := b.TempDir()
	var boxes [2]*sandbox.Sandbox
	for i := range boxes {
		boxes[i] = open(b, dir)
	}
	ids := fill(b, boxes[0], 1000)

	for name, share := range map[string]int64{"one": 0, "two": 10} {
		b.Run(name+" processes", func(b *testing.B) {
			var next atomic.Int64
			var clients sync.WaitGroup
			start := time.Now()
			for range 20 {
				clients.Go(func() {
					for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
						box := boxes[0]
						if share > 0 && i%share < share/2 {
							box = boxes[1]
						}
						var w *httptest.ResponseRecorder
						want := http.StatusOK
						if i%10 == 0 {
							want = http.StatusCreated
							w = askMeum(box, http.MethodPost, "/v1/invoices", `{"amount":"25.00","currency":"USD"}`)
						} else {
							w = askMeum(box, http.MethodGet, "/v1/invoices/"+ids[i%int64(len(ids))], "")
						}
						if w.Code != want {
							b.Error(w.Code, w.Body)
							return
						}
					}
				})
			}
			clients.Wait()
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "requests/s")
		})
	}
}

// BenchmarkInvoices lists 1,000 invoices of one gateway as the start page does.
func BenchmarkInvoices(b *testing.B) {
	s := open(b, b.TempDir())
	fill(b, s, 1000)
	for b.Loop() {
		list, err := s.Invoices(b.Context(), "", "")
		if err != nil || len(list) != 1000 {
			b.Fatal(len(list), err)
		}
	}
}
