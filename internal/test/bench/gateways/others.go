package main

import (
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
)

// crowd makes a gateway's account busy: each create is followed by some of
// others. Where there is no list, nobody notices them, so there are none.
func crowd(g gatewaytest.Specimen, next http.Handler, simulated *sandbox.Sandbox, others int) (http.Handler, error) {
	if g.Listing == nil || others == 0 {
		return next, nil
	}
	client, err := g.Inside(simulated)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if operationOf(r) != "create" {
			return
		}
		for range others {
			if _, err := client.Create(r.Context(), ""); err != nil {
				panic(err) // the measurement would be of a quiet account
			}
		}
	}), nil
}
