package meum

import "time"

// Duplicates is what a create does if an invoice with its external_order_id exists: see
// https://docs.meum.io/payments/invoice-lifecycle.
type Duplicates int

// The possibilities.
const (
	ReturnExisting201 Duplicates = iota // returns the existing invoice with 201
	ReturnExisting200                   // returns the existing invoice with 200
	CreateDuplicate                     // creates a second invoice
)

// RateLimit limits a client to this many creates in any period of this length, by the
// simulator's clock.
type RateLimit struct {
	Creates int
	Per     time.Duration
}

// DocumentedRateLimit is the limit of https://docs.meum.io/api-reference/rate-limits.
var DocumentedRateLimit = RateLimit{Creates: 30, Per: time.Minute}

// Behaviour selects among the readings of the documentation. The zero value is the main
// reading.
type Behaviour struct {
	RateLimit RateLimit // of creates; zero is none

	Duplicates        Duplicates
	DuplicateConflict bool // 409 if the amount or the currency differs from the existing invoice's
	DuplicateOfClosed bool // a closed invoice counts as existing too

	StartsPending   bool          // a new invoice is pending, not awaiting_payment
	Lifetime        time.Duration // of new invoices; zero means that the platform's timeout is off: 2099
	NoPayoutWallet  bool          // creates are refused with payout_wallet_not_configured
	NormalizeAmount bool          // "100" is returned as "100.00", not as it was sent
	StripMetadata   []string      // members of metadata that responses leave out

	Window90Days bool // list: only invoices of the last 90 days
	CursorIsUUID bool // list: next_cursor is a UUID, not an id

	CancelOnlyAwaiting bool // cancel: refused while pending or quoted
	RepeatedCancelOK   bool // cancel of a canceled invoice: 200, not 400

	FlatErrors bool // all errors have the old shape {"error": "text"}
}
