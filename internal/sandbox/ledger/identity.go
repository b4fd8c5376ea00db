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

// NoDeadline is for invoices to embed whose status the passing of time never changes.
type NoDeadline struct{}

// Deadline is none.
func (NoDeadline) Deadline() (at time.Time, open bool) { return time.Time{}, false }

// ExpireIfDue does nothing.
func (NoDeadline) ExpireIfDue(time.Time) {}
