// Package readahead serves the reads of a refresh from the gateway's list.
package readahead

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// samples is how many invoices make a list worth a try: fewer are read as
	// quickly one by one.
	samples = 20
	// worthwhile is how many rows the pages must hold: as many invoices Terraform
	// reads in the same time, ten at once if it is not told otherwise.
	worthwhile = 10
	// patience is how many pages a read waits for before it asks by itself, and
	// longestWait how long, but at most half of the time that it has: a list may
	// hang where a read does not.
	patience    = 8
	longestWait = 5 * time.Second
	// credit is how many pages may be read without knowing whether they pay.
	credit = 10
	// maxRows bounds what is listed, and with it the memory.
	maxRows = 20_000
	// maxSampled bounds what is remembered to check the list by.
	maxSampled = 5 * samples
	// freshness is how old a listed invoice may be when it is used: a read of
	// its own may take as long.
	freshness = 2 * time.Minute
	// idleAfter is how long the list waits for somebody who reads.
	idleAfter = 250 * time.Millisecond
)

// Reader serves the reads of a refresh from the gateway's list: a page holds
// a hundred invoices, a read one. It serves a row only after another row with the
// same status has proved to say the same as a single read, once, and never for
// an invoice that this process has changed. When the list does not pay, single
// reads go on as if nothing had been.
type Reader[Inv gateway.Invoice] struct {
	single func(ctx context.Context, id string) (Inv, error)
	list   func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error]

	concurrency int
	same        func(ctx context.Context, a, b Inv) bool
	now         func() time.Time

	mu      sync.Mutex
	phase   phase
	asked   int
	pages   int // or other requests that the list took
	rows    int
	from    time.Time
	to      time.Time
	sampled map[string]Inv          // single readings of which no row has come yet
	kept    map[string]keptRow[Inv] // rows that nobody has asked for yet
	proved  map[string]bool         // the statuses whose rows say what reads say
	changed map[string]bool         // the invoices that this process has changed
	waiting map[string]*waiter[Inv]
	wanted  chan struct{} // closed, and made anew, when somebody waits
	stop    func()        // ends the list
}

// Source is what a Reader reads from.
type Source[Inv gateway.Invoice] struct {
	// Single reads one invoice.
	Single func(ctx context.Context, id string) (Inv, error)
	// List lists the invoices made in a time, in any order.
	List func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error]
	// Concurrency is how many pages List asks for at the same time, at most.
	Concurrency int
	// Same reports whether two readings of an invoice show the same.
	Same func(ctx context.Context, a, b Inv) bool
}

// New makes a Reader.
func New[Inv gateway.Invoice](source Source[Inv]) *Reader[Inv] {
	return &Reader[Inv]{
		single: source.Single, list: source.List, concurrency: max(source.Concurrency, 1), same: source.Same, now: time.Now,
		sampled: map[string]Inv{}, kept: map[string]keptRow[Inv]{}, proved: map[string]bool{}, changed: map[string]bool{},
		waiting: map[string]*waiter[Inv]{}, wanted: make(chan struct{}), stop: func() {},
	}
}

type phase int

const (
	sampling phase = iota // single reads, until there are enough
	listing               // the list is being read
	ended                 // the list is read; what it left is served
	givenUp               // the list does not pay, or cannot be trusted
)

type keptRow[Inv gateway.Invoice] struct {
	inv Inv
	at  time.Time
}

// waiter is a read that hopes for a row.
type waiter[Inv gateway.Invoice] struct {
	since  int // pages read when it came
	rows   int // rows read when it came
	answer chan Inv
	single chan struct{} // closed when it is to ask by itself
}

// Get reads an invoice for a refresh. created is when the state says that it
// was made; without it the list does not help.
func (r *Reader[Inv]) Get(ctx context.Context, id string, created time.Time) (Inv, error) {
	inv, w, found := r.ask(ctx, id, created)
	if found {
		return inv, nil
	}
	if w == nil {
		return r.readSingle(ctx, id)
	}
	wait := time.NewTimer(waitFor(ctx))
	defer wait.Stop()
	select {
	case inv := <-w.answer:
		return inv, nil
	case <-w.single:
		return r.readSingle(ctx, id)
	case <-wait.C:
		if inv, answered := r.leave(id, w); answered {
			return inv, nil
		}
		return r.readSingle(ctx, id)
	case <-ctx.Done():
		r.leave(id, w)
		return r.single(ctx, id)
	}
}

