package hesabe

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestResend(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	resend := func(fields object) (int, object) {
		return m.call("POST", "/api/v1/invoice/resend", fields)
	}
	inv := m.create(nil)
	to := func(changes object) object {
		fields := object{"resendId": idOf(inv), "mobileNumber": "66666666", "countryCode": "965"}
		for name, value := range changes {
			if fields[name] = value; value == nil {
				delete(fields, name)
			}
		}
		return fields
	}

	status, body := resend(to(nil))
	sent := body["response"].(object)
	if status != 200 || body["message"] != "Invoice Resent Successfully" || idOf(sent) != idOf(inv) || fmt.Sprint(sent["sms_status"]) != "1" {
		t.Errorf("%d %v", status, body)
	}
	if got := m.sim.Operation(httptest.NewRequest("POST", "/api/v1/invoice/resend", nil)); got != simulator.OpOther {
		t.Errorf("operation %q", got)
	}

	for field, value := range map[string]any{"resendId": nil, "mobileNumber": nil, "countryCode": nil, "extra": "x"} {
		status, body := resend(to(object{field: value}))
		if found, _ := body["response"].(object); status != 422 || len(found) != 1 || found[field] == nil {
			t.Errorf("%s %v: %d %v", field, value, status, body)
		}
	}
	if status, _ := resend(to(object{"mobileNumber": "x"})); status != 422 {
		t.Errorf("no number: %d", status)
	}
	if status, _ := resend(to(object{"resendId": "1"})); status != 404 {
		t.Errorf("unknown: %d", status)
	}
	m.trigger(inv, simulator.Pay)
	if status, body := resend(to(nil)); status != 422 || body["message"] != "Invoice resend failed" {
		t.Errorf("paid: %d %v", status, body)
	}
}

func TestInvoiceTypeOfSMS(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	inv := m.create(object{"invoiceType": "1", "mobileNumber": "66666666", "countryCode": "965"})
	if fmt.Sprint(inv["invoice_type"]) != "2" || fmt.Sprint(inv["invoice_sub_type"]) != "0" {
		t.Errorf("%v", inv)
	}
}

func TestFieldErrors(t *testing.T) {
	for member, behaviour := range map[string]FieldErrors{
		"response": FieldErrorsInResponse, "data": FieldErrorsInData, "errors": FieldErrorsInErrors,
	} {
		m := newMerchant(t, Behaviour{FieldErrors: behaviour, RefusalStatus: 400})
		status, body := m.call("POST", "/api/v1/invoice", object{"amount": "1", "invoiceType": "0"})
		found, _ := body[member].(object)
		if status != 400 || body["status"] != false || len(found) != 1 || found["amount"] == nil || len(body) != 3 {
			t.Errorf("%s: %d %v", member, status, body)
		}
	}
}
