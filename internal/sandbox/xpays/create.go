package xpays

import (
	"net/http"
	"regexp"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// cryptoDigits are more decimals than a double has for any amount.
const cryptoDigits = 40

// beforeInsertion is how much earlier than created_at the lifetime starts: the
// published payment lives 4 ms less than its lifetime.
// https://xpays-docs.pages.dev/payment/cancel
const beforeInsertion = 4 * time.Millisecond

var (
	amountForm = regexp.MustCompile(`^[0-9]{1,24}(\.[0-9]{1,18})?$`)
	fiatForm   = regexp.MustCompile(`^[A-Z]{3}$`)
	cryptoForm = regexp.MustCompile(`^[A-Z0-9]{2,12}$`)
	chainForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{1,31}$`)
)

// create creates a payment.
// https://xpays-docs.pages.dev/payment/create-invoice-payment.html
func (s *Simulator) create(c *call) (data any, err error) {
	p, err := readPayment(c)
	if err != nil {
		return nil, err
	}
	err = s.Update(c.request.Context(), func(tx *ledger.Tx[*payment]) error {
		known, err := loadByOrder(tx, p.OrderID)
		if err != nil {
			return err
		}
		if known != nil {
			switch s.behaviour.RepeatedOrder {
			case RepeatedOrderExisting:
				data = s.object(tx, known)
				return nil
			case RepeatedOrderConflict:
				return refuse(http.StatusConflict, "Duplicate order_id")
			}
		}
		if p.SeqNum, err = tx.NextSequence(); err != nil {
			return err
		}
		data = s.object(tx, p)
		return tx.Save(p)
	})
	return data, err
}

// readPayment returns a payment, still without number, from a create's body.
func readPayment(c *call) (*payment, error) {
	f := readFields(c, "order_id", "amount", "from_fiat_currency", "to_crypto_currency", "chain",
		"additional_data", "discount_percent", "url_return", "url_success", "url_failed")
	if f.Err != nil {
		return nil, f.Err
	}
	created := c.now.UTC().Truncate(time.Millisecond)
	p := &payment{
		ID:             wire.UUID(),
		OrderID:        f.textOrNumber("order_id"),
		Amount:         f.matching("amount", amountForm, "a decimal number above zero"),
		Fiat:           f.matching("from_fiat_currency", fiatForm, "a currency code"),
		Crypto:         f.matching("to_crypto_currency", cryptoForm, "a currency code"),
		Chain:          f.matching("chain", chainForm, "a chain id"),
		AdditionalData: f.object("additional_data"),
		URLReturn:      f.optional("url_return"),
		URLSuccess:     f.optional("url_success"),
		URLFailed:      f.optional("url_failed"),
		State:          pending,
		CreatedAt:      created,
		ExpiresAt:      created.Add(lifetime - beforeInsertion),

		DiscountPercent: f.percent("discount_percent"),
	}
	if f.Err != nil {
		return nil, f.Err
	}
	amount, err := decimal.NewFromString(p.Amount)
	if err != nil || !amount.IsPositive() {
		return nil, invalid("amount must be a decimal number above zero")
	}
	p.Address = newAddress(p.Chain)
	p.Rate = exchangeRate(p.Fiat, p.Crypto)
	p.Discount = amount.Mul(p.DiscountPercent).Shift(-2) // per cent
	p.Due = amount.Sub(p.Discount).DivRound(p.Rate, cryptoDigits)
	return p, nil
}

// newAddress returns a random deposit address in the form of the chain.
func newAddress(chain string) string {
	const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	if chain == "tron" {
		return "T" + wire.RandomText(base58, 33)
	}
	return "0x" + wire.RandomText(wire.LowerHex, 40)
}

// The simulated rates. Every other currency is worth one US dollar.
var (
	dollarPerTether = decimal.RequireFromString("0.9967663737499999") // as published
	fiatPerDollar   = map[string]decimal.Decimal{
		"EUR": decimal.RequireFromString("0.8612"),
		"KWD": decimal.RequireFromString("0.3069"),
		"THB": decimal.RequireFromString("32.451"),
	}
	tetherPerCrypto = map[string]decimal.Decimal{
		"BTC": decimal.RequireFromString("91342.17"),
		"ETH": decimal.RequireFromString("3021.654"),
		"TRX": decimal.RequireFromString("0.27812"),
	}
)

// exchangeRate returns the price of one unit of the cryptocurrency.
func exchangeRate(fiat, crypto string) decimal.Decimal {
	rate := dollarPerTether
	if factor, known := fiatPerDollar[fiat]; known {
		rate = rate.Mul(factor)
	}
	if factor, known := tetherPerCrypto[crypto]; known {
		rate = rate.Mul(factor)
	}
	return rate
}
