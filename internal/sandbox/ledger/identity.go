package ledger

import "time"

// Identity is embedded in invoices: the id, and their position by age.
type Identity struct {
	ID       string
	Sequence uint64 // within one moment
	Created  time.Time
}

// Key returns the id.
func (i *Identity) Key() string { return i.ID }

// Position sorts by creation.
func (i *Identity) Position() string { return Position(i.Created, i.Sequence) }

// Identify returns the identity of a new invoice.
func (tx *Tx[R]) Identify(id string, created time.Time) (Identity, error) {
	sequence, err := tx.NextSequence()
	return Identity{id, sequence, created}, err
}

// NoDeadline is embedded in invoices whose status does not change with time.
type NoDeadline struct{}

// Deadline returns no deadline.
func (NoDeadline) Deadline() (at time.Time, open bool) { return time.Time{}, false }

// Expire does nothing.
func (NoDeadline) Expire(time.Time) {}
