package gateway

import (
	"iter"
	"time"
)

// Page is a page of a list.
type Page[Inv Invoice] struct {
	Invoices []Inv
	Size     int // of the answer, in bytes
	// IsLast reports whether the list ends with this page. known is the number of
	// invoices so far, and fresh says that this page has brought new ones.
	IsLast func(known int, fresh bool) bool
	// Failed makes the error of a list that cannot go on after this page.
	Failed func(cause error) error
}

// Pages yields the invoices of all pages, each once. next requests a page only when the
// invoices of the one before are used up. An error ends the list.
func Pages[Inv Invoice](next func() (Page[Inv], error)) iter.Seq2[Inv, error] {
	return func(yield func(Inv, error) bool) {
		var none Inv
		var seen Progress
		for {
			page, err := next()
			if err == nil && seen.Received(page.Size) != nil {
				err = page.Failed(ErrTooLarge)
			}
			if err != nil {
				yield(none, err)
				return
			}
			before := seen.Count()
			for _, inv := range page.Invoices {
				if seen.IsNew(inv.Facts(time.Time{}).ID) && !yield(inv, nil) {
					return
				}
			}
			if page.IsLast(seen.Count(), seen.Count() > before) {
				return
			}
			if err := seen.EndPage(); err != nil {
				yield(none, page.Failed(err))
				return
			}
		}
	}
}
