package acceptance

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	client "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

var hesabeSpecimen = specimen{
	Name: "hesabe", Title: "Hesabe", Reference: "reference_number",
	Credentials: map[string]string{
		"username": hesabe.Username, "password": hesabe.Password, "merchant_code": hesabe.MerchantCode,
		"access_code": hesabe.AccessCode, "secret_key": hesabe.SecretKey, "iv_key": hesabe.IVKey,
	},
	Finds: true, LooksFirst: true, ReadsBack: true, UnknownMoves: true, Checks: "GET /api/v1/invoice-dashboard", LateIsCanceled: true, Retries401: true, Guessed: []string{"invoice_type"}, Link: "url", Status: "invoice_status", Open: json.Number("0"), Undocumented: json.Number("2"),
	Readable: hesabe.Behaviour{Encoding: hesabe.EncodingPlain},
	Arguments: []argument{
		{Name: "amount", Value: `"20.250"`, Other: `20.5`, Same: `20.25`, Required: true},
		{Name: "invoice_type", Value: `"sms"`, Other: `"url"`, Needs: []string{"mobile_number", "country_code"}},
		{Name: "mobile_number", Value: `"66666666"`, Other: `"55555555"`},
		{Name: "country_code", Value: `"965"`, Other: `"966"`},
		{Name: "customer_name", Value: `"A. Customer"`, Other: `"B. Customer"`},
		{Name: "customer_email", Value: `"payer@example.com"`, Other: `"other@example.com"`},
		{Name: "reference_number", Value: `"order NAME"`, Other: `"another NAME"`},
		{Name: "description", Value: `"Two books"`, Other: `"Three books"`},
		{Name: "expires_at", Value: `"2099-03-01"`, Other: `"2099-03-02"`},
		{Name: "language", Value: `"ar"`, Other: `"en"`},
		{Name: "allocate_pay_type", Value: `[7, 1]`, Other: `[1]`, Same: `[1, 7]`},
		{
			Name:  "items",
			Value: `[{ title = "Book", rate = "10.125", quantity = 2, amount = 20.25 }]`,
			Other: `[{ title = "Book", rate = "10.125", quantity = 3, amount = 20.25 }]`,
			Same:  `[{ title = "Book", rate = "10.1250", quantity = "2", amount = "20.250" }]`,
		},
		{Name: "webhook", Value: `"https://shop.example/hook"`, Other: `"https://shop.example/other"`},
	},
	Requests: requests{
		Login: "POST /api/v1/login", Create: "POST /api/v1/invoice", Read: "GET /api/v1/invoice/{id}",
		Cancel: "PUT /api/v1/invoice/{id}", Find: "GET /api/v1/invoice-dashboard",
	},
	Events: map[simulator.Event]word{
		simulator.Pay:    {Status: "1", Phase: gateway.PhasePaid},
		simulator.Expire: {Status: "0", Phase: gateway.PhaseExpired},
		simulator.Cancel: {Status: "3", Phase: gateway.PhaseCanceled},
	},
	Computed: map[string]any{
		"id":                regexp.MustCompile(`^[1-9][0-9]+$`),
		"status":            "0",
		"phase":             "open",
		"money_moved":       false,
		"checkout_url":      regexp.MustCompile(`^https://hesabe\.sandbox\.invalid/s/[A-Z0-9]{8}$`),
		"created_at":        anInstant,
		"updated_at":        anInstant,
		"token":             regexp.MustCompile(`^[0-9]{20,}$`),
		"access_key":        regexp.MustCompile(`^[A-Z0-9]{8}$`),
		"service_charge":    "0.000",
		"discount":          "0.000",
		"visited_count":     json.Number("0"),
		"transaction_token": nil,
		"paid_at":           nil,
	},
	Least: map[string]any{
		"reference_number": generated, "invoice_type": "url", "expires_at": regexp.MustCompile(`^20[0-9]{2}-[01][0-9]-[0-3][0-9]$`),
		"language": "en", "allocate_pay_type": []any{json.Number("1"), json.Number("2")},
	},
	Paid: map[string]any{
		"transaction_token": regexp.MustCompile(`^842217[0-9]{20}$`), "paid_at": anInstant, "visited_count": json.Number("1"),
		"updated_at": anInstant,
	},
	Connect: func(cfg transport.Config) (lookup, error) {
		c, err := client.New(client.Credentials{
			Username: hesabe.Username, Password: hesabe.Password, MerchantCode: hesabe.MerchantCode,
			AccessCode: hesabe.AccessCode, SecretKey: hesabe.SecretKey, IVKey: hesabe.IVKey,
		}, cfg)
		return lookupWith(c), err
	},
}

// TestHesabeSMSNeedsNumber refuses to plan an SMS to nowhere.
func TestHesabeSMSNeedsNumber(t *testing.T) {
	t.Parallel()
	g := hesabeSpecimen
	needs := g.argument("invoice_type").Needs
	for _, missing := range [][]string{needs, needs[:1], needs[1:], nil} {
		s := providertest.NewStage(t)
		plan := s.Workspace(g.resource("it", g.all().without(missing...))).Plan()
		if len(missing) == 0 {
			plan.IsSilent()
			continue
		}
		plan.Fails(len(missing))
		for _, name := range needs {
			named := slices.ContainsFunc(plan.Errors(), func(d providertest.Diagnostic) bool { return strings.Contains(d.Summary, name) })
			if named != slices.Contains(missing, name) {
				t.Errorf("without %q it names %s: %v\n%s", missing, name, named, plan)
			}
		}
		s.ExpectCalls(g.Name)
	}

	// Nor is an invoice canceled to make such a one in its place.
	s := providertest.NewStage(t)
	w := s.Workspace(g.resource("it", g.fewest()))
	w.Apply().IsSilent()
	w.Configure(s.Config(g.resource("it", g.fewest().with("invoice_type", `"sms"`))))
	w.Apply().Fails(len(needs))
	g.expectStatus(t, s, w.Resource(g.address("it")).Text("id"), "")
}
