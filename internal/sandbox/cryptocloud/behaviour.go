package cryptocloud

// Behaviour selects among the readings of the documentation. The zero value is the main
// reading.
type Behaviour struct {
	// TestMode creates invoices of a project in test mode: see
	// https://docs.cryptocloud.plus/en/start/test-integration.
	TestMode bool

	// AuthStatus is the HTTP status for a rejected key in version 2: 400, 401 or 403.
	// Zero means 403 if the body has a detail member, and otherwise 400.
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

	// LinkWithoutScheme returns link without https://, as observed by integrations in
	// 2026.
	LinkWithoutScheme bool

	// RoundsToCents rounds the amount of a new invoice to two decimals.
	RoundsToCents bool
}
