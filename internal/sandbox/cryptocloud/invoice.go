package cryptocloud

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
)

// The statuses of an invoice: see
// https://support.cryptocloud.plus/en/payments/invoice-statuses. An expired invoice is
// canceled.
const (
	created  = "created"
	paid     = "paid"
	overpaid = "overpaid"
	partial  = "partial"
	canceled = "canceled"
)

// coinPlaces is the number of decimals of a coin in the sandbox.
const coinPlaces = 8

// prefix is the prefix of ids in responses; requests may leave it out.
const prefix = "INV-"

// invoice is a stored invoice. Amounts are in units of the coin, unless the
// name says otherwise.
type invoice struct {
	ledger.Identity // its id includes the prefix

	Expiry   time.Time
	Finished *time.Time
	Status   string
	TestMode bool

	OrderID, Email      string
	EmailToSend, Period string
	Locale              string
	Available           []string

	Fiat    string // currency of InFiat
	Coin    string // full code
	Chosen  bool   // the coin is settled
	Address string

	InFiat, InUSD, InCoin     decimal.Decimal
	Fee, FeeUSD               decimal.Decimal
	ServiceFee, ServiceFeeUSD decimal.Decimal
	Paid                      decimal.Decimal
	Transactions              []string
}

// quote computes the amounts at the sandbox's rates.
func (inv *invoice) quote(c *coin) {
	price := coinPrices[c.Code]
	inv.InUSD = inv.InFiat
	if inv.Fiat != "USD" {
		inv.InUSD = inv.InFiat.Mul(fiatPrices[inv.Fiat]).Round(6)
	}
	toCoin := func(usd decimal.Decimal) decimal.Decimal {
		if c.stable() {
			return usd
		}
		return usd.DivRound(price, coinPlaces)
	}
	inv.InCoin = toCoin(inv.InUSD)
	inv.FeeUSD = decimal.RequireFromString("1.4")
	inv.Fee = toCoin(inv.FeeUSD)
	inv.ServiceFeeUSD = inv.InUSD.Mul(decimal.RequireFromString("0.019")).Round(2)
	inv.ServiceFee = toCoin(inv.ServiceFeeUSD)
}

// StatusWord returns the status.
func (inv *invoice) StatusWord() string { return inv.Status }

// Price returns the amount in the currency of the invoice.
func (inv *invoice) Price() decimal.Decimal { return inv.InFiat }

// due returns what the payer has to send: the payer bears the transfer fee.
func (inv *invoice) due() decimal.Decimal { return inv.InCoin.Add(inv.Fee) }

func (inv *invoice) close(status string, at time.Time) {
	at = at.UTC().Truncate(time.Microsecond)
	inv.Status, inv.Finished = status, &at
}

// received returns what the merchant receives of what was paid.
func (inv *invoice) received() decimal.Decimal {
	return decimal.Max(decimal.Zero, inv.Paid.Sub(inv.Fee).Sub(inv.ServiceFee))
}

// createMembers are the members of a record in the response to a create: see
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice. order_id is not
// among them.
var createMembers = strings.Fields(`uuid created address expiry_date side_commission side_commission_cc
	amount amount_usd amount_in_fiat fee fee_usd service_fee service_fee_usd type_payments fiat_currency status
	is_email_required link invoice_id currency project test_mode`)

// infoMembers2023 are those in the response to info in 2023: see
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-information.
var infoMembers2023 = strings.Fields(`uuid address expiry_date side_commission side_commission_cc amount amount_usd
	received received_usd fee fee_usd service_fee service_fee_usd status order_id currency project test_mode`)

func pick(record map[string]any, members []string) map[string]any {
	picked := map[string]any{}
	for _, name := range members {
		picked[name] = record[name]
	}
	return picked
}

// link returns the payment page.
func (inv *invoice) link(tx *ledger.Tx[*invoice]) string {
	return tx.PayURL(inv.ID, "https://pay.cryptocloud.sandbox.invalid/"+strings.TrimPrefix(inv.ID, prefix))
}

// shownLink returns the payment page as in responses.
func (s *Simulator) shownLink(tx *ledger.Tx[*invoice], inv *invoice) string {
	link := inv.link(tx)
	if s.behaviour.LinkWithoutScheme {
		_, link, _ = strings.Cut(link, "://")
	}
	return link
}

// record returns the whole invoice as in the response to list: see
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list.
func (s *Simulator) record(tx *ledger.Tx[*invoice], inv *invoice) map[string]any {
	c := findCoin(inv.Coin)
	inUSD := func(coins decimal.Decimal) json.Number {
		if coins.IsZero() {
			return "0" // the gateway mixes 0 and 0.0
		}
		if c.stable() {
			return number(coins)
		}
		return number(coins.Mul(coinPrices[c.Code]).Round(2))
	}
	received := inv.received()
	surcharge := decimal.Zero
	if inv.Status == partial {
		surcharge = inv.due().Sub(inv.Paid)
	}

	record := map[string]any{
		"uuid": inv.ID, "created": stamp(inv.Created), "expiry_date": stamp(inv.Expiry), "date_finished": nil,
		"address": inv.Address, "status": inv.Status, "invoice_status": "start", "step": 1, "type": "up",
		"order_id": none(inv.OrderID), "user_email": inv.Email, "phone": "", "pay_url": "None",
		"link":       s.shownLink(tx, inv),
		"invoice_id": nil, "type_payments": "crypto", "is_email_required": false, "test_mode": inv.TestMode,
		"side_commission": "client", "side_commission_cc": "merchant",
		"fiat_currency": inv.Fiat, "currency": c.object(),
		"project": map[string]any{
			"id": 1, "name": "Sandbox", "fail": "", "success": "", "logo": "None",
		},
		"amount": number(inv.InCoin), "amount_usd": number(inv.InUSD), "amount_in_fiat": number(inv.InFiat),
		"amount_in_crypto": nil,
		"amount_to_pay":    number(inv.due()), "amount_to_pay_usd": number(inv.InUSD.Add(inv.FeeUSD)),
		"amount_paid": number(inv.Paid), "amount_paid_usd": inUSD(inv.Paid),
		"fee": number(inv.Fee), "fee_usd": number(inv.FeeUSD),
		"service_fee": number(inv.ServiceFee), "service_fee_usd": number(inv.ServiceFeeUSD),
		"received": number(received), "received_usd": inUSD(received),
		"to_surcharge": number(surcharge), "to_surcharge_usd": inUSD(surcharge),
		"total_rub": number(inv.InUSD.DivRound(fiatPrices["RUB"], 2)),
		"tx_list":   append([]string{}, inv.Transactions...),
	}
	if inv.Chosen {
		record["amount_in_crypto"] = number(inv.InCoin)
	}
	if inv.Finished != nil {
		record["date_finished"] = stamp(*inv.Finished)
	}
	if inv.Status == paid || inv.Status == overpaid {
		record["invoice_status"], record["step"] = "success", 3
	}
	if s.behaviour.AmountInUSD {
		record["amount"] = record["amount_usd"]
	}
	return record
}

// stamp formats a time in the gateway's form: UTC without saying so, and without a
// fraction if it is zero.
func stamp(t time.Time) string {
	if t.Nanosecond() == 0 {
		return t.UTC().Format("2006-01-02 15:04:05")
	}
	return t.UTC().Format("2006-01-02 15:04:05.000000")
}

// none is how the gateway writes a missing text.
func none(text string) string {
	if text == "" {
		return "None"
	}
	return text
}
