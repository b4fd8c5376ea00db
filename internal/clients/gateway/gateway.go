// Package gateway holds the words that all payment gateways share: phases of an
// invoice, exact money, the kinds of error, and what a gateway's client can do.
// It knows nothing of HTTP and nothing of Terraform.
package gateway

import (
	"cmp"
	"context"
	"iter"
	"strings"
	"time"
)

// ClockSkew is how far a gateway's clock may differ from ours. FindByReference
// allows for it, so what it finds may be older than was asked for by this much.
const ClockSkew = 5 * time.Minute

// MayBeCreatedSince reports whether an invoice that was made at a time of the gateway's
// clock may have been made since a time of ours. One that does not say may have.
func MayBeCreatedSince(created, since time.Time) bool {
	return created.IsZero() || !created.Before(since.Add(-ClockSkew))
}

// WithReference collects the invoices of a list that have exactly a reference and may
// have been made since a time of ours. An error of the list ends it.
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

// Facts are what anybody needs to know of an invoice, whatever its gateway.
type Facts struct {
	// ID is the gateway's invoice id, in the form that the gateway prints.
	ID string
	// Reference is the merchant's own number; empty when the invoice has none.
	Reference string
	// Status is the gateway's own word, verbatim.
	Status string
	// Phase is what Status means.
	Phase Phase
	// Amount is what was asked for, in Currency; the zero Money when the
	// gateway's answer does not say.
	Amount Money
	// Currency is the currency code of Amount.
	Currency string
	// AmountDecimals is to how many decimals the gateway rounds amounts; 0 is two.
	AmountDecimals int32
	// OriginalAmount and OriginalCurrency are the same in another currency, as it
	// was before the gateway converted it, or where the gateway does not tell
	// Amount; absent where there is none.
	OriginalAmount   Money
	OriginalCurrency string
	// RequestedCurrency is the currency of the two that the merchant asked for the invoice
	// in; "" where that is Currency.
	RequestedCurrency string
	// CreatedAt is zero when the gateway's answer does not say.
	CreatedAt time.Time
	// Partial says that the answer leaves out something that Phase depends on: a
	// row of a list, where reading the invoice may tell otherwise.
	Partial bool
	// AnsweredAt is when the gateway answered, by its own clock, where the
	// answer is one to a create; zero when it does not say.
	AnsweredAt time.Time
	// MoneyMoved says that money has arrived, wholly or in part, or was given
	// back: by Phase, by a paid amount above zero, or by a payment's transaction,
	// also while Status still calls the invoice open.
	MoneyMoved bool
	// Token is a second identifier that the gateway never changes, such as
	// Hesabe's token; "" where there is none.
	Token string
}

// IsWhole reports whether the facts have the status and the amount of the invoice.
func (f Facts) IsWhole() bool { return f.Status != "" && f.Amount.IsPresent() }

// In are the facts with the amount in a currency, where the gateway tells it; ""
// is the one that the merchant asked for the invoice in.
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

// AmountMatches reports whether Amount is an amount that was sent, or that rounded as the
// gateway rounds.
func (f Facts) AmountMatches(amount Money) bool {
	return amount.roundsTo(f.Amount, cmp.Or(f.AmountDecimals, minorDecimals))
}

// Invoice is an invoice as a gateway's client reports it.
type Invoice interface {
	// Facts reads the invoice as it stands at a time: a gateway that never
	// calls an invoice expired leaves it to the clock.
	Facts(now time.Time) Facts
}

// Gateway is what every gateway's client can do. Errors are *Error.
type Gateway[Spec any, Inv Invoice] interface {
	// Create makes one invoice and never two. An error that is
	// ErrOutcomeUnknown means that the invoice may or may not exist.
	Create(ctx context.Context, spec Spec) (Inv, error)
	// Get reads an invoice. ErrNotFound is the gateway's own word for it.
	Get(ctx context.Context, id string) (Inv, error)
	// Cancel asks the gateway to cancel the invoice. Success says that the gateway
	// accepted. answer is the invoice as it stands then, if shown is true: the
	// answer was the whole record of this invoice, with its status. Else only
	// reading the invoice again confirms that it is canceled.
	Cancel(ctx context.Context, inv Inv) (answer Inv, shown bool, err error)
}

// AccountChecker is a client that can show that its account is answered by the
// gateway itself. A "not found" proves that an invoice is gone only together with
// such an answer: a proxy or another account could have said it as well.
type AccountChecker interface {
	// CheckAccount asks the gateway about something else than an invoice that is
	// missing, such as a list of one row. It makes no request where the gateway's
	// "not found" is such an answer already. nil means that the answer came in the
	// gateway's own form.
	CheckAccount(ctx context.Context) error
}

// Clock is a client that measures its gateway's clock: with it, a time that the
// gateway tells can be compared with one of ours.
type Clock interface {
	// ClockOffset is between which bounds the gateway's clock is ahead of ours (the
	// gateway's time less our time), by recent answers. What the gateway did after
	// our time t has a time of the gateway's of at least t+low, and what it did
	// before, one of at most t+high. The bounds are about a second apart, and closer
	// the more answers there were. known is false where no answer said the time.
	ClockOffset() (low, high time.Duration, known bool)
}

// Finder is a client that finds invoices by the merchant's reference.
type Finder[Inv Invoice] interface {
	// FindByReference returns every invoice with exactly this reference that
	// was made since a time, give or take the gateway's resolution.
	FindByReference(ctx context.Context, reference string, since time.Time) ([]Inv, error)
}

// Lister is a client that lists invoices by a filter of its own.
type Lister[Filter any, Inv Invoice] interface {
	// List yields every matching invoice once. It asks for a page only when
	// the invoices of the one before are used up. An error ends the list.
	List(ctx context.Context, filter Filter) iter.Seq2[Inv, error]
}
