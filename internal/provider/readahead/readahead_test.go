package readahead

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

var created = time.Date(2026, 3, 1, 9, 15, 2, 0, time.UTC)

type invoice struct{ id, status, note string }

func (i invoice) Facts(time.Time) gateway.Facts {
	return gateway.Facts{ID: i.id, Status: i.status, CreatedAt: created}
}

// account is a gateway's account that counts its requests.
type account struct {
	invoices []invoice
	pageSize int
	latency  time.Duration // of a read and of a page
	singles  atomic.Int64
	pages    atomic.Int64
	// row changes what the list shows; nil shows what a read shows.
	row func(n int, inv invoice) (invoice, error)
}

// newAccount has n invoices of ours, spread evenly among others of others.
func newAccount(n, others int) *account {
	a := &account{pageSize: 100}
	for i := range n {
		a.invoices = append(a.invoices, invoice{id: fmt.Sprint(i), status: "created"})
		for j := range (i+1)*others/n - i*others/n {
			a.invoices = append(a.invoices, invoice{id: fmt.Sprintf("other-%d-%d", i, j), status: "created"})
		}
	}
	return a
}

func (a *account) read(ctx context.Context, id string) (invoice, error) {
	a.singles.Add(1)
	time.Sleep(a.latency)
	for _, inv := range a.invoices {
		if inv.id == id {
			return inv, ctx.Err()
		}
	}
	return invoice{}, gateway.ErrNotFound
}

func (a *account) list(ctx context.Context, _, _ time.Time) iter.Seq2[invoice, error] {
	return func(yield func(invoice, error) bool) {
		for n, inv := range a.invoices {
			var err error
			if n%a.pageSize == 0 {
				if err = gateway.RunReadHook(ctx); err != nil {
					yield(inv, err)
					return
				}
				a.pages.Add(1)
				time.Sleep(a.latency)
			}
			if a.row != nil {
				inv, err = a.row(n, inv)
			}
			if ctx.Err() != nil || !yield(inv, err) || err != nil {
				return
			}
		}
	}
}

func (a *account) reader() *Reader[invoice] {
	return New(Source[invoice]{
		Single: a.read, List: a.list,
		Same: func(_ context.Context, a, b invoice) bool { return a == b },
	})
}

// refresh reads our invoices as Terraform does, ten at a time, and checks that each
// read returns its invoice.
func refresh(t *testing.T, r *Reader[invoice], from, to int) {
	t.Helper()
	next := make(chan string)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for id := range next {
				if inv, err := r.Get(t.Context(), id, created); err != nil || inv.id != id {
					t.Errorf("read of %s: %q, %v", id, inv.id, err)
				}
			}
		})
	}
	for _, i := range rand.Perm(to - from) {
		next <- fmt.Sprint(from + i)
	}
	close(next)
	group.Wait()
}

func TestQuietAccountIsReadFromTheList(t *testing.T) {
	for pageSize, most := range map[int]int64{100: 200, 15: 700} {
		t.Run(fmt.Sprintf("pages of %d", pageSize), func(t *testing.T) {
			a := newAccount(1000, 0)
			a.pageSize, a.latency = pageSize, 5*time.Millisecond
			refresh(t, a.reader(), 0, 1000)
			if requests := a.singles.Load() + a.pages.Load(); requests > most {
				t.Errorf("%d requests for 1000 invoices, want at most %d", requests, most)
			}
		})
	}
}

func TestBusyAccountCostsLittleMoreThanSingleReads(t *testing.T) {
	for _, n := range []int{10, 30, 100, 200} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			a := newAccount(n, 2000)
			a.latency = 2 * time.Millisecond
			refresh(t, a.reader(), 0, n)
			if requests := a.singles.Load() + a.pages.Load(); requests > int64(n)*11/10+freePages {
				t.Errorf("%d requests for %d invoices", requests, n)
			}
		})
	}
}

func TestFewReadsNeedNoList(t *testing.T) {
	a := newAccount(startAfter-1, 0)
	refresh(t, a.reader(), 0, startAfter-1)
	if a.pages.Load() != 0 || a.singles.Load() != startAfter-1 {
		t.Errorf("%d pages and %d reads", a.pages.Load(), a.singles.Load())
	}
}

