// Package delivery sends the webhooks in the sandbox's outbox.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

const (
	// timeLimit limits one attempt, including its response.
	timeLimit = 10 * time.Second

	// lease is how long a claim keeps other workers away. The webhooks of a dead worker
	// are sent afterwards.
	lease = 12 * time.Second

	// concurrency is how many attempts run at a time. It is high so that unresponsive
	// addresses do not hold up the others.
	concurrency = 256

	// pollInterval is how often a worker checks what other processes did.
	pollInterval = 200 * time.Millisecond

	// grace is how long running attempts may take when the worker stops.
	grace = time.Second

	// recordGrace is how long recording their results may take after that.
	recordGrace = 300 * time.Millisecond
)

// Worker sends webhooks. Several workers, in several processes, can share a
// folder: each webhook is claimed by one of them.
type Worker struct {
	sandbox *sandbox.Sandbox
	log     *slog.Logger
	owner   string
	client  *http.Client
	wake    chan struct{}
	slots   chan struct{}
}

// New returns a worker. Run starts it.
func New(s *sandbox.Sandbox, log *slog.Logger) *Worker {
	return &Worker{
		sandbox: s, log: log, owner: wire.UUID(),
		client: &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		wake: make(chan struct{}, 1), slots: make(chan struct{}, concurrency),
	}
}

// Wake makes the worker check at once for what is due.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default: // it is already awake
	}
}

// Run sends webhooks until the context ends. Then it gives running attempts a second;
// what is not done stays in the outbox.
func (w *Worker) Run(ctx context.Context) {
	attempts, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	var running sync.WaitGroup
	for ctx.Err() == nil {
		w.next(ctx, attempts, &running)
	}
	timer := time.AfterFunc(grace, abort)
	defer timer.Stop()
	running.Wait()
	w.client.CloseIdleConnections()
}

// next sends what is due first, or waits until something may be.
func (w *Worker) next(ctx, attempts context.Context, running *sync.WaitGroup) {
	select {
	case w.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	version, err := w.sandbox.Version(ctx)
	var delivery sandbox.Delivery
	var wait time.Duration
	claimed := false
	if err == nil {
		delivery, wait, claimed, err = w.sandbox.NextDelivery(ctx, w.owner, lease)
	}
	if claimed {
		running.Go(func() {
			defer func() { <-w.slots }()
			w.send(attempts, delivery)
		})
		return
	}
	<-w.slots
	if err != nil && ctx.Err() == nil {
		w.log.Error("The outbox cannot be read.", "error", err)
		version, wait = 0, time.Second
	}
	w.sleep(ctx, version, wait)
}

// sleep returns after wait, on Wake, or once another process has changed the folder
// since this version. A version of 0 is not compared.
func (w *Worker) sleep(ctx context.Context, version uint64, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	poll := time.NewTicker(pollInterval)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case <-w.wake:
			return
		case <-poll.C:
			if now, err := w.sandbox.Version(ctx); version != 0 && (err != nil || now != version) {
				return
			}
		}
	}
}

// send makes one attempt and records its result.
func (w *Worker) send(ctx context.Context, d sandbox.Delivery) {
	attempt := sandbox.Attempt{At: time.Now().UTC()}
	status, err := w.post(ctx, d)
	attempt.Status = status
	switch {
	case ctx.Err() != nil:
		attempt.Error = "the sandbox's server ended before a response came"
	case err != nil:
		attempt.Error = err.Error()
	case status >= 300 && status < 400:
		attempt.Error = fmt.Sprintf("the response was %d %s, and redirects are not followed", status, http.StatusText(status))
	case status < 200 || status >= 300:
		attempt.Error = fmt.Sprintf("the response was %d %s", status, http.StatusText(status))
	}
	if attempt.Error != "" {
		w.log.Warn("A webhook was not delivered.", "gateway", d.Gateway, "event", d.Event, "invoice", d.InvoiceID,
			"url", d.URL, "error", attempt.Error)
	}
	err = w.record(ctx, d.ID, attempt)
	if err != nil && !errors.Is(err, sandbox.ErrNoDelivery) && !errors.Is(err, sandbox.ErrNotClaimed) {
		w.log.Error("An attempt could not be recorded; the webhook will be sent again.", "id", d.ID, "error", err)
	}
	w.Wake() // a failed attempt has set a new time
}

// record settles a claim. There is little time for that when the worker stops; what is
// not recorded is due again after the lease.
func (w *Worker) record(ctx context.Context, id string, attempt sandbox.Attempt) error {
	limit := timeLimit
	if ctx.Err() != nil {
		limit = recordGrace
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	return w.sandbox.RecordAttempt(ctx, id, w.owner, attempt)
}

// post sends the webhook and returns the HTTP status of the response.
func (w *Worker) post(ctx context.Context, d sandbox.Delivery) (status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	request, err := w.sandbox.WebhookRequest(ctx, d)
	if err != nil {
		return 0, err
	}
	response, err := w.client.Do(request)
	if errors.Is(err, context.DeadlineExceeded) {
		return 0, fmt.Errorf("no response came within %s", timeLimit)
	}
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return 0, err
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, 64<<10) // so that the connection can be reused
	return response.StatusCode, nil
}
