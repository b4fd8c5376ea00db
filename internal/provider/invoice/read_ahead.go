package invoice

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// samples is how many invoices are read one by one before a list is tried:
	// a small configuration is read as quickly that way.
	samples = 20
	// pageRows is what a page of a list holds, about.
	pageRows = 100
	// patience is how many rows a read waits for before it asks by itself.
	patience = 8 * pageRows
	// credit is how many pages may be read without knowing whether they pay.
	credit = 10
	// maxRows bounds what is listed, and with it the memory.
	maxRows = 20_000
	// freshness is how old a listed invoice may be when it is used.
	freshness = time.Minute
	// idleAfter is how long the list waits for somebody who reads.
	idleAfter = 250 * time.Millisecond
)

// readAhead serves the reads of a refresh from the gateway's list: a page holds
// a hundred invoices, a read one. It serves a row only after rows have proved
// to say the same as single reads, once, and never for an invoice that this
// process has changed. When the list does not pay, single reads go on as if
// nothing had been.
type readAhead[Inv any] struct {
	single func(ctx context.Context, id string) (Inv, error)
	// survey lists the invoices made in a time, in any order.
	survey func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error]
	id     func(Inv) string
	// same reports whether two readings of an invoice show the same.
	same func(ctx context.Context, a, b Inv) bool
	now  func() time.Time

	mu      sync.Mutex
	phase   readAheadPhase
	asked   int
	rows    int
	from    time.Time
	to      time.Time
	sampled map[string]Inv
	proved  bool
	kept    map[string]keptRow[Inv]
	changed map[string]bool
	waiting map[string]*waiter[Inv]
	wake    chan struct{}
}

// newReadAhead makes the read-ahead of a gateway's client; nil where the
// definition has none.
func newReadAhead[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv], client gateway.Gateway[Spec, Inv]) *readAhead[Inv] {
	if def.Survey == nil {
		return nil
	}
	return &readAhead[Inv]{
		single: client.Get,
		survey: func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error] {
			return def.Survey(ctx, client, from, to)
		},
		id:      func(inv Inv) string { return inv.Facts(now()).ID },
		same:    func(ctx context.Context, a, b Inv) bool { return showSame(ctx, def, a, b) },
		now:     now,
		sampled: map[string]Inv{}, kept: map[string]keptRow[Inv]{}, changed: map[string]bool{},
		waiting: map[string]*waiter[Inv]{}, wake: make(chan struct{}, 1),
	}
}

// showSame reports whether a refresh would show the same of both.
func showSame[Spec any, Inv gateway.Invoice](ctx context.Context, def *Definition[Spec, Inv], a, b Inv) bool {
	left, leftOK := shown(ctx, def, a)
	right, rightOK := shown(ctx, def, b)
	return leftOK && rightOK && left.Equal(right)
}

func shown[Spec any, Inv gateway.Invoice](ctx context.Context, def *Definition[Spec, Inv], inv Inv) (types.List, bool) {
	v, diags := view(ctx, def, inv)
	list, more := viewList(ctx, viewAttributes(ctx, def), []View[Inv]{v})
	return list, !diags.HasError() && !more.HasError()
}

type readAheadPhase int

const (
	sampling readAheadPhase = iota // single reads, until there are enough
	listing                        // the list is being read
	listed                         // the list is read; what it left is served
	givenUp                        // the list does not pay, or cannot be trusted
)

type keptRow[Inv any] struct {
	inv Inv
	at  time.Time
}

// waiter is a read that hopes for a row.
type waiter[Inv any] struct {
	since  int // rows read when it came
	answer chan Inv
	single chan struct{} // closed when it is to ask by itself
}

// get reads an invoice for a refresh. created is when the state says that it
// was made; without it the list does not help.
func (r *readAhead[Inv]) get(ctx context.Context, id string, created time.Time) (Inv, error) {
	inv, w, found := r.ask(ctx, id, created)
	if found {
		return inv, nil
	}
	if w == nil {
		return r.readSingle(ctx, id)
	}
	select {
	case inv := <-w.answer:
		return inv, nil
	case <-w.single:
		return r.readSingle(ctx, id)
	case <-ctx.Done():
		r.leave(id, w)
		return r.single(ctx, id)
	}
}

