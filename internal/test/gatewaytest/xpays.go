package gatewaytest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/xpays"
	definition "github.com/payinvoice/terraform-provider-payinvoice/internal/provider/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
)

func xpaysSpecimen() Specimen {
	return Specimen{
		fromDefinition: defined(definition.Definition(), func(amount gateway.Money, reference string) client.Spec {
			return client.Spec{Amount: amount, OrderID: reference, FromFiatCurrency: "USD", ToCryptoCurrency: "USDT", Chain: "tron"}
		}),
		Reference: "order_id", Currency: "from_fiat_currency",
		CancelShows: true, UnknownMoves: true, LateIsCanceled: true, Retries401: true, CheckoutURLField: "payment_url", StatusField: "status", Open: "PENDING", Undocumented: "ON_HOLD",
		Arguments: []Argument{
			{Name: "order_id", Value: `"order NAME"`, Other: `"another NAME"`, Required: true},
			{Name: "amount", Value: `"12.50"`, Other: `13`, Same: `12.5`, Required: true},
			{Name: "from_fiat_currency", Value: `"USD"`, Other: `"EUR"`, Required: true},
			{Name: "to_crypto_currency", Value: `"USDT"`, Other: `"TRX"`, Required: true},
			{Name: "chain", Value: `"tron"`, Other: `"bsc"`, Required: true},
			{
				Name: "additional_data", Value: `jsonencode({ cart = [1, 2], text = "<é>", fee = 0.0000001 })`, Other: `jsonencode({ cart = [1, 3], text = "<é>", fee = 0.0000001 })`,
				Same: `"{ \"text\": \"<\\u00e9>\", \"cart\": [ 1.0, 2 ], \"fee\": 1e-7 }"`,
			},
			{Name: "discount_percent", Value: `2.5`, Other: `3`, Same: `"2.50"`},
			{Name: "url_return", Value: `"https://shop.example/return"`, Other: `"https://shop.example/"`},
			{Name: "url_success", Value: `"https://shop.example/success"`, Other: `"https://shop.example/"`},
			{Name: "url_failed", Value: `"https://shop.example/failed"`, Other: `"https://shop.example/"`},
		},
		Requests: Requests{
			Create: "POST /v1/payment/createInvoicePayment", Read: "GET /v1/payment/info", Cancel: "POST /v1/payment/cancel",
		},
		Refusal: `{"error":"TEXT"}`,
		TooMany: `{"success":false,"code":"TOO_MANY_REQUESTS","message":"Too many requests, slow down"}`,
		Events: map[simulator.Event]Outcome{
			simulator.Pay:      {Status: "SUCCESS", Phase: gateway.PhasePaid},
			simulator.Underpay: {Status: "PENDING", Phase: gateway.PhaseOpen, Pays: true},
			simulator.Overpay:  {Status: "SUCCESS", Phase: gateway.PhasePaid},
			simulator.Expire:   {Status: "PENDING", Phase: gateway.PhaseExpired},
			simulator.Cancel:   {Status: "CANCELED", Phase: gateway.PhaseCanceled},
		},
		Computed: map[string]any{
			"id":                   aUUID,
			"status":               "PENDING",
			"phase":                "open",
			"money_moved":          false,
			"checkout_url":         regexp.MustCompile(`^https://xpays\.sandbox\.invalid/pay/[-0-9a-f]{36}$`),
			"created_at":           anInstant,
			"expires_at":           anInstant,
			"seq_num":              json.Number("1"),
			"network":              "testnet",
			"payment_status":       "PAYMENT_CHECKING",
			"payment_amount":       "12.227037669969352",
			"payer_paid_currency":  nil,
			"payer_paid_amount":    nil,
			"merchant_amount":      "0",
			"txid":                 nil,
			"address":              regexp.MustCompile(`^T[1-9A-Za-z]{33}$`),
			"from_address":         nil,
			"auto_convert":         false,
			"convert_to":           "USDT",
			"is_multiple_order":    true,
			"lifetime":             json.Number("900"),
			"fee_subtract":         "0",
			"fee_percent":          "0.4",
			"discount_amount":      "0.3125",
			"accuracy_percent":     "0.5",
			"support_currencies":   nil,
			"except_currencies":    nil,
			"exchange_rate":        "0.9967663737499999",
			"exchange_rate_source": "COINGECKO",
			"payment_match_type":   "EXACTLY",
			"is_completed":         false,
			"owned_by_group":       aUUID,
			"agent_id":             aUUID,
		},
		Least: map[string]any{
			"additional_data": "{}", "discount_percent": json.Number("0"), "discount_amount": "0", "payment_amount": "12.540551456378823",
		},
		Paid: map[string]any{
			"payment_status": "PAYMENT_PAID", "is_completed": true, "payer_paid_currency": "USDT", "payer_paid_amount": "12.540551456378823",
			"merchant_amount": "12.490389250553308", "txid": regexp.MustCompile(`^[0-9a-f]{64}$`), "from_address": regexp.MustCompile(`^T`),
		},

		Invalid: []Invalid{
			{"order_id", `""`}, {"from_fiat_currency", `""`}, {"to_crypto_currency", `""`}, {"chain", `""`}, {"additional_data", `"[1]"`}, {"additional_data", `"{"`},
			{"additional_data", `""`}, {"additional_data", `"null"`}, {"additional_data", `"{\"a\":1,\"a\":2}"`}, {"url_return", `""`}, {"url_success", `""`}, {"url_failed", `""`},
		},
		UnknownID: "25e2c615-c90c-4868-b24d-0c1e3b81f92e", InvalidID: " ",
		Canaries: Canaries{
			Secrets:   map[string]string{"api_key": `xpA"1<s&8>o/B+3=i\v2'D%l`, "secret_key": `xpS"5<f&2>u/H+7=é\w6'F%j`},
			Translate: translateXPays,
		},
		Wire: Wire{
			Headers: map[string]*regexp.Regexp{
				"X-Api-Key":   exactly(sandbox.APIKey),
				"X-Timestamp": regexp.MustCompile(`^[0-9]{13}$`),
				"X-Signature": regexp.MustCompile(`^[0-9a-f]{64}$`),
			},
			Life: []WireRequest{
				{"POST /v1/payment/createInvoicePayment", "", `{
			"order_id": "order it", "amount": "12.50", "from_fiat_currency": "USD", "to_crypto_currency": "USDT", "chain": "tron",
			"additional_data": {"cart": [1, 2], "text": "<é>", "fee": 1e-7}, "discount_percent": 2.5, "url_return": "https://shop.example/return",
			"url_success": "https://shop.example/success", "url_failed": "https://shop.example/failed"
		}`},
				{"GET /v1/payment/info", "id=ID", ""},
				{"POST /v1/payment/cancel", "", `{"id": "ID"}`},
			},
			Check:  checkXPaysSignature,
			Amount: textAmount,
		},
	}
}

