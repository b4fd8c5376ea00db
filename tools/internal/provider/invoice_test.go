package provider

import (
	"strings"
	"testing"
)

func TestInvoices(t *testing.T) {
	answer := `{"format_version": "1.0", "values": {"root_module": {"resources": [
		{"type": "payinvoice_hesabe_invoice", "name": "order", "values": {"id": "7", "amount": "7.500", "status": "3", "phase": "canceled", "token": "8"}},
		{"type": "payinvoice_hesabe_invoice", "name": "other", "values": {"id": "8"}},
		{"type": "payinvoice_meum_invoice", "name": "order", "values": {"id": "inv_1", "amount": "19.90", "status": "cancelled", "phase": "canceled"}}
	]}}}`
	got, err := Invoices([]byte(answer), "order")
	if err != nil {
		t.Fatal(err)
	}
	if want := (Invoice{ID: "7", Amount: "7.500", Status: "3", Phase: "canceled"}); got["hesabe"] != want {
		t.Errorf("hesabe: %+v, want %+v", got["hesabe"], want)
	}
	if len(got) != 2 || got["meum"].ID != "inv_1" {
		t.Errorf("invoices: %+v", got)
	}
	if got, err := Invoices([]byte(`{"format_version": "1.0"}`), "order"); err != nil || len(got) != 0 {
		t.Errorf("an empty state gives %+v, %v", got, err)
	}
}

func TestExample(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Example(root, "meum")
	if err != nil || !strings.HasPrefix(got, `resource "payinvoice_meum_invoice" "order" {`) || strings.Contains(got, "output") {
		t.Errorf("%s %v", got, err)
	}
	if got, err := Example(root, "paypal"); err == nil {
		t.Errorf("there is an example of no gateway: %s", got)
	}
}
