package invoice

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

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
	freshness = DefaultReadTimeout
	// idleAfter is how long the list waits for somebody who reads.
	idleAfter = 250 * time.Millisecond
)

// readAhead serves the reads of a refresh from the gateway's list: a page holds
// a hundred invoices, a read one. It serves a row only after another row with the
// same status has proved to say the same as a single read, once, and never for
// an invoice that this process has changed. When the list does not pay, single
// reads go on as if nothing had been.
type readAhead[Inv gateway.Invoice] struct {
	single func(ctx context.Context, id string) (Inv, error)
	// survey lists the invoices made in a time, in any order.
	survey func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error]
	// atOnce is how many pages the survey asks for at the same time, at most.
	atOnce int
	// same reports whether two readings of an invoice show the same.
	same func(ctx context.Context, a, b Inv) bool
	now  func() time.Time

	mu      sync.Mutex
	phase   readAheadPhase
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

// newReadAhead makes the read-ahead of a gateway's client; nil where the
// definition has none.
func newReadAhead[Spec any, Inv gateway.Invoice](def *Definition[Spec, Inv], client gateway.Gateway[Spec, Inv]) *readAhead[Inv] {
	if def.ListCreatedBetween == nil {
		return nil
	}
	return &readAhead[Inv]{
		single: client.Get,
		survey: func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error] {
			return def.ListCreatedBetween(ctx, client, from, to)
		},
		atOnce:  max(def.ListConcurrency, 1),
		same:    func(ctx context.Context, a, b Inv) bool { return showSame(ctx, def, a, b) },
		now:     now,
		sampled: map[string]Inv{}, kept: map[string]keptRow[Inv]{}, proved: map[string]bool{}, changed: map[string]bool{},
		waiting: map[string]*waiter[Inv]{}, wanted: make(chan struct{}), stop: func() {},
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
	ended                          // the list is read; what it left is served
	givenUp                        // the list does not pay, or cannot be trusted
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
func (r *readAhead[Inv]) ask(ctx context.Context, id string, created time.Time) (inv Inv, w *waiter[Inv], found bool) {
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
func (r *readAhead[Inv]) serves(row keptRow[Inv]) bool {
	return r.proved[r.status(row.inv)] && r.now().Sub(row.at) <= freshness
}

func (r *readAhead[Inv]) status(inv Inv) string { return inv.Facts(r.now()).Status }

// widen stretches the time in which the known invoices were made.
func (r *readAhead[Inv]) widen(created time.Time) {
	if r.from.IsZero() || created.Before(r.from) {
		r.from = created
	}
	if created.After(r.to) {
		r.to = created
	}
}

// window is the time to list. The first few invoices do not reach to its ends,
// and a row that is not needed costs less than an invoice that is left out.
func (r *readAhead[Inv]) window() (from, to time.Time) {
	margin := r.to.Sub(r.from) / 4
	from, to = r.from.Add(-margin), r.to.Add(margin)
	if now := r.now(); to.After(now) && r.to.Before(now) {
		to = now
	}
	return from, to
}

// readSingle reads an invoice by itself. Where its row is there, that has to say
// the same; else the reading is remembered until its row comes.
func (r *readAhead[Inv]) readSingle(ctx context.Context, id string) (Inv, error) {
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
func (r *readAhead[Inv]) prove(ctx context.Context, inv, row Inv) bool {
	same := r.same(ctx, inv, row)
	r.proved[r.status(row)] = same
	return same
}

// leave ends a wait, unless it has just been answered. A list that brought nothing
// meanwhile hangs.
func (r *readAhead[Inv]) leave(id string, w *waiter[Inv]) (inv Inv, answered bool) {
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
	ctx, cancel := context.WithCancel(gateway.WithConsent(context.WithoutCancel(ctx), r.another))
	r.stop = cancel
	from, to := r.window()
	go func() {
		defer cancel()
		var failed error
		for inv, err := range r.survey(ctx, from, to) {
			if err == nil {
				err = r.take(ctx, inv)
			}
			if failed = err; failed != nil {
				break
			}
		}
		r.finish(failed == nil || errors.Is(failed, errUnwanted))
	}()
}

// Why a list is not read to its end.
var (
	errUnwanted = errors.New("nobody reads any more")
	errDearer   = errors.New("single reads are cheaper than the list")
	errDiffers  = errors.New("the list shows something else than a single read")
)

// take deals with one row: it proves the list, answers a waiter, or is kept.
func (r *readAhead[Inv]) take(ctx context.Context, inv Inv) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows++
	id := inv.Facts(r.now()).ID
	sample, sampled := r.sampled[id]
	delete(r.sampled, id)
	switch {
	case r.phase == givenUp || sampled && !r.prove(ctx, sample, inv):
		return errDiffers
	case !sampled && !r.changed[id]:
		r.kept[id] = keptRow[Inv]{inv: inv, at: r.now()}
	}
	r.answerWaiters()
	return nil
}

// another decides whether one more page is asked for.
func (r *readAhead[Inv]) another() error {
	pays, wanted := r.worth()
	if !pays {
		return errDearer
	}
	// Terraform may need a moment to ask for the next invoice.
	select {
	case <-wanted:
		return nil
	case <-time.After(idleAfter):
		return errUnwanted
	}
}

// worth judges the list by the pages so far, and lets those go who have waited
// long enough. wanted is closed as soon as somebody waits.
func (r *readAhead[Inv]) worth() (pays bool, wanted <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	answered := r.pages - (r.atOnce - 1) // at least: the others may be under way
	pays = r.phase != givenUp && r.rows <= maxRows && r.rows >= worthwhile*answered && r.pages <= credit+r.asked
	for id, w := range r.waiting {
		if r.pages-w.since >= patience {
			delete(r.waiting, id)
			close(w.single)
		}
	}
	r.pages++
	if len(r.waiting) > 0 {
		return pays, closed
	}
	return pays, r.wanted
}

// closed is a channel that is closed.
var closed = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// answerWaiters gives waiters their rows, and sends off those whose rows have yet
// to prove themselves.
func (r *readAhead[Inv]) answerWaiters() {
	for id, w := range r.waiting {
		row, listed := r.kept[id]
		switch {
		case listed && r.serves(row):
			delete(r.kept, id)
			delete(r.waiting, id)
			w.answer <- row.inv
		case listed:
			delete(r.waiting, id)
			close(w.single)
		}
	}
}

// finish ends the list: whoever still waits asks by itself. What the list left
// is of use only if some of it has proved itself.
func (r *readAhead[Inv]) finish(pays bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !pays || len(r.proved) == 0 {
		r.giveUp()
		return
	}
	if r.phase != givenUp {
		r.phase = ended
	}
	r.sampled = nil
	r.sendOff()
}

// giveUp ends the list, and goes on with single reads for good.
func (r *readAhead[Inv]) giveUp() {
	r.phase = givenUp
	r.stop()
	r.sampled, r.kept = nil, nil
	r.sendOff()
}

// sendOff lets all who wait ask by themselves.
func (r *readAhead[Inv]) sendOff() {
	for id, w := range r.waiting {
		delete(r.waiting, id)
		close(w.single)
	}
}
