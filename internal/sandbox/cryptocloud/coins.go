package cryptocloud

import (
	"strings"

	"github.com/shopspring/decimal"
)

// defaultCoin is the coin in responses until the payer has chosen one.
const defaultCoin = "USDT_TRC20"

// fiats are the currencies of invoices, in the order of
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice.
var fiats = strings.Fields(`USD UZS KGS KZT AMD AZN BYN AUD TRY AED CAD CNY HKD IDR INR JPY PHP SGD THB VND MYR
	RUB UAH EUR GBP`)

// fiatPrices are the sandbox's fixed rates: US dollars for one unit.
var fiatPrices = prices(`USD 1 UZS 0.00008 KGS 0.0115 KZT 0.002 AMD 0.0026 AZN 0.5882 BYN 0.31 AUD 0.65 TRY 0.025
	AED 0.2723 CAD 0.72 CNY 0.14 HKD 0.128 IDR 0.00006 INR 0.0115 JPY 0.0067 PHP 0.017 SGD 0.77 THB 0.031
	VND 0.000038 MYR 0.24 RUB 0.0125 UAH 0.024 EUR 1.16 GBP 1.33`)

// coinPrices are the sandbox's fixed rates: US dollars for one coin.
var coinPrices = prices(`BTC 60000 LTC 80 TRX 0.25 SOL 150 TON 3 BNB 600 ETH 3000 USDT 1 USDC 1 DAI 1 USDD 1 PYUSD 1
	XAUT 3000 ARB 0.5 OP 1.5 PEPE 0.00001 SHIB 0.00001 TRUMP 10`)

func prices(table string) map[string]decimal.Decimal {
	words := strings.Fields(table)
	rates := map[string]decimal.Decimal{}
	for i := 0; i < len(words); i += 2 {
		rates[words[i]] = decimal.RequireFromString(words[i+1])
	}
	return rates
}

// coin is a cryptocurrency on one network.
type coin struct {
	ID       int
	FullCode string // as in USDT_TRC20
	Code     string // as in USDT
	Network  string // as in TRC20
}

// coins are the full codes of
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice.
var coins = func() (list []*coin) {
	for i, full := range strings.Fields(`BTC LTC TRX SOL TON BNB ETH ETH_ARB ETH_BASE ETH_OPT
		USDT_ARB USDT_BSC USDT_ERC20 USDT_OPT USDT_SOL USDT_TON USDT_TRC20
		USDC_ARB USDC_BASE USDC_BSC USDC_ERC20 USDC_OPT USDC_SOL
		DAI_ARB DAI_BASE DAI_BSC DAI_ERC20 DAI_OPT USDD_TRC20 PYUSD_ERC20 PYUSD_SOL XAUT_ERC20 XAUT_TON
		ARB_ARB OP_OPT PEPE_BSC PEPE_ERC20 SHIB_BSC SHIB_ERC20 TRUMP_SOL`) {
		code, network, found := strings.Cut(full, "_")
		if !found {
			network = code
		}
		list = append(list, &coin{i + 1, full, code, network})
	}
	return list
}()

// findCoin returns a coin by its full code; nil if there is none.
func findCoin(fullCode string) *coin {
	for _, c := range coins {
		if c.FullCode == fullCode {
			return c
		}
	}
	return nil
}

// stable reports whether one coin is worth about one US dollar.
func (c *coin) stable() bool {
	return coinPrices[c.Code].Equal(decimal.NewFromInt(1))
}

// object returns the member currency of invoices.
func (c *coin) object() map[string]any {
	const icons = "https://icons.sandbox.invalid/"
	return map[string]any{
		"id": c.ID, "code": c.Code, "fullcode": c.FullCode, "name": c.Code,
		"network": map[string]any{
			"code": c.Network, "id": c.ID, "icon": icons + c.Network + ".svg", "fullname": c.Network,
		},
		"is_email_required": false, "stablecoin": c.stable(), "order": c.ID,
		"icon_base": icons + c.Code + ".svg", "icon_network": icons + c.FullCode + ".svg", "icon_qr": icons + c.Code + "-qr.svg",
	}
}
