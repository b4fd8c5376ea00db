package cryptocloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// The responses below have the form of the samples in the documentation.
const (
	createResponse = `{"status":"success","result":{
		"uuid":"INV-7QK2M9XD","created":"2026-03-01 09:15:02.481907","address":"",
		"expiry_date":"2026-03-02 09:15:02",
		"side_commission":"client","side_commission_cc":"merchant",
		"amount":0.033366,"amount_usd":25.0,"amount_in_fiat":25.00,
		"fee":1.4,"fee_usd":1.4,"service_fee":0.48,"service_fee_usd":0.48,
		"type_payments":"crypto","fiat_currency":"USD","status":"created",
		"is_email_required":false,"link":"https://pay.cryptocloud.plus/7QK2M9XD","invoice_id":null,
		"currency":{"id":4,"code":"USDT","fullcode":"USDT_TRC20",
			"network":{"code":"TRC20","id":4,"icon":"https://cdn.example/t.svg","fullname":"Tron"},
			"name":"Tether","is_email_required":false,"stablecoin":true,
			"icon_base":"https://cdn.example/a.svg","icon_network":"None","icon_qr":"https://cdn.example/c.svg","order":1},
		"project":{"id":1,"name":"Demo","fail":"https://shop.example/f","success":"","logo":"None"},
		"test_mode":false}}`
	fullRecord = `{"uuid":"INV-7QK2M9XD","created":"2026-03-01 09:15:02.481907","address":"0xabc","expiry_date":"2026-03-02 09:15:02.471300",
		"date_finished":"2026-03-01 10:00:00","side_commission":"client","side_commission_cc":"merchant","invoice_status":"success","status":"paid",
		"order_id":"order-1","user_email":"a@example.com","phone":"","pay_url":"None","type":"up","type_payments":"crypto","step":3,
		"tx_list":["0x1","",null,"0x2"],"amount":25,"amount_usd":25.0,"amount_in_fiat":"25.00","amount_in_crypto":null,"amount_to_pay":26.4,
		"amount_to_pay_usd":26.4,"amount_paid":26.40,"amount_paid_usd":26.4,"fee":1.4,"fee_usd":1.4,"service_fee":0.48,"service_fee_usd":0.48,
		"received":24.52,"received_usd":24.52,"to_surcharge":0,"to_surcharge_usd":0.0,"total_rub":2000,"fiat_currency":"USD",
		"link":"https://pay.cryptocloud.plus/7QK2M9XD","invoice_id":null,"is_email_required":false,"aml_enabled":true,"aml_side":"merchant",
		"aml_cost":0.5,"aml_cost_usd":0.5,"aml_checks":[],"links_invoice":null,"currency_list":[1],"currency":{"fullcode":"USDT_TRC20"},
		"project":{"logo":null},"test_mode":true}`
)

