package xpays

import "time"

// Behaviour chooses among the readings of what XPays' documentation,
// https://xpays-docs.pages.dev, leaves open. The zero value is the main
// reading.
type Behaviour struct {
	// Get is where the response to a get has the payment.
	Get GetShape

	// FullEnvelope adds success, code and message to the envelope of data, as
	// sibling brands of the platform do.
	FullEnvelope bool

	// ErrorMessages writes errors as those brands do: the text in message,
	// besides code, status_code and timestamp, instead of in error.
	ErrorMessages bool

	// RepeatedOrder is what a create with a known order_id does.
	RepeatedOrder RepeatedOrder

	// RepeatCancelRefused refuses to cancel a canceled payment; otherwise it
	// is answered once more.
	RepeatCancelRefused bool

	// ExpiredCancelRefused refuses to cancel a payment past its deadline.
	ExpiredCancelRefused bool

	// ExpiryShown gives a payment past its deadline the words PAYMENT_EXPIRED
	// and EXPIRED and calls it completed; otherwise it stays pending.
	ExpiryShown bool

	// PaidIsCompleted gives a paid payment the status COMPLETED instead of
	// SUCCESS.
	PaidIsCompleted bool

	// CancelledWord gives a canceled payment the status CANCELLED, as a sibling
	// brand does beside PAYMENT_CANCELED.
	CancelledWord bool

	// PendingPaymentStatus is the payment_status of a pending payment; empty
	// is PAYMENT_CHECKING, the word of sibling brands.
	PendingPaymentStatus string

	// SingleOrder answers is_multiple_order false instead of true.
	SingleOrder bool

	// EmptyURLs answers "" instead of null for a url_ member that was not sent.
	EmptyURLs bool

	// TimestampWindow is how far x-timestamp may be from the clock; 0 is any
	// distance.
	TimestampWindow time.Duration

	// NoBodySignsNothing expects a request without body to sign nothing after
	// the last bar instead of the two characters "".
	NoBodySignsNothing bool
}

// GetShape is where the response to a get has the payment.
type GetShape int

// The shapes.
const (
	GetNested   GetShape = iota // data.payment
	GetFlat                     // data
	GetSiblings                 // data.payment, beside transaction and transaction_fiat
)

// RepeatedOrder is what a create with a known order_id does.
type RepeatedOrder int

// The possibilities.
const (
	RepeatedOrderNew      RepeatedOrder = iota // makes another payment
	RepeatedOrderExisting                      // answers the payment that exists
	RepeatedOrderConflict                      // is refused with 409
)
