package cryptocloud

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

const (
	defaultCurrency = "USD"
	defaultLifetime = 24 * time.Hour
	maxLifetime     = 10 * 365 * 24 * time.Hour // the documentation has no limit
	maxDigits       = 40                        // nor one for the length of amounts

	// expiryLead is how much earlier than created the deadline's clock was read: in the
	// documented samples, it is some milliseconds short of 24 hours.
	expiryLead = 10307 * time.Microsecond
)

// order is a request to create an invoice.
type order struct {
	amount              decimal.Decimal
	currency            string
	orderID, email      string
	lifetime            time.Duration
	coin                *coin // nil if the payer chooses
	availableCurrencies []string
	emailToSend, period string
	locale              string
}

// create implements https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice.
func (s *Simulator) create(r *http.Request, body *wire.Object) (any, error) {
	order, err := parseOrder(r, body)
	if err != nil {
		return nil, err
	}
	var record map[string]any
	err = s.Update(r.Context(), func(tx *ledger.Tx[*invoice]) error {
		if s.behaviour.RoundsToCents {
			order.amount = order.amount.Round(2)
		}
		inv := newInvoice(order, tx.Now, s.behaviour.TestMode)
		err := add(tx, inv)
		record = s.record(tx, inv)
		return err
	})
	return success(pick(record, createMembers)), err
}

// parseOrder parses and checks the request. Missing fields are reported before invalid
// ones.
func parseOrder(r *http.Request, body *wire.Object) (*order, error) {
	wrong := problems{}
	for _, field := range []string{"amount", "shop_id"} {
		if !body.Has(field) {
			wrong.missing(field)
		}
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	known := []string{"shop_id", "amount", "currency", "order_id", "email", "add_fields"}
	if err := onlyKnown(body, r.URL.Query(), known, []string{"locale"}); err != nil {
		return nil, err
	}

	o := &order{currency: defaultCurrency, lifetime: defaultLifetime}
	// Any project is accepted: a configuration that is tried here uses its own.
	if shop, _, err := body.Text("shop_id"); err != nil || shop == "" {
		wrong.invalid("shop_id")
	}
	var ok bool
	if o.amount, ok = amount(body); !ok {
		wrong.invalid("amount")
	}
	if currency, given, err := body.Text("currency"); given {
		o.currency = currency
		if _, known := fiatPrices[currency]; err != nil || !known {
			wrong["currency"] = "Invalid account currency specified. Available currencies '" + strings.Join(fiats, "', '") + "'."
		}
	}
	if o.orderID, ok = orderID(body); !ok {
		wrong.invalid("order_id")
	}
	var err error
	if o.email, _, err = body.Text("email"); err != nil {
		wrong.invalid("email")
	}
	if locales, given := r.URL.Query()["locale"]; given {
		// The page lists en and ru; the gateway's own plugin sends others too.
		if o.locale = locales[0]; len(locales) > 1 || o.locale == "" {
			wrong.invalid("locale")
		}
	}
	if fields, given, err := body.Object("add_fields"); err != nil {
		wrong.invalid("add_fields")
	} else if given {
		o.parseAddFields(fields, wrong)
	}
	return o, wrong.err()
}

// amount parses a positive number in the digits that were sent, as a JSON number or as
// text: an older revision of the page has "Float, String".
func amount(body *wire.Object) (decimal.Decimal, bool) {
	digits, _, err := body.Text("amount")
	if err != nil {
		var number json.Number
		number, _, err = body.Number("amount")
		digits = number.String()
	}
	if err != nil || len(digits) > maxDigits {
		return decimal.Zero, false
	}
	value, err := decimal.NewFromString(digits)
	if err != nil || value.Exponent() > maxDigits || value.Exponent() < -maxDigits {
		return decimal.Zero, false
	}
	return value, value.IsPositive()
}

// orderID parses the merchant's number: text, or an integer, which merchants send and
// the gateway accepts.
func orderID(body *wire.Object) (string, bool) {
	text, _, err := body.Text("order_id")
	if err == nil {
		return text, true
	}
	if _, _, err := body.Integer("order_id"); err != nil {
		return "", false
	}
	return string(body.Raw("order_id")), true
}

func (o *order) parseAddFields(fields *wire.Object, wrong problems) {
	for _, name := range fields.Unknown("time_to_pay", "available_currencies", "cryptocurrency", "email_to_send", "period") {
		wrong.invalid(name)
	}
	if lifetime, given, err := fields.Object("time_to_pay"); given {
		var ok bool
		if o.lifetime, ok = timeToPay(lifetime); err != nil || !ok {
			wrong.invalid("time_to_pay")
		}
	}
	codes, _, err := fields.Texts("available_currencies")
	if err != nil || slices.ContainsFunc(codes, func(code string) bool { return findCoin(code) == nil }) {
		wrong.invalid("available_currencies")
	}
	o.availableCurrencies = codes
	if code, given, err := fields.Text("cryptocurrency"); given {
		if o.coin = findCoin(code); err != nil || o.coin == nil {
			wrong.invalid("cryptocurrency")
		}
	}
	if o.emailToSend, _, err = fields.Text("email_to_send"); err != nil {
		wrong.invalid("email_to_send")
	}
	if period, given, err := fields.Text("period"); given {
		o.period = period
		known := slices.Contains([]string{"day", "week", "month", "year"}, period)
		if err != nil || !known || o.emailToSend == "" { // a period is for re-sending
			wrong.invalid("period")
		}
	}
}

// timeToPay parses {"hours": int, "minutes": int}; one of the two is enough.
func timeToPay(fields *wire.Object) (time.Duration, bool) {
	if fields == nil || len(fields.Unknown("hours", "minutes")) > 0 {
		return 0, false
	}
	hours, _, err1 := fields.Integer("hours")
	minutes, _, err2 := fields.Integer("minutes")
	most := int64(maxLifetime / time.Minute)
	if err1 != nil || err2 != nil || hours < 0 || minutes < 0 || hours > most || minutes > most {
		return 0, false
	}
	lifetime := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	return lifetime, lifetime > 0 && lifetime <= maxLifetime
}

func newInvoice(o *order, now time.Time, testMode bool) *invoice {
	now = now.UTC().Truncate(time.Microsecond)
	inv := &invoice{
		Identity: ledger.Identity{Created: now}, Expiry: now.Add(o.lifetime),
		Status: created, OrderID: o.orderID, Email: o.email, TestMode: testMode,
		Fiat: o.currency, InFiat: o.amount, Chosen: o.coin != nil, Coin: defaultCoin,
		Locale: o.locale, Available: o.availableCurrencies, EmailToSend: o.emailToSend, Period: o.period,
	}
	if now.Nanosecond() != 0 { // at an exact second, both lose their fraction
		inv.Expiry = inv.Expiry.Add(-expiryLead)
	}
	if inv.Chosen {
		inv.Coin = o.coin.FullCode
		inv.Address = "sandbox-address-" + strings.ToLower(wire.RandomText(wire.UpperAlnum, 20))
	}
	inv.quote(findCoin(inv.Coin))
	return inv
}

// number formats d as a JSON number in the gateway's spelling: always with a decimal
// point, without extra zeros.
func number(d decimal.Decimal) json.Number {
	text := d.String()
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return json.Number(text)
}
