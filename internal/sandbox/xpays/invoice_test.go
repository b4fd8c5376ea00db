package xpays

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

const (
	wordsPending  = `["PAYMENT_CHECKING","PENDING",false]`
	wordsPaid     = `["PAYMENT_PAID","SUCCESS",true]`
	wordsCanceled = `["PAYMENT_CANCELED","CANCELED",true]`
)

// The payment that https://xpays-docs.pages.dev/payment/cancel prints, before
// it was canceled.
func TestCreateReturnsThePayment(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	p := m.create(object{
		"url_return": "https://xpays.life/return", "url_success": "https://xpays.life/success", "url_failed": "https://xpays.life/failed",
		"additional_data": object{"cart": []any{1, "<b>"}},
	})
	id, address := idOf(p), p["address"].(string)
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("id %s", id)
	}
	if !regexp.MustCompile(`^T[1-9A-HJ-NP-Za-km-z]{33}$`).MatchString(address) {
		t.Errorf("address %s", address)
	}
	want := `{"accuracy_percent":0.5,"additional_data":{"cart":[1,"<b>"]},"address":"` + address + `","agent_id":"` + agentID + `",` +
		`"amount":"2","auto_convert":false,"chain":"tron","convert_to":"USDT","created_at":"2024-11-25T06:38:21.260Z",` +
		`"discount_amount":0,"discount_percent":0,"except_currencies":null,"exchange_rate":0.9967663737499999,` +
		`"exchange_rate_source":"COINGECKO","expired_at":"2024-11-25T06:53:21.256Z","fee_percent":0.4,"fee_subtract":0,` +
		`"from_address":null,"from_fiat_currency":"USD","id":"` + id + `","is_completed":false,"is_multiple_order":true,` +
		`"lifetime":900,"merchant_amount":0,"network":"testnet","order_id":"391","owned_by_group":"` + ownedByGroup + `",` +
		`"payer_paid_amount":null,"payer_paid_currency":null,"payment_amount":2.0064882330206117,"payment_match_type":"EXACTLY",` +
		`"payment_status":"PAYMENT_CHECKING","payment_url":"https://xpays.sandbox.invalid/pay/` + id + `","seq_num":1,` +
		`"status":"PENDING","support_currencies":null,"to_crypto_currency":"USDT","txid":null,` +
		`"url_failed":"https://xpays.life/failed","url_return":"https://xpays.life/return","url_success":"https://xpays.life/success"}`
	if got := asJSON(p); got != want {
		t.Errorf("created\n got %s\nwant %s", got, want)
	}
	if got := asJSON(m.read(id)); got != want {
		t.Errorf("read\n got %s\nwant %s", got, want)
	}
	status, body := m.cancel(id)
	want = strings.NewReplacer("PAYMENT_CHECKING", "PAYMENT_CANCELED", "PENDING", "CANCELED", `"is_completed":false`, `"is_completed":true`).Replace(want)
	if got := asJSON(body["data"]); status != 200 || got != want {
		t.Errorf("canceled\n got %s\nwant %s", got, want)
	}
}

