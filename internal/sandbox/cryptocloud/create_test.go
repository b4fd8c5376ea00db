package cryptocloud_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestCreateResponse(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	got := g.create(`"amount":25.00,"order_id":"A-1"`)
	id := got["uuid"].(string)
	if !regexp.MustCompile(`^INV-[A-Z0-9]{8}$`).MatchString(id) {
		t.Errorf("id %q", id)
	}
	for member, want := range map[string]any{
		"created": "2026-03-01 09:15:02.481907", "expiry_date": "2026-03-02 09:15:02.471600",
		"amount": json.Number("25.0"), "amount_usd": json.Number("25.0"), "amount_in_fiat": json.Number("25.0"),
		"fee": json.Number("1.4"), "fee_usd": json.Number("1.4"),
		"service_fee": json.Number("0.48"), "service_fee_usd": json.Number("0.48"),
		"status": "created", "fiat_currency": "USD", "address": "", "invoice_id": nil, "test_mode": false,
		"link":            "https://pay.cryptocloud.sandbox.invalid/" + strings.TrimPrefix(id, "INV-"),
		"side_commission": "client", "side_commission_cc": "merchant", "type_payments": "crypto", "is_email_required": false,
	} {
		if got[member] != want {
			t.Errorf("%s is %v, want %v", member, got[member], want)
		}
	}
	if code := got["currency"].(map[string]any)["fullcode"]; code != "USDT_TRC20" {
		t.Errorf("currency %v", code)
	}
	if logo := got["project"].(map[string]any)["logo"]; logo != "None" {
		t.Errorf("logo %v", logo)
	}
	for _, absent := range []string{"order_id", "amount_in_crypto", "invoice_status", "tx_list"} {
		if _, has := got[absent]; has {
			t.Errorf("the response has %s", absent)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	shop := `"shop_id":"` + cryptocloud.ShopID + `"`
	good := `"amount":25,` + shop
	invalid := func(field string) string { return `{"` + field + `":"Invalid value ` + field + `."}` }
	const currencies = `{"currency":"Invalid account currency specified. Available currencies 'USD', 'UZS', 'KGS', 'KZT', ` +
		`'AMD', 'AZN', 'BYN', 'AUD', 'TRY', 'AED', 'CAD', 'CNY', 'HKD', 'IDR', 'INR', 'JPY', 'PHP', 'SGD', 'THB', 'VND', ` +
		`'MYR', 'RUB', 'UAH', 'EUR', 'GBP'."}`
	tests := []struct{ body, want string }{
		{`{}`, `{"amount":"amount not passed.","shop_id":"shop_id not passed."}`},
		{`{"amount":1}`, `{"shop_id":"shop_id not passed."}`},
		{`{` + shop + `}`, `{"amount":"amount not passed."}`},
		{`{"amount":25,"shop_id":""}`, invalid("shop_id")},
		{`{"amount":25,"shop_id":7}`, invalid("shop_id")},
		{`{"amount":null,` + shop + `}`, invalid("amount")},
		{`{"amount":0,` + shop + `}`, invalid("amount")},
		{`{"amount":0.00,` + shop + `}`, invalid("amount")},
		{`{"amount":"",` + shop + `}`, invalid("amount")},
		{`{"amount":"25 USD",` + shop + `}`, invalid("amount")},
		{`{"amount":true,` + shop + `}`, invalid("amount")},
		{`{"amount":-1,` + shop + `}`, invalid("amount")},
		{`{"amount":1e999999999,` + shop + `}`, invalid("amount")},
		{`{"amount":1` + strings.Repeat("0", 60) + `,` + shop + `}`, invalid("amount")},
		{`{` + good + `,"currency":"XXX"}`, currencies},
		{`{` + good + `,"currency":"usd"}`, currencies},
		{`{` + good + `,"currency":1}`, currencies},
		{`{` + good + `,"currency":null}`, currencies},
		{`{` + good + `,"order_id":1.5}`, invalid("order_id")},
		{`{` + good + `,"order_id":null}`, invalid("order_id")},
		{`{` + good + `,"email":{}}`, invalid("email")},
		{`{` + good + `,"orderid":"x"}`, invalid("orderid")},
		{`{` + good + `,"cryptocurrency":"BTC"}`, invalid("cryptocurrency")}, // it belongs into add_fields
		{`{` + good + `,"add_fields":[]}`, invalid("add_fields")},
		{`{` + good + `,"add_fields":{"ttl":1}}`, invalid("ttl")},
		{`{` + good + `,"add_fields":{"email":"a@b.example"}}`, invalid("email")},
		{`{` + good + `,"add_fields":{"time_to_pay":60}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"time_to_pay":{}}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"time_to_pay":{"hours":0,"minutes":0}}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"time_to_pay":{"hours":"1"}}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"time_to_pay":{"hours":1.5}}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"time_to_pay":{"hours":-1,"minutes":90}}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"time_to_pay":{"hours":9223372036854775807}}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"time_to_pay":{"hours":1,"seconds":1}}}`, invalid("time_to_pay")},
		{`{` + good + `,"add_fields":{"available_currencies":"BTC"}}`, invalid("available_currencies")},
		{`{` + good + `,"add_fields":{"available_currencies":["USDT"]}}`, invalid("available_currencies")},
		{`{` + good + `,"add_fields":{"cryptocurrency":"DOGE"}}`, invalid("cryptocurrency")},
		{`{` + good + `,"add_fields":{"cryptocurrency":null}}`, invalid("cryptocurrency")},
		{`{` + good + `,"add_fields":{"email_to_send":1}}`, invalid("email_to_send")},
		{`{` + good + `,"add_fields":{"email_to_send":"a@b.example","period":"hour"}}`, invalid("period")},
		{`{` + good + `,"add_fields":{"period":"day"}}`, invalid("period")},
		{`{"amount":0,` + shop + `,"email":1}`, `{"amount":"Invalid value amount.","email":"Invalid value email."}`},
	}
	g := start(t, cryptocloud.Behaviour{})
	for _, test := range tests {
		got := g.post(createPath, test.body)
		if want := `{"status":"error","result":` + test.want + `}`; got.status != 400 || got.body != want {
			t.Errorf("%.80s: %d %s", test.body, got.status, got.body)
		}
	}
	for query, want := range map[string]string{
		"?locale=":             invalid("locale"),
		"?locale=en&locale=ru": invalid("locale"),
		"?lang=en":             invalid("lang"),
	} {
		if got := g.post(createPath+query, `{`+good+`}`); got.status != 400 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", query, got.status, got.body)
		}
	}
	if list := g.post(listPath, `{"start":"01.03.2026","end":"01.03.2026"}`); !strings.Contains(list.body, `"all_count":0`) {
		t.Errorf("a refused create left an invoice: %s", list.body)
	}
}

func TestCreateTakesEverythingDocumented(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{TestMode: true})
	got := g.post(createPath+"?locale=ru", `{"shop_id":"`+cryptocloud.ShopID+`","amount":100.10,"currency":"EUR","order_id":1048,
		"email":"payer@shop.example","add_fields":{"time_to_pay":{"hours":0,"minutes":15},"available_currencies":["BTC","USDT_TON"],
		"cryptocurrency":"BTC","email_to_send":"payer@shop.example","period":"week"}}`).result(t).(map[string]any)
	record := g.info(got["uuid"].(string))[0]
	for member, want := range map[string]any{
		"order_id": "1048", "user_email": "payer@shop.example", "fiat_currency": "EUR", "test_mode": true,
		"amount_in_fiat": json.Number("100.1"), "amount_usd": json.Number("116.116"), "amount": json.Number("0.00193527"),
		"amount_in_crypto": json.Number("0.00193527"), "expiry_date": "2026-03-01 09:30:02.471600",
	} {
		if record[member] != want {
			t.Errorf("%s is %v, want %v", member, record[member], want)
		}
	}
	g.behave(cryptocloud.Behaviour{AmountInUSD: true})
	if amount := g.info(got["uuid"].(string))[0]["amount"]; amount != json.Number("116.116") {
		t.Errorf("amount in US dollars: %v", amount)
	}
	if !strings.HasPrefix(got["address"].(string), "sandbox-address-") {
		t.Errorf("address %v", got["address"])
	}
	if code := got["currency"].(map[string]any)["fullcode"]; code != "BTC" {
		t.Errorf("currency %v", code)
	}
}

