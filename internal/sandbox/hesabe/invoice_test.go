package hesabe

import (
	"encoding/json"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestCreateReturnsTheInvoice(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	inv := m.create(object{
		"amount": "15.000", "customerName": "sample", "customerEmail": "a@example.com",
		"referenceNumber": "31188232353", "description": "<Café & Söhne>", "expiresAt": "2025-05-30",
		"language": "ar", "allocatePayType": "1,2,7,9", "webhook": "https://shop.example/hook",
		"itemsList": []any{
			object{"itemTitle": "Tea", "rate": "7.5", "quantity": 2, "amount": "15.000"},
			object{"itemTitle": "Cup", "rate": "0", "quantity": "1", "amount": "0"},
		},
	})
	token, access := tokenOf(inv), inv["access_key"].(string)
	if !regexp.MustCompile(`^841748342161[0-9]{10}$`).MatchString(token) {
		t.Errorf("token %s", token)
	}
	if !regexp.MustCompile(`^[0-9A-Z]{8}$`).MatchString(access) {
		t.Errorf("access key %s", access)
	}
	want := `{"access_key":"` + access + `","amount":"15.000","attachment":"","country_id":null,` +
		`"created_at":"2025-05-27 13:36:01","created_by_merchant":{"id":84,"name":"test"},"created_id":84,` +
		`"customer":{"email":"a@example.com","name":"sample","phone_number":null},` +
		`"description":"\u003cCafé \u0026 Söhne\u003e","discount":"0.000","expires_at":"2025-05-30","id":` + idOf(inv) + `,` +
		`"invoice_status":0,"invoice_sub_type":3,"invoice_type":1,"language":"ar","merchant_id":"84",` +
		`"payment_method":["1","2","7","9"],"products":[` +
		`{"amount":"7.500","final_amount":"15.000","id":1,"name":"Tea","quantity":2},` +
		`{"amount":"0.000","final_amount":"0.000","id":2,"name":"Cup","quantity":1}],` +
		`"reference_number":"31188232353","service_charge":"0.000","sms_response":"","sms_status":0,` +
		`"split_access_key":"","spliturl":null,"subscription":null,"token":"` + token + `","transaction":null,` +
		`"updated_at":"2025-05-27 13:36:01","url":"https://hesabe.sandbox.invalid/s/` + access + `","url_status":1,"visited_count":0}`
	if got := asJSON(inv); got != want {
		t.Errorf("created\n got %s\nwant %s", got, want)
	}
	if got := asJSON(m.read(idOf(inv))); got != want {
		t.Errorf("read\n got %s\nwant %s", got, want)
	}
}

func TestCreateFillsIn(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	inv := m.create(object{"description": "", "customerName": ""})
	if inv["expires_at"] != "2025-05-30" || inv["language"] != "en" || asJSON(inv["products"]) != "[]" ||
		asJSON(inv["payment_method"]) != `["1","2"]` || inv["description"] != "" {
		t.Errorf("%v", inv)
	}
	if !regexp.MustCompile(`^84[0-9]{9}$`).MatchString(inv["reference_number"].(string)) {
		t.Errorf("reference %v", inv["reference_number"])
	}

	m.clock.now = time.Date(2025, 5, 27, 21, 0, 0, 999, time.UTC) // midnight in Kuwait
	m.login()
	if inv := m.create(nil); inv["created_at"] != "2025-05-28 00:00:00" || inv["expires_at"] != "2025-05-31" {
		t.Errorf("%v", inv)
	}
}

func TestCreateBySMS(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	inv := m.create(object{"invoiceType": "1", "mobileNumber": "66666666", "countryCode": "965"})
	if asJSON([]any{inv["invoice_sub_type"], inv["sms_status"], inv["url_status"]}) != "[0,1,0]" ||
		inv["customer"].(object)["phone_number"] != "66666666" {
		t.Errorf("%v", inv)
	}
}

func TestCreateRefuses(t *testing.T) {
	type fields = object
	for name, test := range map[string]struct {
		change fields // nil values are left out
		want   string // the first complaint, and its field
	}{
		"no amount":              {fields{"amount": nil}, `amount: The amount field is required.`},
		"amount of a number":     {fields{"amount": 20}, `amount: The amount must be a string.`},
		"amount null":            {fields{"amount": json.RawMessage("null")}, `amount: The amount must be a string.`},
		"amount with 2 decimals": {fields{"amount": "20.00"}, `amount: The amount must be above zero and have three decimals.`},
		"amount with 4 decimals": {fields{"amount": "20.0000"}, `amount: The amount must be above zero and have three decimals.`},
		"amount with exponent":   {fields{"amount": "2e1"}, `amount: The amount must be above zero and have three decimals.`},
		"amount with a sign":     {fields{"amount": "-1.000"}, `amount: The amount must be above zero and have three decimals.`},
		"amount of zero":         {fields{"amount": "0.000"}, `amount: The amount must be above zero and have three decimals.`},
		"amount with 0 in front": {fields{"amount": "01.000"}, `amount: The amount must be above zero and have three decimals.`},
		"no type":                {fields{"invoiceType": nil}, `invoiceType: The invoiceType field is required.`},
		"type of a number":       {fields{"invoiceType": 0}, `invoiceType: The invoiceType must be a string.`},
		"unknown type":           {fields{"invoiceType": "2"}, `invoiceType: The selected invoiceType is invalid.`},
		"SMS to nobody":          {fields{"invoiceType": "1", "countryCode": "965"}, `mobileNumber: The mobileNumber field is required.`},
		"SMS to nowhere":         {fields{"invoiceType": "1", "mobileNumber": "66666666"}, `countryCode: The countryCode field is required.`},
		"number with a plus":     {fields{"mobileNumber": "+96566666666"}, `mobileNumber: The mobileNumber format is invalid.`},
		"code with a plus":       {fields{"countryCode": "+965"}, `countryCode: The countryCode format is invalid.`},
		"code of letters":        {fields{"countryCode": "KW"}, `countryCode: The countryCode format is invalid.`},
		"name of a number":       {fields{"customerName": 1}, `customerName: The customerName must be a string.`},
		"bad email":              {fields{"customerEmail": "somebody"}, `customerEmail: The customerEmail must be a valid email address.`},
		"email with a name":      {fields{"customerEmail": "A <a@example.com>"}, `customerEmail: The customerEmail must be a valid email address.`},
		"reference of a number":  {fields{"referenceNumber": 7}, `referenceNumber: The referenceNumber must be a string.`},
		"unknown language":       {fields{"language": "fr"}, `language: The selected language is invalid.`},
		"a time for a date":      {fields{"expiresAt": "2025-05-30 10:00:00"}, `expiresAt: The expiresAt does not match the format Y-m-d.`},
		"no such date":           {fields{"expiresAt": "2025-02-30"}, `expiresAt: The expiresAt does not match the format Y-m-d.`},
		"a date of the past":     {fields{"expiresAt": "2025-05-26"}, `expiresAt: The expiresAt must be a date after or equal to today.`},
		"list of pay types":      {fields{"allocatePayType": []int{1, 2}}, `allocatePayType: The allocatePayType must be a string.`},
		"unknown pay type":       {fields{"allocatePayType": "1,3"}, `allocatePayType: The selected allocatePayType is invalid.`},
		"pay types with blanks":  {fields{"allocatePayType": "1, 2"}, `allocatePayType: The selected allocatePayType is invalid.`},
		"webhook without host":   {fields{"webhook": "/hook"}, `webhook: The webhook must be a valid URL.`},
		"webhook by another name": {fields{"webhookUrl": "https://shop.example"},
			`webhookUrl: The webhookUrl field is not allowed.`},
		"older field":          {fields{"invoiceSubType": "3"}, `invoiceSubType: The invoiceSubType field is not allowed.`},
		"currency":             {fields{"currency": "KWD"}, `currency: The currency field is not allowed.`},
		"items as text":        {fields{"itemsList": "[]"}, `itemsList: The itemsList must be an array.`},
		"item of text":         {fields{"itemsList": []any{"x"}}, `itemsList: The itemsList.0 must be an object.`},
		"item without title":   {fields{"itemsList": []any{fields{"rate": "1", "quantity": 1, "amount": "1"}}}, `itemsList.0.itemTitle: The itemTitle field is required.`},
		"item rate of number":  {fields{"itemsList": []any{fields{"itemTitle": "x", "rate": 1, "quantity": 1, "amount": "1"}}}, `itemsList.0.rate: The rate must be a string.`},
		"item rate of letters": {fields{"itemsList": []any{fields{"itemTitle": "x", "rate": "a", "quantity": 1, "amount": "1"}}}, `itemsList.0.rate: The rate format is invalid.`},
		"half an item": {fields{"itemsList": []any{fields{"itemTitle": "x", "rate": "1", "quantity": json.RawMessage("0.5"), "amount": "1"}}},
			`itemsList.0.quantity: The quantity must be a whole number above zero.`},
		"no quantity": {fields{"itemsList": []any{fields{"itemTitle": "x", "rate": "1", "amount": "1"}}}, `itemsList.0.quantity: The quantity field is required.`},
		"item with more": {fields{"itemsList": []any{fields{"itemTitle": "x", "rate": "1", "quantity": 1, "amount": "1", "sku": "1"}}},
			`itemsList.0.sku: The sku field is not allowed.`},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, Behaviour{})
			payload := object{"amount": "20.000", "invoiceType": "0"}
			for field, value := range test.change {
				if payload[field] = value; value == nil {
					delete(payload, field)
				}
			}
			status, body := m.call("POST", "/api/v1/invoice", payload)
			field, text, _ := strings.Cut(test.want, ": ")
			want, _ := json.Marshal(object{field: []string{text}})
			if status != 422 || body["status"] != false || asJSON(body["response"]) != string(want) {
				t.Errorf("%d %v", status, body)
			}
			if total := m.list("")["stats"].(object)["total_invoice_count"]; total != json.Number("0") {
				t.Errorf("%v invoices were made", total)
			}
		})
	}
}

