package gatewaytest

import (
	"regexp"
	"strconv"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/meum"
	definition "github.com/payinvoice/terraform-provider-payinvoice/internal/provider/meum"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func meumSpecimen() Specimen {
	return Specimen{
		fromDefinition: defined(definition.Definition(), func(amount gateway.Money, reference string) client.Spec {
			return client.Spec{Amount: amount, Currency: "USD", ExternalOrderID: reference}
		}),
		Reference: "external_order_id", Currency: "currency",
		Finds: true, LooksFirst: true, ReadsBack: true, CancelShows: true, Checks: "GET /v1/invoices", UnknownMoves: true, CheckoutURLField: "checkout_url", StatusField: "status", Open: "awaiting_payment", Undocumented: "on_hold", Refund: simulator.Refund,
		Arguments: []Argument{
			{Name: "amount", Value: `"25.50"`, Other: `26`, Same: `25.5`, Required: true},
			{Name: "currency", Value: `"EUR"`, Other: `"GBP"`},
			{Name: "external_order_id", Value: `"order NAME"`, Other: `"another NAME"`},
			{Name: "store_id", Value: strconv.Quote(sandbox.StoreID), Other: `"10000000-5a4d-4b00-8000-000000000001"`},
			{Name: "integration_id", Value: `"00000000-5a4d-4b00-8000-000000000003"`, Other: `"00000000-5a4d-4b00-8000-000000000004"`},
			{Name: "callback_url", Value: `"https://shop.example/hook"`, Other: `"https://shop.example/other"`},
			{Name: "return_url", Value: `"https://shop.example/return"`, Other: `"https://shop.example/"`},
			{
				Name: "metadata", Value: `jsonencode({ cart = [1, 2], text = "<é>" })`, Other: `jsonencode({ cart = [1, 3], text = "<é>" })`,
				Same: `"{ \"text\": \"<\\u00e9>\", \"cart\": [ 1, 2 ] }"`,
			},
		},
		Requests: Requests{
			Create: "POST /v1/invoices", Read: "GET /v1/invoices/{id}",
			Cancel: "POST /v1/invoices/{id}/cancel", Find: "GET /v1/invoices",
		},
		Refusal: `{"error":{"type":"invalid_request","code":"refused","message":"TEXT"}}`,
		TooMany: `{"error":"Too many requests"}`,
		Events: map[simulator.Event]Outcome{
			simulator.Pay:      {Status: "paid", Phase: gateway.PhasePaid},
			simulator.Underpay: {Status: "underpaid", Phase: gateway.PhaseUnderpaid},
			simulator.Overpay:  {Status: "paid", Phase: gateway.PhasePaid},
			simulator.Expire:   {Status: "expired", Phase: gateway.PhaseExpired},
			simulator.Cancel:   {Status: "cancelled", Phase: gateway.PhaseCanceled},
			simulator.Quote:    {Status: "quoted", Phase: gateway.PhaseOpen},
			simulator.Fail:     {Status: "failed", Phase: gateway.PhaseFailed},
		},
		Computed: map[string]any{
			"id":               regexp.MustCompile(`^inv_[0-9a-f]{32}$`),
			"status":           "awaiting_payment",
			"phase":            "open",
			"money_moved":      false,
			"checkout_url":     regexp.MustCompile(`^https://pay\.meum\.sandbox\.invalid/inv_[0-9a-f]{32}$`),
			"created_at":       anInstant,
			"updated_at":       anInstant,
			"expires_at":       "2099-12-31T23:59:59.999Z",
			"order_amount":     "25.50",
			"order_currency":   "EUR",
			"paid_amount":      nil,
			"output_asset":     "USDC",
			"customer_id":      nil,
			"payment_link_id":  nil,
			"transaction_hash": nil,
			"paid_at":          nil,
		},
		Least: map[string]any{"external_order_id": generated, "currency": "USD", "order_currency": "USD"},
		Paid: map[string]any{
			"paid_amount": "25.50", "paid_at": anInstant, "customer_id": sandbox.CustomerID, "updated_at": anInstant,
			"transaction_hash": regexp.MustCompile(`^sandbox-transaction-`),
		},

		Invalid: []Invalid{
			{"currency", `"usd"`}, {"currency", `"US"`}, {"external_order_id", `""`}, {"store_id", `""`}, {"integration_id", `""`},
			{"callback_url", `"ftp://shop.example/hook"`}, {"callback_url", `"shop.example"`}, {"callback_url", `""`}, {"return_url", `""`},
			{"metadata", `"[]"`}, {"metadata", `"text"`}, {"metadata", `""`},
		},
		Defaults:           map[string]string{"currency": `"USD"`},
		DuplicateBehaviour: sandbox.Behaviour{Duplicates: sandbox.CreateDuplicate},
		PaidView:           map[string]any{"checkout_url": nil}, // it cannot be paid again
		ReportedAs:         map[string]any{"metadata": "{}"},
		Unimported:         []string{"metadata"}, // of which keys may be missing
		UnknownID:          "inv_cb1e73f508a2abf4ea639f100de14cef", InvalidID: "inv_1 inv_2",
		Listing: &Listing{
			Day:           func(time.Time) map[string]string { return map[string]string{} },
			WholeRange:    func() map[string]string { return map[string]string{"status": `"awaiting_payment"`} },
			PageSize:      100,
			PageParameter: "starting_after",
			Page:          Page{`{"data":[`, `{"id":"inv_%032d","status":"paid"}`, `],"has_more":true,"next_cursor":"inv_NEXT"}`},
			MinimalFields: []string{"id", "status"}, Amount25: "25 USD", NoReferences: true, AdoptionIgnores: "return_url",
			VaryingArguments: `return_url = count.index % 3 == 0 ? "https://shop.example/${count.index}" : null
  metadata   = count.index % 4 == 0 ? jsonencode({ cart = "c-${count.index}" }) : null`,
			Events: []simulator.Event{"", simulator.Pay, simulator.Underpay, simulator.Cancel, simulator.Expire, simulator.Quote, simulator.Fail},
			Readings: []Reading{
				{"the cursor is an id", sandbox.Behaviour{}, 3},
				{"the cursor is a UUID", sandbox.Behaviour{CursorIsUUID: true}, 3},
			},
			Refreshes: []Refresh{
				{"other cursors, amounts and metadata", sandbox.Behaviour{CursorIsUUID: true, NormalizeAmount: true, StripMetadata: []string{"cart"}}, false},
			},
			Refused: []Refused{{Arguments{"status": `"canceled"`}, "cancelled"}},
			Filters: func(func(int) string) []Filtered {
				return []Filtered{
					{Arguments{}, []int{0, 1, 2, 3, 4, 5}},
					{Arguments{"status": strconv.Quote("awaiting_payment")}, []int{0, 1, 4, 5}},
					{Arguments{"status": strconv.Quote("paid")}, []int{2}},
					{Arguments{"status": strconv.Quote("refunded")}, nil},
					{Arguments{"external_order_id": strconv.Quote("order-1")}, []int{0, 4}},
					{Arguments{"external_order_id": strconv.Quote("order-1"), "status": strconv.Quote("cancelled")}, nil},
					{Arguments{"customer_id": strconv.Quote(sandbox.CustomerID)}, []int{2}},
					{Arguments{"payment_link_id": strconv.Quote("plink_0123456789abcdef0123")}, nil},
				}
			},
			QueryFilters: func(string) []Filtered {
				return []Filtered{
					{Arguments{"external_order_id": `"order-1"`}, []int{0}},
					{Arguments{"status": `"paid"`}, []int{2}},
					{Arguments{"payment_link_id": `"plink_0123456789abcdef0123"`}, nil},
				}
			},
		},
		Canaries: Canaries{
			Secrets:   map[string]string{"api_key": `mmK"3<r&6>t/J+9=a\n4'G%p`},
			Translate: translateHeader("Bearer"),
		},
		Wire: Wire{
			Headers: map[string]*regexp.Regexp{"Authorization": exactly("Bearer " + sandbox.APIKey)},
			Life: []WireRequest{
				{"GET /v1/invoices", "external_order_id=order+it&limit=100", ""},
				{"POST /v1/invoices", "", `{
			"amount": "25.50", "currency": "EUR", "external_order_id": "order it", "store_id": "00000000-5a4d-4b00-8000-000000000001",
			"integration_id": "00000000-5a4d-4b00-8000-000000000003", "callback_url": "https://shop.example/hook",
			"return_url": "https://shop.example/return", "metadata": {"cart": [1, 2], "text": "<é>"}
		}`},
				{"GET /v1/invoices/ID", "", ""},
				{"POST /v1/invoices/ID/cancel", "", ""},
			},
			Amount: textAmount,
		},
	}
}
