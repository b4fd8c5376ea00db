package meum_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestCreateResponse(t *testing.T) {
	g := start(t, meum.Behaviour{})
	got := g.post(body(`"amount":"100.5","external_order_id":"o","metadata":{"a":1}`))
	id, _ := got.object["id"].(string)
	if !regexp.MustCompile(`^inv_[0-9a-f]{32}$`).MatchString(id) {
		t.Errorf("id %q", id)
	}
	want := `201 {"amount":"100.5","checkout_url":"https://pay.meum.sandbox.invalid/` + id + `","currency":"USD",` +
		`"expires_at":"2099-12-31T23:59:59.999Z","id":"` + id + `","output_asset":"USDC","status":"awaiting_payment"}`
	if got.String() != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCreateTakes(t *testing.T) {
	g := start(t, meum.Behaviour{})
	for _, members := range []string{
		`"amount":"0.01"`,
		`"amount":"12345678901234567890.123456"`,
		`"currency":"EUR"`,
		`"store_id":"` + meum.StoreID + `"`,
		`"integration_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a"`,
		`"callback_url":"https://shop.example/hook?x=1"`,
		`"return_url":"https://shop.example/back"`,
		`"metadata":{}`,
		`"external_order_id":"` + strings.Repeat("ü/", 40000) + `"`,
	} {
		if got := g.post(body(members)); got.status != 201 {
			t.Errorf("%.60s: %.200s", members, got)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	g := start(t, meum.Behaviour{})
	tests := []struct{ body, message string }{
		{`{"currency":"USD"}`, "amount is required"},
		{`{"amount":"1"}`, "currency is required"},
		{body(`"amount":100`), "amount must be a string"},
		{body(`"amount":null`), "amount must be a string"},
		{body(`"amount":"0.00"`), "amount must be a positive decimal string"},
		{body(`"amount":"-1"`), "amount must be a positive decimal string"},
		{body(`"amount":"+1"`), "amount must be a positive decimal string"},
		{body(`"amount":"1e2"`), "amount must be a positive decimal string"},
		{body(`"amount":"1,000"`), "amount must be a positive decimal string"},
		{body(`"amount":"007"`), "amount must be a positive decimal string"},
		{body(`"amount":"1."`), "amount must be a positive decimal string"},
		{body(`"amount":" 1"`), "amount must be a positive decimal string"},
		{body(`"amount":""`), "amount must be a positive decimal string"},
		{body(`"currency":"usd"`), "currency must be an ISO 4217 code"},
		{body(`"currency":""`), "currency must be an ISO 4217 code"},
		{body(`"external_order_id":""`), "external_order_id must be a non-empty string"},
		{body(`"external_order_id":7`), "external_order_id must be a string"},
		{body(`"external_order_id":null`), "external_order_id must be a string"},
		{body(`"store_id":"x"`), "store_id must be a UUID"},
		{body(`"integration_id":"int_x"`), "integration_id must be a UUID"},
		{body(`"callback_url":"ftp://shop.example/hook"`), "callback_url must be a URL"},
		{body(`"callback_url":"shop.example"`), "callback_url must be a URL"},
		{body(`"return_url":"/back"`), "return_url must be a URL"},
		{body(`"return_url":"javascript:x"`), "return_url must be a URL"},
		{body(`"metadata":"{}"`), "metadata must be an object"},
		{body(`"metadata":[]`), "metadata must be an object"},
		{body(`"description":"x"`), "Unknown field: description"},
		{body(`"order_id":"x"`), "Unknown field: order_id"},
	}
	for _, test := range tests {
		want := `400 {"error":{"code":"invalid_request","message":"` + test.message + `","type":"invalid_request_error"}}`
		if got := g.post(test.body).String(); got != want {
			t.Errorf("%s: %s", test.body, got)
		}
	}
	for _, test := range []struct {
		behaviour meum.Behaviour
		body      string
		want      string
	}{
		{
			meum.Behaviour{}, body(`"store_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a"`),
			`403 {"error":{"code":"store_mismatch","message":"store_id does not belong to this key","type":"permission_error"}}`,
		},
		{
			meum.Behaviour{NoPayoutWallet: true}, body(""),
			`400 {"error":{"code":"payout_wallet_not_configured","message":"Configure a payout wallet first","type":"invalid_request_error"}}`,
		},
		{meum.Behaviour{FlatErrors: true}, `{}`, `400 {"error":"amount is required"}`},
	} {
		g.behave(test.behaviour)
		if got := g.post(test.body).String(); got != test.want {
			t.Errorf("%s: %s", test.body, got)
		}
	}
	if got := g.get(""); fmt.Sprint(got.object["data"]) != "[]" {
		t.Errorf("a refused create left an invoice: %s", got)
	}
}

func TestDuplicates(t *testing.T) {
	const same, other = `"external_order_id":"o"`, `"external_order_id":"o","amount":"7"`
	tests := []struct {
		name      string
		behaviour meum.Behaviour
		first     []simulator.Event // of the older invoice
		members   string            // of the second create
		status    int
		existing  bool // the second response is the older invoice
	}{
		{"201", meum.Behaviour{}, nil, same, 201, true},
		{"201, other amount", meum.Behaviour{}, nil, other, 201, true},
		{"another reference", meum.Behaviour{}, nil, `"external_order_id":"p"`, 201, false},
		{"no reference", meum.Behaviour{}, nil, ``, 201, false},
		{"quoted", meum.Behaviour{}, []simulator.Event{simulator.Quote}, same, 201, true},
		{"closed", meum.Behaviour{}, []simulator.Event{simulator.Cancel}, same, 201, false},
		{"closed counts", meum.Behaviour{DuplicateOfClosed: true}, []simulator.Event{simulator.Pay}, same, 201, true},
		{"200", meum.Behaviour{Duplicates: meum.ReturnExisting200}, nil, same, 200, true},
		{"another", meum.Behaviour{Duplicates: meum.CreateDuplicate, DuplicateOfClosed: true}, nil, same, 201, false},
		{"conflict, same", meum.Behaviour{DuplicateConflict: true}, nil, `"external_order_id":"o","amount":"100"`, 201, true},
		{"conflict, other amount", meum.Behaviour{DuplicateConflict: true}, nil, other, 409, false},
		{"conflict, other currency", meum.Behaviour{DuplicateConflict: true}, nil, same + `,"currency":"EUR"`, 409, false},
		{"conflict, closed", meum.Behaviour{DuplicateConflict: true}, []simulator.Event{simulator.Expire}, other, 201, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := start(t, test.behaviour)
			older := g.create(same)
			g.trigger(older, test.first...)
			got := g.post(body(test.members))
			if got.status != test.status || (got.object["id"] == older) != test.existing {
				t.Error(got)
			}
			if test.existing && got.object["amount"] != "100.00" {
				t.Errorf("not the older amount: %s", got)
			}
		})
	}
	t.Run("expired by the clock", func(t *testing.T) {
		g := start(t, meum.Behaviour{Lifetime: time.Hour})
		older := g.create(same)
		g.clock = g.clock.Add(2 * time.Hour)
		if newer := g.create(same); newer == older {
			t.Error("the expired invoice was answered")
		}
	})
}

func TestList(t *testing.T) {
	g := start(t, meum.Behaviour{Duplicates: meum.CreateDuplicate})
	var newest []string
	for i := range 7 {
		id := g.create(`"external_order_id":"ref-` + strconv.Itoa(i%2) + `"`)
		newest = append([]string{id}, newest...)
		if i%3 == 0 {
			g.trigger(id, simulator.Pay)
		}
		if i%2 == 0 { // some were created in the same moment
			g.clock = g.clock.Add(time.Minute)
		}
	}
	// Of creation 6, 5, … 0: 6, 3 and 0 are paid, the even ones have ref-0.
	pick := func(indexes ...int) (ids []string) {
		for _, i := range indexes {
			ids = append(ids, newest[6-i])
		}
		return ids
	}

	tests := []struct {
		query string
		want  []string
		more  bool
	}{
		{"", newest, false},
		{"?limit=7", newest, false},
		{"?limit=3", newest[:3], true},
		{"?limit=3&starting_after=" + newest[2], newest[3:6], true},
		{"?limit=3&starting_after=" + newest[5], newest[6:], false},
		{"?starting_after=" + newest[6], nil, false},
		{"?limit=2&ending_before=" + newest[6], newest[4:6], true},
		{"?limit=4&ending_before=" + newest[4], newest[:4], false},
		{"?ending_before=" + newest[0], nil, false},
		{"?status=paid", pick(6, 3, 0), false},
		{"?status=paid&limit=2", pick(6, 3), true},
		{"?status=paid&limit=2&starting_after=" + pick(3)[0], pick(0), false},
		{"?status=awaiting_payment", pick(5, 4, 2, 1), false},
		{"?status=failed", nil, false},
		{"?external_order_id=ref-0", pick(6, 4, 2, 0), false},
		{"?external_order_id=ref-0&status=paid", pick(6, 0), false},
		{"?external_order_id=ref-0&status=paid&limit=1", pick(6), true},
		{"?external_order_id=ref-", nil, false},
		{"?external_order_id=REF-0", nil, false},
		{"?external_order_id=", nil, false},
		{"?customer_id=" + meum.CustomerID, pick(6, 3, 0), false},
		{"?customer_id=" + meum.CustomerID + "&external_order_id=ref-1", pick(3), false},
		{"?customer_id=3c90c3cc-0d44-4b50-8888-8dd25736052a", nil, false},
		{"?payment_link_id=plink_00000000000000000000000000000000", nil, false},
	}
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			got := g.get(test.query)
			var found []string
			for _, item := range got.object["data"].([]any) {
				found = append(found, item.(map[string]any)["id"].(string))
			}
			next := any(nil)
			if test.more {
				next = test.want[len(test.want)-1]
			}
			if got.status != 200 || !slices.Equal(found, test.want) || got.object["has_more"] != test.more || got.object["next_cursor"] != next {
				t.Errorf("got %v, want %v: has_more %v, next_cursor %v", found, test.want, got.object["has_more"], got.object["next_cursor"])
			}
		})
	}

	t.Run("records are whole", func(t *testing.T) {
		record := g.get("?limit=1").object["data"].([]any)[0]
		if got := g.get("/" + newest[0]); fmt.Sprint(record) != fmt.Sprint(got.object) {
			t.Errorf("list %v\nget  %v", record, got.object)
		}
	})
	t.Run("cursor is a UUID", func(t *testing.T) {
		g.behave(meum.Behaviour{CursorIsUUID: true})
		var found []string
		query := "?limit=3"
		for {
			got := g.get(query)
			for _, item := range got.object["data"].([]any) {
				found = append(found, item.(map[string]any)["id"].(string))
			}
			cursor, more := got.object["next_cursor"].(string)
			if !more {
				break
			}
			if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(cursor) {
				t.Fatalf("cursor %q", cursor)
			}
			query = "?limit=3&starting_after=" + cursor
		}
		if !slices.Equal(found, newest) {
			t.Errorf("paged %v", found)
		}
		if got := g.get("?starting_after=" + newest[5]); len(got.object["data"].([]any)) != 1 {
			t.Errorf("an id as cursor: %s", got)
		}
	})
	t.Run("window", func(t *testing.T) {
		g.behave(meum.Behaviour{Window90Days: true})
		last := g.clock.Add(-time.Minute) // creation of 6
		g.clock = last.AddDate(0, 0, 90).Add(-time.Second)
		if data := g.get("").object["data"].([]any); len(data) != 2 { // 5 and 6 are of one moment
			t.Errorf("%d invoices after 90 days", len(data))
		}
		if data := g.get("?ending_before=" + newest[3]).object["data"].([]any); len(data) != 2 {
			t.Errorf("%d invoices after 90 days, backwards", len(data))
		}
		g.clock = g.clock.Add(2 * time.Second)
		if data := g.get("?external_order_id=ref-0").object["data"].([]any); len(data) != 0 {
			t.Errorf("%d invoices later", len(data))
		}
		g.behave(meum.Behaviour{})
		if data := g.get("").object["data"].([]any); len(data) != 7 {
			t.Errorf("%d invoices without a window", len(data))
		}
	})
}