func TestCreateBehaviours(t *testing.T) {
	t.Run("status 201", func(t *testing.T) {
		m := newMerchant(t, Behaviour{CreateStatus: 201})
		if status, _ := m.call("POST", "/api/v1/invoice", object{"amount": "1.000", "invoiceType": "0"}); status != 201 {
			t.Errorf("%d", status)
		}
	})
	t.Run("lists and plus", func(t *testing.T) {
		m := newMerchant(t, Behaviour{AllocatePayTypeList: true, PlusInCountryCode: true})
		for _, kinds := range []any{"1,2", []int{1, 2}, []string{"1", "2"}} {
			inv := m.create(object{"allocatePayType": kinds, "countryCode": "+965"})
			if asJSON(inv["payment_method"]) != `["1","2"]` {
				t.Errorf("%v", inv["payment_method"])
			}
		}
	})
	t.Run("older requirements", func(t *testing.T) {
		m := newMerchant(t, Behaviour{OlderRequirements: true, RefusalStatus: 400})
		status, body := m.call("POST", "/api/v1/invoice", object{"amount": "1.000", "invoiceType": "0"})
		want := `{"allocatePayType":["The allocatePayType field is required."],` +
			`"customerName":["The customerName field is required."],"expiresAt":["The expiresAt field is required."]}`
		if status != 400 || asJSON(body["response"]) != want {
			t.Errorf("%d %v", status, body)
		}
		m.create(object{"customerName": "x", "allocatePayType": "1", "expiresAt": "2025-05-27"})
	})
}

