package readahead

import (
	"testing"
	"time"
)

func TestBudget(t *testing.T) {
	tests := map[string]struct {
		budget             budget
		exhausted, tooLong bool
	}{
		"first page":                     {budget: budget{reads: 20}},
		"free pages are used":            {budget: budget{reads: 9, pages: 2}, exhausted: true},
		"reads pay for a page":           {budget: budget{reads: 10, pages: 2}},
		"saved reads pay for pages":      {budget: budget{reads: 10, served: 6, pages: 5, rows: 500}},
		"saved reads are used up":        {budget: budget{reads: 10, served: 6, pages: 6, rows: 600}, exhausted: true},
		"limit of rows":                  {budget: budget{reads: 5000, served: 5000, rows: maxRows}, tooLong: true},
		"no match expected yet":          {budget: budget{reads: 20, pages: 1, rows: 100}},
		"fewer matches than worth it":    {budget: budget{reads: 100, pages: 10, rows: 1000, matched: 4}, tooLong: true},
		"as many matches as is worth it": {budget: budget{reads: 100, pages: 10, rows: 1000, matched: 4, served: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.budget.exhausted(); got != test.exhausted {
				t.Errorf("exhausted: %v", got)
			}
			if got := test.budget.tooLong(); got != test.tooLong {
				t.Errorf("too long: %v", got)
			}
		})
	}
}

func TestWindowReachesBeyondTheFirstInvoices(t *testing.T) {
	now := created.Add(30 * 24 * time.Hour)
	tests := map[string]struct{ from, to, wantFrom, wantTo time.Time }{
		"long ago":    {created, created.Add(8 * time.Hour), created.Add(-2 * time.Hour), created.Add(10 * time.Hour)},
		"until now":   {now.Add(-8 * time.Hour), now.Add(-time.Hour), now.Add(-9*time.Hour - 45*time.Minute), now},
		"at one time": {created, created, created, created},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var w window
			w.include(test.to)
			w.include(test.from)
			if from, to := w.bounds(now); !from.Equal(test.wantFrom) || !to.Equal(test.wantTo) {
				t.Errorf("lists from %s to %s, want %s to %s", from, to, test.wantFrom, test.wantTo)
			}
		})
	}
}
