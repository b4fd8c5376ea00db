package cryptocloud

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/ledger"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

// balance implements https://docs.cryptocloud.plus/en/api-reference-v2/balance: what
// invoices have brought in, by coin. Invoices in test mode do not change a balance.
func (s *Simulator) balance(r *http.Request, _ *wire.Object) (any, error) {
	if err := onlyKnown(nil, r.URL.Query(), nil, nil); err != nil {
		return nil, err
	}
	received := map[string]decimal.Decimal{} // by full code
	err := s.each(r, time.Time{}, endOfTime, func(inv *invoice) {
		if !inv.TestMode {
			received[inv.Coin] = received[inv.Coin].Add(inv.received())
		}
	})
	result := []map[string]any{}
	for _, c := range coins {
		inCoin := received[c.FullCode]
		inUSD := inCoin.Mul(coinPrices[c.Code]).Round(2)
		result = append(result, map[string]any{
			"currency":       c.balanceObject(),
			"balance_crypto": number(inCoin), "balance_usd": number(inUSD),
			"available_balance": number(inCoin), "available_balance_usd": number(inUSD),
		})
	}
	return success(result), err
}

// balanceObject is the member currency of balances. Unlike that of invoices, its code
// is the full code.
func (c *coin) balanceObject() map[string]any {
	shown := c.object()
	shown["code"], shown["short_code"], shown["enable"] = c.FullCode, c.Code, true
	shown["obj_network"] = shown["network"]
	delete(shown, "network")
	delete(shown, "fullcode")
	return shown
}

// endOfTime is after every invoice.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// statistics implements https://docs.cryptocloud.plus/en/api-reference-v2/statistics:
// the numbers of invoices and their sums in US dollars, by status.
func (s *Simulator) statistics(r *http.Request, body *wire.Object) (any, error) {
	if err := onlyKnown(body, r.URL.Query(), []string{"start", "end"}, nil); err != nil {
		return nil, err
	}
	wrong := problems{}
	from, until := days(body, wrong)
	if err := wrong.err(); err != nil {
		return nil, err
	}
	words := []string{"all", created, paid, overpaid, partial, canceled}
	counts, sums := map[string]int{}, map[string]decimal.Decimal{}
	err := s.each(r, from, until, func(inv *invoice) {
		for _, word := range []string{"all", inv.Status} {
			counts[word]++
			sums[word] = sums[word].Add(inv.InUSD)
		}
	})
	count, amount := map[string]int{}, map[string]json.Number{}
	for _, word := range words {
		count[word], amount[word] = counts[word], "0" // the gateway writes an integer where there is nothing
		if !sums[word].IsZero() {
			amount[word] = number(sums[word])
		}
	}
	return success(map[string]any{"count": count, "amount": amount}), err
}

// each calls fn with the invoices created since from and before until.
func (s *Simulator) each(r *http.Request, from, until time.Time, fn func(*invoice)) error {
	return s.View(r.Context(), func(tx *ledger.Tx[*invoice]) error {
		return walk(tx, from, until, false, func(raw []byte) error {
			inv, err := tx.Indexed(raw)
			if err == nil {
				fn(inv)
			}
			return err
		})
	})
}
