package meum_test

import (
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
)

// TestIntegrationConflict: a reference of another integration is refused, in a
// form of its own.
func TestIntegrationConflict(t *testing.T) {
	integration := func(digit string) string {
		return `"external_order_id":"o","integration_id":"0000000` + digit + `-0000-4000-8000-000000000000"`
	}
	g := start(t, meum.Behaviour{})
	id := g.create(integration("1"))
	if again := g.create(integration("1")); again != id {
		t.Errorf("the same integration: %s, then %s", id, again)
	}
	if again := g.create(`"external_order_id":"o"`); again != id {
		t.Errorf("no integration: %s, then %s", id, again)
	}
	const want = `409 {"code":"EXTERNAL_ORDER_INTEGRATION_CONFLICT","error":"This external_order_id belongs to another integration"}`
	if got := g.post(body(integration("2"))); got.String() != want {
		t.Errorf("another integration: %s", got)
	}
}
