package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func TestWaitIsDone(t *testing.T) {
	wanted := Wait{Phases: []gateway.Phase{gateway.PhasePaid, gateway.PhaseOverpaid}}
	tests := map[gateway.Phase]struct{ done, failed bool }{
		gateway.PhaseOpen: {}, gateway.PhaseUnknown: {}, "confirming": {},
		gateway.PhasePaid: {done: true}, gateway.PhaseOverpaid: {done: true},
		gateway.PhaseUnderpaid: {done: true, failed: true}, gateway.PhaseExpired: {done: true, failed: true},
		gateway.PhaseCanceled: {done: true, failed: true}, gateway.PhaseFailed: {done: true, failed: true},
		gateway.PhaseRefunded: {done: true, failed: true},
	}
	for phase, want := range tests {
		done, err := wanted.done(gateway.Facts{Phase: phase})
		if done != want.done || err != nil != want.failed {
			t.Errorf("%s: done %v, %v", phase, done, err)
		}
	}
}

// waiting is a gateway whose reads return one after another.
type waiting struct {
	fakeGateway
	reads []func() (fakeInvoice, error)
	n     int
}

func (g *waiting) Get(ctx context.Context, _ string) (fakeInvoice, error) {
	if err := ctx.Err(); err != nil {
		return fakeInvoice{}, fail(gateway.ErrUnavailable)
	}
	read := g.reads[min(g.n, len(g.reads)-1)]
	g.n++
	return read()
}

func waitingEngine(g gateway.Gateway[string, fakeInvoice]) *Engine[string, fakeInvoice] {
	e := anEngine(g)
	e.now, e.sleep = time.Now, pause
	return e
}

func TestWaitFor(t *testing.T) {
	in := func(phase gateway.Phase) func() (fakeInvoice, error) {
		return func() (fakeInvoice, error) {
			return anInvoice("1", inPhase(phase), func(f *gateway.Facts) { f.Status = string(phase) }), nil
		}
	}
	failing := func(kind error) func() (fakeInvoice, error) {
		return func() (fakeInvoice, error) { return fakeInvoice{}, fail(kind) }
	}
	type reads = []func() (fakeInvoice, error)
	tests := map[string]struct {
		reads    reads
		want     gateway.Phase
		requests int
		changes  int
		check    func(error) bool
	}{
		"paid already":             {reads{in(gateway.PhasePaid)}, gateway.PhasePaid, 1, 1, nil},
		"paid later":               {reads{in(gateway.PhaseOpen), in(gateway.PhaseOpen), in(gateway.PhasePaid)}, gateway.PhasePaid, 3, 2, nil},
		"not shown yet":            {reads{failing(gateway.ErrNotFound), in(gateway.PhasePaid)}, gateway.PhasePaid, 2, 1, nil},
		"out of order for a while": {reads{failing(gateway.ErrUnavailable), failing(gateway.ErrRateLimited), in(gateway.PhasePaid)}, gateway.PhasePaid, 3, 1, nil},
		"expired": {reads{in(gateway.PhaseOpen), in(gateway.PhaseExpired)}, gateway.PhaseExpired, 2, 2, func(err error) bool {
			var closed *ClosedError
			return errors.As(err, &closed)
		}},
		"not allowed": {reads{failing(gateway.ErrForbidden)}, "", 1, 0, func(err error) bool { return errors.Is(err, gateway.ErrForbidden) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			g := &waiting{reads: test.reads}
			e := waitingEngine(g)
			e.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
			changes := 0
			facts, err := e.WaitFor(t.Context(), "1", Wait{
				Phases: []gateway.Phase{gateway.PhasePaid}, Timeout: time.Minute, Interval: time.Second,
				Progress: func(gateway.Facts, time.Duration) { changes++ },
			})
			if err != nil != (test.check != nil) || test.check != nil && !test.check(err) {
				t.Errorf("error %v", err)
			}
			if facts.Phase != test.want || g.n != test.requests || changes != test.changes {
				t.Errorf("%s after %d reads and %d reports", facts.Phase, g.n, changes)
			}
		})
	}
}

func TestWaitForEndsInTime(t *testing.T) {
	open := func() (fakeInvoice, error) { return anInvoice("1"), nil }
	wait := Wait{Phases: []gateway.Phase{gateway.PhasePaid}, Timeout: 500 * time.Millisecond, Interval: time.Second, Progress: func(gateway.Facts, time.Duration) {}}
	_, err := waitingEngine(&waiting{reads: []func() (fakeInvoice, error){open}}).WaitFor(t.Context(), "1", wait)
	var late *WaitTimeoutError
	if !errors.As(err, &late) || late.Facts.Phase != gateway.PhaseOpen {
		t.Errorf("after its time: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	wait.Timeout, wait.Interval = time.Hour, time.Hour
	began := time.Now()
	_, err = waitingEngine(&waiting{reads: []func() (fakeInvoice, error){open}}).WaitFor(ctx, "1", wait)
	if !errors.Is(err, context.Canceled) || time.Since(began) > time.Second {
		t.Errorf("after an interruption: %v in %s", err, time.Since(began))
	}
}
