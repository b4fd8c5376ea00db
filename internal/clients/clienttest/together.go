package clienttest

import (
	"sync"
	"time"
)

// Together holds requests back until as many are under way as are wanted, or
// until it is clear that there will not be.
type Together struct {
	Want int

	mu        sync.Mutex
	now, most int
	enough    chan struct{} // closed when there are as many as wanted
}

// Enter is called when a request comes, and what it answers when that is done.
func (t *Together) Enter() (leave func()) {
	t.mu.Lock()
	if t.enough == nil {
		t.enough = make(chan struct{})
	}
	enough := t.enough
	t.now++
	t.most = max(t.most, t.now)
	if t.now == t.Want {
		select {
		case <-enough:
		default:
			close(enough)
		}
	}
	t.mu.Unlock()
	select {
	case <-enough:
	case <-time.After(5 * time.Second):
	}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.now--
	}
}

// Most is how many requests were under way at the same time.
func (t *Together) Most() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.most
}
