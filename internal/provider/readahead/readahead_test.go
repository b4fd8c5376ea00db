package readahead

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// shelf is a gateway with many invoices that counts what it is asked.
type shelf struct {
	invoices []fakeInvoice
	page     int // rows on a page
	singles  atomic.Int64
	pages    atomic.Int64
	rows     atomic.Int64
	// row changes what the list shows; nil shows what a read shows.
	row func(n int, inv fakeInvoice) (fakeInvoice, error)
}

func newShelf(n int) *shelf {
	s := &shelf{page: 100}
	for i := range n {
		s.invoices = append(s.invoices, anInvoice(fmt.Sprintf("%d", i)))
	}
	return s
}

func (s *shelf) get(_ context.Context, id string) (fakeInvoice, error) {
	s.singles.Add(1)
	for _, inv := range s.invoices {
		if inv.facts.ID == id {
			return inv, nil
		}
	}
	return fakeInvoice{}, fail(gateway.ErrNotFound)
}

func (s *shelf) list(ctx context.Context, _, _ time.Time) iter.Seq2[fakeInvoice, error] {
	return func(yield func(fakeInvoice, error) bool) {
		for n, inv := range s.invoices {
			var err error
			if n%s.page == 0 {
				if err = gateway.Consent(ctx); err != nil {
					yield(inv, err)
					return
				}
				s.pages.Add(1)
			}
			s.rows.Add(1)
			if s.row != nil {
				inv, err = s.row(n, inv)
			}
			if ctx.Err() != nil || !yield(inv, err) || err != nil {
				return
			}
		}
	}
}

func (s *shelf) reader() *Reader[fakeInvoice] {
	return &Reader[fakeInvoice]{
		single: s.get, list: s.list, concurrency: 1,
		same:    func(_ context.Context, a, b fakeInvoice) bool { return a == b },
		now:     time.Now,
		sampled: map[string]fakeInvoice{}, kept: map[string]keptRow[fakeInvoice]{}, proved: map[string]bool{}, changed: map[string]bool{},
		waiting: map[string]*waiter[fakeInvoice]{}, wanted: make(chan struct{}), stop: func() {},
	}
}

// readAll reads invoices as Terraform does, ten at a time, and checks that each
// read answers its invoice.
func readAll(t *testing.T, r *Reader[fakeInvoice], ids []string) {
	t.Helper()
	next := make(chan string)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for id := range next {
				if inv, err := r.Get(context.Background(), id, start); err != nil || inv.facts.ID != id {
					t.Errorf("read of %s: %q, %v", id, inv.facts.ID, err)
				}
			}
		})
	}
	for _, id := range ids {
		next <- id
	}
	close(next)
	group.Wait()
}

func (s *shelf) ids() []string {
	ids := make([]string, len(s.invoices))
	for i, inv := range s.invoices {
		ids[i] = inv.facts.ID
	}
	return ids
}

func TestReadAheadServesARefreshFromTheList(t *testing.T) {
	s := newShelf(1000)
	readAll(t, s.reader(), s.ids())
	if n := s.singles.Load(); n > 2*samples {
		t.Errorf("%d single reads of 1000 invoices", n)
	}
	if n := s.rows.Load(); n != 1000 {
		t.Errorf("%d rows listed, want each once", n)
	}
}

func TestReadAheadLeavesAFewReadsAlone(t *testing.T) {
	s := newShelf(samples - 1)
	readAll(t, s.reader(), s.ids())
	if s.rows.Load() != 0 || s.singles.Load() != samples-1 {
		t.Errorf("%d rows and %d single reads of %d invoices", s.rows.Load(), s.singles.Load(), samples-1)
	}
}

func TestReadAheadGivesUp(t *testing.T) {
	tests := map[string]func(n int, inv fakeInvoice) (fakeInvoice, error){
		"on an error": func(n int, inv fakeInvoice) (fakeInvoice, error) {
			if n == 150 {
				return inv, errors.New("page 2 failed")
			}
			return inv, nil
		},
		"when rows show something else than reads": func(_ int, inv fakeInvoice) (fakeInvoice, error) {
			inv.facts.Status = "another"
			return inv, nil
		},
		"when the rows are others' invoices": func(n int, inv fakeInvoice) (fakeInvoice, error) {
			inv.facts.ID = fmt.Sprintf("foreign-%d", n)
			return inv, nil
		},
	}
	for name, row := range tests {
		t.Run(name, func(t *testing.T) {
			s := newShelf(300)
			s.row = row
			readAll(t, s.reader(), s.ids())
			if n := s.singles.Load(); n < 140 {
				t.Errorf("only %d single reads of 300 invoices", n)
			}
		})
	}
}

