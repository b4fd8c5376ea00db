package clienttest

import (
	"sync"
	"time"
)

// Together holds requests back until the wanted number is in progress, or until it is
// clear that this will not happen.
type Together struct {
	Want int

	mu        sync.Mutex
	now, most int
	enough    chan struct{} // closed once there are enough
}

// Enter is called when a request arrives. It returns what to call when the request is
// done.
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

// Most is the maximum number of requests in progress at a time.
func (t *Together) Most() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.most
}