// checkXPaysSignature computes the signature of a request to XPays.
func checkXPaysSignature(t testing.TB, address string, r sandboxtest.Request) {
	t.Helper()
	address += r.Path
	if len(r.Query) > 0 {
		address += "?" + r.Query.Encode()
	}
	if want := signXPays(sandbox.SecretKey, r.Header, r.Method, address, r.Body); r.Header.Get("X-Signature") != want {
		t.Errorf("%s %s has another signature than %s", r.Method, r.Path, want)
	}
}

// signXPays is https://payment-document-6bc.pages.dev/signature-example .
func signXPays(key string, header http.Header, method, address string, body []byte) string {
	if len(body) == 0 {
		body = []byte(`""`)
	}
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%s|%s|%s|%s", header.Get("X-Timestamp"), method, address, body)
	return hex.EncodeToString(mac.Sum(nil))
}

// translateXPays signs anew what is signed well.
func translateXPays(next http.Handler, own, canaries map[string]string, _ func(string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, address := readBody(r), "http://"+r.Host+r.RequestURI
		signature := func(key string) string { return signXPays(key, r.Header, r.Method, address, body) }
		replaceHeader(r, "X-Signature", signature(canaries["secret_key"]), signature(own["secret_key"]))
		replaceHeader(r, "X-Api-Key", canaries["api_key"], own["api_key"])
		next.ServeHTTP(w, r)
	})
}
