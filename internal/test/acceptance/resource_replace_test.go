package acceptance

import (
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/xpays"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// createdBeforeDestroyed adds that to the block of a resource.
func createdBeforeDestroyed(block string) string {
	return strings.TrimSuffix(strings.TrimSpace(block), "}") + "  lifecycle {\n    create_before_destroy = true\n  }\n}\n"
}

// TestReplaceWhenUnknown: whether an invoice is replaced has to be known when that
// is planned.
func TestReplaceWhenUnknown(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t)
	config := func(phases string) string {
		return s.Config("resource \"terraform_data\" \"phases\" {\n  input = " + phases + "\n}\n" +
			g.resource("it", g.own().with("replace_when", "terraform_data.phases.output")))
	}
	w := s.Workspace("")
	w.Configure(config(`["paid"]`))
	w.Apply().SucceedsQuietly()
	w.Configure(config(`["paid", "expired"]`))
	w.Apply().SucceedsQuietly() // an open invoice is not replaced anyway
	id := w.Resource(g.address("it")).Text("id")
	s.Trigger(g.Name, id, simulator.Expire)
	w.Configure(config(`["canceled", "expired"]`))
	report := w.Apply()
	report.Fails(1)
	report.Find("error", "replace_when", "expired", "known only after apply")
	if now := w.Resource(g.address("it")).Text("id"); now != id {
		t.Errorf("it is %s, not %s", now, id)
	}
}

// TestInvoiceAdoptedFromItself: with create_before_destroy, the invoice that is
// adopted is the one that is to be destroyed afterwards. It is not.
func TestInvoiceAdoptedFromItself(t *testing.T) {
	t.Parallel()
	eachFinder(t, func(t *testing.T, g specimen, s *providertest.Env) {
		config := func(argument, value string) string {
			return createdBeforeDestroyed(g.resource("it", adopting(g.own()).with(argument, value)))
		}
		changed := g.argument(g.Listing.AdoptionIgnores)
		w := s.Workspace(config(changed.Name, changed.Value))
		w.Apply().SucceedsQuietly()
		id := w.Resource(g.address("it")).Text("id")
		w.Configure(s.Config(config(changed.Name, changed.Other)))
		report := w.Apply()
		report.Succeeds()
		report.Find("warning", "was not canceled", "it belongs to another resource", id)
		if now := w.Resource(g.address("it")).Text("id"); now != id {
			t.Errorf("it is %s, not %s", now, id)
		}
		if n := g.count(s, g.Requests.Cancel); n > 0 {
			t.Errorf("%d cancels", n)
		}
		g.expectStatus(t, s, id, "")
	})
}

// TestXPaysOlderInPlaceOfANewOne: a payment on another chain is not what was
// ordered, and where everything fits the one payment is not canceled.
func TestXPaysOlderInPlaceOfANewOne(t *testing.T) {
	t.Parallel()
	g := xpaysSpecimen
	for name, test := range map[string]struct {
		argument string
		says     []string // nil when the older payment is taken for the new one
	}{
		"another chain":             {"chain", []string{`the chain "tron", not "bsc"`}},
		"another currency":          {"to_crypto_currency", []string{`the to_crypto_currency "USDT", not "TRX"`}},
		"what is not distinguished": {"url_return", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t, xpays.Behaviour{RepeatedOrder: xpays.RepeatedOrderExisting})
			w := s.Workspace(createdBeforeDestroyed(g.resource("it", g.all())))
			w.Apply().SucceedsQuietly()
			id := w.Resource(g.address("it")).Text("id")
			w.Configure(s.Config(createdBeforeDestroyed(g.resource("it", g.all().with(test.argument, g.argument(test.argument).Other)))))
			report := w.Apply()
			if test.says == nil {
				report.Succeeds()
				report.Find("warning", "was not canceled", "it belongs to another resource", id)
			} else {
				report.Fails(1)
				report.Find("error", append(test.says, id, "order it", "import it")...)
			}
			if now := w.Resource(g.address("it")).Text("id"); now != id {
				t.Errorf("it is %s, not %s", now, id)
			}
			g.expectStatus(t, s, id, "")
		})
	}
}

// TestDeposedInvoiceNotCanceled: an invoice that create_before_destroy has replaced,
// and that could not be canceled, is kept, and the next apply cancels it.
func TestDeposedInvoiceNotCanceled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, g specimen) {
		s := providertest.NewEnv(t, gatewaytest.DuplicateBehaviours()...)
		block := func(amount string) string {
			return createdBeforeDestroyed(g.resource("it", g.own().with("amount", amount)))
		}
		w := s.Workspace(block(`"25"`), "max_retries = 0")
		w.Apply().Succeeds()
		old := w.Resource(g.address("it")).Text("id")

		s.Intercept(providertest.InjectFault(-1, only(g.Requests.Cancel), providertest.Respond(500, "text/html", "<html>Error</html>")))
		w.Configure(s.Config(block(`"26"`), "max_retries = 0"))
		failed := w.Apply()
		failed.Fails(1)
		failed.Find("error", old, "deposed object", "create_before_destroy", "the next apply tries to destroy it again")

		s.Reset()
		w.Apply().Succeeds()
		if calls := s.Calls(g.Name); slices.Contains(calls, g.Requests.Create) {
			t.Errorf("the next apply created another invoice: %q", calls)
		}
		if phase := string(g.facts(t, s, old).Phase); phase != "canceled" {
			t.Errorf("the replaced invoice is %s", phase)
		}
	})
}
