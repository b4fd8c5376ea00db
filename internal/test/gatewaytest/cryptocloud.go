package gatewaytest

import (
	"regexp"
	"strconv"
	"time"

	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	definition "github.com/payinvoice/terraform-provider-payinvoice/internal/provider/cryptocloud"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func cryptocloudSpecimen() Specimen {
	return Specimen{
		fromDefinition: defined(definition.Definition(), func(amount gateway.Money, reference string) client.Spec {
			return client.Spec{Amount: amount, Currency: "USD", ShopID: sandbox.ShopID, OrderID: reference}
		}),
		Reference: "order_id", Currency: "currency",
		Finds: true, ReadsBack: true, UnknownMoves: true, CheckoutURLField: "link", StatusField: "status", Open: "created", Undocumented: "on_hold",
		Arguments: []Argument{
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
		Requests: Requests{
			Create: "POST /v2/invoice/create", Read: "POST /v2/invoice/merchant/info",
			Cancel: "POST /v2/invoice/merchant/canceled", Find: "POST /v2/invoice/merchant/list",
		},
		Refusal: `{"status":"error","result":{"validate_error":"TEXT"}}`,
		TooMany: `{"error":"Too many requests"}`,
		Events: map[simulator.Event]Outcome{
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
			"order_id": generated, "currency": "USD", "shop_id": sandbox.ShopID,
			"address": nil, "amount_in_crypto": nil, "amount_usd": "25.5", "service_fee": "0.48", "service_fee_usd": "0.48",
		},
		Paid: map[string]any{
			"amount_in_crypto": "25.5", "amount_paid": "26.9", "amount_paid_usd": "26.9", "received": "25.02", "received_usd": "25.02",
			"invoice_status": "success", "date_finished": anInstant, "address": regexp.MustCompile(`^sandbox-address-`),
			"tx_list": []any{regexp.MustCompile(`^sandbox-transaction-`)},
		},

		Invalid: []Invalid{
			{"currency", `"XXX"`}, {"currency", `"usd"`}, {"currency", `""`}, {"order_id", `""`}, {"shop_id", `""`}, {"email", `""`},
			{"time_to_pay", `{ hours = -1 }`}, {"time_to_pay", `{ hours = 1.5 }`}, {"time_to_pay", `{ minutes = 0.5 }`}, {"time_to_pay", `{}`}, {"time_to_pay", `{ hours = 0, minutes = 0 }`}, {"available_currencies", `[]`}, {"available_currencies", `[""]`},
			{"cryptocurrency", `""`}, {"email_to_send", `""`}, {"period", `"hour"`}, {"period", `"day"`},
		},
		Defaults:  map[string]string{"currency": `"USD"`},
		UnknownID: "INV-NOTTHERE", InvalidID: "INV-",
		Listing: &Listing{
			Day: func(day time.Time) map[string]string { return cryptocloudDays(day, day) },
			WholeRange: func() map[string]string {
				return cryptocloudDays(time.Now().AddDate(0, 0, -1), time.Now().AddDate(0, 0, 1))
			},
			PageSize:      100,
			PageParameter: "offset",
			Page:          Page{`{"status":"success","result":[`, `{"uuid":"INV-%08d","status":"created"}`, `],"all_count":1000000000}`},
			MinimalFields: []string{"uuid", "status", "type"}, Amount25: "25.0 USD", NoReferences: true, AdoptionIgnores: "email",
			Events: []simulator.Event{"", simulator.Pay, simulator.Underpay, simulator.Overpay, simulator.Cancel, simulator.Expire, ""},
			Readings: []Reading{
				{"limit is a number of rows", sandbox.Behaviour{}, 3},
				// Only an empty second page, requested again, shows that limit is an end.
				{"limit is an end", sandbox.Behaviour{LimitIsEnd: true}, 3 + 1},
				{"oldest first", sandbox.Behaviour{OldestFirst: true}, 3},
				// Only a page without rows shows that there are no more.
				{"no count", sandbox.Behaviour{NoAllCount: true}, 3 + 1},
			},
			Refreshes: []Refresh{
				{"another order and limit", sandbox.Behaviour{OldestFirst: true, LimitIsEnd: true, InfoReversed: true}, false},
				{"neither total nor amount", sandbox.Behaviour{NoAllCount: true, ZeroAmountInFiat: true}, false},
				{"a read shows less than a row", sandbox.Behaviour{InfoOf2023: true}, true},
			},
			Refused: []Refused{
				{Arguments{}, "start"},
				{Arguments{"start": `"2026-03-02"`, "end": `"2026-03-01"`}, "before start"},
				{Arguments{"start": `"01.03.2026"`, "end": `"2026-03-01"`}, "YYYY-MM-DD"},
				{Arguments{"start": `"2026-03-01"`, "end": `"2026-03-01"`, "phases": `["created"]`}, "created"},
				{Arguments{"start": `"2026-03-01"`, "end": `"2026-03-01"`, "phases": `[]`}, "phases"},
			},
			Filters: func(day func(int) string) []Filtered {
				return []Filtered{
					{Arguments{"start": day(0), "end": day(0)}, []int{0, 1, 2, 3}},
					{Arguments{"start": day(0), "end": day(1)}, []int{0, 1, 2, 3, 4, 5}},
					{Arguments{"start": day(1), "end": day(9)}, []int{4, 5}},
					{Arguments{"start": day(2), "end": day(3)}, nil},
					{Arguments{"start": day(0), "end": day(1), "order_id": strconv.Quote("order-1")}, []int{0, 4}},
					{Arguments{"start": day(0), "end": day(1), "order_id": strconv.Quote("order-")}, nil},
					{Arguments{"start": day(0), "end": day(1), "phases": `["paid"]`}, []int{2}},
					{Arguments{"start": day(0), "end": day(1), "phases": `["paid", "canceled"]`}, []int{2, 3}},
					{Arguments{"start": day(0), "end": day(0), "phases": `["open"]`, "order_id": strconv.Quote("order-1")}, []int{0}},
				}
			},
			QueryFilters: func(tomorrow string) []Filtered {
				return []Filtered{
					{Arguments{"order_id": `"order-1"`}, []int{0}},
					{Arguments{"phases": `["paid", "canceled"]`}, []int{2}},
					{Arguments{"start": tomorrow, "end": tomorrow}, nil},
				}
			},
		},
		Canaries: Canaries{
			Secrets:   map[string]string{"api_key": `ccZ"7<q&9>k/L+2=e\x5'N%w`},
			Translate: translateHeader("Token"),
		},
		Wire: Wire{
			Headers: map[string]*regexp.Regexp{"Authorization": exactly("Token " + sandbox.APIKey)},
			Life: []WireRequest{
				{"POST /v2/invoice/create", "locale=ru", `{
			"shop_id": "AnotherShop00001", "amount": 25.50, "currency": "EUR", "order_id": "order it", "email": "payer@example.com",
			"add_fields": {
				"time_to_pay": {"hours": 1, "minutes": 30}, "available_currencies": ["BTC", "USDT_TRC20"],
				"cryptocurrency": "USDT_TRC20", "email_to_send": "books@example.com", "period": "month"
			}
		}`},
				{"POST /v2/invoice/merchant/info", "", `{"uuids": ["ID"]}`},
				{"POST /v2/invoice/merchant/canceled", "", `{"uuid": "ID"}`},
			},
			Amount: numberAmount,
		},
	}
}

// cryptocloudDays are the arguments of a list from one day to another.
func cryptocloudDays(start, end time.Time) map[string]string {
	return map[string]string{"start": strconv.Quote(start.Format(time.DateOnly)), "end": strconv.Quote(end.Format(time.DateOnly))}
}
