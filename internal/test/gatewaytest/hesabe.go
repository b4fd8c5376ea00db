package gatewaytest

import (
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	definition "github.com/payinvoice/terraform-provider-payinvoice/internal/provider/hesabe"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func hesabeSpecimen() Specimen {
	return Specimen{
		fromDefinition: defined(definition.Definition(), func(amount gateway.Money, reference string) client.Spec {
			return client.Spec{Amount: amount, ReferenceNumber: reference, ExpiresAt: "2099-03-01"}
		}),
		Reference: "reference_number",
		Finds:     true, LooksFirst: true, ReadsBack: true, UnknownMoves: true, Checks: "GET /api/v1/invoice-dashboard", LateIsCanceled: true, Retries401: true, CheckoutURLField: "url", StatusField: "invoice_status", Open: json.Number("0"), Undocumented: json.Number("2"),
		Readable: sandbox.Behaviour{Encoding: sandbox.EncodingPlain},
		Arguments: []Argument{
			{Name: "amount", Value: `"20.250"`, Other: `20.5`, Same: `20.25`, Required: true},
			{Name: "invoice_type", Value: `"sms"`, Other: `"url"`, Needs: []string{"mobile_number", "country_code"}},
			{Name: "mobile_number", Value: `"66666666"`, Other: `"55555555"`},
			{Name: "country_code", Value: `"965"`, Other: `"966"`},
			{Name: "customer_name", Value: `"A. Customer"`, Other: `"B. Customer"`},
			{Name: "customer_email", Value: `"payer@example.com"`, Other: `"other@example.com"`},
			{Name: "reference_number", Value: `"order NAME"`, Other: `"another NAME"`},
			{Name: "description", Value: `"Two books"`, Other: `"Three books"`},
			{Name: "expires_at", Value: `"2099-03-01"`, Other: `"2099-03-02"`},
			{Name: "language", Value: `"ar"`, Other: `"en"`},
			{Name: "allocate_pay_type", Value: `[7, 1]`, Other: `[1]`, Same: `[1, 7]`},
			{
				Name:  "items",
				Value: `[{ title = "Book", rate = "10.125", quantity = 2, amount = 20.25 }]`,
				Other: `[{ title = "Book", rate = "10.125", quantity = 3, amount = 20.25 }]`,
				Same:  `[{ title = "Book", rate = "10.1250", quantity = "2", amount = "20.250" }]`,
			},
			{Name: "webhook", Value: `"https://shop.example/hook"`, Other: `"https://shop.example/other"`},
		},
		Requests: Requests{
			Login: "POST /api/v1/login", Refresh: "POST /api/v1/token-refresh", Create: "POST /api/v1/invoice", Read: "GET /api/v1/invoice/{id}",
			Cancel: "PUT /api/v1/invoice/{id}", Find: "GET /api/v1/invoice-dashboard",
		},
		Refusal: `{"status":false,"message":"TEXT","response":null}`,
		TooMany: `{"status":false,"message":"Too many requests","response":null}`,
		Events: map[simulator.Event]Outcome{
			simulator.Pay:    {Status: "1", Phase: gateway.PhasePaid},
			simulator.Expire: {Status: "0", Phase: gateway.PhaseExpired},
			simulator.Cancel: {Status: "3", Phase: gateway.PhaseCanceled},
		},
		Computed: map[string]any{
			"id":                regexp.MustCompile(`^[1-9][0-9]+$`),
			"status":            "0",
			"phase":             "open",
			"money_moved":       false,
			"checkout_url":      regexp.MustCompile(`^https://hesabe\.sandbox\.invalid/s/[A-Z0-9]{8}$`),
			"created_at":        anInstant,
			"updated_at":        anInstant,
			"token":             regexp.MustCompile(`^[0-9]{20,}$`),
			"access_key":        regexp.MustCompile(`^[A-Z0-9]{8}$`),
			"service_charge":    "0.000",
			"discount":          "0.000",
			"visited_count":     json.Number("0"),
			"transaction_token": nil,
			"paid_at":           nil,
		},
		Least: map[string]any{
			"reference_number": generated, "invoice_type": "url", "expires_at": regexp.MustCompile(`^20[0-9]{2}-[01][0-9]-[0-3][0-9]$`),
			"language": "en", "allocate_pay_type": []any{json.Number("1"), json.Number("2")},
		},
		Paid: map[string]any{
			"transaction_token": regexp.MustCompile(`^842217[0-9]{20}$`), "paid_at": anInstant, "visited_count": json.Number("1"),
			"updated_at": anInstant,
		},

		Invalid: []Invalid{
			{"amount", `"0.0001"`}, {"amount", `20.2505`}, {"amount", `99999999.9999`}, {"invoice_type", `"post"`},
			{"mobile_number", `"+965 66666666"`}, {"country_code", `"kw"`}, {"customer_name", `""`}, {"customer_email", `""`}, {"reference_number", `""`},
			{"description", `""`}, {"expires_at", `"01.03.2099"`}, {"expires_at", `"2099-02-30"`}, {"expires_at", `"2099-03-01T00:00:00Z"`}, {"expires_at", `""`},
			{"language", `"fr"`}, {"allocate_pay_type", `[]`}, {"allocate_pay_type", `[0]`}, {"allocate_pay_type", `[1.5]`}, {"items", `[{ title = "Book", rate = 1, quantity = 1.5, amount = 1 }]`}, {"items", `[]`},
			{"items", `[{ title = "", rate = 1, quantity = 1, amount = 1 }]`}, {"items", `[{ title = "Book", rate = "1e2", quantity = 1, amount = 1 }]`},
			{"items", `[{ title = "Book", rate = 1, quantity = 0, amount = 1 }]`}, {"items", `[{ title = "Book", rate = 1, quantity = 1, amount = "1.0001" }]`},
			{"webhook", `""`},
		},
		Defaults:  map[string]string{"invoice_type": `"url"`},
		UnknownID: "123456789", InvalidID: "3118174834216193364264",
		Listing: &Listing{
			Day:           func(time.Time) map[string]string { return map[string]string{} },
			WholeRange:    func() map[string]string { return map[string]string{"search": `"order"`} },
			PageSize:      15,
			PageParameter: "page",
			Page: Page{
				`{"status":true,"message":"","response":{"invoices":{"data":[`, `{"id":%d,"invoice_status":0}`,
				`],"pagination":{"next_page_url":"?page=2","total":1000000000}}}}`,
			},
			MinimalFields: []string{"id", "invoice_status"}, ReadsOpen: true, Amount25: "25.000 KWD", AdoptionIgnores: "webhook",
			VaryingArguments: `description   = "Number ${count.index}"
  customer_name = count.index % 3 == 0 ? "Noura" : null`,
			Events: []simulator.Event{"", simulator.Pay, simulator.Cancel, simulator.Expire, ""},
			Readings: []Reading{
				{"pages of 15", sandbox.Behaviour{}, 17},
				{"pages of 40, oldest first", sandbox.Behaviour{PageSize: 40, OldestFirst: true}, 7},
				{"one page", sandbox.Behaviour{PageSize: 250}, 1},
				{"no link at the end", sandbox.Behaviour{PageSize: 50, Pagination: sandbox.PaginationOpenEnded}, 5},
				{"only links", sandbox.Behaviour{PageSize: 50, Pagination: sandbox.PaginationLinks}, 5},
				{"only a total", sandbox.Behaviour{PageSize: 50, Pagination: sandbox.PaginationTotals}, 5},
				// Only a page without rows shows that there are no more.
				{"nothing about pages", sandbox.Behaviour{PageSize: 50, Pagination: sandbox.PaginationNone}, 5 + 1},
			},
			Refreshes: []Refresh{
				{"another order and no totals", sandbox.Behaviour{PageSize: 50, OldestFirst: true, Pagination: sandbox.PaginationNone, UnpaidRowTransaction: true}, false},
				{"rows without a link", sandbox.Behaviour{PageSize: 100, RowsWithout: []string{"token", "url"}}, true},
				{"rows without a payment", sandbox.Behaviour{PageSize: 100, RowsWithout: []string{"transaction"}}, true},
			},
			Refused: []Refused{
				{Arguments{"from_date": `"2026-02-30"`}, "YYYY-MM-DD"},
				{Arguments{"from_date": `"2026-03-02"`, "to_date": `"2026-03-01"`}, "2026-03-01 is before from_date, 2026-03-02"},
				{Arguments{"search": `""`}, "search"},
				{Arguments{"phases": `["unpaid"]`}, "unpaid"},
			},
			Filters: func(day func(int) string) []Filtered {
				return []Filtered{
					{Arguments{}, []int{0, 1, 2, 3, 4, 5}},
					{Arguments{"from_date": day(1)}, []int{4, 5}},
					{Arguments{"to_date": day(0)}, []int{0, 1, 2, 3}},
					{Arguments{"from_date": day(0), "to_date": day(0)}, []int{0, 1, 2, 3}},
					{Arguments{"search": strconv.Quote("ORDER-1")}, []int{0, 1, 4}},
					{Arguments{"reference_number": strconv.Quote("order-1")}, []int{0, 4}},
					{Arguments{"reference_number": strconv.Quote("order-1"), "to_date": day(0)}, []int{0}},
					{Arguments{"search": strconv.Quote("order-10"), "reference_number": strconv.Quote("order-1")}, nil},
					{Arguments{"phases": `["paid"]`}, []int{2}},
					{Arguments{"phases": `["open", "canceled"]`}, []int{0, 1, 3, 4, 5}},
				}
			},
			QueryFilters: func(tomorrow string) []Filtered {
				return []Filtered{
					{Arguments{"reference_number": `"order-1"`}, []int{0}},
					{Arguments{"search": `"order-1"`}, []int{1, 0}},
					{Arguments{"phases": `["paid"]`}, []int{2}},
					{Arguments{"from_date": tomorrow}, nil},
				}
			},
		},
		Canaries: Canaries{
			// The keys have 32 and 16 bytes.
			Secrets: map[string]string{
				"password":    `hsP"4<v&1>m/T+8=ü\y3'Q%r`,
				"access_code": `hsA"6<d&3>j/R+5=f\z8'W%n`,
				"secret_key":  `hsK"2<b&7>x/V+4=h\u9'E%tmC0pGs1L`,
				"iv_key":      `hsI"9<c&5>g/Y+6=`,
			},
			Translate: translateHesabe,
		},
		Wire: Wire{
			Headers: map[string]*regexp.Regexp{
				"Authorization": regexp.MustCompile(`^Bearer [-_.A-Za-z0-9]+$`),
				"Accesscode":    exactly(sandbox.AccessCode),
				"Content-Type":  exactly("application/json"),
			},
			Life: []WireRequest{
				{"POST /api/v1/login", "", `{"username": "test", "password": "Test@1234"}`},
				{"GET /api/v1/invoice-dashboard", "fromDate=FROM&page=1&search=order+it&toDate=TO", `{"merchantCode": "842217"}`},
				{"POST /api/v1/invoice", "", `{
			"merchantCode": "842217", "amount": "20.250", "invoiceType": "1", "mobileNumber": "66666666", "countryCode": "965",
			"customerName": "A. Customer", "customerEmail": "payer@example.com", "referenceNumber": "order it", "description": "Two books",
			"expiresAt": "2099-03-01", "language": "ar", "allocatePayType": "1,7", "webhook": "https://shop.example/hook",
			"itemsList": [{"itemTitle": "Book", "rate": "10.125", "quantity": 2, "amount": "20.250"}]
		}`},
				{"GET /api/v1/invoice/ID", "", `{"merchantCode": "842217"}`},
				{"PUT /api/v1/invoice/TOKEN", "", `{"merchantCode": "842217", "statusId": "3"}`},
			},
			Payload: unsealHesabe,
			Amount: func(text string) string {
				whole, fraction, _ := strings.Cut(text, ".")
				return fmt.Sprintf("%q", whole+"."+(fraction + "000")[:3])
			},
			Decimals: 3,
		},
	}
}

// unsealHesabe decrypts what Hesabe is sent: AES-256-CBC, in hex, in the parameter
// data of a GET and the member data of any other body.
func unsealHesabe(t testing.TB, r sandboxtest.Request) string {
	t.Helper()
	sealed := r.Query
	if r.Method != http.MethodGet {
		var body map[string]string
		if err := json.Unmarshal(r.Body, &body); err != nil {
			t.Fatal(err)
		}
		sealed = url.Values{}
		for name, value := range body {
			sealed.Set(name, value)
		}
	}
	if len(sealed) != 1 && r.Method != http.MethodGet {
		t.Fatalf("%s %s has more than data: %q", r.Method, r.Path, sealed)
	}
	text, err := hex.DecodeString(sealed.Get("data"))
	if err != nil || len(text) == 0 || sealed.Get("data") != strings.ToLower(sealed.Get("data")) {
		t.Fatalf("%s %s: data is %q", r.Method, r.Path, sealed.Get("data"))
	}
	own := newEnvelope(map[string]string{"secret_key": sandbox.SecretKey, "iv_key": sandbox.IVKey})
	cipher.NewCBCDecrypter(own.block, own.iv).CryptBlocks(text, text)
	padding := int(text[len(text)-1])
	return string(text[:len(text)-padding])
}
