package readahead

import "time"

// budget limits the number of pages of a list, so that a busy account, where most rows
// are not needed, costs little more than single reads do.
type budget struct {
	reads   int // reads so far
	served  int // those served from the list
	matched int // rows of invoices that had been read singly
	rows    int
	pages   int
}

const (
	freePages = 2
	// readsPerPage is how many reads pay for a page, and savedPerPage how many saved
	// reads do. With the list, there are at most a tenth more requests than without it.
	readsPerPage = 10
	savedPerPage = 2
	// enough is how many matches must be expected before too few of them count.
	enough = 5
)

func (b budget) exhausted() bool {
	return b.pages >= freePages+b.reads/readsPerPage+b.served/savedPerPage
}

// tooLong reports whether the list has reached its limit, or will: its length is
// estimated from the share of the reads that its rows have matched so far.
func (b budget) tooLong() bool {
	expected := b.rows * b.reads / maxRows // matches in a list of the longest allowed length
	return b.rows >= maxRows || expected >= enough && b.served+b.matched < expected
}

// window is the period in which the state's invoices were created.
type window struct{ from, to time.Time }

func (w *window) include(created time.Time) {
	if w.from.IsZero() || created.Before(w.from) {
		w.from = created
	}
	if created.After(w.to) {
		w.to = created
	}
}

// bounds returns the period to list. The first few invoices do not reach its ends, and
// an unneeded row costs less than a missing one.
func (w *window) bounds(now time.Time) (from, to time.Time) {
	margin := w.to.Sub(w.from) / 4
	from, to = w.from.Add(-margin), w.to.Add(margin)
	if to.After(now) && w.to.Before(now) {
		to = now
	}
	return from, to
}