func TestListRefuses(t *testing.T) {
	g := start(t, meum.Behaviour{})
	id := g.create("")
	for query, message := range map[string]string{
		"?limit=0":           "limit must be an integer from 1 to 100",
		"?limit=101":         "limit must be an integer from 1 to 100",
		"?limit=":            "limit must be an integer from 1 to 100",
		"?limit=ten":         "limit must be an integer from 1 to 100",
		"?limit=1&limit=2":   "limit must not be repeated",
		"?status=canceled":   "status must be one of pending, awaiting_payment, quoted, paid, underpaid, expired, failed, refunded, cancelled",
		"?customer_id=x":     "customer_id must be a UUID",
		"?payment_link_id=x": "payment_link_id must be an id such as plink_…",
		"?starting_after=x":  "starting_after must be an invoice id",
		"?starting_after=":   "starting_after must be an invoice id",
		"?ending_before=3c90c3cc-0d44-4b50-8888-8dd25736052a":  "ending_before must be an invoice id",
		"?starting_after=" + id + "&ending_before=" + id:       "starting_after and ending_before exclude each other",
		"?starting_after=inv_00000000000000000000000000000000": "There is no invoice inv_00000000000000000000000000000000 to continue from",
		"?created_after=2026-01-01":                            "Unknown parameter: created_after",
		"?reference=x":                                         "Unknown parameter: reference",
	} {
		want := `400 {"error":{"code":"invalid_request","message":"` + message + `","type":"invalid_request_error"}}`
		if got := g.get(query).String(); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
}
