package gateway

import (
	"iter"
	"time"
)

// Page is a page of a list.
type Page[Inv Invoice] struct {
	Invoices []Inv
	Size     int // of the response, in bytes
	// IsLast reports whether the list ends with this page. known is the number of
	// invoices so far, and fresh says whether this page had new ones.
	IsLast func(known int, fresh bool) bool
	// Failed returns the error for a list that cannot continue after this page.
	Failed func(cause error) error
}

// Pages yields the invoices of all pages, each once. It calls next only after the
// invoices of the previous page have been consumed. It stops at an error.
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
