package faults

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// Fault is one way in which a request can fail.
type Fault struct {
	Name string
	// Processed says that the gateway has processed the request before the fault.
	Processed bool

	apply effect
}

// String is the name.
func (f Fault) String() string { return f.Name }

// effect writes what the client gets in place of the gateway's response.
type effect func(x *exchange)

// exchange is a request with a fault.
type exchange struct {
	w http.ResponseWriter
	r *http.Request
	// response is the gateway's; nil when it has not seen the request.
	response *response
	// over is closed when the faults are over.
	over <-chan struct{}
}

// response is a gateway's response, buffered.
type response struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func newResponse() *response { return &response{status: http.StatusOK, header: http.Header{}} }

func (r *response) Header() http.Header { return r.header }

func (r *response) Write(part []byte) (int, error) { return r.body.Write(part) }

func (r *response) WriteHeader(status int) { r.status = status }

// sendTo passes the response on as it is.
func (r *response) sendTo(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes())
}

func before(name string, s effect) Fault { return Fault{Name: name + ", before", apply: s} }

func after(name string, s effect) Fault {
	return Fault{Name: name + ", after", Processed: true, apply: s}
}

// Faults of connections.
var (
	// CloseBefore ends the connection before the gateway sees the request.
	CloseBefore = before("close", closeConnection)
	// CloseAfter ends it when the gateway has processed the request.
	CloseAfter = after("close", closeConnection)
	// HangBefore never responds, and the gateway never sees the request.
	HangBefore = before("hang", hang)
	// HangAfter never responds, after the gateway has processed the request.
	HangAfter = after("hang", hang)
	// Truncated is the first half of the gateway's response.
	Truncated = after("truncated", truncate)
	// Slow sends the gateway's response one byte at a time.
	Slow = after("slow bytes", drip)
)

func closeConnection(*exchange) { panic(http.ErrAbortHandler) }

// hang waits until the client has gone, or the faults are over.
func hang(x *exchange) {
	select {
	case <-x.r.Context().Done():
	case <-x.over:
	}
	panic(http.ErrAbortHandler)
}

func truncate(x *exchange) {
	body := x.response.body.Bytes()
	x.w.Header().Set("Content-Type", x.response.header.Get("Content-Type"))
	x.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(x.response.status)
	_, _ = x.w.Write(body[:len(body)/2])
	_ = http.NewResponseController(x.w).Flush() // else nothing of it is sent
	panic(http.ErrAbortHandler)
}

// dripPause is the pause before each byte of Slow: a response of a kilobyte then exceeds
// every timeout.
const dripPause = 50 * time.Millisecond

func drip(x *exchange) {
	x.w.Header().Set("Content-Type", x.response.header.Get("Content-Type"))
	x.w.WriteHeader(x.response.status)
	out := http.NewResponseController(x.w)
	tick := time.NewTicker(dripPause)
	defer tick.Stop()
	for _, b := range x.response.body.Bytes() {
		if _, err := x.w.Write([]byte{b}); err != nil || out.Flush() != nil {
			panic(http.ErrAbortHandler)
		}
		select {
		case <-tick.C:
		case <-x.r.Context().Done():
			panic(http.ErrAbortHandler)
		case <-x.over:
			panic(http.ErrAbortHandler)
		}
	}
}

// Delay delays the gateway's response.
func Delay(d time.Duration) Fault {
	f := after("delay", func(x *exchange) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-x.over:
		case <-x.r.Context().Done():
			return
		}
		x.response.sendTo(x.w)
	})
	f.Name = "delay"
	return f
}

// HoldUntil holds the gateway's response until a channel is closed.
func HoldUntil(released <-chan struct{}) Fault {
	f := after("hold", func(x *exchange) {
		select {
		case <-released:
		case <-x.over:
		case <-x.r.Context().Done():
			return
		}
		x.response.sendTo(x.w)
	})
	f.Name = "hold"
	return f
}
