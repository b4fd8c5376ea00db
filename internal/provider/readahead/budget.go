package readahead

import "time"

// budget decides how many pages a list may take, so that a busy account, where
// most rows are of no use, costs little more than single reads do.
type budget struct {
	asked   int // reads so far
	served  int // of them, from the list
	matched int // rows of invoices that were read singly before
	rows    int
	pages   int
}

const (
	freePages = 2
	// readsPerPage is how many reads pay for a page, and savedPerPage how many
	// reads that the list has saved. Together with the single reads, a list makes
	// at most a tenth more requests than without it.
	readsPerPage = 10
	savedPerPage = 2
	// enough is how many matches are expected before too few of them count.
	enough = 5
)

func (b budget) exhausted() bool {
	return b.pages >= freePages+b.asked/readsPerPage+b.served/savedPerPage
}

// tooLong reports that the list has reached its limit, or will: the share of the
// reads so far that the rows so far matched tells how long it is.
func (b budget) tooLong() bool {
	expected := b.rows * b.asked / maxRows // matches in a list of the longest allowed length
	return b.rows >= maxRows || expected >= enough && b.served+b.matched < expected
}

// window is the time in which the state's invoices were made.
type window struct{ from, to time.Time }

func (w *window) include(created time.Time) {
	if w.from.IsZero() || created.Before(w.from) {
		w.from = created
	}
	if created.After(w.to) {
		w.to = created
	}
}

// bounds is the time to list. The first few invoices do not reach to its ends, and
// a row that is not needed costs less than an invoice that is left out.
func (w *window) bounds(now time.Time) (from, to time.Time) {
	margin := w.to.Sub(w.from) / 4
	from, to = w.from.Add(-margin), w.to.Add(margin)
	if to.After(now) && w.to.Before(now) {
		to = now
	}
	return from, to
}