func TestAmountKeepsItsDigits(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	for sent, want := range map[string]string{
		"12345678901234567890.123456789012": "12345678901234567890.123456789012",
		"0.1":                               "0.1", "10": "10.0", "10.0": "10.0", "10.00": "10.0", "10.10": "10.1", "1e2": "100.0", "2.50E-1": "0.25",
	} {
		got := g.create(`"amount":` + sent)
		for _, member := range []string{"amount", "amount_usd", "amount_in_fiat"} {
			if got[member] != json.Number(want) {
				t.Errorf("%s: %s is %v, want %s", sent, member, got[member], want)
			}
		}
	}
}

func TestEveryCurrency(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	for _, currency := range strings.Fields(
		"USD UZS KGS KZT AMD AZN BYN AUD TRY AED CAD CNY HKD IDR INR JPY PHP SGD THB VND MYR RUB UAH EUR GBP") {
		if got := g.create(`"currency":"` + currency + `"`); got["fiat_currency"] != currency || got["amount_in_fiat"] != json.Number("25.0") {
			t.Errorf("%s: %v", currency, got)
		}
	}
}

func TestAmountsOfPayments(t *testing.T) {
	tests := []struct {
		event simulator.Event
		want  map[string]any
	}{
		{"", map[string]any{
			"amount_paid": "0.0", "amount_paid_usd": "0", "received": "0.0", "received_usd": "0", "to_surcharge": "0.0",
			"amount_to_pay": "26.4", "amount_to_pay_usd": "26.4", "amount_in_crypto": "", "step": "1", "total_rub": "2000.0",
		}},
		{simulator.Pay, map[string]any{
			"amount_paid": "26.4", "amount_paid_usd": "26.4", "received": "24.52", "received_usd": "24.52", "to_surcharge": "0.0",
			"amount_in_crypto": "25.0", "step": "3",
		}},
		{simulator.Underpay, map[string]any{
			"amount_paid": "13.2", "received": "11.32", "to_surcharge": "13.2", "to_surcharge_usd": "13.2", "step": "1",
		}},
		{simulator.Overpay, map[string]any{"amount_paid": "29.04", "received": "27.16", "to_surcharge": "0.0", "step": "3"}},
	}
	for _, test := range tests {
		t.Run(string(test.event), func(t *testing.T) {
			g := start(t, cryptocloud.Behaviour{})
			id := g.create("")["uuid"]
			finished, hashes, invoiceStatus := any(nil), 0, "start"
			if test.event != "" {
				g.clock = g.clock.Add(time.Hour)
				g.trigger(id, test.event)
				hashes = 1
				if test.event != simulator.Underpay {
					finished, invoiceStatus = "2026-03-01 10:15:02.481907", "success"
				}
			}
			record := g.info(id.(string))[0]
			for member, want := range test.want {
				got := fmt.Sprint(record[member])
				if record[member] == nil {
					got = ""
				}
				if got != want {
					t.Errorf("%s is %v, want %v", member, got, want)
				}
			}
			if record["date_finished"] != finished || len(record["tx_list"].([]any)) != hashes || record["invoice_status"] != invoiceStatus {
				t.Errorf("record %v", record)
			}
		})
	}
}

