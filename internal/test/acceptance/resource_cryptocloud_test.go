package acceptance

import (
	"regexp"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

var cryptocloudSpecimen = specimen{
	Name: "cryptocloud", Title: "CryptoCloud", Reference: "order_id", Currency: "currency",
	Credentials: map[string]string{"api_key": cryptocloud.APIKey},
	Finds:       true, ReadsBack: true, UnknownMoves: true, Link: "link", Status: "status", Open: "created", Undocumented: "on_hold",
	Arguments: []argument{
		{Name: "amount", Value: `"25.50"`, Other: `26`, Same: `25.5`, Required: true},
		{Name: "currency", Value: `"EUR"`, Other: `"GBP"`},
		{Name: "order_id", Value: `"order NAME"`, Other: `"another NAME"`},
		{Name: "shop_id", Value: `"AnotherShop00001"`, Other: `"AnotherShop00002"`},
		{Name: "email", Value: `"payer@example.com"`, Other: `"other@example.com"`},
		{Name: "locale", Value: `"ru"`, Other: `"en"`},
		{Name: "time_to_pay", Value: `{ hours = 1, minutes = 30 }`, Other: `{ hours = 2 }`},
		{Name: "available_currencies", Value: `["USDT_TRC20", "BTC"]`, Other: `["BTC"]`, Same: `["BTC", "USDT_TRC20"]`},
		{Name: "cryptocurrency", Value: `"USDT_TRC20"`, Other: `"BTC"`},
		{Name: "email_to_send", Value: `"books@example.com"`, Other: `"desk@example.com"`},
		{Name: "period", Value: `"month"`, Other: `"day"`, Needs: []string{"email_to_send"}},
	},
	Requests: requests{
		Create: "POST /v2/invoice/create", Read: "POST /v2/invoice/merchant/info",
		Cancel: "POST /v2/invoice/merchant/canceled", Find: "POST /v2/invoice/merchant/list",
	},
	Events: map[simulator.Event]word{
		simulator.Pay:      {Status: "paid", Phase: gateway.PhasePaid},
		simulator.Underpay: {Status: "partial", Phase: gateway.PhaseUnderpaid},
		simulator.Overpay:  {Status: "overpaid", Phase: gateway.PhaseOverpaid},
		simulator.Expire:   {Status: "canceled", Phase: gateway.PhaseCanceled},
		simulator.Cancel:   {Status: "canceled", Phase: gateway.PhaseCanceled},
	},
	Computed: map[string]any{
		"id":               regexp.MustCompile(`^INV-[A-Z0-9]{8}$`),
		"status":           "created",
		"phase":            "open",
		"money_moved":      false,
		"checkout_url":     regexp.MustCompile(`^https://pay\.cryptocloud\.sandbox\.invalid/[A-Z0-9]{8}$`),
		"created_at":       anInstant,
		"expires_at":       anInstant,
		"address":          regexp.MustCompile(`^sandbox-address-`),
		"amount_usd":       "29.58",
		"amount_in_fiat":   "25.5",
		"amount_in_crypto": "29.58",
		"amount_paid":      "0.0",
		"amount_paid_usd":  "0",
		"fee":              "1.4",
		"fee_usd":          "1.4",
		"service_fee":      "0.56",
		"service_fee_usd":  "0.56",
		"received":         "0.0",
		"received_usd":     "0",
		"payment_currency": "USDT_TRC20",
		"invoice_status":   "start",
		"test_mode":        false,
		"tx_list":          []any{},
		"date_finished":    nil,
	},
	Least: map[string]any{
		"order_id": generated, "currency": "USD", "shop_id": cryptocloud.ShopID,
		"address": nil, "amount_in_crypto": nil, "amount_usd": "25.5", "service_fee": "0.48", "service_fee_usd": "0.48",
	},
	Paid: map[string]any{
		"amount_in_crypto": "25.5", "amount_paid": "26.9", "amount_paid_usd": "26.9", "received": "25.02", "received_usd": "25.02",
		"invoice_status": "success", "date_finished": anInstant, "address": regexp.MustCompile(`^sandbox-address-`),
		"tx_list": []any{regexp.MustCompile(`^sandbox-transaction-`)},
	},
	Connect: func(cfg transport.Config) (lookup, error) {
		return lookupWith(client.New(client.Credentials{APIKey: cryptocloud.APIKey}, cfg)), nil
	},
}
