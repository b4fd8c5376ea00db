package acceptance

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

var xpaysSpecimen = specimen{
	Name: "xpays", Title: "XPays", Reference: "order_id", Currency: "from_fiat_currency",
	Credentials: map[string]string{"api_key": xpays.APIKey, "secret_key": xpays.SecretKey}, NoEndpoint: true,
	CancelShows: true, UnknownMoves: true, LateIsCanceled: true, Retries401: true, Link: "payment_url", Status: "status", Open: "PENDING", Undocumented: "ON_HOLD",
	Arguments: []argument{
		{Name: "order_id", Value: `"order NAME"`, Other: `"another NAME"`, Required: true},
		{Name: "amount", Value: `"12.50"`, Other: `13`, Same: `12.5`, Required: true},
		{Name: "from_fiat_currency", Value: `"USD"`, Other: `"EUR"`, Required: true},
		{Name: "to_crypto_currency", Value: `"USDT"`, Other: `"TRX"`, Required: true},
		{Name: "chain", Value: `"tron"`, Other: `"bsc"`, Required: true},
		{
			Name: "additional_data", Value: `jsonencode({ cart = [1, 2], text = "<é>", fee = 0.0000001 })`, Other: `jsonencode({ cart = [1, 3], text = "<é>", fee = 0.0000001 })`,
			Same: `"{ \"text\": \"<\\u00e9>\", \"cart\": [ 1.0, 2 ], \"fee\": 1e-7 }"`,
		},
		{Name: "discount_percent", Value: `2.5`, Other: `3`, Same: `"2.50"`},
		{Name: "url_return", Value: `"https://shop.example/return"`, Other: `"https://shop.example/"`},
		{Name: "url_success", Value: `"https://shop.example/success"`, Other: `"https://shop.example/"`},
		{Name: "url_failed", Value: `"https://shop.example/failed"`, Other: `"https://shop.example/"`},
	},
	Requests: requests{
		Create: "POST /v1/payment/createInvoicePayment", Read: "GET /v1/payment/info", Cancel: "POST /v1/payment/cancel",
	},
	Events: map[simulator.Event]word{
		simulator.Pay:      {Status: "SUCCESS", Phase: gateway.PhasePaid},
		simulator.Underpay: {Status: "PENDING", Phase: gateway.PhaseOpen, Pays: true},
		simulator.Overpay:  {Status: "SUCCESS", Phase: gateway.PhasePaid},
		simulator.Expire:   {Status: "PENDING", Phase: gateway.PhaseExpired},
		simulator.Cancel:   {Status: "CANCELED", Phase: gateway.PhaseCanceled},
	},
	Computed: map[string]any{
		"id":                   aUUID,
		"status":               "PENDING",
		"phase":                "open",
		"money_moved":          false,
		"checkout_url":         regexp.MustCompile(`^https://xpays\.sandbox\.invalid/pay/[-0-9a-f]{36}$`),
		"created_at":           anInstant,
		"expires_at":           anInstant,
		"seq_num":              json.Number("1"),
		"network":              "testnet",
		"payment_status":       "PAYMENT_CHECKING",
		"payment_amount":       "12.227037669969352",
		"payer_paid_currency":  nil,
		"payer_paid_amount":    nil,
		"merchant_amount":      "0",
		"txid":                 nil,
		"address":              regexp.MustCompile(`^T[1-9A-Za-z]{33}$`),
		"from_address":         nil,
		"auto_convert":         false,
		"convert_to":           "USDT",
		"is_multiple_order":    true,
		"lifetime":             json.Number("900"),
		"fee_subtract":         "0",
		"fee_percent":          "0.4",
		"discount_amount":      "0.3125",
		"accuracy_percent":     "0.5",
		"support_currencies":   nil,
		"except_currencies":    nil,
		"exchange_rate":        "0.9967663737499999",
		"exchange_rate_source": "COINGECKO",
		"payment_match_type":   "EXACTLY",
		"is_completed":         false,
		"owned_by_group":       aUUID,
		"agent_id":             aUUID,
	},
	Least: map[string]any{
		"additional_data": "{}", "discount_percent": json.Number("0"), "discount_amount": "0", "payment_amount": "12.540551456378823",
	},
	Paid: map[string]any{
		"payment_status": "PAYMENT_PAID", "is_completed": true, "payer_paid_currency": "USDT", "payer_paid_amount": "12.540551456378823",
		"merchant_amount": "12.490389250553308", "txid": regexp.MustCompile(`^[0-9a-f]{64}$`), "from_address": regexp.MustCompile(`^T`),
	},
	Connect: func(cfg transport.Config) (lookup, error) {
		c, err := client.New(client.Credentials{APIKey: xpays.APIKey, SecretKey: xpays.SecretKey}, cfg)
		return lookupWith(c), err
	},
}

// TestXPaysSameOrder: a payment that is open and the same is what was ordered. XPays
// has no look-up, so applying again is how one is found whose answer was lost.
func TestXPaysSameOrder(t *testing.T) {
	t.Parallel()
	g := xpaysSpecimen
	s := providertest.NewStage(t, xpays.Behaviour{RepeatedOrder: xpays.RepeatedOrderExisting})
	now := time.Now()
	s.Set(now.Add(-5 * time.Minute))
	s.Intercept(providertest.Lose(1, only(g.Requests.Create)))
	w := s.Workspace(g.resource("it", g.own()))
	w.Apply().Fails(1)
	s.Set(now)

	report := w.Apply()
	report.Succeeds()
	it := w.Resource(g.address("it"))
	report.Find("warning", "is not a new one", it.Text("id"), "taken over", "order it")
	if n := g.count(s, g.Requests.Create); n != 2 {
		t.Errorf("%d creates", n)
	}
	w.Plan().IsEmpty()
	w.Destroy().IsSilent()
	g.expectStatus(t, s, it.Text("id"), simulator.Cancel)
}

// TestXPaysRepeatedOrder takes no older payment for a new one where XPays
// answers a create with the payment that has the order_id already.
func TestXPaysRepeatedOrder(t *testing.T) {
	t.Parallel()
	g := xpaysSpecimen
	existing := xpays.Behaviour{RepeatedOrder: xpays.RepeatedOrderExisting}
	for name, test := range map[string]struct {
		behaviour xpays.Behaviour
		existing  expressions
		happens   simulator.Event
		says      []string
	}{
		"canceled":          {existing, g.own(), simulator.Cancel, []string{"it is canceled"}},
		"paid":              {existing, g.own(), simulator.Pay, []string{"it is paid"}},
		"another amount":    {existing, g.own().with("amount", `26`), "", []string{"it is for 26 USD, not 12.50 USD"}},
		"answered with 409": {xpays.Behaviour{RepeatedOrder: xpays.RepeatedOrderConflict}, g.own(), "", []string{"HTTP 409", "choose another"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewStage(t, test.behaviour)
			shop := s.Workspace(g.resource("it", test.existing))
			shop.Apply().IsSilent()
			older := shop.Resource(g.address("it")).Text("id")
			if test.happens != "" {
				s.Happens(g.Name, &older, test.happens)()
			}
			w := s.Workspace(g.resource("it", g.own()))
			report := w.Apply()
			report.Fails(1)
			if d := report.Find("error", append(test.says, g.Title, "order it")...); strings.Contains(d.Detail, "adopt_existing") {
				t.Errorf("it advises what XPays does not have:\n%s", d)
			}
			if state := w.State(); len(state) > 0 {
				t.Errorf("the state holds %v", state)
			}
			g.expectStatus(t, s, older, test.happens)
		})
	}
}