// ask finds the invoice among the rows, or registers a waiter while the list is
// being read. Neither means that the read is to be made singly.
func (r *readAhead[Inv]) ask(ctx context.Context, id string, created time.Time) (inv Inv, w *waiter[Inv], found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.phase == givenUp || created.IsZero() || r.changed[id] {
		return inv, nil, false
	}
	r.asked++
	if row, ok := r.kept[id]; ok {
		delete(r.kept, id)
		if r.proved && r.now().Sub(row.at) <= freshness {
			return row.inv, nil, true
		}
		return inv, nil, false
	}
	r.widen(created)
	if r.phase == sampling && r.asked > samples {
		r.begin(ctx)
	}
	if r.phase != listing || r.waiting[id] != nil {
		return inv, nil, false
	}
	w = &waiter[Inv]{since: r.rows, answer: make(chan Inv, 1), single: make(chan struct{})}
	r.waiting[id] = w
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return inv, w, false
}

func (r *readAhead[Inv]) widen(created time.Time) {
	if r.from.IsZero() || created.Before(r.from) {
		r.from = created
	}
	if created.After(r.to) {
		r.to = created
	}
}

// readSingle reads an invoice by itself, and remembers the first ones to check
// the list by.
func (r *readAhead[Inv]) readSingle(ctx context.Context, id string) (Inv, error) {
	inv, err := r.single(ctx, id)
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, id)
	if err == nil && !r.proved && r.phase != givenUp && len(r.sampled) < samples {
		r.sampled[id] = inv
	}
	return inv, err
}

// leave ends a wait.
func (r *readAhead[Inv]) leave(id string, w *waiter[Inv]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.waiting[id] == w {
		delete(r.waiting, id)
	}
}

// forget makes an invoice that this process has made or changed be read singly
// from now on.
func (r *readAhead[Inv]) forget(id string) {
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

// begin starts to read the list. It ends by itself when nobody reads any more.
func (r *readAhead[Inv]) begin(ctx context.Context) {
	r.phase = listing
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	from, to := r.from, r.to
	go func() {
		defer cancel()
		for inv, err := range r.survey(ctx, from, to) {
			if err != nil || !r.take(ctx, inv) {
				r.finish(givenUp)
				return
			}
			if !r.stillWanted() {
				break
			}
		}
		r.finish(listed)
	}()
}

// take deals with one row: it proves the list, answers a waiter, or is kept.
// It reports whether the list is worth going on.
func (r *readAhead[Inv]) take(ctx context.Context, inv Inv) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := r.id(inv)
	r.rows++
	if sample, ok := r.sampled[id]; ok && !r.changed[id] {
		if !r.same(ctx, sample, inv) {
			return false
		}
		r.proved = true
		delete(r.sampled, id)
	} else if !r.changed[id] {
		r.kept[id] = keptRow[Inv]{inv: inv, at: r.now()}
	}
	r.answerWaiters()
	return r.rows <= maxRows && r.rows <= pageRows*(credit+r.asked)
}

// answerWaiters gives waiters their rows, once the list has proved itself, and
// sends off those that have waited long enough.
func (r *readAhead[Inv]) answerWaiters() {
	for id, w := range r.waiting {
		row, ok := r.kept[id]
		switch {
		case ok && r.proved:
			delete(r.kept, id)
			delete(r.waiting, id)
			w.answer <- row.inv
		case r.rows-w.since >= patience:
			delete(r.waiting, id)
			close(w.single)
		}
	}
}

// stillWanted reports whether somebody reads. It asks after a page only, since
// the rows of one that was read cost nothing. Terraform may need a moment to
// ask for the next invoice.
func (r *readAhead[Inv]) stillWanted() bool {
	r.mu.Lock()
	wanted := len(r.waiting) > 0 || r.rows%pageRows != 0
	r.mu.Unlock()
	if wanted {
		return true
	}
	select {
	case <-r.wake:
		return true
	case <-time.After(idleAfter):
		return false
	}
}

// finish ends the list: whoever still waits asks by itself.
func (r *readAhead[Inv]) finish(phase readAheadPhase) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if phase == listed && !r.proved {
		phase = givenUp
	}
	r.phase = phase
	r.sampled = nil
	if phase == givenUp {
		r.kept = nil
	}
	for id, w := range r.waiting {
		delete(r.waiting, id)
		close(w.single)
	}
}
