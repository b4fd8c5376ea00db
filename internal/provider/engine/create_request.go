package engine

import (
	"crypto/rand"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// CreateRequest is an invoice to create.
type CreateRequest[Spec any] struct {
	Spec      Spec
	Reference string
	// Generated says that nobody else can have used the reference.
	Generated bool
	Amount    gateway.Money
	// Currency is the currency of Amount; "" leaves the choice to the gateway.
	Currency string
	// Adopt takes over an identical open invoice.
	Adopt bool
}

// NewReference returns a unique reference: 26 characters of lower-case base 32 hold 130
// random bits.
func NewReference() string { return "tf-" + strings.ToLower(rand.Text()) }

// matches reports whether an invoice can be the requested one, by the facts that it
// has. The gateway may have rounded the amount.
func (o CreateRequest[Spec]) matches(f gateway.Facts) bool {
	f = f.In(o.Currency)
	return (f.Amount.IsZero() || f.AmountMatches(o.Amount)) &&
		(f.Currency == "" || o.isCurrency(f.Currency))
}

// isCurrency reports whether a currency can be the requested one.
func (o CreateRequest[Spec]) isCurrency(code string) bool {
	return o.Currency == "" || strings.EqualFold(code, o.Currency)
}

// equals reports whether an invoice has exactly the requested amount and currency.
func (o CreateRequest[Spec]) equals(f gateway.Facts) bool {
	f = f.In(o.Currency)
	amount, currency := f.Amount, f.Currency
	if amount.IsZero() {
		amount, currency = f.OriginalAmount, f.OriginalCurrency
	}
	return amount.Equal(o.Amount) && o.isCurrency(currency)
}
