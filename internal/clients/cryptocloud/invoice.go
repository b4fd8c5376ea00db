package cryptocloud

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// idPrefix is the prefix of the ids in the API's responses. Requests may leave it out.
const idPrefix = "INV-"

var bareID = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)

// NormalizeID adds INV- to an id without it. Letters keep their case, because the API
// does not say that it does not matter.
func NormalizeID(id string) (string, error) {
	bare := id
	if len(id) > len(idPrefix) && strings.EqualFold(id[:len(idPrefix)], idPrefix) {
		bare = id[len(idPrefix):]
	}
	if !bareID.MatchString(bare) {
		return "", errors.New("it is not a CryptoCloud invoice id, such as INV-7QK2M9XD or 7QK2M9XD")
	}
	return idPrefix + bare, nil
}

// timeLayouts are the layouts of a time, which is in UTC and usually does not say so. Go
// accepts a fraction of a second even if the layout has none.
var timeLayouts = []string{time.DateTime, time.RFC3339}

// Invoice has the fields of all documented responses (create, list and information),
// each of which has a part of them. Text is empty if the response has none.
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list
type Invoice struct {
	ID            string // with INV-
	Status        string // created, paid, overpaid, partial or canceled
	InvoiceStatus string // start, success and others that are not documented
	OrderID       string
	InvoiceID     string
	Type          string // up for an invoice, dw for a withdrawal
	TypePayments  string
	Step          *int64
	TestMode      *bool

	Created      time.Time
	ExpiryDate   time.Time
	DateFinished time.Time

	Link    string // the payment page
	PayURL  string
	Address string
	// Currency is the coin. It is a default until the payer has chosen one.
	Currency Currency
	Project  string // its name

	// FiatCurrency is the currency of AmountInFiat, as requested.
	FiatCurrency string
	AmountInFiat gateway.Money
	// Amount is in FiatCurrency, in US dollars or in the coin: the documentation
	// contradicts itself.
	Amount         gateway.Money
	AmountUSD      gateway.Money
	AmountInCrypto gateway.Money
	AmountToPay    gateway.Money
	AmountToPayUSD gateway.Money
	AmountPaid     gateway.Money
	AmountPaidUSD  gateway.Money
	Fee            gateway.Money
	FeeUSD         gateway.Money
	ServiceFee     gateway.Money
	ServiceFeeUSD  gateway.Money
	Received       gateway.Money
	ReceivedUSD    gateway.Money
	ToSurcharge    gateway.Money // not yet paid
	ToSurchargeUSD gateway.Money
	TotalRUB       gateway.Money

	SideCommission   string // client or merchant: who pays Fee
	SideCommissionCC string // client or merchant: who pays ServiceFee
	UserEmail        string
	Phone            string
	IsEmailRequired  *bool
	TxList           []string // transaction hashes; empty if there are none, nil if the response does not say

	AMLEnabled *bool
	AMLSide    string
	AMLCost    gateway.Money
	AMLCostUSD gateway.Money
}

// Currency is a coin on a network, without what only a payment page needs.
type Currency struct {
	Code     string // as in USDT
	FullCode string // as in USDT_TRC20
	Name     string
	Network  string // its name, as in Tron
}

