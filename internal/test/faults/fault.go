package faults

import (
	"bytes"
	"net/http"
	"strconv"
	"time"
)

// Fault is one way in which an exchange goes wrong.
type Fault struct {
	Name string
	// Processed says that the gateway has done what it was asked by the time
	// the fault strikes.
	Processed bool

	spoil spoil
}

// String is the name.
func (f Fault) String() string { return f.Name }

// spoil writes what the client gets in place of the gateway's answer.
type spoil func(x *exchange)

// exchange is a request that a fault has struck.
type exchange struct {
	w http.ResponseWriter
	r *http.Request
	// answer is the gateway's; nil when it has not seen the request.
	answer *answer
	// over is closed when the faults are over.
	over <-chan struct{}
}

// answer is what a gateway has answered.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func newAnswer() *answer { return &answer{status: http.StatusOK, header: http.Header{}} }

func (a *answer) Header() http.Header { return a.header }

func (a *answer) Write(part []byte) (int, error) { return a.body.Write(part) }

func (a *answer) WriteHeader(status int) { a.status = status }

// sendTo passes the answer on as it is.
func (a *answer) sendTo(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes())
}

func before(name string, s spoil) Fault { return Fault{Name: name + ", before", spoil: s} }

func after(name string, s spoil) Fault {
	return Fault{Name: name + ", after", Processed: true, spoil: s}
}

// Faults of connections.
var (
	// CloseBefore ends the connection before the gateway sees the request.
	CloseBefore = before("close", closeConnection)
	// CloseAfter ends it when the gateway has processed the request.
	CloseAfter = after("close", closeConnection)
	// HangBefore never answers, and the gateway never sees the request.
	HangBefore = before("hang", hang)
	// HangAfter never answers either, but the gateway has processed the request.
	HangAfter = after("hang", hang)
	// Truncated is the first half of the gateway's answer.
	Truncated = after("truncated", truncate)
	// Slow is the gateway's answer, a byte at a time.
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
	body := x.answer.body.Bytes()
	x.w.Header().Set("Content-Type", x.answer.header.Get("Content-Type"))
	x.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	x.w.WriteHeader(x.answer.status)
	_, _ = x.w.Write(body[:len(body)/2])
	_ = http.NewResponseController(x.w).Flush() // else nothing of it is sent
	panic(http.ErrAbortHandler)
}

// dripPause is the wait before each byte of Slow: an answer of a kilobyte then
// takes more than any patience.
const dripPause = 50 * time.Millisecond

func drip(x *exchange) {
	x.w.Header().Set("Content-Type", x.answer.header.Get("Content-Type"))
	x.w.WriteHeader(x.answer.status)
	out := http.NewResponseController(x.w)
	tick := time.NewTicker(dripPause)
	defer tick.Stop()
	for _, b := range x.answer.body.Bytes() {
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

// Delay answers as the gateway does, after a time.
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
		x.answer.sendTo(x.w)
	})
	f.Name = "delay"
	return f
}

// HoldUntil answers as the gateway does, but not before a channel is closed.
func HoldUntil(released <-chan struct{}) Fault {
	f := after("hold", func(x *exchange) {
		select {
		case <-released:
		case <-x.over:
		case <-x.r.Context().Done():
			return
		}
		x.answer.sendTo(x.w)
	})
	f.Name = "hold"
	return f
}