func TestCreateRequest(t *testing.T) {
	tests := []struct {
		name  string
		spec  Spec
		body  string
		query string
	}{
		{"the least", Spec{Amount: clienttest.Amount(t, "25"), ShopID: "shop1"}, `{"shop_id":"shop1","amount":25}`, ""},
		{"digits as they are written", Spec{Amount: clienttest.Amount(t, "25.00"), Currency: "USD", OrderID: "a<b>&ü", ShopID: "shop1", Email: "a@example.com", Locale: "ru"},
			`{"shop_id":"shop1","amount":25.00,"currency":"USD","order_id":"a<b>&ü","email":"a@example.com"}`, "?locale=ru"},
		{"more digits than a float has", Spec{Amount: clienttest.Amount(t, "12345678901234567890.123456789")}, `{"amount":12345678901234567890.123456789}`, ""},
		{"everything", Spec{
			Amount: clienttest.Amount(t, "0.10"), ShopID: "shop1", TimeToPay: &TimeToPay{Hours: 24, Minutes: 0}, AvailableCurrencies: []string{"USDT_TRC20", "BTC"},
			Cryptocurrency: "BTC", EmailToSend: "b@example.com", Period: "month",
		}, `{"shop_id":"shop1","amount":0.10,"add_fields":{"time_to_pay":{"hours":24,"minutes":0},"available_currencies":["USDT_TRC20","BTC"],` +
			`"cryptocurrency":"BTC","email_to_send":"b@example.com","period":"month"}}`, ""},
		{"one field below", Spec{Amount: clienttest.Amount(t, "1"), TimeToPay: &TimeToPay{Minutes: 30}}, `{"amount":1,"add_fields":{"time_to_pay":{"hours":0,"minutes":30}}}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, server := newCannedServer(t, 200, createResponse)
			inv, err := c.Create(t.Context(), test.spec)
			if err != nil || inv.ID != "INV-7QK2M9XD" {
				t.Fatal(err)
			}
			r := server.Requests()[0]
			if len(server.Requests()) != 1 || r.Method != "POST" || r.URI != "/v2/invoice/create"+test.query || r.Body != test.body {
				t.Errorf("%+v", r)
			}
			if r.Header.Get("Authorization") != "Token demo.key.1" || r.Header.Get("Content-Type") != "application/json" ||
				r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "test/1" {
				t.Errorf("%v", r.Header)
			}
		})
	}
}

func TestCreateResponse(t *testing.T) {
	c, _ := newCannedServer(t, 200, createResponse)
	inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "25")})
	if err != nil {
		t.Fatal(err)
	}
	f := inv.Facts(time.Now())
	created := time.Date(2026, 3, 1, 9, 15, 2, 481907000, time.UTC)
	if f.ID != "INV-7QK2M9XD" || f.Reference != "" || f.Status != "created" || f.Phase != gateway.PhaseOpen || f.Amount.String() != "25.00" ||
		f.Currency != "USD" || !f.CreatedAt.Equal(created) {
		t.Errorf("%+v", f)
	}
	if !inv.ExpiryDate.Equal(time.Date(2026, 3, 2, 9, 15, 2, 0, time.UTC)) || inv.Link != "https://pay.cryptocloud.plus/7QK2M9XD" ||
		inv.Amount.String() != "0.033366" || inv.AmountUSD.String() != "25.0" || inv.Fee.String() != "1.4" || inv.Currency.FullCode != "USDT_TRC20" ||
		inv.Currency.Network != "Tron" || inv.Project != "Demo" || *inv.TestMode || inv.InvoiceID != "" || inv.Address != "" {
		t.Errorf("%+v", inv)
	}
}

// TestCreateOutcome: what a response to a create means for the invoice.
func TestCreateOutcome(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		kind   error
		text   string
	}{
		{"fields", 400, `{"status":"error","result":{"amount":"amount not passed.","shop_id":"shop_id not passed."}}`, gateway.ErrInvalid, "amount not passed."},
		{"the key", 400, `{"status":"error","result":{"authorization":"Unauthorized request."}}`, gateway.ErrUnauthorized, "Unauthorized request."},
		{"the shop", 403, `{"status":"error","result":{"shop_id":"Not yours."}}`, gateway.ErrForbidden, "Not yours."},
		{"a key that cannot be read", 403, `{"detail":"Invalid header padding"}`, gateway.ErrUnauthorized, "padding"},
		{"a key of somebody else", 401, `{"detail":"Signature verification failed"}`, gateway.ErrUnauthorized, "Signature"},

		{"another detail", 403, `{"detail":"You do not have permission."}`, gateway.ErrOutcomeUnknown, "permission"},
		{"a detail and more", 403, `{"detail":"Invalid header padding","request_id":"1"}`, gateway.ErrOutcomeUnknown, "padding"},
		{"an error without fields", 400, `{"status":"error","result":{}}`, gateway.ErrOutcomeUnknown, ""},
		{"an error with a text", 400, `{"status":"error","result":"no"}`, gateway.ErrOutcomeUnknown, ""},
		{"an error with another status", 422, `{"status":"error","result":{"amount":"no"}}`, gateway.ErrOutcomeUnknown, "no"},
		{"an error and more", 400, `{"status":"error","result":{"amount":"no"},"path":"/x"}`, gateway.ErrOutcomeUnknown, "no"},
		{"version 1", 401, `{"message":"Unauthenticated."}`, gateway.ErrOutcomeUnknown, "Unauthenticated."},
		{"429", 429, `{"detail":"Request was throttled."}`, gateway.ErrOutcomeUnknown, "throttled"},
		{"404", 404, `{"detail":"Not found."}`, gateway.ErrOutcomeUnknown, "Not found."},
		{"404 in the own form", 404, `{"status":"error","result":{"shop_id":"Not found."}}`, gateway.ErrOutcomeUnknown, "Not found."},
		{"a page of a proxy", 403, `<html>blocked</html>`, gateway.ErrOutcomeUnknown, "blocked"},
		{"a page that is gone", 404, `<html>gone</html>`, gateway.ErrOutcomeUnknown, "gone"},

		{"out of order", 500, `{"status":"error","result":{"validate_error":"oops"}}`, gateway.ErrOutcomeUnknown, "oops"},
		{"a proxy's error", 502, `<html>bad gateway</html>`, gateway.ErrOutcomeUnknown, "bad gateway"},
		{"an empty success", 200, ``, gateway.ErrOutcomeUnknown, "empty"},
		{"a page", 200, `<html>welcome</html>`, gateway.ErrOutcomeUnknown, "welcome"},
		{"half a success", 200, createResponse[:100], gateway.ErrOutcomeUnknown, ""},
		{"no result", 200, `{"status":"success"}`, gateway.ErrOutcomeUnknown, "has no result"},
		{"an error called success", 200, `{"status":"error","result":{"amount":"Invalid value amount."}}`, gateway.ErrOutcomeUnknown, "Invalid value amount."},
		{"another result", 200, `{"status":"success","result":["ok"]}`, gateway.ErrOutcomeUnknown, ""},
		{"no id", 200, `{"status":"success","result":{"status":"created"}}`, gateway.ErrOutcomeUnknown, "uuid"},
		{"an odd id", 200, `{"status":"success","result":{"uuid":"../../x"}}`, gateway.ErrOutcomeUnknown, "uuid"},
		{"no status", 200, `{"result":{"uuid":"INV-7QK2M9XD"}}`, gateway.ErrOutcomeUnknown, ""},
		{"a list of nothing", 201, `[]`, gateway.ErrOutcomeUnknown, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, server := newCannedServer(t, test.status, test.body)
			inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "25")})
			failed := check(t, err, test.kind)
			if inv != nil || failed.Operation != "create invoice" || failed.Status != test.status || !strings.Contains(err.Error(), test.text) || len(server.Requests()) != 1 ||
				failed.Resendable != (test.status == 429) {
				t.Errorf("%v, %v, %d requests", inv, err, len(server.Requests()))
			}
		})
	}

	// With an id there is an invoice, however odd the rest may be.
	for _, body := range []string{
		`{"status":"success","result":{"uuid":"7QK2M9XD"}}`,
		`{"status":"success","result":{"uuid":"INV-7QK2M9XD","amount":"much","created":"yesterday","test_mode":"maybe","currency":[],"tx_list":{}}}`,
	} {
		c, _ := newCannedServer(t, 200, body)
		if inv, err := c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "25")}); err != nil || inv.ID != "INV-7QK2M9XD" {
			t.Errorf("%s: %v, %v", body, inv, err)
		}
	}
	c, server := newCannedServer(t, 200, createResponse)
	_, err := c.Create(t.Context(), Spec{})
	if failed := check(t, err, gateway.ErrInvalid); failed.Fields[0].Field != "amount" || len(server.Requests()) != 0 {
		t.Error(err)
	}
}

// TestRefusals: the forms of an error, and what they mean to a read.
func TestRefusals(t *testing.T) {
	tests := []struct {
		status int
		body   string
		kind   error
		text   string // Message
		fields []gateway.FieldError
	}{
		{400, `{"status":"error","result":{"validate_error":"Max 100 uuids"}}`, gateway.ErrInvalid, "Max 100 uuids", nil},
		{400, `{"status":"error","result":{"uuids":"a","amount":["b","c"]}}`, gateway.ErrInvalid, "", []gateway.FieldError{{Field: "amount", Message: `["b","c"]`}, {Field: "uuids", Message: "a"}}},
		{400, `{"status":"error","result":{"validate_error":"x","uuids":"y"}}`, gateway.ErrInvalid, "x", []gateway.FieldError{{Field: "uuids", Message: "y"}}},
		{400, `{"status":"error","result":"a text"}`, gateway.ErrInvalid, "a text", nil},
		{400, `{"status":"error"}`, gateway.ErrInvalid, "", nil},
		{400, `{"status":"error","error":"Invoice not found"}`, gateway.ErrInvalid, "Invoice not found", nil},
		{404, `{"status":"error","result":{"validate_error":"Invoice not found"}}`, gateway.ErrUnexpected, "Invoice not found", nil},
		{404, `{"detail":"Not found."}`, gateway.ErrUnexpected, "Not found.", nil},
		{404, `{"message":"Not found"}`, gateway.ErrUnexpected, "Not found", nil},
		{405, `{"detail":"Method \"GET\" not allowed."}`, gateway.ErrUnexpected, `Method "GET" not allowed.`, nil},
		{429, `{"detail":"Request was throttled."}`, gateway.ErrRateLimited, "Request was throttled.", nil},
		{500, `{"detail":"oops"}`, gateway.ErrUnavailable, "oops", nil},
		{503, `{"message":"Service Unavailable"}`, gateway.ErrUnavailable, "Service Unavailable", nil},
		{403, `{"message":"Forbidden"}`, gateway.ErrForbidden, "Forbidden", nil},
		{400, `{"message":"Bad request"}`, gateway.ErrInvalid, "Bad request", nil},
		{200, `{"status":"error","result":{"uuids":"a"}}`, gateway.ErrUnexpected, "", []gateway.FieldError{{Field: "uuids", Message: "a"}}},
	}
	// Authorization failures come in three forms; which status goes with which
	// is not determined.
	for _, status := range []int{400, 401, 403} {
		for body, text := range map[string]string{
			`{"status":"error","result":{"authorization":"Unauthorized request."}}`: "Unauthorized request.",
			`{"detail":"Invalid header padding"}`:                                   "Invalid header padding",
			`{"detail":"Signature verification failed"}`:                            "Signature verification failed",
			`{"message":"Unauthenticated."}`:                                        "Unauthenticated.",
		} {
			tests = append(tests, struct {
				status int
				body   string
				kind   error
				text   string
				fields []gateway.FieldError
			}{status, body, gateway.ErrUnauthorized, text, nil})
		}
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.status, " ", test.body), func(t *testing.T) {
			c, _ := newCannedServer(t, test.status, test.body)
			_, err := c.Get(t.Context(), "INV-7QK2M9XD")
			failed := check(t, err, test.kind)
			if failed.Message != test.text || !slices.Equal(failed.Fields, test.fields) || failed.Status != test.status || failed.Operation != "read invoice" {
				t.Errorf("%+v", failed)
			}
			_, phase, err := c.Status(t.Context(), "7QK2M9XD")
			if failed := check(t, err, test.kind); failed.Message != test.text || phase != gateway.PhaseUnknown {
				t.Errorf("%+v", failed)
			}
		})
	}
	for _, status := range []int{200, 302, 400, 401, 403, 404, 500} {
		for _, body := range []string{``, `<html>login</html>`, `null`, `[]`, `{}`, `{"status":"success"`, `"error"`, `{"error":"x"}`} {
			c, _ := newCannedServer(t, status, body)
			_, err := c.Get(t.Context(), "7QK2M9XD")
			if err == nil || errors.Is(err, gateway.ErrNotFound) || errors.Is(err, gateway.ErrInvalid) {
				t.Errorf("%d %s: %v", status, body, err)
			}
		}
	}
	huge := map[string]string{}
	for i := range 1000 {
		huge[fmt.Sprint("field", i)] = strings.Repeat("x", 1000)
	}
	text, _ := json.Marshal(map[string]any{"status": "error", "result": huge})
	c, _ := newCannedServer(t, 400, string(text))
	if _, err := c.Get(t.Context(), "7QK2M9XD"); len(err.Error()) > 20_000 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func info(records ...string) string {
	return `{"status":"success","result":[` + strings.Join(records, ",") + `]}`
}

func record(id string) string { return `{"uuid":"` + id + `","status":"created"}` }

func TestGet(t *testing.T) {
	c, server := newCannedServer(t, 200, info(fullRecord))
	_, err := c.Get(t.Context(), "../7QK2M9XD")
	if check(t, err, gateway.ErrInvalid); len(server.Requests()) != 0 {
		t.Error("a request was sent")
	}
	for _, id := range []string{"INV-7QK2M9XD", "7QK2M9XD", "inv-7QK2M9XD"} {
		c, server := newCannedServer(t, 200, info(fullRecord))
		inv, err := c.Get(t.Context(), id)
		if err != nil || inv.ID != "INV-7QK2M9XD" {
			t.Fatal(err)
		}
		r := server.Requests()[0]
		if r.Method != "POST" || r.URI != "/v2/invoice/merchant/info" || r.Body != `{"uuids":["INV-7QK2M9XD"]}` ||
			r.Header.Get("Authorization") != "Token demo.key.1" {
			t.Errorf("%+v", r)
		}
	}
}

func TestFullRecord(t *testing.T) {
	c, _ := newCannedServer(t, 200, info(fullRecord))
	inv, err := c.Get(t.Context(), "7QK2M9XD")
	if err != nil {
		t.Fatal(err)
	}
	f := inv.Facts(time.Now())
	if f.Reference != "order-1" || f.Phase != gateway.PhasePaid || f.Amount.String() != "25.00" {
		t.Errorf("%+v", f)
	}
	if inv.InvoiceStatus != "success" || inv.Type != "up" || inv.TypePayments != "crypto" || *inv.Step != 3 || !*inv.TestMode || inv.PayURL != "" ||
		inv.UserEmail != "a@example.com" || inv.Phone != "" || *inv.IsEmailRequired || !slices.Equal(inv.TxList, []string{"0x1", "0x2"}) ||
		!inv.DateFinished.Equal(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)) || inv.SideCommission != "client" || inv.SideCommissionCC != "merchant" ||
		inv.AMLSide != "merchant" || !*inv.AMLEnabled {
		t.Errorf("%+v", inv)
	}
	for text, got := range map[string]gateway.Money{
		"25": inv.Amount, "25.0": inv.AmountUSD, "25.00": inv.AmountInFiat, "": inv.AmountInCrypto, "26.4": inv.AmountToPay, "26.40": inv.AmountPaid,
		"1.4": inv.Fee, "0.48": inv.ServiceFee, "24.52": inv.Received, "0": inv.ToSurcharge, "0.0": inv.ToSurchargeUSD, "2000": inv.TotalRUB, "0.5": inv.AMLCost,
	} {
		if got.String() != text {
			t.Errorf("%q, not %q", got, text)
		}
	}
}

// TestTransactions: a list without transactions differs from none at all.
func TestTransactions(t *testing.T) {
	for text, want := range map[string][]string{
		`[]`: {}, `[ ]`: {}, `["0x1",""]`: {"0x1"}, `[""]`: nil, `[null]`: nil, `["None"]`: nil, `null`: nil, `""`: nil, `"None"`: nil,
	} {
		c, _ := newCannedServer(t, 200, info(`{"uuid":"INV-7QK2M9XD","tx_list":`+text+`}`))
		inv, err := c.Get(t.Context(), "7QK2M9XD")
		if err != nil || !slices.Equal(inv.TxList, want) || (inv.TxList == nil) != (want == nil) {
			t.Errorf("%s: %#v, %v", text, inv.TxList, err)
		}
	}
	c, _ := newCannedServer(t, 200, info(record("INV-7QK2M9XD")))
	if inv, err := c.Get(t.Context(), "7QK2M9XD"); err != nil || inv.TxList != nil {
		t.Errorf("absent: %#v, %v", inv.TxList, err)
	}
	for _, text := range []string{`{}`, `"0x1"`, `1`} {
		c, _ := newCannedServer(t, 200, info(`{"uuid":"INV-7QK2M9XD","tx_list":`+text+`}`))
		_, err := c.Get(t.Context(), "7QK2M9XD")
		check(t, err, gateway.ErrUnexpected)
	}
}

// TestGetFinds: a response is matched by id, and not found is only what the
// gateway itself says.
func TestGetFinds(t *testing.T) {
	tests := []struct {
		name string
		body string
		kind error
	}{
		{"found", info(record("INV-7QK2M9XD")), nil},
		{"found without the prefix", info(record("7QK2M9XD")), nil},
		{"found twice", info(record("INV-7QK2M9XD"), record("INV-7QK2M9XD")), nil},
		{"nothing", info(), gateway.ErrNotFound},
		{"another one", info(record("INV-AAAAAAAA")), gateway.ErrUnexpected},
		{"another one beside", info(record("INV-AAAAAAAA"), record("INV-7QK2M9XD")), nil},
		{"another case", info(record("INV-7qk2m9xd")), gateway.ErrUnexpected},
		{"a record without an id", info(`{"status":"created"}`), gateway.ErrUnexpected},
		{"null", info(`null`), gateway.ErrUnexpected},
		{"an odd time", info(`{"uuid":"INV-7QK2M9XD","created":"yesterday"}`), gateway.ErrUnexpected},
		{"an odd amount", info(`{"uuid":"INV-7QK2M9XD","amount_in_fiat":"much"}`), gateway.ErrUnexpected},
		{"no array", `{"status":"success","result":` + record("INV-7QK2M9XD") + `}`, gateway.ErrUnexpected},
		{"null for an array", `{"status":"success","result":null}`, gateway.ErrUnexpected},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _ := newCannedServer(t, 200, test.body)
			inv, err := c.Get(t.Context(), "7QK2M9XD")
			if test.kind != nil {
				check(t, err, test.kind)
			} else if err != nil || inv.ID != "INV-7QK2M9XD" {
				t.Errorf("%v, %v", inv, err)
			}
		})
	}
}

// TestGetTogether: a response to several reads that lacks an invoice does not say
// that there is none. What the response to a read of its own lacks is not there.
func TestGetTogether(t *testing.T) {
	known := []string{"INV-AAAAAAAA", "INV-BBBBBBBB"}
	all := append(slices.Clone(known), "INV-GONEGONE")
	tests := []struct {
		name     string
		together string // the response to the three
		alone    []string
	}{
		{"the others", info(record(all[0]), record(all[1])), all[2:]},
		{"the first one", info(record(all[0])), all[1:]},
		{"a foreign one beside", info(record(all[0]), record("INV-CCCCCCCC")), all[1:]},
		{"a foreign one alone", info(record("INV-CCCCCCCC")), all},
		{"nothing", info(), all},
		{"an error", `{"status":"error","result":{"uuids":"Invalid value uuids."}}`, all},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				first := make(chan struct{})
				c, server := newTestServer(t, func(w http.ResponseWriter, body string) {
					var ask struct{ UUIDs []string }
					if err := json.Unmarshal([]byte(body), &ask); err != nil {
						t.Error(err)
					}
					switch {
					case ask.UUIDs[0] == "INV-FIRST":
						<-first
						clienttest.Reply(w, 200, info(record("INV-FIRST")))
					case len(ask.UUIDs) > 1:
						clienttest.Reply(w, 200, test.together)
					case slices.Contains(known, ask.UUIDs[0]):
						clienttest.Reply(w, 200, info(record(ask.UUIDs[0])))
					default:
						clienttest.Reply(w, 200, info())
					}
				})
				var group sync.WaitGroup
				for _, id := range append([]string{"INV-FIRST"}, all...) {
					group.Go(func() {
						inv, err := c.Get(t.Context(), id)
						if id == "INV-GONEGONE" {
							check(t, err, gateway.ErrNotFound)
						} else if err != nil || inv.ID != id {
							t.Errorf("%s: %v, %v", id, inv, err)
						}
					})
					synctest.Wait() // in this order
				}
				close(first)
				group.Wait()
				want := []string{`{"uuids":["INV-AAAAAAAA","INV-BBBBBBBB","INV-GONEGONE"]}`, `{"uuids":["INV-FIRST"]}`}
				for _, id := range test.alone {
					want = append(want, `{"uuids":["`+id+`"]}`)
				}
				slices.Sort(want)
				if got := bodies(server); !slices.Equal(got, want) {
					t.Errorf("%v, not %v", got, want)
				}
			})
		})
	}
}

func TestCancel(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		kind   error
	}{
		{"done", 200, `{"status":"success","result":["ok"]}`, nil},
		{"closed", 400, `{"status":"error","result":{"validate_error":"Invoice is not created"}}`, gateway.ErrClosed},
		{"closed, in other words", 409, `{"status":"error","result":{"validate_error":"Invoice is not created."}}`, gateway.ErrClosed},
		{"no id", 400, `{"status":"error","result":{"validate_error":"uuid is required"}}`, gateway.ErrInvalid},
		{"the key", 403, `{"detail":"Signature verification failed"}`, gateway.ErrUnauthorized},
		{"404", 404, `{"status":"error","result":{"validate_error":"Invoice not found"}}`, gateway.ErrUnexpected},
		{"out of order", 500, `{"status":"error","result":{"validate_error":"Invoice is not created"}}`, gateway.ErrUnavailable},
		{"a page", 200, `<html>`, gateway.ErrUnexpected},
		{"something else", 200, `{"status":"success","result":["no"]}`, gateway.ErrUnexpected},
		{"the invoice", 200, `{"status":"success","result":{"uuid":"INV-7QK2M9XD"}}`, gateway.ErrUnexpected},
		{"an error called success", 200, `{"status":"error","result":{"validate_error":"Invoice is not created"}}`, gateway.ErrClosed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, server := newCannedServer(t, test.status, test.body)
			err := clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: "INV-7QK2M9XD"}))
			if test.kind == nil {
				if err != nil {
					t.Error(err)
				}
			} else if failed := check(t, err, test.kind); failed.Operation != "cancel invoice" {
				t.Error(err)
			}
			r := server.Requests()[0]
			if r.Method != "POST" || r.URI != "/v2/invoice/merchant/canceled" || r.Body != `{"uuid":"INV-7QK2M9XD"}` {
				t.Errorf("%+v", r)
			}
		})
	}
	c, server := newCannedServer(t, 200, ``)
	for _, err := range []error{clienttest.CancelError(c.Cancel(t.Context(), &Invoice{})), clienttest.CancelError(c.Cancel(t.Context(), &Invoice{ID: "../x"}))} {
		check(t, err, gateway.ErrInvalid)
	}
	if len(server.Requests()) != 0 {
		t.Error("a request was sent")
	}
}

func TestStatus(t *testing.T) {
	for word, want := range map[string]gateway.Phase{
		"created": gateway.PhaseOpen, "paid": gateway.PhasePaid, "overpaid": gateway.PhaseOverpaid, "partial": gateway.PhaseUnderpaid,
		"canceled": gateway.PhaseCanceled, "cancelled": gateway.PhaseUnknown, "PAID": gateway.PhaseUnknown,
	} {
		c, server := newCannedServer(t, 200, `{"status":"success","status_invoice":"`+word+`"}`)
		status, phase, err := c.Status(t.Context(), "7QK2M9XD")
		if err != nil || status != word || phase != want {
			t.Errorf("%q: %q, %q, %v", word, status, phase, err)
		}
		r := server.Requests()[0]
		if r.Method != "GET" || r.URI != "/v1/invoice/info?uuid=INV-7QK2M9XD" || r.Body != "" ||
			r.Header.Get("Authorization") != "Token demo.key.1" || r.Header.Get("Content-Type") != "" {
			t.Errorf("%+v", r)
		}
	}
	for _, body := range []string{`{"status":"success"}`, `{"status":"success","status_invoice":null}`, `{"status_invoice":"paid"}`, `<html>`} {
		c, _ := newCannedServer(t, 200, body)
		status, phase, err := c.Status(t.Context(), "7QK2M9XD")
		if failed := check(t, err, gateway.ErrUnexpected); status != "" || phase != gateway.PhaseUnknown || failed.Operation != "check invoice status" {
			t.Errorf("%s: %q, %v", body, status, err)
		}
	}
	c, server := newCannedServer(t, 200, ``)
	_, _, err := c.Status(t.Context(), "INV-")
	check(t, err, gateway.ErrInvalid)
	if len(server.Requests()) != 0 {
		t.Error("a request was sent")
	}
}

func TestNormalizeID(t *testing.T) {
	for id, want := range map[string]string{
		"INV-7QK2M9XD": "INV-7QK2M9XD", "7QK2M9XD": "INV-7QK2M9XD", "inv-7QK2M9XD": "INV-7QK2M9XD", "7qk2m9xd": "INV-7qk2m9xd", "A": "INV-A",
		"INVOICE1": "INV-INVOICE1", "INV": "INV-INV", "INV-INV": "INV-INV",
	} {
		if got, err := NormalizeID(id); err != nil || got != want {
			t.Errorf("%q: %q, %v", id, got, err)
		}
	}
	for _, id := range []string{"", " ", "INV-", "INV--1", "INV-INV-7QK2M9XD", "INV-7QK 2M9XD", " INV-7QK2M9XD", "INV-7QK2M9XD\n", "../7QK2M9XD", "INV_7QK2M9XD", "ÄÖÜ", strings.Repeat("A", 65)} {
		if got, err := NormalizeID(id); err == nil {
			t.Errorf("%q became %q", id, got)
		}
	}
}

func TestFacts(t *testing.T) {
	for status, want := range map[string]gateway.Phase{
		"created": "open", "paid": "paid", "overpaid": "overpaid", "partial": "underpaid", "canceled": "canceled",
		"": "unknown", "cancelled": "unknown", "Paid": "unknown", "expired": "unknown", "refunded": "unknown",
	} {
		inv := &Invoice{ID: "INV-1", Status: status, ExpiryDate: time.Unix(0, 0)}
		if f := inv.Facts(time.Now()); f.Phase != want || f.Status != status {
			t.Errorf("%q is %q", status, f.Phase)
		}
	}
	for text, want := range map[string]string{`25.5`: "25.5", `0`: "", `0.0`: "", `"0.00"`: "", `null`: "", `"None"`: "", `"25.50"`: "25.50"} {
		o, err := parseObject([]byte(`{"uuid":"INV-1","amount":7,"amount_in_fiat":` + text + `}`))
		if err != nil {
			t.Fatal(err)
		}
		inv, err := readInvoice(o)
		if got := inv.Facts(time.Now()).Amount; err != nil || got.String() != want || got.IsPresent() != (want != "") {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

// TestFactsInDollars: amount_usd is the price where amount_in_fiat is not.
func TestFactsInDollars(t *testing.T) {
	for body, want := range map[string]string{
		`{"uuid":"INV-1","amount_in_fiat":0.0,"amount_usd":25.5}`:                      "25.5",
		`{"uuid":"INV-1","amount_usd":25.5}`:                                           "25.5",
		`{"uuid":"INV-1","amount_in_fiat":20,"amount_usd":25.5,"fiat_currency":"EUR"}`: "",
		`{"uuid":"INV-1","amount_in_fiat":0,"amount_usd":0}`:                           "",
	} {
		o, err := parseObject([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		inv, err := readInvoice(o)
		f := inv.Facts(time.Now())
		if err != nil || f.OriginalAmount.String() != want || (f.OriginalCurrency == "USD") != (want != "") {
			t.Errorf("%s: %q %q, %v", body, f.OriginalAmount, f.OriginalCurrency, err)
		}
	}
}

func TestCurrencies(t *testing.T) {
	if sorted := slices.Compact(slices.Sorted(slices.Values(Currencies))); len(Currencies) != 25 || len(sorted) != 25 || Currencies[0] != "USD" {
		t.Errorf("%v", Currencies)
	}
}

// TestReferenceNone: the gateway's word for null is not a reference.
func TestReferenceNone(t *testing.T) {
	c, _ := newCannedServer(t, 200, info(`{"uuid":"INV-7QK2M9XD","order_id":"None","link":"None"}`))
	inv, err := c.Get(t.Context(), "7QK2M9XD")
	if err != nil || inv.OrderID != "" || inv.Facts(time.Now()).Reference != "" || inv.Link != "" {
		t.Errorf("%+v, %v", inv, err)
	}
}

// TestErrorsKeepTheKey: neither an error nor its text holds the key.
func TestErrorsKeepTheKey(t *testing.T) {
	c, _ := newCannedServer(t, 400, `{"status":"error","result":{"validate_error":"bad key demo.key.1","x":"Token demo.key.1"}}`)
	if _, err := c.Get(t.Context(), "7QK2M9XD"); strings.Contains(err.Error(), "demo.key.1") {
		t.Error(err)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, server := newCannedServer(t, 200, createResponse)
	_, err := c.Create(ctx, Spec{Amount: clienttest.Amount(t, "1")})
	check(t, err, gateway.ErrUnavailable)
	if len(server.Requests()) != 0 {
		t.Error("a request was sent")
	}
}

func TestCancelShowsNoInvoice(t *testing.T) {
	c, _ := newCannedServer(t, 200, `{"status":"success","result":["ok"]}`)
	if _, shown, err := c.Cancel(t.Context(), &Invoice{ID: "INV-7QK2M9XD"}); shown || err != nil {
		t.Errorf("%v, %v", shown, err)
	}
}

func TestCheckAccountAsksNothing(t *testing.T) {
	c, server := newCannedServer(t, 401, ``)
	if err := c.CheckAccount(t.Context()); err != nil || len(server.Requests()) != 0 {
		t.Errorf("%v, %d requests", err, len(server.Requests()))
	}
}

func TestMoneyMoved(t *testing.T) {
	for name, test := range map[string]struct {
		record string
		moved  bool
	}{
		"unpaid":                             {`{"status":"created","amount_paid":0.0,"received":0,"tx_list":[]}`, false},
		"the postback's list of nothing":     {`{"status":"created","tx_list":[""]}`, false},
		"a list of none":                     {`{"status":"created","tx_list":["None",null]}`, false},
		"a part of it while created":         {`{"status":"created","amount_paid":1e-7}`, true},
		"a part of it in US dollars":         {`{"status":"created","amount_paid_usd":"0.01"}`, true},
		"received while created":             {`{"status":"created","received":0.5}`, true},
		"received in US dollars":             {`{"status":"created","received_usd":0.5}`, true},
		"a transaction while created":        {`{"status":"created","tx_list":["","ab12"]}`, true},
		"partial":                            {`{"status":"partial"}`, true},
		"overpaid":                           {`{"status":"overpaid"}`, true},
		"canceled":                           {`{"status":"canceled","amount_paid":0}`, false},
		"canceled with money, paid too late": {`{"status":"canceled","amount_paid":3}`, true},
		"amounts that say nothing":           {`{"status":"created","amount_to_pay":25.0,"fee":1.4,"service_fee":0.4}`, false},
	} {
		record, err := parseObject([]byte(test.record))
		if err != nil {
			t.Fatal(err)
		}
		inv, _ := readInvoice(record)
		if got := inv.Facts(time.Now()); got.MoneyMoved != test.moved {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestMovedGateway: only the documented new address is recommended, never the host
// that a redirect names.
func TestMovedGateway(t *testing.T) {
	for _, test := range []struct {
		endpoint, to string
		named        bool
	}{
		{DefaultEndpoint, "api.trybit.com", true},
		{"https://API.CryptoCloud.plus", "api.trybit.com", true},
		{DefaultEndpoint, "trybit.com", true},
		{"https://proxy.example.com/cc", "api.trybit.com", true},
		{"https://proxy.example.com/cc", "login.example.com", false},
		{NewEndpoint, "api.trybit.com", false},
		{NewEndpoint, "evil.example.net", false},
	} {
		for _, status := range []int{301, 302, 307, 308} {
			cfg := clienttest.Config(t, test.endpoint)
			cfg.RoundTripper = redirect{status, "https://" + test.to + "/v2/invoice/merchant/info"}
			c := New(Credentials{APIKey: "demo.key.1"}, cfg)
			_, err := c.Get(t.Context(), "INV-7QK2M9XD")
			check(t, err, gateway.ErrUnexpected)
			if strings.Contains(err.Error(), `cryptocloud.endpoint to "https://api.trybit.com"`) != test.named ||
				!strings.Contains(err.Error(), "redirect to "+test.to) || strings.Contains(err.Error(), `"https://`+test.to) != (test.named && test.to == "api.trybit.com") {
				t.Errorf("%s: %v", test.endpoint, err)
			}
			_, err = c.Create(t.Context(), Spec{Amount: clienttest.Amount(t, "25")})
			check(t, err, gateway.ErrOutcomeUnknown)
		}
	}
}

