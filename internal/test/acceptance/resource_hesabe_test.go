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
	name: "hesabe", title: "Hesabe", reference: "reference_number",
	credentials: map[string]string{
		"username": hesabe.Username, "password": hesabe.Password, "merchant_code": hesabe.MerchantCode,
		"access_code": hesabe.AccessCode, "secret_key": hesabe.SecretKey, "iv_key": hesabe.IVKey,
	},
	finds: true, looksFirst: true, readsBack: true, unknownMoves: true, checks: "GET /api/v1/invoice-dashboard", lateIsCanceled: true, retries401: true, guessed: []string{"invoice_type"}, link: "url", status: "invoice_status", open: json.Number("0"), undocumented: json.Number("2"),
	readable: hesabe.Behaviour{Encoding: hesabe.EncodingPlain},
	arguments: []argument{
		{name: "amount", value: `"20.250"`, other: `20.5`, same: `20.25`, required: true},
		{name: "invoice_type", value: `"sms"`, other: `"url"`, needs: []string{"mobile_number", "country_code"}},
		{name: "mobile_number", value: `"66666666"`, other: `"55555555"`},
		{name: "country_code", value: `"965"`, other: `"966"`},
		{name: "customer_name", value: `"A. Customer"`, other: `"B. Customer"`},
		{name: "customer_email", value: `"payer@example.com"`, other: `"other@example.com"`},
		{name: "reference_number", value: `"order NAME"`, other: `"another NAME"`},
		{name: "description", value: `"Two books"`, other: `"Three books"`},
		{name: "expires_at", value: `"2099-03-01"`, other: `"2099-03-02"`},
		{name: "language", value: `"ar"`, other: `"en"`},
		{name: "allocate_pay_type", value: `[7, 1]`, other: `[1]`, same: `[1, 7]`},
		{
			name:  "items",
			value: `[{ title = "Book", rate = "10.125", quantity = 2, amount = 20.25 }]`,
			other: `[{ title = "Book", rate = "10.125", quantity = 3, amount = 20.25 }]`,
			same:  `[{ title = "Book", rate = "10.1250", quantity = "2", amount = "20.250" }]`,
		},
		{name: "webhook", value: `"https://shop.example/hook"`, other: `"https://shop.example/other"`},
	},
	requests: requests{
		login: "POST /api/v1/login", create: "POST /api/v1/invoice", read: "GET /api/v1/invoice/{id}",
		cancel: "PUT /api/v1/invoice/{id}", find: "GET /api/v1/invoice-dashboard",
	},
	events: map[simulator.Event]word{
		simulator.Pay:    {status: "1", phase: gateway.PhasePaid},
		simulator.Expire: {status: "0", phase: gateway.PhaseExpired},
		simulator.Cancel: {status: "3", phase: gateway.PhaseCanceled},
	},
	computed: map[string]any{
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
	least: map[string]any{
		"reference_number": generated, "invoice_type": "url", "expires_at": regexp.MustCompile(`^20[0-9]{2}-[01][0-9]-[0-3][0-9]$`),
		"language": "en", "allocate_pay_type": []any{json.Number("1"), json.Number("2")},
	},
	paid: map[string]any{
		"transaction_token": regexp.MustCompile(`^842217[0-9]{20}$`), "paid_at": anInstant, "visited_count": json.Number("1"),
		"updated_at": anInstant,
	},
	connect: func(cfg transport.Config) (lookup, error) {
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
	needs := g.argument("invoice_type").needs
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
		s.ExpectCalls(g.name)
	}

	// Nor is an invoice canceled to make such a one in its place.
	s := providertest.NewStage(t)
	w := s.Workspace(g.resource("it", g.fewest()))
	w.Apply().IsSilent()
	w.Configure(s.Config(g.resource("it", g.fewest().with("invoice_type", `"sms"`))))
	w.Apply().Fails(len(needs))
	g.expectStatus(t, s, w.Resource(g.address("it")).Text("id"), "")
}
