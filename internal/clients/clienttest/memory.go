package clienttest

import (
	"errors"
	"iter"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// The number and the size of the rows of a fat list, and by how much it may make the
// process grow.
const (
	fatRows   = 12_500
	fatRow    = 40_000
	maxGrowth = 200 << 20
	rowsOnce  = 100
)

// CheckFatList checks that a list whose rows are far too large ends with an error
// before it takes much memory. list lists against a server; page formats the page after
// the given number of rows, with the given rows.
func CheckFatList[Inv gateway.Invoice](t *testing.T, list func(http.HandlerFunc) iter.Seq2[Inv, error], page func(w http.ResponseWriter, r *http.Request, filler string, rows int)) {
	t.Helper()
	filler := strings.Repeat("x", fatRow)
	served := 0
	server := func(w http.ResponseWriter, r *http.Request) {
		served += rowsOnce
		page(w, r, filler, rowsOnce)
	}
	var held []Inv
	var failed error
	growth := peakOf(func() {
		for inv, err := range list(server) {
			if err != nil {
				failed = err
				break
			}
			held = append(held, inv)
		}
	})
	if !errors.Is(failed, gateway.ErrTooLarge) || !strings.Contains(failed.Error(), "larger than 64 MiB") || served >= fatRows {
		t.Errorf("after %d rows, of which %d came: %v", served, len(held), failed)
	}
	if growth > maxGrowth {
		t.Errorf("the process grew by %d MB", growth>>20)
	}
	runtime.KeepAlive(held)
}

// peakOf returns by how many bytes the heap grows while fn runs.
func peakOf(run func()) uint64 {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(2 * time.Millisecond):
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse)
			}
		}
	}()
	run()
	close(stop)
	return max(<-peak, before.HeapInuse) - before.HeapInuse
}
