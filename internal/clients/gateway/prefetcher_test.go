package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// press prints pages, and records which ones were requested.
type press struct {
	mu    sync.Mutex
	asked []int
}

func (p *press) print(ctx context.Context, number int) (string, error) {
	p.mu.Lock()
	p.asked = append(p.asked, number)
	p.mu.Unlock()
	if number == 13 {
		return "", errors.New("unlucky")
	}
	return fmt.Sprint("page ", number), ctx.Err()
}

func TestAhead(t *testing.T) {
	tests := map[string]struct {
		expected [][]int
		get      []int
		asked    []int // in any order
		err      bool
	}{
		"nothing expected":                    {get: []int{1, 2}, asked: []int{1, 2}},
		"all expected":                        {expected: [][]int{{1, 2, 3}}, get: []int{1, 2, 3}, asked: []int{1, 2, 3}},
		"expected twice":                      {expected: [][]int{{1, 2}, {2, 3}}, get: []int{3, 2, 1}, asked: []int{1, 2, 3}},
		"requested again once it has arrived": {expected: [][]int{{1}}, get: []int{1, 1}, asked: []int{1, 1}},
		"expected in vain":                    {expected: [][]int{{7}}, get: []int{1}, asked: []int{1, 7}},
		"an error that matters":               {expected: [][]int{{13}}, get: []int{13}, asked: []int{13}, err: true},
		"an error that does not":              {expected: [][]int{{13}}, get: []int{1}, asked: []int{1, 13}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := &press{}
			ahead := NewPrefetcher(p.print)
			for _, numbers := range test.expected {
				ahead.Prefetch(t.Context(), numbers)
			}
			for _, number := range test.get {
				got, err := ahead.Get(t.Context(), number)
				if (err != nil) != test.err || !test.err && got != fmt.Sprint("page ", number) {
					t.Errorf("page %d is %q, %v", number, got, err)
				}
			}
			for _, left := range ahead.pending {
				<-left.done
			}
			slices.Sort(p.asked)
			if !slices.Equal(p.asked, test.asked) {
				t.Errorf("requested %v, want %v", p.asked, test.asked)
			}
		})
	}
}

// A page that was requested ahead ends with the list, not only when it comes.
func TestAheadEndsWithTheList(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ahead := NewPrefetcher(func(ctx context.Context, _ int) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	ahead.Prefetch(ctx, []int{1})
	cancel()
	if _, err := ahead.Get(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
