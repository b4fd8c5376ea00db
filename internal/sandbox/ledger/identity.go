package ledger

import "time"

// Identity is for invoices to embed: the id, and what sorts them by age.
type Identity struct {
	ID       string
	Sequence uint64 // among those of one moment
	Created  time.Time
}

// Key is the id.
func (i *Identity) Key() string { return i.ID }

// Position sorts by creation.
func (i *Identity) Position() string { return Position(i.Created, i.Sequence) }

// Identify makes the identity of a new invoice.
func (tx *Tx[R]) Identify(id string, created time.Time) (Identity, error) {
	sequence, err := tx.NextSequence()
	return Identity{id, sequence, created}, err
}

// NoDeadline is for invoices to embed whose status the passing of time never changes.
type NoDeadline struct{}

// Deadline is none.
func (NoDeadline) Deadline() (at time.Time, open bool) { return time.Time{}, false }

// Expire does nothing.
func (NoDeadline) Expire(time.Time) {}
