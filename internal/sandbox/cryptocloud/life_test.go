package cryptocloud_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestLifeCycle(t *testing.T) {
	const (
		forgotten = ""
		pay       = simulator.Pay
		under     = simulator.Underpay
		over      = simulator.Overpay
		expire    = simulator.Expire
		cancel    = simulator.Cancel
		forget    = simulator.Forget
		failed    = simulator.NotificationFailed
	)
	tests := []struct {
		events   []simulator.Event
		status   string
		refused  []simulator.Event // then
		testMode bool
	}{
		{nil, "created", []simulator.Event{failed, "nonsense"}, false},
		{[]simulator.Event{pay}, "paid", []simulator.Event{pay, under, over, expire, cancel, failed}, false},
		{[]simulator.Event{over}, "overpaid", []simulator.Event{pay, under, over, expire, cancel}, false},
		{[]simulator.Event{under}, "partial", []simulator.Event{under, expire, cancel}, false},
		{[]simulator.Event{under, pay}, "paid", []simulator.Event{pay}, false},
		{[]simulator.Event{under, over}, "overpaid", nil, false},
		{[]simulator.Event{cancel}, "canceled", []simulator.Event{pay, under, over, expire, cancel}, false},
		{[]simulator.Event{expire}, "canceled", []simulator.Event{pay, cancel, expire}, false},
		{[]simulator.Event{forget}, forgotten, nil, false},
		{[]simulator.Event{pay, forget}, forgotten, nil, false},
		{[]simulator.Event{pay, failed}, "created", []simulator.Event{failed}, true},
		{[]simulator.Event{pay, failed, pay}, "paid", nil, true},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.events), func(t *testing.T) {
			g := start(t, cryptocloud.Behaviour{TestMode: test.testMode})
			id := g.create("")["uuid"].(string)
			g.trigger(id, test.events...)

			records := g.info(id)
			if test.status == forgotten {
				if len(records) != 0 {
					t.Errorf("info still knows %v", records)
				}
				if _, err := g.Trigger(t.Context(), id, pay, ""); !errors.Is(err, simulator.ErrNoInvoice) {
					t.Errorf("Trigger: %v", err)
				}
				list := g.post(listPath, `{"start":"01.03.2026","end":"01.03.2026"}`)
				if !strings.Contains(list.body, `"all_count":0`) {
					t.Errorf("list: %s", list.body)
				}
				return
			}
			if records[0]["status"] != test.status || records[0]["test_mode"] != test.testMode {
				t.Errorf("record %v", records[0])
			}
			for _, event := range test.refused {
				refusal := simulator.ErrNotApplicable
				if event == "nonsense" {
					refusal = simulator.ErrUnknownEvent
				}
				if _, err := g.Trigger(t.Context(), id, event, ""); !errors.Is(err, refusal) {
					t.Errorf("then %s: %v", event, err)
				}
			}
		})
	}
}

// TestFinishedWhenToppedUp: a partly paid invoice is not finished before the rest
// is paid.
func TestFinishedWhenToppedUp(t *testing.T) {
	for _, event := range []simulator.Event{simulator.Pay, simulator.Overpay} {
		g := start(t, cryptocloud.Behaviour{})
		id := g.create("")["uuid"].(string)
		g.trigger(id, simulator.Underpay)
		if record := g.info(id)[0]; record["date_finished"] != nil {
			t.Errorf("partly paid: %v", record)
		}
		g.clock = g.clock.Add(time.Hour)
		g.trigger(id, event)
		if record := g.info(id)[0]; record["date_finished"] != "2026-03-01 10:15:02.481907" || len(record["tx_list"].([]any)) != 2 {
			t.Errorf("then %s: %v", event, record)
		}
	}
}

func TestHappenWithoutInvoice(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	for _, id := range []string{"", "INV-AAAAAAAA", "AAAAAAAA", "nonsense"} {
		if _, err := g.Trigger(t.Context(), id, simulator.Pay, ""); !errors.Is(err, simulator.ErrNoInvoice) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestExpiry(t *testing.T) {
	g := start(t, cryptocloud.Behaviour{})
	id := g.create(`"add_fields":{"time_to_pay":{"hours":1,"minutes":30}}`)["uuid"].(string)
	partly := g.create("")["uuid"].(string)
	g.trigger(partly, simulator.Underpay)

	g.clock = g.clock.Add(89 * time.Minute)
	if status := g.info(id)[0]["status"]; status != "created" {
		t.Errorf("before the deadline: %v", status)
	}
	g.clock = g.clock.Add(time.Minute)
	record := g.info(id)[0]
	if record["status"] != "canceled" || record["date_finished"] != record["expiry_date"] || record["invoice_status"] != "start" {
		t.Errorf("past the deadline: %v", record)
	}
	if got := g.post(cancelPath, `{"uuid":"`+id+`"}`); got.status != 400 {
		t.Errorf("cancel past the deadline: %d %s", got.status, got.body)
	}
	if _, err := g.Trigger(t.Context(), id, simulator.Pay, ""); !errors.Is(err, simulator.ErrNotApplicable) {
		t.Errorf("payment past the deadline: %v", err)
	}
	g.clock = g.clock.AddDate(0, 1, 0)
	if status := g.info(partly)[0]["status"]; status != "partial" {
		t.Errorf("a partly paid one past the deadline: %v", status)
	}
}

func TestCancel(t *testing.T) {
	const (
		notCreated = `{"status":"error","result":{"validate_error":"Invoice is not created"}}`
		required   = `{"status":"error","result":{"validate_error":"uuid is required"}}`
	)
	g := start(t, cryptocloud.Behaviour{})
	full := g.create("")["uuid"].(string)
	bare := strings.TrimPrefix(g.create("")["uuid"].(string), "INV-")
	paid := g.create("")["uuid"].(string)
	g.trigger(paid, simulator.Pay)

	for _, test := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"full id", `{"uuid":"` + full + `"}`, 200, `{"status":"success","result":["ok"]}`},
		{"bare id", `{"uuid":"` + bare + `"}`, 200, `{"status":"success","result":["ok"]}`},
		{"again", `{"uuid":"` + full + `"}`, 400, notCreated},
		{"paid", `{"uuid":"` + paid + `"}`, 400, notCreated},
		{"unknown", `{"uuid":"INV-AAAAAAAA"}`, 400, notCreated},
		{"malformed", `{"uuid":"INV-INV-AAAAAAAA"}`, 400, notCreated},
		{"missing", `{}`, 400, required},
		{"empty", `{"uuid":""}`, 400, required},
		{"null", `{"uuid":null}`, 400, required},
		{"number", `{"uuid":1}`, 400, `{"status":"error","result":{"uuid":"Invalid value uuid."}}`},
		{"another member", `{"uuid":"` + full + `","shop_id":"x"}`, 400, notCreated},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := g.post(cancelPath, test.body); got.status != test.status || got.body != test.want {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	if record := g.info(full)[0]; record["status"] != "canceled" || record["date_finished"] == nil {
		t.Errorf("record %v", record)
	}
	g.behave(cryptocloud.Behaviour{UnknownCancelNotFound: true})
	if got := g.post(cancelPath, `{"uuid":"INV-AAAAAAAA"}`); got.status != 404 {
		t.Errorf("unknown: %d %s", got.status, got.body)
	}
}
