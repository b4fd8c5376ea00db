package xpays

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
)

// lifetime is how long a payment can be paid; a request cannot change it.
const lifetime = 900 * time.Second

// state is the state of a payment. Whether it has expired depends on the clock.
type state string

const (
	pending  state = "pending"
	paid     state = "paid"
	canceled state = "canceled"
)

// payment is a stored payment.
type payment struct {
	ledger.NoDeadline // whether it is late depends on the clock

	ID              string           `json:"id"`
	SeqNum          uint64           `json:"seq_num"`
	OrderID         string           `json:"order_id"`
	Chain           string           `json:"chain"`
	Fiat            string           `json:"fiat"`
	Crypto          string           `json:"crypto"`
	Amount          string           `json:"amount"` // fiat, as it was sent
	Rate            decimal.Decimal  `json:"rate"`   // fiat for one crypto
	Discount        decimal.Decimal  `json:"discount"`
	DiscountPercent decimal.Decimal  `json:"discount_percent"`
	Due             decimal.Decimal  `json:"due"` // crypto
	Received        *decimal.Decimal `json:"received"`
	Address         string           `json:"address"`
	FromAddress     *string          `json:"from_address"`
	TxID            *string          `json:"txid"`
	AdditionalData  string           `json:"additional_data"` // JSON
	URLReturn       *string          `json:"url_return"`
	URLSuccess      *string          `json:"url_success"`
	URLFailed       *string          `json:"url_failed"`
	State           state            `json:"state"`
	CreatedAt       time.Time        `json:"created_at"`
	ExpiresAt       time.Time        `json:"expires_at"`
}

// StatusWord returns the state.
func (p *payment) StatusWord() string { return string(p.State) }

// Price returns the amount in fiat.
func (p *payment) Price() decimal.Decimal { return decimal.RequireFromString(p.Amount) }

// payURL returns the payment page.
func (p *payment) payURL(tx *ledger.Tx[*payment]) string { return tx.PayURL(p.ID, site+"/pay/"+p.ID) }

// isLate reports whether a pending payment is past its deadline.
func (p *payment) isLate(now time.Time) bool {
	return p.State == pending && !now.Before(p.ExpiresAt)
}

// The parts of a response that are the same for all payments.
const (
	site         = "https://xpays.sandbox.invalid"
	network      = "testnet"
	rateSource   = "COINGECKO"
	matchType    = "EXACTLY" // also of a payment that nobody paid
	ownedByGroup = "5b1d7f0a-3c52-4e0e-9d6f-1a2b3c4d5e6f"
	agentID      = "c0aa41f7-8b1e-4c57-a3d9-6f5e4d3c2b1a"
)

var (
	feePercent      = decimal.RequireFromString("0.4")
	accuracyPercent = decimal.RequireFromString("0.5")
)

// paymentObject is a payment as in responses, with amount a string and every other
// number a JavaScript number. https://xpays-docs.pages.dev/payment/cancel
type paymentObject struct {
	ID                 string          `json:"id"`
	SeqNum             uint64          `json:"seq_num"`
	OrderID            string          `json:"order_id"`
	Chain              string          `json:"chain"`
	Network            string          `json:"network"`
	FromFiatCurrency   string          `json:"from_fiat_currency"`
	ToCryptoCurrency   string          `json:"to_crypto_currency"`
	Amount             string          `json:"amount"`
	PaymentAmount      json.Number     `json:"payment_amount"`
	PayerPaidCurrency  *string         `json:"payer_paid_currency"`
	PayerPaidAmount    *json.Number    `json:"payer_paid_amount"`
	MerchantAmount     json.Number     `json:"merchant_amount"`
	TxID               *string         `json:"txid"`
	Address            string          `json:"address"`
	FromAddress        *string         `json:"from_address"`
	AutoConvert        bool            `json:"auto_convert"`
	ConvertTo          string          `json:"convert_to"`
	PaymentURL         string          `json:"payment_url"`
	URLReturn          *string         `json:"url_return"`
	URLSuccess         *string         `json:"url_success"`
	URLFailed          *string         `json:"url_failed"`
	IsMultipleOrder    bool            `json:"is_multiple_order"`
	Lifetime           int             `json:"lifetime"` // seconds
	ExpiredAt          string          `json:"expired_at"`
	FeeSubtract        json.Number     `json:"fee_subtract"`
	FeePercent         json.Number     `json:"fee_percent"`
	DiscountPercent    json.Number     `json:"discount_percent"`
	DiscountAmount     json.Number     `json:"discount_amount"`
	AccuracyPercent    json.Number     `json:"accuracy_percent"`
	AdditionalData     json.RawMessage `json:"additional_data"`
	SupportCurrencies  []string        `json:"support_currencies"`
	ExceptCurrencies   []string        `json:"except_currencies"`
	ExchangeRate       json.Number     `json:"exchange_rate"`
	ExchangeRateSource string          `json:"exchange_rate_source"`
	PaymentStatus      string          `json:"payment_status"`
	PaymentMatchType   string          `json:"payment_match_type"`
	IsCompleted        bool            `json:"is_completed"`
	Status             string          `json:"status"`
	CreatedAt          string          `json:"created_at"`
	OwnedByGroup       string          `json:"owned_by_group"`
	AgentID            string          `json:"agent_id"`
}

