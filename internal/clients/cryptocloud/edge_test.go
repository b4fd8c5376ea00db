package cryptocloud

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func TestEdge(t *testing.T) {
	clienttest.Edge[Spec, *Invoice]{
		Connect: func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
			return New(Credentials{APIKey: "demo.key.1"}, cfg)
		},
		Spec:    Spec{Amount: clienttest.Amount(t, "25")},
		Invoice: &Invoice{ID: "INV-7QK2M9XD"},
	}.Check(t)
}
