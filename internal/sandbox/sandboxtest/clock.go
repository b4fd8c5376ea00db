package sandboxtest

import (
	"sync"
	"time"
)

// Clock is the gateways' time. It runs with the real time until Set stops it.
type Clock struct {
	mu      sync.Mutex
	stopped *time.Time
	ahead   time.Duration // from the real time, while it runs
}

// Now returns the gateways' time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped != nil {
		return *c.stopped
	}
	return time.Now().UTC().Add(c.ahead)
}

// Set stops the clock at t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t = t.UTC()
	c.stopped = &t
}

// Advance moves the clock forward by d, whether or not it runs.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped != nil {
		moved := c.stopped.Add(d)
		c.stopped = &moved
		return
	}
	c.ahead += d
}
