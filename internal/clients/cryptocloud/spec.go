package cryptocloud

import "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"

// Currencies are the currency codes of invoices, the default first.
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice
var Currencies = []string{
	"USD", "UZS", "KGS", "KZT", "AMD", "AZN", "BYN", "AUD", "TRY", "AED", "CAD", "CNY", "HKD",
	"IDR", "INR", "JPY", "PHP", "SGD", "THB", "VND", "MYR", "RUB", "UAH", "EUR", "GBP",
}

// Spec is an invoice to create. Empty fields are not sent.
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice
type Spec struct {
	Amount   gateway.Money
	Currency string // one of Currencies; "" means USD
	OrderID  string // the merchant's reference
	ShopID   string // the project
	Email    string // the payer's
	Locale   string // of the payment page: en or ru
	// TimeToPay is how long the invoice can be paid; nil means 24 hours.
	TimeToPay *TimeToPay
	// AvailableCurrencies are the full codes of the coins that the payer may choose.
	AvailableCurrencies []string
	// Cryptocurrency is the full code of the only coin that the payer may use.
	Cryptocurrency string
	EmailToSend    string // to which the invoice is sent
	Period         string // of sending it again
}

// TimeToPay is the lifetime of an invoice.
type TimeToPay struct {
	Hours   int64 `json:"hours"`
	Minutes int64 `json:"minutes"`
}

// createBody is the body of a create.
type createBody struct {
	ShopID    string        `json:"shop_id,omitempty"`
	Amount    gateway.Money `json:"amount"`
	Currency  string        `json:"currency,omitempty"`
	OrderID   string        `json:"order_id,omitempty"`
	Email     string        `json:"email,omitempty"`
	AddFields addFields     `json:"add_fields,omitzero"`
}

// addFields are the fields that the API wants one level deeper.
type addFields struct {
	TimeToPay           *TimeToPay `json:"time_to_pay,omitempty"`
	AvailableCurrencies []string   `json:"available_currencies,omitempty"`
	Cryptocurrency      string     `json:"cryptocurrency,omitempty"`
	EmailToSend         string     `json:"email_to_send,omitempty"`
	Period              string     `json:"period,omitempty"`
}

// IsZero is called by encoding/json for omitzero.
func (f addFields) IsZero() bool {
	return f.TimeToPay == nil && len(f.AvailableCurrencies) == 0 && f.Cryptocurrency == "" && f.EmailToSend == "" && f.Period == ""
}

func (s Spec) body() createBody {
	return createBody{
		ShopID: s.ShopID, Amount: s.Amount, Currency: s.Currency, OrderID: s.OrderID, Email: s.Email,
		AddFields: addFields{
			TimeToPay: s.TimeToPay, AvailableCurrencies: s.AvailableCurrencies,
			Cryptocurrency: s.Cryptocurrency, EmailToSend: s.EmailToSend, Period: s.Period,
		},
	}
}