// The first page is free, so are the last one and those that bring as much as
// single reads would.
func TestReadAheadGivesUpOnSmallPages(t *testing.T) {
	for page, most := range map[int]int64{1: 1, worthwhile - 1: 1, worthwhile: 30, 100: 3} {
		s := newShelf(300)
		s.page = page
		readAll(t, s.reader(), s.ids())
		if n := s.pages.Load(); n != most {
			t.Errorf("%d pages of %d rows, want %d", n, page, most)
		}
	}
}

func TestReadAheadWeighsTheList(t *testing.T) {
	tests := map[string]struct {
		phase              phase
		asked, pages, rows int
		concurrency        int
		pays               bool
	}{
		"before the first page":           {phase: listing, pays: true},
		"many invoices wanted":            {phase: listing, asked: 90, pages: 100, rows: 10_000, pays: true},
		"few invoices wanted":             {phase: listing, asked: 89, pages: 100, rows: 10_000},
		"small pages":                     {phase: listing, asked: 90, pages: 2, rows: 2*worthwhile - 1},
		"pages that may be under way":     {phase: listing, asked: 90, pages: 4, rows: worthwhile, concurrency: 4, pays: true},
		"small pages at the same time":    {phase: listing, asked: 90, pages: 5, rows: 2*worthwhile - 1, concurrency: 4},
		"more rows than are remembered":   {phase: listing, asked: 1000, pages: 100, rows: maxRows + 1},
		"after a row that said otherwise": {phase: givenUp, asked: 90, pages: 2, rows: 200},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := newShelf(0).reader()
			r.phase, r.asked, r.pages, r.rows, r.concurrency = test.phase, test.asked, test.pages, test.rows, max(test.concurrency, 1)
			if pays, _ := r.worth(); pays != test.pays {
				t.Errorf("pays: %v", pays)
			}
		})
	}
}

// A read waits for a few pages, and then asks by itself.
func TestReadAheadHasPatience(t *testing.T) {
	r := newShelf(0).reader()
	r.phase, r.asked = listing, 100
	_, w, _ := r.ask(context.Background(), "late", start)
	for page := range patience {
		r.worth()
		if _, waits := r.waiting["late"]; !waits {
			t.Fatalf("waited for %d pages, want %d", page, patience)
		}
		r.rows += 100
	}
	if r.worth(); len(r.waiting) > 0 {
		t.Error("the read still waits")
	}
	<-w.single
}

// A list may leave out what only paid invoices have: rows of open ones prove
// nothing for them.
func TestReadAheadProvesEachStatus(t *testing.T) {
	s := newShelf(600)
	for i := range s.invoices[300:] {
		s.invoices[300+i].facts.Status = "paid"
	}
	s.row = func(_ int, inv fakeInvoice) (fakeInvoice, error) {
		if inv.facts.Status == "paid" {
			inv.facts.Reference = ""
		}
		return inv, nil
	}
	r := s.reader()
	readAll(t, r, s.ids()[:300])
	if n := s.singles.Load(); n > 2*samples {
		t.Fatalf("%d single reads of 300 open invoices", n)
	}
	for _, want := range s.invoices[300:] {
		if got, err := r.Get(context.Background(), want.facts.ID, start); err != nil || got != want {
			t.Fatalf("read %+v, %v; want %+v", got, err, want)
		}
	}
}

func TestReadAheadServesEachStatusAfterOneProof(t *testing.T) {
	s := newShelf(600)
	for i := range s.invoices {
		s.invoices[i].facts.Status = fmt.Sprintf("status-%d", i%6)
	}
	readAll(t, s.reader(), s.ids())
	if n := s.singles.Load(); n > 4*samples {
		t.Errorf("%d single reads of 600 invoices", n)
	}
}

func TestReadAheadListsMoreThanTheFirstInvoicesSpan(t *testing.T) {
	now := start.Add(30 * 24 * time.Hour)
	tests := map[string]struct{ from, to, wantFrom, wantTo time.Time }{
		"long ago": {start, start.Add(8 * time.Hour), start.Add(-2 * time.Hour), start.Add(10 * time.Hour)},
		"till now": {now.Add(-8 * time.Hour), now.Add(-time.Hour), now.Add(-9*time.Hour - 45*time.Minute), now},
		"at once":  {start, start, start, start},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := newShelf(0).reader()
			r.now = func() time.Time { return now }
			r.widen(test.to)
			r.widen(test.from)
			if from, to := r.window(); !from.Equal(test.wantFrom) || !to.Equal(test.wantTo) {
				t.Errorf("lists from %s to %s, want %s to %s", from, to, test.wantFrom, test.wantTo)
			}
		})
	}
}