func TestWordsForNothing(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	record := g.info(g.create("")["uuid"].(string))[0]
	for member, want := range map[string]any{
		"order_id": "None", "pay_url": "None", "user_email": "", "phone": "", "date_finished": nil, "invoice_id": nil, "type": "up",
	} {
		if record[member] != want {
			t.Errorf("%s is %v, want %v", member, record[member], want)
		}
	}
}

func TestFractionVanishesAtZero(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	g.clock = time.Date(2026, 3, 1, 12, 0, 0, 999, time.UTC) // less than a microsecond
	got := g.create("")
	if got["created"] != "2026-03-01 12:00:00" || got["expiry_date"] != "2026-03-02 12:00:00" {
		t.Errorf("created %v, expiry %v", got["created"], got["expiry_date"])
	}
}

func TestList(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	var newest []string
	for day := 1; day <= 3; day++ {
		for _, hour := range []int{0, 12, 23} {
			g.clock = time.Date(2026, 3, day, hour, 59, 59, 999_999_999, time.UTC)
			if hour == 0 {
				g.clock = time.Date(2026, 3, day, 0, 0, 0, 0, time.UTC)
			}
			id := g.create(`"order_id":"o"`)["uuid"].(string)
			newest = append([]string{id}, newest...)
		}
	}
	oldest := slices.Clone(newest)
	slices.Reverse(oldest)

	list := func(body string) (found []string, count any) {
		t.Helper()
		got := g.post(listPath, body)
		var envelope map[string]any
		decode(t, got.body, &envelope)
		return ids(got.records(t)), envelope["all_count"]
	}
	check := func(name string, behaviour cryptocloud.Behaviour, body string, want []string, count any) {
		t.Run(name, func(t *testing.T) {
			g.behave(behaviour)
			got, all := list(body)
			if !slices.Equal(got, want) || all != count {
				t.Errorf("%s: got %v of %v, want %v of %v", body, got, all, want, count)
			}
		})
	}
	const march = `"start":"01.03.2026","end":"31.03.2026"`
	nine := json.Number("9")
	main := cryptocloud.Behaviour{}
	check("all", main, `{`+march+`}`, newest, nine)
	check("one day", main, `{"start":"02.03.2026","end":"02.03.2026"}`, newest[3:6], json.Number("3"))
	check("before", main, `{"start":"01.01.1960","end":"28.02.2026"}`, nil, json.Number("0"))
	check("far", main, `{"start":"01.01.0001","end":"31.12.9999"}`, newest, nine)
	check("first page", main, `{`+march+`,"limit":2}`, newest[:2], nine)
	check("next page", main, `{`+march+`,"offset":2,"limit":2}`, newest[2:4], nine)
	check("last page", main, `{`+march+`,"offset":8,"limit":2}`, newest[8:], nine)
	check("beyond", main, `{`+march+`,"offset":9}`, nil, nine)
	check("oldest first", cryptocloud.Behaviour{OldestFirst: true}, `{`+march+`,"offset":1,"limit":3}`, oldest[1:4], nine)
	check("oldest first, one day", cryptocloud.Behaviour{OldestFirst: true}, `{"start":"02.03.2026","end":"02.03.2026"}`, oldest[3:6], json.Number("3"))
	check("no count", cryptocloud.Behaviour{NoAllCount: true}, `{`+march+`,"limit":1}`, newest[:1], nil)
	end := cryptocloud.Behaviour{LimitIsEnd: true}
	check("limit is end, first page", end, `{`+march+`,"limit":2}`, newest[:2], nine)
	check("limit is end, next page", end, `{`+march+`,"offset":2,"limit":4}`, newest[2:4], nine)
	check("limit is end, none", end, `{`+march+`,"offset":2,"limit":2}`, nil, nine)
	check("limit is end, default", end, `{`+march+`,"offset":2}`, newest[2:], nine)

	t.Run("records are whole", func(t *testing.T) {
		g.behave(cryptocloud.Behaviour{})
		records := g.post(listPath, `{`+march+`,"limit":1}`).records(t)
		if info := g.info(newest[0])[0]; fmt.Sprint(records[0]) != fmt.Sprint(info) {
			t.Errorf("list %v\ninfo %v", records[0], info)
		}
	})
}

