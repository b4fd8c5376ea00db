package cryptocloud

import (
	"context"
	"errors"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const (
	opBalance    = "read balance"
	opStatistics = "read statistics"
)

// Balance is an account's balance of one coin.
type Balance struct {
	Code         string // the full code, such as USDT_TRC20
	Network      string // such as TRC20
	Balance      gateway.Money
	BalanceUSD   gateway.Money
	Available    gateway.Money
	AvailableUSD gateway.Money
	Enabled      *bool // whether the project accepts the coin; nil if the response lacks it
}

// Balances reads the account's balances, by coin.
// https://docs.cryptocloud.plus/en/api-reference-v2/balance
func (c *Client) Balances(ctx context.Context) ([]Balance, error) {
	resp, err := c.post(ctx, transport.Call{Operation: opBalance, Kind: transport.Read, Path: "/v2/merchant/wallet/balance/all"}, nil)
	if err != nil {
		return nil, err
	}
	records, err := resp.records()
	if err != nil {
		return nil, err
	}
	balances := make([]Balance, 0, len(records))
	for _, record := range records {
		coin := record.Object("currency")
		balances = append(balances, Balance{
			Code: coin.Text("code"), Network: coin.Object("obj_network").Text("code"),
			Balance: record.Money("balance_crypto"), BalanceUSD: record.Money("balance_usd"),
			Available: record.Money("available_balance"), AvailableUSD: record.Money("available_balance_usd"),
			Enabled: coin.Bool("enable"),
		})
		if err := errors.Join(record.Err(), coin.Err()); err != nil {
			return nil, resp.unexpected(err)
		}
	}
	return balances, nil
}

// Statistics are the numbers of invoices, and their sums in US dollars.
type Statistics struct {
	Counts map[string]int64 // by status, and "all"
	Sums   map[string]gateway.Money
}

// statisticsKeys are the members of the response.
var statisticsKeys = []string{"all", "created", "paid", "overpaid", "partial", "canceled"}

// Statistics counts the invoices in a range of days, both included.
// https://docs.cryptocloud.plus/en/api-reference-v2/statistics
func (c *Client) Statistics(ctx context.Context, start, end time.Time) (Statistics, error) {
	resp, err := c.post(ctx, transport.Call{Operation: opStatistics, Kind: transport.Read, Path: "/v2/invoice/merchant/statistics"},
		map[string]string{"start": start.Format(dayLayout), "end": end.Format(dayLayout)})
	if err != nil {
		return Statistics{}, err
	}
	result, err := parseObject(resp.result)
	if err != nil {
		return Statistics{}, resp.unexpected(err)
	}
	counts, sums := result.Object("count"), result.Object("amount")
	s := Statistics{Counts: map[string]int64{}, Sums: map[string]gateway.Money{}}
	for _, key := range statisticsKeys {
		if n := counts.Int(key); n != nil {
			s.Counts[key] = *n
		}
		if sum := sums.Money(key); sum.IsPresent() {
			s.Sums[key] = sum
		}
	}
	if err := errors.Join(counts.Err(), sums.Err()); err != nil {
		return Statistics{}, resp.unexpected(err)
	}
	if len(s.Counts) == 0 {
		return Statistics{}, resp.unexpected(errors.New("the response has no counts"))
	}
	return s, nil
}
