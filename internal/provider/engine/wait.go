package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

const (
	// newInvoiceLag is how long the gateway's reads may not show a new invoice.
	newInvoiceLag = 15 * time.Second
	// remindAfter is how often an unchanged wait is reported.
	remindAfter = 30 * time.Second
)

// Wait says what to wait for.
type Wait struct {
	Phases   []gateway.Phase
	Timeout  time.Duration
	Interval time.Duration
	// Progress is called with the first reading, with each change of the status, and
	// from time to time while nothing changes.
	Progress func(f gateway.Facts, waited time.Duration)
}

// ClosedError is an invoice that was closed in a phase that was not waited for.
type ClosedError struct{ Facts gateway.Facts }

func (e *ClosedError) Error() string {
	return fmt.Sprintf("it is %s (status %q)", e.Facts.Phase, e.Facts.Status)
}

// WaitTimeoutError is a wait that timed out. Last is the error of the last read, if it
// failed.
type WaitTimeoutError struct {
	Facts   gateway.Facts
	Timeout time.Duration
	Last    error
}

func (e *WaitTimeoutError) Error() string {
	text := fmt.Sprintf("it could not be read within %s", e.Timeout)
	if e.Facts.ID != "" {
		text = fmt.Sprintf("after %s it is still %s (status %q)", e.Timeout, e.Facts.Phase, e.Facts.Status)
	}
	if e.Last != nil {
		text += fmt.Sprintf("; the last read failed: %v", e.Last)
	}
	return text
}

func (e *WaitTimeoutError) Unwrap() error { return e.Last }

// WaitFor reads an invoice until it is in one of the phases. Parallel waits read at the
// same times, so that a client can join their reads. Errors are *ClosedError,
// *WaitTimeoutError, the context's, and those of a read that cannot succeed later.
func (e *Engine[Spec, Inv]) WaitFor(ctx context.Context, id string, w Wait) (gateway.Facts, error) {
	began := e.now()
	deadline := began.Add(w.Timeout)
	limited, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	var last gateway.Facts
	var failed error
	var reported time.Time
	for {
		inv, err := e.Client.Get(limited, id)
		switch {
		case err == nil:
			facts := e.Facts(inv)
			if now := e.now(); facts.Status != last.Status || facts.Phase != last.Phase || last.ID == "" || now.Sub(reported) >= remindAfter {
				w.Progress(facts, now.Sub(began))
				reported = now
			}
			last, failed = facts, nil
			if done, err := w.done(facts); done {
				return facts, err
			}
		case ctx.Err() != nil:
			return last, ctx.Err()
		case limited.Err() == nil && !isTransient(err, e.now().Sub(began)):
			return last, err
		default:
			failed = err
		}
		if err := e.sleep(limited, e.nextRead(deadline, w.Interval)); err != nil || !e.now().Before(deadline) {
			if ctx.Err() != nil {
				return last, ctx.Err()
			}
			return last, &WaitTimeoutError{Facts: last, Timeout: w.Timeout, Last: failed}
		}
	}
}

// done reports whether the wait is over. A closed phase never changes.
func (w Wait) done(f gateway.Facts) (bool, error) {
	switch {
	case slices.Contains(w.Phases, f.Phase):
		return true, nil
	case f.Phase.Closed():
		return true, &ClosedError{f}
	default:
		return false, nil
	}
}

// isTransient reports whether a failed read may succeed later.
func isTransient(err error, waited time.Duration) bool {
	return errors.Is(err, gateway.ErrUnavailable) || errors.Is(err, gateway.ErrRateLimited) ||
		errors.Is(err, gateway.ErrNotFound) && waited < newInvoiceLag
}

// nextRead returns the time to the next multiple of the interval, or half of the
// remaining time if that is shorter.
func (e *Engine[Spec, Inv]) nextRead(deadline time.Time, interval time.Duration) time.Duration {
	now := e.now()
	next := now.Truncate(interval).Add(interval).Sub(now)
	const shortest = 200 * time.Millisecond
	return max(min(next, deadline.Sub(now)/2), shortest)
}