func TestDetails(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour Behaviour
		status    int
		notFound  string
	}{
		"documented":          {Behaviour{}, 404, bodyNotFound},
		"with status":         {Behaviour{NotFound: NotFoundStatus}, 404, bodyBadRequest},
		"encrypted":           {Behaviour{NotFound: NotFoundEncrypted}, 404, bodyBadRequest},
		"encrypted, by 200":   {Behaviour{NotFound: NotFoundEncrypted, RefusalStatus: 200}, 200, bodyBadRequest},
		"refusals by 200":     {Behaviour{RefusalStatus: 200}, 404, bodyNotFound},
		"without an envelope": {Behaviour{DetailsWithoutEnvelope: true}, 404, bodyNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, test.behaviour)
			inv := m.create(nil)
			_, body := m.call("GET", "/api/v1/invoice/"+idOf(inv), nil)
			if !test.behaviour.DetailsWithoutEnvelope {
				body = body["response"].(object)
			}
			if asJSON(body) != asJSON(inv) {
				t.Errorf("%v", body)
			}
			for _, id := range []string{"1", "0" + idOf(inv), "-1", "abc", tokenOf(inv)} {
				status, body := m.call("GET", "/api/v1/invoice/"+id, nil)
				var got, want any
				_ = json.Unmarshal([]byte(asJSON(body)), &got)
				_ = json.Unmarshal([]byte(test.notFound), &want)
				if status != test.status || asJSON(got) != asJSON(want) {
					t.Errorf("%s: %d %v", id, status, body)
				}
			}
		})
	}

	m := newMerchant(t, Behaviour{})
	inv := m.create(nil)
	if status, body := m.call("GET", "/api/v1/invoice/"+idOf(inv)+"?page=1", nil); status != 422 {
		t.Errorf("an unknown parameter: %d %v", status, body)
	}
	if status, body := m.call("GET", "/api/v1/invoice/"+idOf(inv), object{"id": "1"}); status != 422 {
		t.Errorf("an unknown field: %d %v", status, body)
	}
}

