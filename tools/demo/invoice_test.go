package main

import (
	"bytes"
	"strings"
	"testing"
)

// sample returns an invoice at each gateway, in this phase.
func sample(phase string) map[string]invoice {
	invoices := make(map[string]invoice)
	for _, gateway := range gateways {
		invoices[gateway] = invoice{ID: gateway + "-1", Amount: "1.00", Status: "word", Phase: phase, CheckoutURL: "https://pay.example/" + gateway}
	}
	return invoices
}

func TestChecks(t *testing.T) {
	proof := func(found map[string]invoice) error { return checkProof(sample("open"), found) }
	tests := map[string]struct {
		check   func(map[string]invoice) error
		phase   string
		change  func(map[string]invoice)
		wantErr string // none if empty
	}{
		"created": {check: checkCreated, phase: "open"},
		"created, none there": {
			check: checkCreated, phase: "open",
			change:  func(found map[string]invoice) { clear(found) },
			wantErr: "cryptocloud: the invoice has no id",
		},
		"created, expired at once": {check: checkCreated, phase: "expired", wantErr: `hesabe: the invoice hesabe-1 is in phase "expired", not "open"`},
		"created, no page": {
			check: checkCreated, phase: "open",
			change:  func(found map[string]invoice) { found["xpays"] = invoice{ID: "xpays-1", Phase: "open"} },
			wantErr: "xpays: the invoice xpays-1 has no payment page",
		},
		"proof":            {check: proof, phase: "canceled"},
		"proof, all open":  {check: proof, phase: "open", wantErr: "meum: the invoice meum-1 is not canceled: status word, phase open"},
		"proof, paid":      {check: proof, phase: "paid", wantErr: "phase paid"},
		"proof, one lacks": {check: proof, phase: "canceled", change: func(found map[string]invoice) { delete(found, "meum") }, wantErr: "meum: the invoice meum-1 was not found"},
		"proof, another invoice": {
			check: proof, phase: "canceled",
			change:  func(found map[string]invoice) { found["meum"] = invoice{ID: "meum-2", Phase: "canceled"} },
			wantErr: "meum: the invoice found is meum-2, not meum-1",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			found := sample(test.phase)
			if test.change != nil {
				test.change(found)
			}
			err := test.check(found)
			switch {
			case test.wantErr == "" && err != nil:
				t.Error(err)
			case test.wantErr != "" && (err == nil || !strings.Contains(err.Error(), test.wantErr)):
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
		})
	}
}

func TestParseState(t *testing.T) {
	answer := `{"format_version": "1.0", "values": {"root_module": {"resources": [
		{"type": "payinvoice_hesabe_invoice", "values": {"id": "7", "amount": "7.500", "status": "3", "phase": "canceled", "token": "8"}},
		{"type": "payinvoice_meum_invoice", "values": {"id": "inv_1", "amount": "19.90", "status": "cancelled", "phase": "canceled"}}
	]}}}`
	got, err := parseState([]byte(answer))
	if err != nil {
		t.Fatal(err)
	}
	if want := (invoice{ID: "7", Amount: "7.500", Status: "3", Phase: "canceled"}); got["hesabe"] != want {
		t.Errorf("hesabe: %+v, want %+v", got["hesabe"], want)
	}
	if len(got) != 2 || got["meum"].ID != "inv_1" {
		t.Errorf("invoices: %+v", got)
	}
	if got, err := parseState([]byte(`{"format_version": "1.0"}`)); err != nil || len(got) != 0 {
		t.Errorf("an empty state gives %+v, %v", got, err)
	}
}

func TestPrintTable(t *testing.T) {
	var out bytes.Buffer
	if err := printTable(&out, sample("open")); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	if len(lines) != 1+len(gateways) {
		t.Fatalf("the table has %d lines:\n%s", len(lines), out.String())
	}
	if want := "   meum         meum-1         1.00    word    open   https://pay.example/meum"; lines[4] != want {
		t.Errorf("line %q, want %q", lines[4], want)
	}
}