func TestReadAheadServesNothingOld(t *testing.T) {
	s := newShelf(2)
	r := s.reader()
	now := time.Now()
	r.phase, r.proved["created"], r.now = ended, true, func() time.Time { return now }
	r.kept["0"] = keptRow[fakeInvoice]{inv: s.invoices[0], at: now.Add(-freshness)}
	r.kept["1"] = keptRow[fakeInvoice]{inv: s.invoices[1], at: now.Add(-freshness - time.Second)}
	readAll(t, r, s.ids())
	if s.singles.Load() != 1 || len(r.kept) != 0 {
		t.Errorf("%d single reads of two invoices, of which one row is too old; %d rows are left", s.singles.Load(), len(r.kept))
	}
}

func TestReadAheadDoesNotServeWhatThisProcessChanged(t *testing.T) {
	s := newShelf(500)
	r := s.reader()
	ids := s.ids()
	r.Forget(ids[400])
	readAll(t, r, ids[:300])
	r.Forget(ids[450])
	before := s.singles.Load()
	for _, id := range []string{ids[400], ids[450]} {
		if _, err := r.Get(context.Background(), id, start); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.singles.Load() - before; got != 2 {
		t.Errorf("%d single reads of two changed invoices", got)
	}
}

func TestReadAheadServesARowOnce(t *testing.T) {
	s := newShelf(300)
	r := s.reader()
	readAll(t, r, s.ids())
	before := s.singles.Load()
	readAll(t, r, s.ids()[200:210])
	if got := s.singles.Load() - before; got != 10 {
		t.Errorf("%d single reads of ten invoices that were read before", got)
	}
	// A read that was under way when its row came leaves the row behind.
	if len(r.kept) > samples || len(r.waiting) != 0 {
		t.Errorf("%d rows and %d waiters are left", len(r.kept), len(r.waiting))
	}
}

func TestReadAheadNeverFindsMissingInvoices(t *testing.T) {
	s := newShelf(300)
	r := s.reader()
	readAll(t, r, s.ids())
	if _, err := r.Get(context.Background(), "gone", start); !errors.Is(err, gateway.ErrNotFound) {
		t.Errorf("error %v: only a read of its own may say that an invoice is gone", err)
	}
}

func TestReadAheadWithoutACreationTimeReadsSingly(t *testing.T) {
	s := newShelf(300)
	r := s.reader()
	for _, id := range s.ids() {
		if _, err := r.Get(context.Background(), id, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if s.rows.Load() != 0 || s.singles.Load() != 300 {
		t.Errorf("%d rows, %d single reads", s.rows.Load(), s.singles.Load())
	}
}

// hanging is a read-ahead whose list brings some rows and then nothing. What it
// answers is closed when the list has been ended.
func hanging(t *testing.T, s *shelf, rows int) (r *Reader[fakeInvoice], ended chan struct{}) {
	t.Helper()
	r, ended = s.reader(), make(chan struct{})
	r.list = func(ctx context.Context, _, _ time.Time) iter.Seq2[fakeInvoice, error] {
		return func(yield func(fakeInvoice, error) bool) {
			for _, inv := range s.invoices[:rows] {
				yield(inv, nil)
			}
			<-ctx.Done()
			close(ended)
			yield(fakeInvoice{}, ctx.Err())
		}
	}
	for _, id := range s.ids()[:samples-1] {
		if _, err := r.Get(t.Context(), id, start); err != nil {
			t.Fatal(err)
		}
	}
	return r, ended
}

func TestReadAheadDoesNotWaitForAListThatHangs(t *testing.T) {
	for _, rows := range []int{0, 50} {
		t.Run(fmt.Sprintf("after %d rows", rows), func(t *testing.T) {
			s := newShelf(300)
			r, ended := hanging(t, s, rows)
			if rows > 0 {
				readAll(t, r, s.ids()[samples:samples+10]) // they are there
			}
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			if inv, err := r.Get(ctx, s.ids()[200], start); err != nil || inv.facts.ID != "200" || ctx.Err() != nil {
				t.Errorf("read %q, %v; in time: %v", inv.facts.ID, err, ctx.Err())
			}
			wait(t, ended)
			if _, w, found := r.ask(ctx, s.ids()[201], start); w != nil || found {
				t.Error("the next read waits too")
			}
		})
	}
}

func TestReadAheadEndsWithItsReader(t *testing.T) {
	s := newShelf(300)
	r, ended := hanging(t, s, 0)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, _ = r.Get(ctx, s.ids()[200], start)
	if ctx.Err() == nil {
		t.Error("the read did not wait for the list")
	}
	wait(t, ended)
}

func TestReadAheadWaitsAtMostHalfOfItsTime(t *testing.T) {
	for limit, want := range map[time.Duration]time.Duration{time.Hour: longestWait, time.Minute: longestWait, 2 * time.Second: time.Second} {
		t.Run(limit.String(), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			if got := waitFor(ctx); got > want || got < want-100*time.Millisecond {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
	if got := waitFor(context.Background()); got != longestWait {
		t.Errorf("%s without a limit", got)
	}
}

// wait ends the test if a channel is not closed soon.
func wait(t *testing.T, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the list goes on")
	}
}
