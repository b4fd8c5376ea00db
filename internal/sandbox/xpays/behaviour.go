package xpays

import "time"

// Behaviour selects among the readings of what XPays' documentation,
// https://xpays-docs.pages.dev, leaves open. The zero value is the main reading.
type Behaviour struct {
	// Get is where the response to a get has the payment.
	Get GetShape

	// FullEnvelope adds success, code and message next to data, as sibling brands of
	// the platform do.
	FullEnvelope bool

	// ErrorMessages writes errors as those brands do: the text is in message, with
	// code, status_code and timestamp, instead of in error.
	ErrorMessages bool

	// RepeatedOrder is what a create with a known order_id does.
	RepeatedOrder RepeatedOrder

	// RepeatCancelRefused rejects canceling a canceled payment, which otherwise
	// succeeds again.
	RepeatCancelRefused bool

	// ExpiredCancelRefused rejects canceling a payment past its deadline.
	ExpiredCancelRefused bool

	// ExpiryShown gives a payment past its deadline the statuses PAYMENT_EXPIRED and
	// EXPIRED and calls it completed; otherwise it stays pending.
	ExpiryShown bool

	// PaidIsCompleted gives a paid payment the status COMPLETED instead of
	// SUCCESS.
	PaidIsCompleted bool

	// CancelledWord gives a canceled payment the status CANCELLED, as a sibling brand
	// does next to PAYMENT_CANCELED.
	CancelledWord bool

	// PendingPaymentStatus is the payment_status of a pending payment; "" means
	// PAYMENT_CHECKING, the value of sibling brands.
	PendingPaymentStatus string

	// SingleOrder returns is_multiple_order false instead of true.
	SingleOrder bool

	// EmptyURLs returns "" instead of null for a url_ member that was not sent.
	EmptyURLs bool

	// TimestampWindow is how far x-timestamp may be from the clock; 0 means any
	// distance.
	TimestampWindow time.Duration

	// NoBodySignsNothing expects the signature of a request without a body to have
	// nothing after the last bar, instead of the two characters "".
	NoBodySignsNothing bool
}

// GetShape is where the response to a get has the payment.
type GetShape int

// The shapes.
const (
	GetNested   GetShape = iota // data.payment
	GetFlat                     // data
	GetSiblings                 // data.payment, with transaction and transaction_fiat
)

// RepeatedOrder is what a create with a known order_id does.
type RepeatedOrder int

// The possibilities.
const (
	RepeatedOrderNew      RepeatedOrder = iota // creates another payment
	RepeatedOrderExisting                      // returns the existing payment
	RepeatedOrderConflict                      // is rejected with 409
)
