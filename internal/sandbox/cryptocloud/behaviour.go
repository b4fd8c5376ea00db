package cryptocloud

// Behaviour chooses among the readings of the documentation. The zero value is
// the main reading.
type Behaviour struct {
	// TestMode makes new invoices those of a project in test mode, see
	// https://docs.cryptocloud.plus/en/start/test-integration.
	TestMode bool

	// AuthStatus is the HTTP status of a refused key in version 2: 400, 401
	// or 403. Zero means 403 where the body has a detail member, else 400.
	AuthStatus int

	LimitIsEnd  bool // list: limit is the index after the last record, not the number of records
	OldestFirst bool // list: oldest invoice first, not newest
	NoAllCount  bool // list: all_count is missing

	InfoReversed bool // info: records in the reverse of the requested order
	InfoRepeated bool // info: each record twice
	InfoOf2023   bool // info: only the members of 2023, without amount_in_fiat, created, invoice_status

	AmountInUSD      bool // amount is in US dollars as in 2023, not in the coin
	ZeroAmountInFiat bool // list and info: amount_in_fiat is 0

	V1Overpaid            bool // version 1 says overpaid, not paid
	UnknownCancelNotFound bool // cancel of an unknown id: 404, not 400 "Invoice is not created"

	// LinkWithoutScheme answers link without https:// before it, as
	// integrations of 2026 have seen it.
	LinkWithoutScheme bool

	// RoundsToCents rounds the amount of a new invoice to two places.
	RoundsToCents bool
}
