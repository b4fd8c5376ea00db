package gateway

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

type rowID string

func (l rowID) Facts(time.Time) Facts { return Facts{ID: string(l)} }

// pagesOf yields the pages in turn, and the last one again and again. It counts how many
// were requested.
func pagesOf(asked *int, pages ...[]rowID) func() (Page[rowID], error) {
	return func() (Page[rowID], error) {
		n := min(*asked, len(pages)-1)
		*asked++
		return Page[rowID]{
			Invoices: pages[n],
			IsLast: func(known int, fresh bool) bool {
				return known >= 4 || n == len(pages)-1 && !fresh && len(pages[n]) == 0
			},
			Failed: func(cause error) error { return fmt.Errorf("page %d: %w", n, cause) },
		}, nil
	}
}

func TestPages(t *testing.T) {
	for name, test := range map[string]struct {
		pages [][]rowID
		want  []string
		asked int
		err   error
	}{
		"each invoice once":          {[][]rowID{{"a", "b"}, {"b", "c"}, {"d"}}, []string{"a", "b", "c", "d"}, 3, nil},
		"the last page says so":      {[][]rowID{{"a"}, {}}, []string{"a"}, 2, nil},
		"none":                       {[][]rowID{{}}, nil, 1, nil},
		"the same page all the time": {[][]rowID{{"a", "b"}}, []string{"a", "b"}, 1 + maxIdlePages, ErrRepeatedPages},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			var got []string
			var failed error
			for inv, err := range Pages(pagesOf(&asked, test.pages...)) {
				if failed = err; err == nil {
					got = append(got, string(inv))
				}
			}
			if !slices.Equal(got, test.want) || asked != test.asked || !errors.Is(failed, test.err) {
				t.Errorf("%q of %d pages, %v", got, asked, failed)
			}
		})
	}
}

// TestPagesAreNotReadAhead: whoever has enough asks for no further page.
func TestPagesAreNotReadAhead(t *testing.T) {
	asked := 0
	for inv := range Pages(pagesOf(&asked, []rowID{"a", "b"}, []rowID{"c"})) {
		if inv == "b" {
			break
		}
	}
	if asked != 1 {
		t.Errorf("%d pages were requested", asked)
	}
}

func TestPagesTooLarge(t *testing.T) {
	var failed error
	for _, err := range Pages(func() (Page[rowID], error) {
		return Page[rowID]{Invoices: []rowID{"a"}, Size: maxListedBytes + 1, Failed: func(cause error) error { return cause }}, nil
	}) {
		failed = err
	}
	if !errors.Is(failed, ErrTooLarge) {
		t.Errorf("%v", failed)
	}
}
