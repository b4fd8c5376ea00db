package transport

import (
	"net/http"
	"sync"
	"time"
)

// clockValidity is how long a measurement of the gateway's clock remains valid.
const clockValidity = 5 * time.Minute

// clock measures how far the gateway's clock is ahead of ours, from the Date header of
// its responses.
type clock struct {
	mu        sync.Mutex
	low, high time.Duration
	measured  time.Time // zero while unknown
}

// observe records the Date of a response to a request that was sent and answered at
// these times. Date has whole seconds: the gateway wrote it in that second. If
// measurements contradict each other, for example because of a cache that does not
// identify itself, the latest low counts, so that fewer invoices are taken for new
// ones.
func (c *clock) observe(header http.Header, sent, received time.Time) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil || header.Get("Age") != "" { // a cached response has an old date
		return
	}
	low, high := date.Sub(received.Round(0)), date.Add(time.Second).Sub(sent.Round(0))
	c.mu.Lock()
	defer c.mu.Unlock()
	if received.Sub(c.measured) < clockValidity {
		low = max(low, c.low)
		if low <= min(high, c.high) {
			high = min(high, c.high)
		} else {
			high = max(high, c.high) // the measurements contradict each other
		}
	}
	c.low, c.high, c.measured = low, high, received
}

// ClockOffset returns bounds on how far the gateway's clock is ahead of ours, from the
// Date header of its recent responses. known is false if no response had one.
func (c *Client) ClockOffset() (low, high time.Duration, known bool) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if time.Since(c.clock.measured) >= clockValidity {
		return 0, 0, false
	}
	return c.clock.low, c.clock.high, true
}
