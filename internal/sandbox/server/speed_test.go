package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server"
)

// populated serves a folder on disk with n invoices, and returns their ids.
func populated(b *testing.B, n int) (url string, ids []string) {
	b.Helper()
	s, err := sandbox.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	running, err := server.Start(b.Context(), server.Config{Sandbox: s})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		running.Close()
		s.Close()
	})
	for i := range n {
		status, invoice := meum(b, running.URL(), http.MethodPost, "", fmt.Sprintf(`{"amount":"25.00","currency":"USD","external_order_id":"order-%d"}`, i))
		if status != http.StatusCreated {
			b.Fatalf("%d %v", status, invoice)
		}
		ids = append(ids, invoice["id"].(string))
	}
	return running.URL(), ids
}

var pooled = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 20}}

func meum(b *testing.B, url, method, path, body string) (int, object) {
	r, err := http.NewRequest(method, url+"/meum/v1/invoices"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		b.Error(err)
		return 0, nil
	}
	r.Header.Set("Authorization", "Bearer sk_live_sandbox_demo_key")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := pooled.Do(r)
	if err != nil {
		b.Error(err)
		return 0, nil
	}
	defer response.Body.Close()
	var invoice object
	if err := json.NewDecoder(response.Body).Decode(&invoice); err != nil {
		b.Error(err)
	}
	return response.StatusCode, invoice
}

// BenchmarkAPI has 20 clients at once, nine reads to one create, on a folder
// with 1,000 invoices.
func BenchmarkAPI(b *testing.B) {
	url, ids := populated(b, 1000)
	var next atomic.Int64
	var clients sync.WaitGroup
	begin := time.Now()
	for b.Loop() {
		// One iteration is 100 requests, so that the clients overlap.
		next.Store(0)
		for range 20 {
			clients.Go(func() {
				for i := next.Add(1); i <= 100; i = next.Add(1) {
					if i%10 == 0 {
						if status, invoice := meum(b, url, http.MethodPost, "", `{"amount":"25.00","currency":"USD"}`); status != http.StatusCreated {
							b.Errorf("create: %d %v", status, invoice)
						}
						continue
					}
					id := ids[int(i)*7%len(ids)]
					if status, invoice := meum(b, url, http.MethodGet, "/"+id, ""); status != http.StatusOK || invoice["id"] != id {
						b.Errorf("read of %s: %d %v", id, status, invoice)
					}
				}
			})
		}
		clients.Wait()
	}
	b.ReportMetric(float64(b.N)*100/time.Since(begin).Seconds(), "requests/s")
}

// BenchmarkStartPage shows the start page of a folder with 1,000 invoices.
func BenchmarkStartPage(b *testing.B) {
	url, _ := populated(b, 1000)
	for b.Loop() {
		response, err := pooled.Get(url + "/")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(response.StatusCode, err)
		}
		response.Body.Close()
	}
}