func TestCreateTakes(t *testing.T) {
	for name, test := range map[string]struct {
		change object
		want   string // members of the response
	}{
		"order of a number":  {object{"order_id": 391}, `{"order_id":"391"}`},
		"order of letters":   {object{"order_id": "A/1 é"}, `{"order_id":"A/1 é"}`},
		"amount as it is":    {object{"amount": "12.50"}, `{"amount":"12.50","payment_amount":12.540551456378823}`},
		"an amount of a lot": {object{"amount": "123456789012345678901234.5"}, `{"payment_amount":1.2385729721988998e+23}`},
		"a tiny amount":      {object{"amount": "0.00000001"}, `{"payment_amount":1.0032441165103058e-8}`},
		"a discount": {
			object{"amount": "100", "discount_percent": 12.5},
			`{"amount":"100","discount_amount":12.5,"discount_percent":12.5,"payment_amount":87.78386019465177}`,
		},
		"another currency": {object{"from_fiat_currency": "THB"}, `{"exchange_rate":32.346065594561246,"from_fiat_currency":"THB"}`},
		"another coin":     {object{"to_crypto_currency": "BTC"}, `{"convert_to":"BTC","to_crypto_currency":"BTC"}`},
		"no URLs":          {object{}, `{"url_failed":null,"url_return":null,"url_success":null}`},
		"an empty URL":     {object{"url_return": ""}, `{"url_return":""}`},
		"no data":          {object{}, `{"additional_data":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			p := newMerchant(t, Behaviour{}).create(test.change)
			var want object
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			for member := range want {
				want[member] = p[member]
			}
			if got := asJSON(want); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if p := newMerchant(t, Behaviour{}).create(object{"chain": "ethereum"}); !regexp.MustCompile(`^0x[0-9a-f]{40}$`).MatchString(p["address"].(string)) {
		t.Errorf("address %v", p["address"])
	}
}

func TestCreateRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		change object
		want   string
	}{
		"no order":            {object{"order_id": nil}, "order_id is required"},
		"empty order":         {object{"order_id": ""}, "order_id is required"},
		"order of a boolean":  {object{"order_id": true}, "order_id must be a string"},
		"long order":          {object{"order_id": strings.Repeat("x", maxText+1)}, "order_id is too long"},
		"no amount":           {object{"amount": nil}, "amount is required"},
		"amount of a number":  {object{"amount": 2}, "amount must be a string"},
		"amount of zero":      {object{"amount": "0.00"}, "amount must be a decimal number above zero"},
		"amount with a sign":  {object{"amount": "-2"}, "amount must be a decimal number above zero"},
		"amount with e":       {object{"amount": "2e1"}, "amount must be a decimal number above zero"},
		"amount with a comma": {object{"amount": "2,5"}, "amount must be a decimal number above zero"},
		"no fiat":             {object{"from_fiat_currency": nil}, "from_fiat_currency is required"},
		"fiat in lower case":  {object{"from_fiat_currency": "usd"}, "from_fiat_currency must be a currency code"},
		"no crypto":           {object{"to_crypto_currency": nil}, "to_crypto_currency is required"},
		"no chain":            {object{"chain": nil}, "chain is required"},
		"chain by its name":   {object{"chain": "Tron Network"}, "chain must be a chain id"},
		"data of text":        {object{"additional_data": "{}"}, "additional_data must be an object"},
		"data of an array":    {object{"additional_data": []any{}}, "additional_data must be an object"},
		"data null":           {object{"additional_data": json.RawMessage("null")}, "additional_data must be an object"},
		"discount of text":    {object{"discount_percent": "5"}, "discount_percent must be a number"},
		"negative discount":   {object{"discount_percent": -1}, "discount_percent must be from 0 to less than 100"},
		"everything off":      {object{"discount_percent": 100}, "discount_percent must be from 0 to less than 100"},
		"URL of a number":     {object{"url_return": 1}, "url_return must be a string"},
		"URL null":            {object{"url_failed": json.RawMessage("null")}, "url_failed must be a string"},
		"unknown field":       {object{"lifetime": 60}, "lifetime should not exist"},
		"later generation":    {object{"from_currency": "USD"}, "from_currency should not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, Behaviour{})
			status, body := m.call("POST", pathCreate, order(test.change))
			if status != 400 || asJSON(body) != `{"error":"`+test.want+`"}` {
				t.Errorf("%d %v", status, body)
			}
			if p := m.create(nil); p["seq_num"] != json.Number("1") {
				t.Error("a payment was made")
			}
		})
	}
}

func TestGetShapes(t *testing.T) {
	t.Run("flat", func(t *testing.T) {
		m := newMerchant(t, Behaviour{Get: GetFlat})
		p := m.create(nil)
		if _, body := m.call("GET", pathInfo+idOf(p), ""); asJSON(body["data"]) != asJSON(p) {
			t.Errorf("%v", body)
		}
	})
	t.Run("siblings", func(t *testing.T) {
		m := newMerchant(t, Behaviour{Get: GetSiblings})
		p := m.create(nil)
		_, body := m.call("GET", pathInfo+idOf(p), "")
		if asJSON(body["data"]) != `{"payment":`+asJSON(p)+`,"transaction":null,"transaction_fiat":null}` {
			t.Errorf("%v", body)
		}
		m.trigger(p, simulator.Pay)
		_, body = m.call("GET", pathInfo+idOf(p), "")
		data := body["data"].(object)
		if data["transaction"].(object)["txid"] != data["payment"].(object)["txid"] || data["transaction_fiat"] != nil {
			t.Errorf("%v", body)
		}
	})
	t.Run("full envelope", func(t *testing.T) {
		m := newMerchant(t, Behaviour{FullEnvelope: true})
		p := m.create(nil)
		if _, body := m.call("GET", pathInfo+idOf(p), ""); asJSON(body) != `{"code":0,"data":{"payment":`+asJSON(p)+`},"message":"success","success":true}` {
			t.Errorf("%v", body)
		}
	})
}

func TestMemberBehaviours(t *testing.T) {
	m := newMerchant(t, Behaviour{EmptyURLs: true, SingleOrder: true, PendingPaymentStatus: "PAYMENT_PENDING"})
	p := m.create(object{"url_return": "https://shop.example"})
	got := asJSON([]any{p["url_return"], p["url_success"], p["url_failed"], p["is_multiple_order"], p["payment_status"]})
	if got != `["https://shop.example","","",false,"PAYMENT_PENDING"]` {
		t.Errorf("%s", got)
	}
}

func TestRepeatedOrders(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour RepeatedOrder
		status    int
		same      bool
	}{
		"new":      {RepeatedOrderNew, 200, false},
		"existing": {RepeatedOrderExisting, 200, true},
		"conflict": {RepeatedOrderConflict, 409, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, Behaviour{RepeatedOrder: test.behaviour})
			first := m.create(nil)
			status, body := m.call("POST", pathCreate, order(object{"order_id": 391, "amount": "7"}))
			if status != test.status {
				t.Fatalf("%d %v", status, body)
			}
			if status == 409 {
				if asJSON(body) != `{"error":"Duplicate order_id"}` {
					t.Errorf("%v", body)
				}
				m.trigger(first, simulator.Forget)
				m.create(nil) // the order is free again
				return
			}
			second := body["data"].(object)
			if (idOf(first) == idOf(second)) != test.same || (asJSON(first) == asJSON(second)) != test.same {
				t.Errorf("%v", second)
			}
			if !test.same {
				m.trigger(second, simulator.Forget) // leaves the first alone
				m.read(idOf(first))
			}
		})
	}
}

func TestCancel(t *testing.T) {
	late := func(m *merchant, _ object) { m.clock.advance(lifetime) }
	event := func(e simulator.Event) func(*merchant, object) {
		return func(m *merchant, p object) { m.trigger(p, e) }
	}
	refused := `{"error":"Payment cannot be cancelled"}`
	for name, test := range map[string]struct {
		behaviour Behaviour
		before    func(*merchant, object)
		refused   bool
		after     string
	}{
		"pending":              {Behaviour{}, nil, false, wordsCanceled},
		"expired":              {Behaviour{}, late, false, wordsCanceled},
		"expired, refused":     {Behaviour{ExpiredCancelRefused: true}, late, true, wordsPending},
		"pending, not expired": {Behaviour{ExpiredCancelRefused: true}, nil, false, wordsCanceled},
		"shown as expired":     {Behaviour{ExpiryShown: true}, late, false, wordsCanceled},
		"paid":                 {Behaviour{}, event(simulator.Pay), true, wordsPaid},
		"underpaid":            {Behaviour{}, event(simulator.Underpay), false, wordsCanceled},
		"overpaid":             {Behaviour{}, event(simulator.Overpay), true, wordsPaid},
		"again":                {Behaviour{}, event(simulator.Cancel), false, wordsCanceled},
		"again, refused":       {Behaviour{RepeatCancelRefused: true}, event(simulator.Cancel), true, wordsCanceled},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, test.behaviour)
			p := m.create(nil)
			if test.before != nil {
				test.before(m, p)
			}
			status, body := m.cancel(idOf(p))
			switch {
			case test.refused && (status != 400 || asJSON(body) != refused):
				t.Errorf("%d %v", status, body)
			case !test.refused && (status != 200 || asJSON(body["data"]) != asJSON(m.read(idOf(p)))):
				t.Errorf("%d %v", status, body)
			}
			if got := words(m.read(idOf(p))); got != test.after {
				t.Errorf("the payment is %s", got)
			}
		})
	}
}

func TestConcurrentCreates(t *testing.T) {
	m := newMerchant(t, Behaviour{RepeatedOrder: RepeatedOrderExisting})
	ids := make(chan string, 100)
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			status, body := m.call("POST", pathCreate, order(object{"order_id": fmt.Sprint(i % 10)}))
			if status != 200 {
				t.Errorf("%d %v", status, body)
				return
			}
			ids <- idOf(body["data"].(object))
		})
	}
	all.Wait()
	close(ids)
	different := map[string]bool{}
	for id := range ids {
		different[id] = true
	}
	if len(different) != 10 {
		t.Errorf("%d payments for 10 orders", len(different))
	}
}

func TestStoreIsShared(t *testing.T) {
	dir := t.TempDir()
	m := newMerchant(t, Behaviour{})
	var ids []string
	for range 3 { // as three processes would
		s, err := store.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		m.sim = New(s.Namespace("xpays"), m.clock.Now, Behaviour{})
		ids = append(ids, idOf(m.create(nil)))
		for _, id := range ids {
			m.read(id)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if status, body := m.call("GET", pathInfo+ids[0], ""); status != 500 || !strings.HasPrefix(body["error"].(string), "Internal Server Error: sandbox store") {
		t.Errorf("a closed store: %d %v", status, body)
	}
}
