package meum

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func TestEdge(t *testing.T) {
	clienttest.Edge[Spec, *Invoice]{
		Connect: func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
			return New(Credentials{APIKey: "sk_live_demo"}, cfg)
		},
		Spec:    Spec{Amount: clienttest.Amount(t, "25")},
		Invoice: &Invoice{ID: theID},
		Alike:   []string{"a router, typed", "an app, typed", "a domain, typed"},
	}.Check(t)
}