// A list that hangs delays no read.
func TestReadsDoNotWaitForTheList(t *testing.T) {
	a := newAccount(300, 0)
	r := a.reader()
	hangs, ended := make(chan struct{}), make(chan struct{})
	r.source.List = func(ctx context.Context, _, _ time.Time) iter.Seq2[invoice, error] {
		return func(yield func(invoice, error) bool) {
			close(hangs)
			<-ctx.Done()
			yield(invoice{}, ctx.Err())
			close(ended)
		}
	}
	refresh(t, r, 0, 300)
	<-hangs
	if a.singles.Load() != 300 {
		t.Errorf("%d single reads of 300", a.singles.Load())
	}
	r.mu.Lock()
	r.end(stopped)
	r.mu.Unlock()
	<-ended
}

func TestListThatCannotBeTrustedIsNotUsed(t *testing.T) {
	tests := map[string]func(n int, inv invoice) (invoice, error){
		"fails": func(n int, inv invoice) (invoice, error) {
			if n == 50 {
				return inv, errors.New("page failed")
			}
			return inv, nil
		},
		"differs from reads": func(_ int, inv invoice) (invoice, error) {
			inv.note = "different"
			return inv, nil
		},
	}
	for name, row := range tests {
		t.Run(name, func(t *testing.T) {
			a := newAccount(300, 0)
			a.row, a.latency = row, time.Millisecond
			refresh(t, a.reader(), 0, 300)
			if n := a.singles.Load(); n < 200 {
				t.Errorf("only %d single reads of 300 invoices", n)
			}
		})
	}
}

// Rows of open invoices prove nothing for paid ones.
func TestEachStatusIsProved(t *testing.T) {
	a := newAccount(600, 0)
	a.latency = time.Millisecond
	for i := range a.invoices[300:] {
		a.invoices[300+i].status, a.invoices[300+i].note = "paid", "by card"
	}
	a.row = func(_ int, inv invoice) (invoice, error) {
		inv.note = ""
		return inv, nil
	}
	r := a.reader()
	refresh(t, r, 0, 300)
	for _, want := range a.invoices[300:] {
		if got, err := r.Get(t.Context(), want.id, created); err != nil || got != want {
			t.Fatalf("read %+v, %v; want %+v", got, err, want)
		}
	}
}

func TestRowIsServedOnceAndWhileItIsFresh(t *testing.T) {
	now := time.Now()
	r := newAccount(3, 0).reader()
	r.now = func() time.Time { return now }
	r.phase, r.proved["created"] = listed, true
	r.rows["0"] = row[invoice]{inv: invoice{id: "0", status: "created", note: "row"}, at: now.Add(-maxAge)}
	r.rows["1"] = row[invoice]{inv: invoice{id: "1", status: "created", note: "row"}, at: now.Add(-maxAge - time.Second)}
	for i, want := range []string{"row", "", ""} {
		id := fmt.Sprint(i % 2)
		if inv, err := r.Get(t.Context(), id, created); err != nil || inv.note != want {
			t.Errorf("read %d of %s: %q, %v; want %q", i, id, inv.note, err, want)
		}
	}
}

func TestChangedInvoicesAreReadSingly(t *testing.T) {
	a := newAccount(500, 0)
	a.latency = time.Millisecond
	r := a.reader()
	r.Forget("400")
	refresh(t, r, 0, 300)
	r.Forget("450")
	before := a.singles.Load()
	for _, id := range []string{"400", "450"} {
		if _, err := r.Get(t.Context(), id, created); err != nil {
			t.Fatal(err)
		}
	}
	if got := a.singles.Load() - before; got != 2 {
		t.Errorf("%d single reads of two changed invoices", got)
	}
}

func TestMissingInvoiceIsReportedByItsOwnRead(t *testing.T) {
	a := newAccount(300, 0)
	r := a.reader()
	refresh(t, r, 0, 300)
	if _, err := r.Get(t.Context(), "gone", created); !errors.Is(err, gateway.ErrNotFound) {
		t.Errorf("error %v", err)
	}
}

func TestWithoutTimeOfCreationReadsSingly(t *testing.T) {
	a := newAccount(100, 0)
	r := a.reader()
	for _, inv := range a.invoices {
		if _, err := r.Get(t.Context(), inv.id, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if a.pages.Load() != 0 || a.singles.Load() != 100 {
		t.Errorf("%d pages, %d single reads", a.pages.Load(), a.singles.Load())
	}
}
