// Package readahead reduces the requests of a refresh of many invoices: a page of the
// gateway's list has up to a hundred invoices.
// Reads never wait for the list. It is read in the background while Terraform reads one
// invoice after another, and a row that comes first is used.
package readahead

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// startAfter is how many reads make the list worthwhile.
	startAfter = 20
	// maxAge is how old a row may be when it is used: a single read may take as long.
	maxAge = 2 * time.Minute
	// maxRows limits the list, and with it the memory.
	maxRows = 20_000
	// maxSamples limits the readings that are kept to check the list.
	maxSamples = 5 * startAfter
)

// Source is where a Reader reads from.
type Source[Inv gateway.Invoice] struct {
	// Single reads one invoice.
	Single func(ctx context.Context, id string) (Inv, error)
	// List lists the invoices created in a period, in any order; extra rows do no harm.
	// It calls gateway.RunReadHook before each page.
	List func(ctx context.Context, from, to time.Time) iter.Seq2[Inv, error]
	// Same reports whether a refresh would show the same for two readings.
	Same func(ctx context.Context, a, b Inv) bool
}

// Reader reads invoices for a refresh. A row of the list is used once, only after
// another row with the same status has equaled a single read, and never for an invoice
// that this process has changed.
type Reader[Inv gateway.Invoice] struct {
	source Source[Inv]
	now    func() time.Time

	mu          sync.Mutex
	phase       phase
	budget      budget
	window      window
	single      map[string]bool     // invoices that were read singly before their row came
	samples     map[string]Inv      // single readings that may prove a status
	rows        map[string]row[Inv] // rows that have not been used yet
	proved      map[string]bool     // statuses whose rows equal single reads
	changed     map[string]bool     // invoices changed by this process
	readStarted chan struct{}       // closed and replaced at each read
	stop        context.CancelFunc  // stops the list
}

type phase int

const (
	sampling phase = iota // too few reads for a list
	listing               // the list is being read
	listed                // the list is complete; its remaining rows are used
	stopped               // the list failed or differs from single reads
)

type row[Inv gateway.Invoice] struct {
	inv Inv
	at  time.Time
}

// New returns a Reader.
func New[Inv gateway.Invoice](source Source[Inv]) *Reader[Inv] {
	return &Reader[Inv]{
		source: source, now: time.Now,
		single: map[string]bool{}, samples: map[string]Inv{}, rows: map[string]row[Inv]{}, proved: map[string]bool{}, changed: map[string]bool{},
		readStarted: make(chan struct{}), stop: func() {},
	}
}

// Get reads an invoice. created is its creation time in the state; if it is zero, the
// list is not used. Errors are those of a single read.
func (r *Reader[Inv]) Get(ctx context.Context, id string, created time.Time) (Inv, error) {
	if created.IsZero() {
		return r.source.Single(ctx, id)
	}
	if inv, found := r.take(ctx, id, created); found {
		return inv, nil
	}
	inv, err := r.source.Single(ctx, id)
	if err == nil {
		r.compare(ctx, id, inv)
	}
	return inv, err
}

// Forget excludes an invoice that this process has created or changed from the list.
func (r *Reader[Inv]) Forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed[id] = true
	delete(r.rows, id)
	delete(r.samples, id)
}

// take returns the row of an invoice, and starts the list once it is worthwhile.
func (r *Reader[Inv]) take(ctx context.Context, id string, created time.Time) (inv Inv, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.phase == stopped || r.changed[id] {
		return inv, false
	}
	r.budget.reads++
	r.window.include(created)
	close(r.readStarted)
	r.readStarted = make(chan struct{})
	if r.phase == sampling && r.budget.reads >= startAfter {
		r.start(ctx)
	}
	row, found := r.rows[id]
	if !found || !r.proved[r.status(row.inv)] || r.now().Sub(row.at) > maxAge {
		return inv, false
	}
	delete(r.rows, id)
	r.budget.served++
	return row.inv, true
}

// compare compares a single reading with its row, or keeps it until the row comes.
func (r *Reader[Inv]) compare(ctx context.Context, id string, inv Inv) {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, found := r.rows[id]
	delete(r.rows, id)
	switch {
	case r.phase == stopped || r.changed[id]:
	case found && r.now().Sub(row.at) <= maxAge:
		r.prove(ctx, inv, row.inv)
	case r.phase != listed:
		r.single[id] = true
		if !r.proved[r.status(inv)] && len(r.samples) < maxSamples {
			r.samples[id] = inv
		}
	}
}

// prove compares a single reading with its row. A row that differs stops the list.
func (r *Reader[Inv]) prove(ctx context.Context, inv, row Inv) {
	if !r.source.Same(ctx, inv, row) {
		r.end(stopped)
		return
	}
	r.proved[r.status(row)] = true
}

func (r *Reader[Inv]) status(inv Inv) string { return inv.Facts(r.now()).Status }

// end stops the list. Rows without a proved status are useless.
func (r *Reader[Inv]) end(as phase) {
	r.stop()
	r.single, r.samples = nil, nil
	if as == stopped || len(r.proved) == 0 {
		as, r.rows = stopped, nil
	}
	r.phase = as
}
