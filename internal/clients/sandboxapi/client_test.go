package sandboxapi_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/sandboxapi"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/merchant"
)

// start serves a sandbox, and returns a client and a merchant of it.
func start(t *testing.T) (*sandbox.Sandbox, *sandboxapi.Client, merchant.Merchant) {
	t.Helper()
	s, err := sandbox.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	running, err := server.Start(t.Context(), server.Config{Sandbox: s})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(running.Close(), s.Close()); err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(running.URL())
	if err != nil {
		t.Fatal(err)
	}
	return s, sandboxapi.New(transport.Config{Endpoint: address}), sandboxtest.Merchant(t, running.URL())
}

func TestTrigger(t *testing.T) {
	s, client, merchant := start(t)
	if err := client.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	made := merchant.Create("meum", "order-1001", nil)
	if err := s.Advance(t.Context(), 48*time.Hour); err != nil {
		t.Fatal(err)
	}
	pay := sandboxapi.Event{Gateway: "meum", InvoiceID: made.ID, Name: "pay"}
	outcome, err := client.Trigger(t.Context(), pay)
	if err != nil || outcome.InvoiceID != made.ID || outcome.Phase != "paid" || outcome.Status != "paid" {
		t.Fatalf("%+v, %v", outcome, err)
	}
	if ahead := time.Until(outcome.HappenedAt); ahead < 47*time.Hour {
		t.Errorf("it happened at %s, not by the sandbox's clock", outcome.HappenedAt)
	}
}

// TestRefusals: what the sandbox refuses did not happen, and is not in doubt.
func TestRefusals(t *testing.T) {
	_, client, merchant := start(t)
	made := merchant.Create("meum", "order-1001", nil)
	for name, test := range map[string]struct {
		event sandboxapi.Event
		kind  error
	}{
		"unknown invoice": {sandboxapi.Event{Gateway: "meum", InvoiceID: "inv_0123456789abcdef0123456789abcdef", Name: "pay"}, gateway.ErrNotFound},
		"unknown gateway": {sandboxapi.Event{Gateway: "acme", InvoiceID: made.ID, Name: "pay"}, gateway.ErrNotFound},
		"not now":         {sandboxapi.Event{Gateway: "meum", InvoiceID: made.ID, Name: "refund"}, gateway.ErrClosed},
		"unknown event":   {sandboxapi.Event{Gateway: "meum", InvoiceID: made.ID, Name: "steal"}, gateway.ErrInvalid},
		"too much":        {sandboxapi.Event{Gateway: "meum", InvoiceID: made.ID, Name: "underpay", Amount: "1000000"}, gateway.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.Trigger(t.Context(), test.event)
			if !errors.Is(err, test.kind) || errors.Is(err, gateway.ErrOutcomeUnknown) {
				t.Errorf("error %v, want %v", err, test.kind)
			}
		})
	}
}
