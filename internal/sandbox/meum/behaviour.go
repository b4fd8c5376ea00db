package meum

import "time"

// Duplicates says what a create does when an invoice with its
// external_order_id exists, see https://docs.meum.io/payments/invoice-lifecycle.
type Duplicates int

// What a create with a known external_order_id does.
const (
	ReturnExisting201 Duplicates = iota // answers the existing invoice with 201
	ReturnExisting200                   // answers the existing invoice with 200
	MakeAnother                         // makes a second invoice
)

// RateLimit admits that many creates of one client in any stretch of time, as the
// simulator's clock tells it.
type RateLimit struct {
	Creates int
	Per     time.Duration
}

// DocumentedRateLimit is that of https://docs.meum.io/api-reference/rate-limits.
var DocumentedRateLimit = RateLimit{Creates: 30, Per: time.Minute}

// Behaviour chooses among the readings of the documentation. The zero value is
// the main reading.
type Behaviour struct {
	RateLimit RateLimit // of creates; zero is none

	Duplicates        Duplicates
	DuplicateConflict bool // 409 when the amount or the currency differs from the existing invoice's
	DuplicateOfClosed bool // a closed invoice counts as existing, too

	StartsPending   bool          // a new invoice is pending, not awaiting_payment
	Lifetime        time.Duration // of new invoices; zero is the platform's time-out switched off: 2099
	NoPayoutWallet  bool          // creates are refused with payout_wallet_not_configured
	NormalizeAmount bool          // "100" is answered as "100.00", not as it was sent
	StripMetadata   []string      // members of metadata that answers leave out

	Window90Days bool // list: only invoices of the last 90 days
	CursorIsUUID bool // list: next_cursor is a UUID, not an id

	CancelOnlyAwaiting bool // cancel: refused while pending or quoted
	RepeatedCancelOK   bool // cancel of a canceled invoice: 200, not 400

	FlatErrors bool // all errors have the old shape {"error": "text"}
}
