package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/tools/internal/provider"
)

var gateways = []string{"cryptocloud", "hesabe", "meum", "xpays"}

// sample returns an invoice at each gateway, in this phase.
func sample(phase string) map[string]provider.Invoice {
	invoices := make(map[string]provider.Invoice)
	for _, gateway := range gateways {
		invoices[gateway] = provider.Invoice{ID: gateway + "-1", Amount: "1.00", Status: "word", Phase: phase, CheckoutURL: "https://pay.example/" + gateway}
	}
	return invoices
}

func TestChecks(t *testing.T) {
	created := func(found map[string]provider.Invoice) error { return checkCreated(gateways, found) }
	proof := func(found map[string]provider.Invoice) error { return checkProof(sample("open"), found) }
	tests := map[string]struct {
		check   func(map[string]provider.Invoice) error
		phase   string
		change  func(map[string]provider.Invoice)
		wantErr string // none if empty
	}{
		"created": {check: created, phase: "open"},
		"created, none there": {
			check: created, phase: "open",
			change:  func(found map[string]provider.Invoice) { clear(found) },
			wantErr: "cryptocloud: the invoice has no id",
		},
		"created, expired at once": {check: created, phase: "expired", wantErr: `hesabe: the invoice hesabe-1 is in phase "expired", not "open"`},
		"created, no page": {
			check: created, phase: "open",
			change: func(found map[string]provider.Invoice) {
				found["xpays"] = provider.Invoice{ID: "xpays-1", Phase: "open"}
			},
			wantErr: "xpays: the invoice xpays-1 has no payment page",
		},
		"proof":            {check: proof, phase: "canceled"},
		"proof, all open":  {check: proof, phase: "open", wantErr: "meum: the invoice meum-1 is not canceled: status word, phase open"},
		"proof, paid":      {check: proof, phase: "paid", wantErr: "phase paid"},
		"proof, one lacks": {check: proof, phase: "canceled", change: func(found map[string]provider.Invoice) { delete(found, "meum") }, wantErr: "meum: the invoice meum-1 was not found"},
		"proof, another invoice": {
			check: proof, phase: "canceled",
			change: func(found map[string]provider.Invoice) {
				found["meum"] = provider.Invoice{ID: "meum-2", Phase: "canceled"}
			},
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

func TestPrintTable(t *testing.T) {
	var out bytes.Buffer
	if err := printTable(&out, sample("open")); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	if len(lines) != 1+len(gateways) {
		t.Fatalf("the table has %d lines:\n%s", len(lines), out.String())
	}
	if want := "   meum         meum-1         1.00    word    open   https://pay.example/meum"; lines[3] != want {
		t.Errorf("line %q, want %q", lines[3], want)
	}
}