// readInvoice parses a record of create, list or information. With an error it returns
// what it could read; a missing id is an error.
func readInvoice(o *transport.Object) (*Invoice, error) {
	inv := &Invoice{
		Status:        o.Word("status"),
		InvoiceStatus: o.Word("invoice_status"),
		OrderID:       o.Text("order_id"),
		InvoiceID:     o.Word("invoice_id"),
		Type:          o.Word("type"),
		TypePayments:  o.Word("type_payments"),
		Step:          o.Int("step"),
		TestMode:      o.Bool("test_mode"),

		Created:      o.Time("created", time.UTC, timeLayouts...),
		ExpiryDate:   o.Time("expiry_date", time.UTC, timeLayouts...),
		DateFinished: o.Time("date_finished", time.UTC, timeLayouts...),

		Link:     withScheme(o.Text("link")),
		PayURL:   withScheme(o.Text("pay_url")),
		Address:  o.Text("address"),
		Currency: readCurrency(o.Object("currency")),
		Project:  o.Object("project").Text("name"),

		FiatCurrency:   o.Word("fiat_currency"),
		AmountInFiat:   o.Money("amount_in_fiat"),
		Amount:         o.Money("amount"),
		AmountUSD:      o.Money("amount_usd"),
		AmountInCrypto: o.Money("amount_in_crypto"),
		AmountToPay:    o.Money("amount_to_pay"),
		AmountToPayUSD: o.Money("amount_to_pay_usd"),
		AmountPaid:     o.Money("amount_paid"),
		AmountPaidUSD:  o.Money("amount_paid_usd"),
		Fee:            o.Money("fee"),
		FeeUSD:         o.Money("fee_usd"),
		ServiceFee:     o.Money("service_fee"),
		ServiceFeeUSD:  o.Money("service_fee_usd"),
		Received:       o.Money("received"),
		ReceivedUSD:    o.Money("received_usd"),
		ToSurcharge:    o.Money("to_surcharge"),
		ToSurchargeUSD: o.Money("to_surcharge_usd"),
		TotalRUB:       o.Money("total_rub"),

		SideCommission:   o.Text("side_commission"),
		SideCommissionCC: cmp.Or(o.Text("side_commission_service"), o.Text("side_commission_cc")),
		UserEmail:        o.Text("user_email"),
		Phone:            o.Text("phone"),
		IsEmailRequired:  o.Bool("is_email_required"),
		TxList:           readTransactions(o),

		AMLEnabled: o.Bool("aml_enabled"),
		AMLSide:    o.Text("aml_side"),
		AMLCost:    o.Money("aml_cost"),
		AMLCostUSD: o.Money("aml_cost_usd"),
	}
	id, err := NormalizeID(o.Word("uuid"))
	if err != nil {
		return inv, fmt.Errorf("uuid: %w", err)
	}
	inv.ID = id
	return inv, o.Err()
}

// readTransactions distinguishes an empty list from a missing one. A sample has a list
// of one empty text, which says neither that there are transactions nor that there are
// none. https://docs.cryptocloud.plus/en/api-reference-v2/postback
func readTransactions(o *transport.Object) []string {
	var all []json.RawMessage
	if err := json.Unmarshal(o.Raw("tx_list"), &all); err == nil && len(all) == 0 {
		return []string{}
	}
	return o.Texts("tx_list")
}

// withScheme completes a payment page's address, which some responses write as
// pay.trybit.com/7QK2M9XD.
func withScheme(address string) string {
	if address == "" || strings.Contains(address, "://") {
		return address
	}
	return "https://" + strings.TrimPrefix(address, "//")
}

func readCurrency(o *transport.Object) Currency {
	return Currency{
		Code: o.Word("code"), FullCode: o.Word("fullcode"), Name: o.Text("name"), Network: o.Object("network").Text("fullname"),
	}
}

// Phases maps the documented statuses. An invoice that expires is canceled.
// https://support.cryptocloud.plus/en/payments/invoice-statuses
var Phases = gateway.PhaseTable{
	{Status: "created", Phase: gateway.PhaseOpen},
	{Status: "paid", Phase: gateway.PhasePaid},
	{Status: "overpaid", Phase: gateway.PhaseOverpaid},
	{Status: "partial", Phase: gateway.PhaseUnderpaid},
	{Status: "canceled", Phase: gateway.PhaseCanceled},
}

// Facts does not depend on the time: the gateway itself cancels an expired invoice.
func (i *Invoice) Facts(time.Time) gateway.Facts {
	phase := Phases.Of(i.Status, false)
	f := gateway.Facts{
		ID: i.ID, Reference: i.OrderID, Status: i.Status, Phase: phase,
		Currency: i.FiatCurrency, CreatedAt: i.Created,
		MoneyMoved: phase.MoneyMoved() || i.AmountPaid.IsPositive() || i.AmountPaidUSD.IsPositive() ||
			i.Received.IsPositive() || i.ReceivedUSD.IsPositive() || len(i.TxList) > 0,
	}
	if !i.AmountInFiat.IsZero() { // some responses have 0 for an unknown amount
		f.Amount = i.AmountInFiat
	} else if !i.AmountUSD.IsZero() {
		f.OriginalAmount, f.OriginalCurrency = i.AmountUSD, "USD"
	}
	return f
}