func TestCancel(t *testing.T) {
	const ok = `{"message":"Invoice status update successful","response":null,"status":true}`
	const failed = `{"message":"Invoice status update failed","response":null,"status":false}`
	late := func(m *merchant, _ object) { m.clock.advance(4 * 24 * time.Hour); m.login() }
	twice := func(m *merchant, inv object) { m.cancel(tokenOf(inv)) }
	paid := func(m *merchant, inv object) { m.trigger(inv, simulator.Pay) }
	for name, test := range map[string]struct {
		behaviour Behaviour
		before    func(m *merchant, inv object)
		status    int
		want      string
		after     string // invoice_status
	}{
		"unpaid":           {Behaviour{}, nil, 200, ok, "3"},
		"expired":          {Behaviour{}, late, 200, ok, "3"},
		"expired, refused": {Behaviour{ExpiredCancelRefused: true}, late, 422, failed, "0"},
		"unpaid, not late": {Behaviour{ExpiredCancelRefused: true}, nil, 200, ok, "3"},
		"paid":             {Behaviour{}, paid, 422, failed, "1"},
		"paid, by 200":     {Behaviour{RefusalStatus: 200}, paid, 200, failed, "1"},
		"paid, by 400":     {Behaviour{RefusalStatus: 400, RepeatCancelAccepted: true}, paid, 400, failed, "1"},
		"again":            {Behaviour{}, twice, 422, failed, "3"},
		"again, accepted":  {Behaviour{RepeatCancelAccepted: true}, twice, 200, ok, "3"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, test.behaviour)
			inv := m.create(nil)
			if test.before != nil {
				test.before(m, inv)
			}
			status, body := m.cancel(tokenOf(inv))
			if status != test.status || asJSON(body) != test.want {
				t.Errorf("%d %v", status, body)
			}
			if after := m.read(idOf(inv))["invoice_status"].(json.Number).String(); after != test.after {
				t.Errorf("the invoice has status %s", after)
			}
		})
	}
}

func TestCancelRefuses(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	inv := m.create(nil)
	for _, key := range []string{idOf(inv), "841748342161", "x"} {
		if status, body := m.cancel(key); status != 404 || asJSON(body) != bodyNotFound {
			t.Errorf("%s: %d %v", key, status, body)
		}
	}
	for want, payload := range map[string]object{
		`{"statusId":["The statusId field is required."]}`:   {},
		`{"statusId":["The selected statusId is invalid."]}`: {"statusId": "1"},
		`{"statusId":["The statusId must be a string."]}`:    {"statusId": 3},
		`{"id":["The id field is not allowed."]}`:            {"statusId": "3", "id": "1"},
	} {
		status, body := m.call("PUT", "/api/v1/invoice/"+tokenOf(inv), payload)
		if status != 422 || asJSON(body["response"]) != want {
			t.Errorf("%v: %d %v", payload, status, body)
		}
	}
	if m.read(idOf(inv))["invoice_status"] != json.Number("0") {
		t.Error("a refused cancel closed the invoice")
	}
}

func TestConcurrentCreates(t *testing.T) {
	m := newMerchant(t, Behaviour{PageSize: 100})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 5 {
				if status, body := m.call("POST", "/api/v1/invoice", object{"amount": "1.000", "invoiceType": "0"}); status != 200 {
					t.Errorf("%d %v", status, body)
				}
			}
		})
	}
	all.Wait()
	ids, tokens := map[string]bool{}, map[string]bool{}
	for _, row := range m.list("")["invoices"].(object)["data"].([]any) {
		ids[idOf(row.(object))] = true
		tokens[tokenOf(row.(object))] = true
	}
	if len(ids) != 100 || len(tokens) != 100 {
		t.Errorf("%d ids and %d tokens", len(ids), len(tokens))
	}
}
