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
	name: "cryptocloud", title: "CryptoCloud", reference: "order_id", currency: "currency",
	credentials: map[string]string{"api_key": cryptocloud.APIKey},
	finds:       true, readsBack: true, unknownMoves: true, link: "link", status: "status", open: "created", undocumented: "on_hold",
	arguments: []argument{
		{name: "amount", value: `"25.50"`, other: `26`, same: `25.5`, required: true},
		{name: "currency", value: `"EUR"`, other: `"GBP"`},
		{name: "order_id", value: `"order NAME"`, other: `"another NAME"`},
		{name: "shop_id", value: `"AnotherShop00001"`, other: `"AnotherShop00002"`},
		{name: "email", value: `"payer@example.com"`, other: `"other@example.com"`},
		{name: "locale", value: `"ru"`, other: `"en"`},
		{name: "time_to_pay", value: `{ hours = 1, minutes = 30 }`, other: `{ hours = 2 }`},
		{name: "available_currencies", value: `["USDT_TRC20", "BTC"]`, other: `["BTC"]`, same: `["BTC", "USDT_TRC20"]`},
		{name: "cryptocurrency", value: `"USDT_TRC20"`, other: `"BTC"`},
		{name: "email_to_send", value: `"books@example.com"`, other: `"desk@example.com"`},
		{name: "period", value: `"month"`, other: `"day"`, needs: []string{"email_to_send"}},
	},
	requests: requests{
		create: "POST /v2/invoice/create", read: "POST /v2/invoice/merchant/info",
		cancel: "POST /v2/invoice/merchant/canceled", find: "POST /v2/invoice/merchant/list",
	},
	events: map[simulator.Event]word{
		simulator.Pay:      {status: "paid", phase: gateway.PhasePaid},
		simulator.Underpay: {status: "partial", phase: gateway.PhaseUnderpaid},
		simulator.Overpay:  {status: "overpaid", phase: gateway.PhaseOverpaid},
		simulator.Expire:   {status: "canceled", phase: gateway.PhaseCanceled},
		simulator.Cancel:   {status: "canceled", phase: gateway.PhaseCanceled},
	},
	computed: map[string]any{
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
	least: map[string]any{
		"order_id": generated, "currency": "USD", "shop_id": cryptocloud.ShopID,
		"address": nil, "amount_in_crypto": nil, "amount_usd": "25.5", "service_fee": "0.48", "service_fee_usd": "0.48",
	},
	paid: map[string]any{
		"amount_in_crypto": "25.5", "amount_paid": "26.9", "amount_paid_usd": "26.9", "received": "25.02", "received_usd": "25.02",
		"invoice_status": "success", "date_finished": anInstant, "address": regexp.MustCompile(`^sandbox-address-`),
		"tx_list": []any{regexp.MustCompile(`^sandbox-transaction-`)},
	},
	connect: func(cfg transport.Config) (lookup, error) {
		return lookupWith(client.New(client.Credentials{APIKey: cryptocloud.APIKey}, cfg)), nil
	},
}
