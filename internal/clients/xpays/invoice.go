package xpays

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// Invoice is a payment, in the API's terms, with every field of the documented
// response. Text is empty if the response has none.
type Invoice struct {
	ID      string
	SeqNum  *int64
	OrderID string
	Chain   string
	Network string

	FromFiatCurrency  string
	ToCryptoCurrency  string
	Amount            gateway.Money // in FromFiatCurrency, as it was sent
	PaymentAmount     gateway.Money // in ToCryptoCurrency
	PayerPaidCurrency string
	PayerPaidAmount   gateway.Money
	MerchantAmount    gateway.Money

	TxID        string
	Address     string
	FromAddress string
	AutoConvert *bool
	ConvertTo   string

	PaymentURL string
	URLReturn  string
	URLSuccess string
	URLFailed  string

	IsMultipleOrder *bool
	Lifetime        *int64 // seconds
	ExpiredAt       time.Time

	FeeSubtract     gateway.Money
	FeePercent      gateway.Money
	DiscountPercent gateway.Money
	DiscountAmount  gateway.Money
	AccuracyPercent gateway.Money

	AdditionalData     json.RawMessage // nil if the response has none
	SupportCurrencies  []string
	ExceptCurrencies   []string
	ExchangeRate       gateway.Money
	ExchangeRateSource string

	PaymentStatus    string
	PaymentMatchType string
	// IsCompleted says that the payment is over, even if it was canceled: it does not
	// mean that it was paid.
	IsCompleted *bool
	Status      string
	CreatedAt   time.Time
	RespondedAt time.Time // when the gateway responded to a create, by its clock

	OwnedByGroup string
	AgentID      string
}

// parseInvoice parses a payment. The object's Err reports any problems.
func parseInvoice(o *transport.Object) *Invoice {
	return &Invoice{
		ID:      o.Word("id"),
		SeqNum:  o.Int("seq_num"),
		OrderID: o.Text("order_id"),
		Chain:   o.Word("chain"),
		Network: o.Word("network"),

		FromFiatCurrency:  o.Word("from_fiat_currency"),
		ToCryptoCurrency:  o.Word("to_crypto_currency"),
		Amount:            o.Money("amount"),
		PaymentAmount:     o.Money("payment_amount"),
		PayerPaidCurrency: o.Word("payer_paid_currency"),
		PayerPaidAmount:   o.Money("payer_paid_amount"),
		MerchantAmount:    o.Money("merchant_amount"),

		TxID:        o.Word("txid"),
		Address:     o.Text("address"),
		FromAddress: o.Text("from_address"),
		AutoConvert: o.Bool("auto_convert"),
		ConvertTo:   o.Word("convert_to"),

		PaymentURL: o.Text("payment_url"),
		URLReturn:  o.Text("url_return"),
		URLSuccess: o.Text("url_success"),
		URLFailed:  o.Text("url_failed"),

		IsMultipleOrder: o.Bool("is_multiple_order"),
		Lifetime:        o.Int("lifetime"),
		ExpiredAt:       o.Time("expired_at", time.UTC, time.RFC3339Nano),

		FeeSubtract:     o.Money("fee_subtract"),
		FeePercent:      o.Money("fee_percent"),
		DiscountPercent: o.Money("discount_percent"),
		DiscountAmount:  o.Money("discount_amount"),
		AccuracyPercent: o.Money("accuracy_percent"),

		AdditionalData:     o.Raw("additional_data"),
		SupportCurrencies:  o.Texts("support_currencies"),
		ExceptCurrencies:   o.Texts("except_currencies"),
		ExchangeRate:       o.Money("exchange_rate"),
		ExchangeRateSource: o.Text("exchange_rate_source"),

		PaymentStatus:    o.Word("payment_status"),
		PaymentMatchType: o.Word("payment_match_type"),
		IsCompleted:      o.Bool("is_completed"),
		Status:           o.Word("status"),
		CreatedAt:        o.Time("created_at", time.UTC, time.RFC3339Nano),

		OwnedByGroup: o.Text("owned_by_group"),
		AgentID:      o.Text("agent_id"),
	}
}

func (i *Invoice) Facts(now time.Time) gateway.Facts {
	return gateway.Facts{
		ID:        i.ID,
		Reference: i.OrderID,
		Status:    cmp.Or(i.Status, i.PaymentStatus),
		Phase:     i.phase(now),
		Amount:    i.Amount,
		Currency:  i.FromFiatCurrency,
		CreatedAt: i.CreatedAt, RespondedAt: i.RespondedAt,
		MoneyMoved: i.movedMoney(),
	}
}

// movedMoney checks the paid amount, the transaction and both statuses.
// payer_paid_currency and merchant_amount are set for unpaid payments too.
func (i *Invoice) movedMoney() bool {
	return Phases.Of(i.Status, false).MoneyMoved() || Phases.Of(i.PaymentStatus, false).MoneyMoved() ||
		i.PayerPaidAmount.IsPositive() || i.TxID != "" && i.TxID != offChain
}

// offChain is the txid of a payment that is not on a chain. It accompanies a status
// that says paid, and means nothing without one.
const offChain = "0x00"

// Phases maps the values of payment_status and status that are documented by XPays or
// by a sister brand, which differ in the first word of a pending payment. There is none
// for an expired one.
var Phases = gateway.PhaseTable{
	{Status: "PAYMENT_CHECKING", Phase: gateway.PhaseOpen},
	{Status: "PAYMENT_CHECKING", Phase: gateway.PhaseExpired, Late: true},
	{Status: "PAYMENT_PENDING", Phase: gateway.PhaseOpen},
	{Status: "PAYMENT_PENDING", Phase: gateway.PhaseExpired, Late: true},
	{Status: "PENDING", Phase: gateway.PhaseOpen},
	{Status: "PENDING", Phase: gateway.PhaseExpired, Late: true},
	{Status: "PAYMENT_PAID", Phase: gateway.PhasePaid},
	{Status: "SUCCESS", Phase: gateway.PhasePaid},
	{Status: "COMPLETED", Phase: gateway.PhasePaid},
	{Status: "PAYMENT_CANCELED", Phase: gateway.PhaseCanceled},
	{Status: "CANCELED", Phase: gateway.PhaseCanceled},
	{Status: "CANCELLED", Phase: gateway.PhaseCanceled},
}

// phase combines both status fields. If they contradict each other, or one is
// undocumented, it is PhaseUnknown.
func (i *Invoice) phase(now time.Time) gateway.Phase {
	phase, late := gateway.PhaseUnknown, !i.ExpiredAt.IsZero() && !now.Before(i.ExpiredAt)
	for _, word := range []string{i.Status, i.PaymentStatus} {
		if word == "" {
			continue
		}
		meaning := Phases.Of(word, late)
		if meaning == gateway.PhaseUnknown || phase != gateway.PhaseUnknown && phase != meaning {
			return gateway.PhaseUnknown
		}
		phase = meaning
	}
	return phase
}
