// Package gateway defines what all payment gateways share: the phases of an invoice,
// exact money, the kinds of error, and what a gateway's client can do. It knows nothing
// of HTTP or Terraform.
package gateway

import (
	"cmp"
	"context"
	"iter"
	"strings"
	"time"
)

// ClockSkew is how far a gateway's clock may differ from ours. FindByReference allows
// for it, so it may return invoices that are older than requested by this much.
const ClockSkew = 5 * time.Minute

// MayBeCreatedSince reports whether an invoice may have been created since a time of
// our clock, given its creation time by the gateway's clock. A zero creation time may
// have been.
func MayBeCreatedSince(created, since time.Time) bool {
	return created.IsZero() || !created.Before(since.Add(-ClockSkew))
}

// WithReference collects the invoices in a list that have exactly this reference and
// may have been created since a time of our clock. It stops at an error in the list.
func WithReference[Inv Invoice](list iter.Seq2[Inv, error], reference string, since time.Time) (found []Inv, err error) {
	for inv, err := range list {
		if err != nil {
			return nil, err
		}
		facts := inv.Facts(time.Now())
		if facts.Reference == reference && MayBeCreatedSince(facts.CreatedAt, since) {
			found = append(found, inv)
		}
	}
	return found, nil
}

// Facts are what every caller needs to know about an invoice, whatever its gateway.
type Facts struct {
	// ID is the gateway's invoice id, in the form that the gateway uses.
	ID string
	// Reference is the merchant's own number; empty if the invoice has none.
	Reference string
	// Status is the gateway's own status, verbatim.
	Status string
	// Phase is what Status means.
	Phase Phase
	// Amount is the amount of the invoice in Currency; the zero Money if the response
	// has none.
	Amount Money
	// Currency is the currency code of Amount.
	Currency string
	// AmountDecimals is the number of decimals to which the gateway rounds amounts; 0
	// means two.
	AmountDecimals int32
	// OriginalAmount and OriginalCurrency are the amount before the gateway converted
	// it, or in another currency if the gateway does not report Amount; empty if there
	// is none.
	OriginalAmount   Money
	OriginalCurrency string
	// RequestedCurrency is the one of the two currencies in which the merchant
	// requested the invoice; "" means Currency.
	RequestedCurrency string
	// CreatedAt is zero if the response has no creation time.
	CreatedAt time.Time
	// Partial says that the response, such as a row of a list, lacks something that
	// Phase depends on. Reading the invoice may give another phase.
	Partial bool
	// RespondedAt is when the gateway responded to a create, by its own clock; zero for
	// other responses, and if the response has no date.
	RespondedAt time.Time
	// MoneyMoved says that any money has been paid or refunded, according to Phase, a
	// paid amount above zero, or a payment's transaction, even if Status still says
	// that the invoice is open.
	MoneyMoved bool
	// Token is a second identifier that the gateway never changes, such as Hesabe's
	// token; "" if there is none.
	Token string
}

// IsWhole reports whether the facts have both the status and the amount of the invoice.
func (f Facts) IsWhole() bool { return f.Status != "" && f.Amount.IsPresent() }

// In returns the facts with the amount in a currency, if the gateway reports it; ""
// means the currency in which the merchant requested the invoice.
func (f Facts) In(currency string) Facts {
	if currency == "" {
		currency = cmp.Or(f.RequestedCurrency, f.Currency)
	}
	elsewhere := f.Currency != "" && !strings.EqualFold(f.Currency, currency)
	if (elsewhere || f.Amount.IsZero()) && !f.OriginalAmount.IsZero() && strings.EqualFold(f.OriginalCurrency, currency) {
		f.Amount, f.Currency = f.OriginalAmount, f.OriginalCurrency
	}
	return f
}

// AmountMatches reports whether Amount is the requested amount, possibly rounded by the
// gateway.
func (f Facts) AmountMatches(amount Money) bool {
	return amount.roundsTo(f.Amount, cmp.Or(f.AmountDecimals, minorDecimals))
}

// Invoice is an invoice as a gateway's client reports it.
type Invoice interface {
	// Facts returns the facts at a time: if a gateway has no expired status, the phase
	// depends on the clock.
	Facts(now time.Time) Facts
}

// Gateway is what every gateway's client can do. Errors are *Error.
type Gateway[Spec any, Inv Invoice] interface {
	// Create creates at most one invoice. ErrOutcomeUnknown means that the invoice may
	// or may not exist.
	Create(ctx context.Context, spec Spec) (Inv, error)
	// Get reads an invoice. ErrNotFound means that the gateway itself says that it has
	// no such invoice.
	Get(ctx context.Context, id string) (Inv, error)
	// Cancel asks the gateway to cancel the invoice. Success means that the gateway
	// accepted the request. If shown is true, the response was the whole invoice with
	// its status, and canceled is that invoice. Otherwise only reading the invoice
	// confirms that it is canceled.
	Cancel(ctx context.Context, inv Inv) (canceled Inv, shown bool, err error)
}

// AccountChecker is a client that can check that the gateway itself responds to its
// account. Only together with such a response does "not found" prove that an invoice is
// gone: a proxy, or the gateway for another account, could have said it too.
type AccountChecker interface {
	// CheckAccount asks the gateway about something other than the missing invoice,
	// such as a list of one row. It makes no request if the gateway's "not found"
	// already proves the account. It returns nil if the response came in the gateway's
	// own form.
	CheckAccount(ctx context.Context) error
}

// Clock is a client that measures the offset of its gateway's clock, so that the
// gateway's times can be compared with ours.
type Clock interface {
	// ClockOffset returns bounds on how far the gateway's clock is ahead of ours,
	// measured from recent responses. Whatever the gateway did after our time t has a
	// gateway time of at least t+low; whatever it did before has one of at most t+high.
	// The bounds are about a second apart, and get closer with more responses. known is
	// false if no response had a date.
	ClockOffset() (low, high time.Duration, known bool)
}

// Finder is a client that finds invoices by the merchant's reference.
type Finder[Inv Invoice] interface {
	// FindByReference returns every invoice with exactly this reference that was
	// created since a time, allowing for ClockSkew.
	FindByReference(ctx context.Context, reference string, since time.Time) ([]Inv, error)
}

// Lister is a client that lists invoices with its own filter type.
type Lister[Filter any, Inv Invoice] interface {
	// List yields every matching invoice once. It requests a page only after the
	// invoices of the previous one have been consumed. It stops at an error.
	List(ctx context.Context, filter Filter) iter.Seq2[Inv, error]
}