func TestListRefuses(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	const days = `"start":"01.03.2026","end":"01.03.2026"`
	for body, want := range map[string]string{
		`{}`:                     `{"end":"end not passed.","start":"start not passed."}`,
		`{"start":"01.03.2026"}`: `{"end":"end not passed."}`,
		`{"start":"2026-03-01","end":"01.03.2026"}`: `{"start":"Invalid value start."}`,
		`{"start":"1.3.2026","end":"01.03.2026"}`:   `{"start":"Invalid value start."}`,
		`{"start":1,"end":"31.02.2026"}`:            `{"end":"Invalid value end.","start":"Invalid value start."}`,
		`{"start":"02.03.2026","end":"01.03.2026"}`: `{"validate_error":"end must not be earlier than start"}`,
		`{` + days + `,"limit":0}`:                  `{"limit":"Invalid value limit."}`,
		`{` + days + `,"limit":101}`:                `{"limit":"Invalid value limit."}`,
		`{` + days + `,"limit":"10"}`:               `{"limit":"Invalid value limit."}`,
		`{` + days + `,"offset":-1}`:                `{"offset":"Invalid value offset."}`,
		`{` + days + `,"offset":1.0}`:               `{"offset":"Invalid value offset."}`,
		`{` + days + `,"order_id":"x"}`:             `{"order_id":"Invalid value order_id."}`,
	} {
		if got := g.post(listPath, body); got.status != 400 || got.body != `{"status":"error","result":`+want+`}` {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}