// object shows a payment.
func (s *Simulator) object(tx *ledger.Tx[*payment], p *payment) paymentObject {
	o := paymentObject{
		ID: p.ID, SeqNum: p.SeqNum, OrderID: p.OrderID, Chain: p.Chain, Network: network,
		FromFiatCurrency: p.Fiat, ToCryptoCurrency: p.Crypto,
		Amount: p.Amount, PaymentAmount: number(p.Due), MerchantAmount: "0",
		TxID: p.TxID, Address: p.Address, FromAddress: p.FromAddress,
		ConvertTo: p.Crypto, PaymentURL: p.payURL(tx),
		URLReturn: s.url(p.URLReturn), URLSuccess: s.url(p.URLSuccess), URLFailed: s.url(p.URLFailed),
		IsMultipleOrder: !s.behaviour.SingleOrder,
		Lifetime:        int(lifetime / time.Second), ExpiredAt: timestamp(p.ExpiresAt),
		FeeSubtract: "0", FeePercent: number(feePercent),
		DiscountPercent: number(p.DiscountPercent), DiscountAmount: number(p.Discount),
		AccuracyPercent: number(accuracyPercent), AdditionalData: json.RawMessage(p.AdditionalData),
		ExchangeRate: number(p.Rate), ExchangeRateSource: rateSource,
		PaymentMatchType: matchType, CreatedAt: timestamp(p.CreatedAt),
		OwnedByGroup: ownedByGroup, AgentID: agentID,
	}
	if p.Received != nil {
		received := number(*p.Received)
		o.PayerPaidCurrency, o.PayerPaidAmount = &p.Crypto, &received
	}
	if p.State == paid {
		fee := p.Received.Mul(feePercent).Shift(-2) // per cent
		o.MerchantAmount = number(p.Received.Sub(fee))
	}
	o.PaymentStatus, o.Status, o.IsCompleted = s.words(p, tx.Now)
	return o
}

// words returns payment_status, status and is_completed. The last says that nothing
// more will happen: it is true for a paid and for a canceled payment.
func (s *Simulator) words(p *payment, now time.Time) (paymentStatus, status string, isCompleted bool) {
	switch {
	case p.State == canceled && s.behaviour.CancelledWord:
		return "PAYMENT_CANCELED", "CANCELLED", true
	case p.State == canceled:
		return "PAYMENT_CANCELED", "CANCELED", true
	case p.State == paid && s.behaviour.PaidIsCompleted:
		return "PAYMENT_PAID", "COMPLETED", true
	case p.State == paid:
		return "PAYMENT_PAID", "SUCCESS", true
	case s.behaviour.ExpiryShown && p.isLate(now):
		return "PAYMENT_EXPIRED", "EXPIRED", true
	case s.behaviour.PendingPaymentStatus != "":
		return s.behaviour.PendingPaymentStatus, "PENDING", false
	default:
		return "PAYMENT_CHECKING", "PENDING", false
	}
}

// url shows a url_ member, which may not have been sent.
func (s *Simulator) url(sent *string) *string {
	if sent == nil && s.behaviour.EmptyURLs {
		return new(string)
	}
	return sent
}

// number formats an exact number as JavaScript formats the nearest double.
func number(d decimal.Decimal) json.Number { return json.Number(double(d.String())) }

// timestamp formats RFC 3339 in UTC with milliseconds, like toISOString.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
