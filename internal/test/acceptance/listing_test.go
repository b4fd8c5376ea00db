package acceptance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	cryptocloudclient "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	hesabeclient "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/hesabe"
	meumclient "github.com/payinvoice/terraform-provider-payinvoice/internal/clients/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/cryptocloud"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// many is how many invoices the tests of long lists make: three pages of a
// hundred.
const many = 250

// listable are the gateways that can list invoices.
var listable = []string{"cryptocloud", "hesabe", "meum"}

// opened is when the first of the listed invoices is made; each is a second
// younger than the one before. It is the same day in UTC and in Kuwait.
var opened = time.Date(time.Now().Year()-1, time.March, 3, 9, 0, 0, 0, time.UTC)

// theDay are the arguments of a listing that are required: cryptocloud's days.
func theDay(g specimen) expressions {
	if g.Name != "cryptocloud" {
		return expressions{}
	}
	day := strconv.Quote(opened.Format(time.DateOnly))
	return expressions{"start": day, "end": day}
}

// shop makes invoices as another system would: without Terraform, and without
// a trace in the requests.
type shop func(ctx context.Context, reference string) (gateway.Facts, error)

func (g specimen) shop(t *testing.T, s *providertest.Stage) shop {
	t.Helper()
	endpoint, err := transport.ParseEndpoint(sandbox.Endpoint(g.Name))
	if err != nil {
		t.Fatal(err)
	}
	amount, err := gateway.ParseAmount("25")
	if err != nil {
		t.Fatal(err)
	}
	cfg := transport.Config{Endpoint: endpoint, RoundTripper: s.Sandbox.Transport()}
	switch g.Name {
	case "cryptocloud":
		return shopOf(cryptocloudclient.New(cryptocloudclient.Credentials{APIKey: cryptocloud.APIKey}, cfg), func(reference string) cryptocloudclient.Spec {
			return cryptocloudclient.Spec{Amount: amount, Currency: "USD", ShopID: cryptocloud.ShopID, OrderID: reference}
		})
	case "hesabe":
		c, err := hesabeclient.New(hesabeclient.Credentials{
			Username: hesabe.Username, Password: hesabe.Password, MerchantCode: hesabe.MerchantCode,
			AccessCode: hesabe.AccessCode, SecretKey: hesabe.SecretKey, IVKey: hesabe.IVKey,
		}, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return shopOf(c, func(reference string) hesabeclient.Spec {
			return hesabeclient.Spec{Amount: amount, ReferenceNumber: reference, ExpiresAt: "2099-03-01"}
		})
	default:
		return shopOf(meumclient.New(meumclient.Credentials{APIKey: meum.APIKey}, cfg), func(reference string) meumclient.Spec {
			return meumclient.Spec{Amount: amount, Currency: "USD", ExternalOrderID: reference}
		})
	}
}

func shopOf[Spec any, Inv gateway.Invoice](client gateway.Gateway[Spec, Inv], spec func(reference string) Spec) shop {
	return func(ctx context.Context, reference string) (gateway.Facts, error) {
		inv, err := client.Create(ctx, spec(reference))
		if err != nil {
			return gateway.Facts{}, err
		}
		return inv.Facts(time.Now()), nil
	}
}

// market is a stage whose clock stands at the time of opening.
func market(t *testing.T, behaviours ...any) *providertest.Stage {
	t.Helper()
	s := providertest.NewStage(t, behaviours...)
	s.Set(opened)
	return s
}

// sell makes invoices with these references, one a second, and answers their
// ids.
func (g specimen) sell(t *testing.T, s *providertest.Stage, references ...string) []string {
	t.Helper()
	order, ids := g.shop(t, s), []string{}
	for _, reference := range references {
		made, err := order(t.Context(), reference)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, made.ID)
		s.Advance(time.Second)
	}
	return ids
}

// references are n different ones.
func references(n int) []string {
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprintf("order-%03d", i))
	}
	return texts
}

// finds chooses the requests for a page of a list.
func finds(r requests) string { return r.Find }

// nth chooses one of the requests that are chosen, counted from 1.
func nth(n int32, chosen providertest.Chosen) providertest.Chosen {
	var seen atomic.Int32
	return func(r *http.Request) bool { return chosen(r) && seen.Add(1) == n }
}

// eachListable runs a test for each gateway that can list.
func eachListable(t *testing.T, test func(*testing.T, specimen)) {
	t.Helper()
	for _, name := range listable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, gatewayNamed(name))
		})
	}
}

// expectIDs compares ids and their order.
func expectIDs(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s has %d invoices, want %d:\n  got  %v\n  want %v", what, len(got), len(want), got, want)
	}
}
