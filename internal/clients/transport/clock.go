package transport

import (
	"net/http"
	"sync"
	"time"
)

// clockValidity is how long a measurement of the gateway's clock is believed.
const clockValidity = 5 * time.Minute

// clock measures how far the gateway's clock is ahead of ours, by the Date header
// of its answers.
type clock struct {
	mu        sync.Mutex
	low, high time.Duration
	measured  time.Time // zero while nothing is known
}

// observe notes the Date of an answer to a request that was sent and answered at
// these times. It has whole seconds: the gateway wrote it at that second or before
// the next one. Where measurements contradict each other, as by a cache that does
// not say so, the latest low counts: then fewer invoices are taken for new ones.
func (c *clock) observe(header http.Header, sent, received time.Time) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil || header.Get("Age") != "" { // a cache's answer has an old date
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
			high = max(high, c.high) // clocks that contradict each other
		}
	}
	c.low, c.high, c.measured = low, high, received
}

// ClockOffset is between which bounds the gateway's clock is ahead of ours, by the
// Date header of its answers in the last minutes. known is false where no answer
// had one.
func (c *Client) ClockOffset() (low, high time.Duration, known bool) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if time.Since(c.clock.measured) >= clockValidity {
		return 0, 0, false
	}
	return c.clock.low, c.clock.high, true
}
