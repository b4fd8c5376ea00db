package hesabe

import "time"

// Behaviour chooses among the readings of what Hesabe's documentation leaves
// open. The zero value is the main reading: what the newest pages of
// https://developer.hesabe.com/docs/api show, or else the likeliest.
type Behaviour struct {
	// Encoding is how an encrypted answer is put into the HTTP body.
	Encoding Encoding

	// CreateStatus is the HTTP status of a successful create; 0 is 200.
	CreateStatus int

	// RefusalStatus is the HTTP status of an envelope that says status false:
	// 0 is 422.
	RefusalStatus int

	// RejectionStatus is the HTTP status of "Invalid Signature.", the response to a
	// login or a token that is not accepted; 0 is 401.
	RejectionStatus int

	// NotFound is the response for an unknown invoice.
	NotFound NotFound

	// FieldErrors is the member of a refusal that has the texts by field.
	FieldErrors FieldErrors

	// DetailsWithoutEnvelope answers the details of an invoice as the bare
	// object, as the page of that endpoint prints it.
	DetailsWithoutEnvelope bool

	// MessageByLanguage makes the envelope's message an object of texts by
	// language, "en" and "ar", instead of a text.
	MessageByLanguage bool

	// RefreshRevokesAccess makes a token refresh end the access token that
	// was issued together with the refresh token.
	RefreshRevokesAccess bool

	// AllocatePayTypeList also accepts allocatePayType as a JSON array, the
	// form of older pages, besides the text "1,2".
	AllocatePayTypeList bool

	// PlusInCountryCode also accepts "+965", the form of older pages, besides
	// "965".
	PlusInCountryCode bool

	// OlderRequirements requires customerName, allocatePayType and expiresAt,
	// as older pages do.
	OlderRequirements bool

	// RepeatCancelAccepted makes canceling a canceled invoice a success.
	RepeatCancelAccepted bool

	// ExpiredCancelRefused refuses to cancel an unpaid invoice whose last day
	// is over.
	ExpiredCancelRefused bool

	// PageSize is the number of rows on a page of the list; 0 is 15.
	PageSize int

	// OldestFirst reverses the order of the list, which is newest first.
	OldestFirst bool

	// Pagination is the set of members that describe the pages of the list.
	Pagination Pagination

	// Search is what the list's search parameter compares.
	Search Search

	// SearchLag is how long after its creation an invoice stays out of a list
	// that has a search parameter.
	SearchLag time.Duration

	// RowsWithout names members that the rows of the list do not have, such
	// as "token" or "url".
	RowsWithout []string

	// UnpaidRowTransaction gives a row of an unpaid invoice a transaction
	// object with null members instead of a null.
	UnpaidRowTransaction bool
}

// Encoding is how an encrypted answer is put into the HTTP body.
type Encoding int

// The encodings. Those but the first are not documented, only seen in use.
const (
	EncodingWrapped Encoding = iota // {"response":"<hex>"}
	EncodingBare                    // <hex>
	EncodingText                    // "<hex>", a JSON text
	EncodingPlain                   // the envelope itself, not encrypted
)

// FieldErrors is the member of a refusal that has the texts by field.
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
// RefusalStatus when that is set.
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

// Search is what the list's search parameter compares, without regard to case.
type Search int

// The comparisons.
const (
	SearchPartial Search = iota // with any part of the reference number
	SearchExact                 // with the whole reference number
	SearchColumns               // with any part of reference, token, description and customer
)
