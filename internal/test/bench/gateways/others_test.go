package main

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

func TestCrowd(t *testing.T) {
	const others = 3
	for _, g := range gatewaytest.Specimens() {
		if g.Listing == nil {
			continue
		}
		t.Run(g.Name, func(t *testing.T) {
			simulated, err := sandbox.Open(t.TempDir(), sandbox.WithTemporaryStore())
			if err != nil {
				t.Fatal(err)
			}
			defer simulated.Close()
			busy, err := crowd(g, simulated.Handler(g.Name), simulated, others)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(busy)
			defer server.Close()
			endpoint, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			measured, err := g.Connect(transport.Config{Endpoint: endpoint})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := measured.Create(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
			}
			invoices, err := simulated.Invoices(t.Context(), g.Name, "")
			if err != nil || len(invoices) != 2*(1+others) {
				t.Errorf("%d invoices, %v; want 2 with %d others each", len(invoices), err, others)
			}
		})
	}
}