// waitFor is how long a read waits for its row.
func waitFor(ctx context.Context) time.Duration {
	deadline, limited := ctx.Deadline()
	if !limited {
		return longestWait
	}
	return min(longestWait, time.Until(deadline)/2)
}

// ask finds the invoice among the rows, or registers a waiter while the list is
// being read. Neither means that the read is to be made singly.
func (r *Reader[Inv]) ask(ctx context.Context, id string, created time.Time) (inv Inv, w *waiter[Inv], found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.phase == givenUp || created.IsZero() || r.changed[id] {
		return inv, nil, false
	}
	r.asked++
	if row, ok := r.kept[id]; ok {
		if r.serves(row) {
			delete(r.kept, id)
			return row.inv, nil, true
		}
		return inv, nil, false
	}
	r.widen(created)
	if r.phase == sampling && r.asked >= samples {
		r.begin(ctx)
	}
	if r.phase != listing || r.waiting[id] != nil {
		return inv, nil, false
	}
	w = &waiter[Inv]{since: r.pages, rows: r.rows, answer: make(chan Inv, 1), single: make(chan struct{})}
	r.waiting[id] = w
	close(r.wanted)
	r.wanted = make(chan struct{})
	return inv, w, false
}

// serves reports whether a row may stand for a single reading.
func (r *Reader[Inv]) serves(row keptRow[Inv]) bool {
	return r.proved[r.status(row.inv)] && r.now().Sub(row.at) <= freshness
}

func (r *Reader[Inv]) status(inv Inv) string { return inv.Facts(r.now()).Status }

// widen stretches the time in which the known invoices were made.
func (r *Reader[Inv]) widen(created time.Time) {
	if r.from.IsZero() || created.Before(r.from) {
		r.from = created
	}
	if created.After(r.to) {
		r.to = created
	}
}

// window is the time to list. The first few invoices do not reach to its ends,
// and a row that is not needed costs less than an invoice that is left out.
func (r *Reader[Inv]) window() (from, to time.Time) {
	margin := r.to.Sub(r.from) / 4
	from, to = r.from.Add(-margin), r.to.Add(margin)
	if now := r.now(); to.After(now) && r.to.Before(now) {
		to = now
	}
	return from, to
}

// readSingle reads an invoice by itself. Where its row is there, that has to say
// the same; else the reading is remembered until its row comes.
func (r *Reader[Inv]) readSingle(ctx context.Context, id string) (Inv, error) {
	inv, err := r.single(ctx, id)
	r.mu.Lock()
	defer r.mu.Unlock()
	row, listed := r.kept[id]
	delete(r.kept, id)
	switch {
	case err != nil || r.phase == givenUp || r.changed[id]:
	case listed && r.now().Sub(row.at) <= freshness:
		if !r.prove(ctx, inv, row.inv) {
			r.giveUp()
		}
	case r.phase != ended && !r.proved[r.status(inv)] && len(r.sampled) < maxSampled:
		r.sampled[id] = inv
	}
	return inv, err
}

// prove compares a single reading with its row.
func (r *Reader[Inv]) prove(ctx context.Context, inv, row Inv) bool {
	same := r.same(ctx, inv, row)
	r.proved[r.status(row)] = same
	return same
}

// leave ends a wait, unless it has just been answered. A list that brought nothing
// meanwhile hangs.
func (r *Reader[Inv]) leave(id string, w *waiter[Inv]) (inv Inv, answered bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case inv := <-w.answer:
		return inv, true
	default:
	}
	if r.waiting[id] == w {
		delete(r.waiting, id)
	}
	if r.phase == listing && r.rows == w.rows {
		r.giveUp()
	}
	return inv, false
}

// Forget makes an invoice that this process has made or changed be read singly
// from now on.
func (r *Reader[Inv]) Forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed[id] = true
	delete(r.kept, id)
	delete(r.sampled, id)
	if w := r.waiting[id]; w != nil {
		delete(r.waiting, id)
		close(w.single)
	}
}
