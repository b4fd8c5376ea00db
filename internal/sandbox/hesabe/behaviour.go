package hesabe

import "time"

// Behaviour selects among the readings of what Hesabe's documentation leaves open. The
// zero value is the main reading: the newest pages of
// https://developer.hesabe.com/docs/api, or otherwise the likeliest.
type Behaviour struct {
	// Encoding is how an encrypted response is put into the HTTP body.
	Encoding Encoding

	// CreateStatus is the HTTP status of a successful create; 0 is 200.
	CreateStatus int

	// RefusalStatus is the HTTP status of an envelope with status false: 0 is 422.
	RefusalStatus int

	// RejectionStatus is the HTTP status of "Invalid Signature.", the response to a
	// login or a token that is not accepted; 0 is 401.
	RejectionStatus int

	// NotFound is the response for an unknown invoice.
	NotFound NotFound

	// FieldErrors is the member of a refusal with the texts by field.
	FieldErrors FieldErrors

	// DetailsWithoutEnvelope returns the details of an invoice as the bare object, as
	// on the page of that endpoint.
	DetailsWithoutEnvelope bool

	// MessageByLanguage makes the envelope's message an object of texts by language,
	// "en" and "ar".
	MessageByLanguage bool

	// RefreshRevokesAccess makes a token refresh revoke the access token that was
	// issued with the refresh token.
	RefreshRevokesAccess bool

	// AllocatePayTypeList also accepts allocatePayType as a JSON array, as on older
	// pages, in addition to the text "1,2".
	AllocatePayTypeList bool

	// PlusInCountryCode also accepts "+965", as on older pages, in addition to "965".
	PlusInCountryCode bool

	// OlderRequirements requires customerName, allocatePayType and expiresAt,
	// as older pages do.
	OlderRequirements bool

	// RepeatCancelAccepted makes canceling a canceled invoice a success.
	RepeatCancelAccepted bool

	// ExpiredCancelRefused rejects canceling an unpaid invoice whose last day is over.
	ExpiredCancelRefused bool

	// PageSize is the number of rows on a page of the list; 0 is 15.
	PageSize int

	// OldestFirst reverses the order of the list, which is newest first.
	OldestFirst bool

	// Pagination is the set of members that describe the pages of the list.
	Pagination Pagination

	// Search is what the list's search parameter matches.
	Search Search

	// SearchLag is how long a new invoice stays out of a list with a search parameter.
	SearchLag time.Duration

	// RowsWithout names members that the list's rows lack, such as "token" or "url".
	RowsWithout []string

	// UnpaidRowTransaction gives a row of an unpaid invoice a transaction object with
	// null members instead of null.
	UnpaidRowTransaction bool
}

// Encoding is how an encrypted response is put into the HTTP body.
type Encoding int

// The encodings. All but the first are undocumented, but in use.
const (
	EncodingWrapped Encoding = iota // {"response":"<hex>"}
	EncodingBare                    // <hex>
	EncodingText                    // "<hex>", a JSON text
	EncodingPlain                   // the envelope itself, not encrypted
)

// FieldErrors is the member of a refusal with the texts by field.
type FieldErrors int

// The members. The first is that of Hesabe's own app.
const (
	FieldErrorsInResponse FieldErrors = iota
	FieldErrorsInData
	FieldErrorsInErrors
)

// NotFound is the response for an unknown invoice.
type NotFound int

// The responses. All have the HTTP status 404, but an encrypted one has the
// RefusalStatus if that is set.
const (
	NotFoundMessage   NotFound = iota // {"message":"Request not found, …"}
	NotFoundStatus                    // the same with status false and response null
	NotFoundEncrypted                 // that, encrypted
)

// Pagination is the set of members that describe the pages of the list.
type Pagination int

// The sets. next_page_url and previous_page_url end in "?page=N".
const (
	PaginationFull      Pagination = iota // total, count and both links, null at the ends
	PaginationOpenEnded                   // the same, but no null links: the member is missing
	PaginationLinks                       // count and both links
	PaginationTotals                      // total and count
	PaginationNone                        // nothing at all
)

// Search is what the list's search parameter matches, case-insensitively.
type Search int

// The comparisons.
const (
	SearchPartial Search = iota // with any part of the reference number
	SearchExact                 // with the whole reference number
	SearchColumns               // with any part of reference, token, description and customer
)
