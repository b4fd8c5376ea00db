// Package outbox stores the webhooks that simulated gateways have to send. A
// notification is stored in the transaction that makes the change, and stays until it
// was delivered. Its sender claims it for a time, so that nobody else sends it, and an
// unsettled claim expires.
// Times are real ones, not those of the sandbox's clock.
package outbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/settings"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

// Namespace is the part of the store with the deliveries.
const Namespace = "outbox"

// Keys of the store: the deliveries by id, and two indexes of ids.
const (
	deliveryKeys = "delivery/" // then the id
	orderKeys    = "order/"    // then the sequence
	dueKeys      = "due/"      // then the time and the sequence, of pending ones
)

// The states of a delivery.
const (
	Pending   = "pending"
	Delivered = "delivered"
	Failed    = "failed" // it is not repeated by itself any more
)

// MaxAttempts is the number of automatic attempts for a notification.
const MaxAttempts = 5

// pauses are the pauses after the first, second, … failed attempt.
var pauses = [MaxAttempts - 1]time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute}

var (
	// ErrNoDelivery means that there is no delivery with this id.
	ErrNoDelivery = errors.New("sandbox: no such webhook delivery")

	// ErrNotClaimed means that the delivery is not claimed by this owner, because its
	// claim has expired and another has claimed or settled it.
	ErrNotClaimed = errors.New("sandbox: the webhook delivery is not claimed by this sender any more")
)

// Delivery is the delivery of one notification to one address.
type Delivery struct {
	ID           string // the notification's
	Gateway      string
	InvoiceID    string
	Event        string // the gateway's own name
	URL          string
	State        string
	Attempts     []Attempt // oldest first
	Notification simulator.Notification
	NextAt       time.Time // of a pending one: when it may be sent
}

// Attempt is one attempt.
type Attempt struct {
	At     time.Time
	Status int    // of the HTTP response; 0 if there was none
	Error  string // why it failed; "" if it did not
}

// succeeded reports whether the receiver accepted the notification.
func (a Attempt) succeeded() bool { return a.Error == "" && a.Status >= 200 && a.Status < 300 }

// record is a delivery as it is stored.
type record struct {
	Delivery
	Sequence uint64
	Tries    int    // since it was last requested
	Owner    string // who has claimed it; "" if nobody has
	Again    bool   // it was requested again while it was claimed
}

func (r *record) dueKey() string {
	return dueKeys + store.Moment(r.NextAt) + "/" + store.Ordinal(r.Sequence)
}

// Add stores a notification to be sent to url as soon as possible. The transaction may
// be in any namespace.
func Add(tx *store.Tx, n simulator.Notification, url string, now time.Time) error {
	tx, err := tx.In(Namespace)
	if err != nil {
		return err
	}
	r := &record{Delivery: Delivery{
		ID: n.ID, Gateway: n.Gateway, InvoiceID: n.InvoiceID, Event: n.Event, URL: url,
		State: Pending, Notification: n, NextAt: now,
	}}
	if r.Sequence, err = tx.NextSequence(); err != nil {
		return err
	}
	if err := tx.Put(orderKeys+store.Ordinal(r.Sequence), r.ID); err != nil {
		return err
	}
	return save(tx, nil, r)
}

// save stores a delivery and updates the index of due ones; was is the previous state.
func save(tx *store.Tx, was, r *record) error {
	if was != nil && was.State == Pending {
		if err := tx.Delete(was.dueKey()); err != nil {
			return err
		}
	}
	if r.State == Pending {
		if err := tx.Put(r.dueKey(), r.ID); err != nil {
			return err
		}
	}
	return tx.Put(deliveryKeys+r.ID, r)
}

func load(tx *store.Tx, id string) (*record, error) {
	var r record
	found, err := tx.Get(deliveryKeys+id, &r)
	if err == nil && !found {
		err = fmt.Errorf("%w: %q", ErrNoDelivery, id)
	}
	return &r, err
}

// NextDue returns when the next delivery may be sent; zero if there is none.
func NextDue(tx *store.Tx) (at time.Time, err error) {
	r, err := first(tx)
	if err != nil || r == nil {
		return time.Time{}, err
	}
	return r.NextAt, nil
}

// first returns the pending delivery that is due first; nil if there is none.
func first(tx *store.Tx) (r *record, err error) {
	var id string
	err = tx.Ascend(dueKeys, func(_ string, raw []byte) (bool, error) {
		return false, json.Unmarshal(raw, &id)
	})
	if err != nil || id == "" {
		return nil, err
	}
	return load(tx, id)
}

// Claim claims the delivery that is due first, until the lease ends. It returns false
// if none is due.
func Claim(tx *store.Tx, owner string, now time.Time, lease time.Duration) (d Delivery, ok bool, err error) {
	r, err := first(tx)
	if err != nil || r == nil || r.NextAt.After(now) {
		return Delivery{}, false, err
	}
	was := *r
	r.Owner, r.NextAt = owner, now.Add(lease)
	if r.Notification.URL == "" { // the gateway's address may have changed
		shared, err := settings.Load(tx)
		if err != nil {
			return Delivery{}, false, err
		}
		if url := shared.Webhooks[r.Gateway].URL; url != "" {
			r.URL = url
		}
	}
	return r.Delivery, true, save(tx, &was, r)
}

// Settle records an owner's attempt and ends the claim: the delivery is delivered, is
// due again after a pause, or has failed for good.
func Settle(tx *store.Tx, id, owner string, attempt Attempt, now time.Time) error {
	r, err := load(tx, id)
	if err != nil {
		return err
	}
	if r.Owner != owner || r.State != Pending {
		return fmt.Errorf("%w: %q", ErrNotClaimed, id)
	}
	was := *r
	r.Attempts = append(r.Attempts, attempt)
	r.Tries++
	r.Owner = ""
	switch {
	case r.Again:
		r.Again, r.Tries, r.NextAt = false, 0, now
	case attempt.succeeded():
		r.State = Delivered
	case r.Tries >= MaxAttempts:
		r.State = Failed
	default:
		r.NextAt = now.Add(pauses[r.Tries-1])
	}
	return save(tx, &was, r)
}

// Resend makes a delivery due at once, whatever its state. One that is being sent is
// sent once more afterwards.
func Resend(tx *store.Tx, id string, now time.Time) (Delivery, error) {
	r, err := load(tx, id)
	if err != nil {
		return Delivery{}, err
	}
	was := *r
	if r.State == Pending && r.Owner != "" && r.NextAt.After(now) {
		r.Again = true
		return r.Delivery, save(tx, &was, r)
	}
	r.State, r.Owner, r.Tries, r.NextAt = Pending, "", 0, now
	return r.Delivery, save(tx, &was, r)
}

// List returns the deliveries of a gateway and an invoice, newest first. An empty
// gateway or invoice selects all.
func List(tx *store.Tx, gateway, invoiceID string) ([]Delivery, error) {
	var ids []string
	err := tx.Descend(orderKeys, func(_ string, raw []byte) (bool, error) {
		var id string
		err := json.Unmarshal(raw, &id)
		ids = append(ids, id)
		return true, err
	})
	list := []Delivery{}
	for _, id := range ids {
		if err != nil {
			break
		}
		var r *record
		if r, err = load(tx, id); err == nil &&
			(gateway == "" || r.Gateway == gateway) && (invoiceID == "" || r.InvoiceID == invoiceID) {
			list = append(list, r.Delivery)
		}
	}
	return list, err
}
