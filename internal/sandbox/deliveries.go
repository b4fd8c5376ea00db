package sandbox

import (
	"context"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/outbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Delivery is the delivery of one webhook to one address.
type Delivery = outbox.Delivery

// Attempt is one attempt at a delivery.
type Attempt = outbox.Attempt

// The states of a delivery.
const (
	Pending   = outbox.Pending
	Delivered = outbox.Delivered
	Failed    = outbox.Failed
)

// The errors about deliveries.
var (
	ErrNoDelivery = outbox.ErrNoDelivery
	ErrNotClaimed = outbox.ErrNotClaimed
)

// maxWait is the longest wait that NextDelivery returns.
const maxWait = time.Minute

// Deliveries lists the webhooks of a gateway and an invoice, newest first. An empty
// gateway or id selects all.
func (s *Sandbox) Deliveries(ctx context.Context, gateway, invoiceID string) (list []Delivery, err error) {
	if gateway != "" {
		if _, err := s.find(gateway); err != nil {
			return nil, err
		}
	}
	err = s.outbox.View(ctx, func(tx *store.Tx) error {
		list, err = outbox.List(tx, gateway, invoiceID)
		return err
	})
	return list, err
}

// NextDelivery claims the webhook that is due first, until the lease ends: no other
// owner gets it before. The owner sends it within the lease and calls RecordAttempt;
// otherwise the webhook is due again.
// If none is due, ok is false, and wait is how long it takes until one may be, unless
// Version changes before.
func (s *Sandbox) NextDelivery(
	ctx context.Context, owner string, lease time.Duration,
) (d Delivery, wait time.Duration, ok bool, err error) {
	wait, err = s.expireDue(ctx)
	if err != nil {
		return Delivery{}, 0, false, err
	}
	now := time.Now()
	var due time.Time
	err = s.outbox.View(ctx, func(tx *store.Tx) error {
		due, err = outbox.NextDue(tx)
		return err
	})
	switch {
	case err != nil || due.IsZero():
		return Delivery{}, wait, false, err
	case due.After(now):
		return Delivery{}, min(wait, due.Sub(now)), false, nil
	}
	err = s.outbox.Update(ctx, func(tx *store.Tx) error {
		d, ok, err = outbox.Claim(tx, owner, now, lease)
		return err
	})
	if !ok {
		wait = 0 // another process was faster: ask again
	}
	return d, wait, ok, err
}

// expireDue expires what is due at all gateways, because that may send webhooks, and
// returns how long it takes until more is due.
func (s *Sandbox) expireDue(ctx context.Context) (wait time.Duration, err error) {
	wait = maxWait
	for _, name := range Gateways() {
		simulated, err := s.find(name)
		if err != nil {
			return 0, err
		}
		next, err := simulated.ExpireDue(ctx)
		if err != nil {
			return 0, err
		}
		if next.IsZero() {
			continue
		}
		wait = min(wait, max(0, next.Sub(s.Now())))
	}
	return wait, nil
}

// RecordAttempt settles a claim: the webhook is delivered, is due again after a pause,
// or has failed for good. ErrNotClaimed means that the claim had expired.
func (s *Sandbox) RecordAttempt(ctx context.Context, id, owner string, attempt Attempt) error {
	return s.outbox.Update(ctx, func(tx *store.Tx) error {
		return outbox.Settle(tx, id, owner, attempt, time.Now())
	})
}

// Resend makes a webhook due at once, whatever its state.
func (s *Sandbox) Resend(ctx context.Context, id string) (d Delivery, err error) {
	err = s.outbox.Update(ctx, func(tx *store.Tx) error {
		d, err = outbox.Resend(tx, id, time.Now())
		return err
	})
	return d, err
}
