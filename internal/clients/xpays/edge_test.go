package xpays

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

func TestEdge(t *testing.T) {
	clienttest.Edge[Spec, *Invoice]{
		Connect: func(cfg transport.Config) gateway.Gateway[Spec, *Invoice] {
			c, err := New(demo, cfg)
			if err != nil {
				t.Fatal(err)
			}
			return c
		},
		Spec:    order(t),
		Invoice: &Invoice{ID: someID},
		Alike: []string{
			"Heroku", "Envoy", "nginx", "Express", "Go kit", "Supabase", "Fly", "Firebase", "Tyk",
		},
	}.Check(t)
}