// redirect answers everything with a redirect.
type redirect struct {
	status int
	to     string
}

func (r redirect) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: r.status, Header: http.Header{"Location": {r.to}}, Body: http.NoBody}, nil
}

func TestNewerResponses(t *testing.T) {
	for told, want := range map[string]string{
		"pay.trybit.com/89UX09KA":           "https://pay.trybit.com/89UX09KA",
		"//pay.trybit.com/89UX09KA":         "https://pay.trybit.com/89UX09KA",
		"https://pay.trybit.com/89UX09KA":   "https://pay.trybit.com/89UX09KA",
		"http://127.0.0.1:4480/pay/89UX09K": "http://127.0.0.1:4480/pay/89UX09K",
		"":                                  "",
		"None":                              "",
	} {
		c, _ := newCannedServer(t, 200, `{"status":"success","result":[{"uuid":"INV-7QK2M9XD","link":"`+told+`","side_commission_service":"client","fee":1.499999996212864e-06,"amount":"25.00"}]}`)
		inv, err := c.Get(t.Context(), "INV-7QK2M9XD")
		if err != nil || inv.Link != want || inv.SideCommissionCC != "client" || inv.Fee.String() != "0.000001499999996212864" || inv.Amount.String() != "25.00" {
			t.Errorf("%q: %+v, %v", told, inv, err)
		}
	}
}
