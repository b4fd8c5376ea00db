package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/meum"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

var meumSpecimen = gatewayNamed("meum")

// TestMeumRepeatedReference takes no older invoice for a new one: Meum answers a
// create with the invoice that has the same reference already.
func TestMeumRepeatedReference(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	closedToo := meum.Behaviour{DuplicateOfClosed: true}
	for name, test := range map[string]struct {
		behaviour meum.Behaviour
		existing  expressions
		happens   simulator.Event
		adopts    bool
		says      []string // nil when the older invoice is taken over
	}{
		"open":                              {existing: g.own(), says: []string{"it existed before"}},
		"open, answered with 200":           {behaviour: meum.Behaviour{Duplicates: meum.ReturnExisting200}, existing: g.own(), says: []string{"it existed before"}},
		"open, and may be adopted":          {existing: g.own(), adopts: true},
		"canceled":                          {behaviour: closedToo, existing: g.own(), happens: simulator.Cancel, says: []string{"it is canceled"}},
		"canceled, and may be adopted":      {behaviour: closedToo, existing: g.own(), happens: simulator.Cancel, adopts: true, says: []string{"it is canceled"}},
		"paid, and may be adopted":          {behaviour: closedToo, existing: g.own(), happens: simulator.Pay, adopts: true, says: []string{"it is paid"}},
		"another amount":                    {existing: g.own().with("amount", `26`), says: []string{"it is for 26 USD, not 25.50 USD"}},
		"another amount, and adopted":       {existing: g.own().with("amount", `26`), adopts: true, says: []string{"it is for 26 USD, not 25.50 USD"}},
		"another currency":                  {existing: g.own().with("currency", `"EUR"`), says: []string{"it is for 25.50 EUR, not 25.50 USD"}},
		"another amount, answered with 409": {behaviour: meum.Behaviour{DuplicateConflict: true}, existing: g.own().with("amount", `26`), says: []string{"HTTP 409"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := providertest.NewEnv(t, test.behaviour)
			shop := s.Workspace(g.resource("it", test.existing))
			shop.Apply().SucceedsQuietly()
			older := shop.Resource(g.address("it")).Text("id")
			if test.happens != "" {
				s.Trigger(g.Name, older, test.happens)
			}

			arguments := g.own()
			if test.adopts {
				arguments = adopting(arguments)
			}
			w := s.Workspace(g.resource("it", arguments))
			report := w.Apply()
			if test.says == nil {
				report.Succeeds()
				report.Find("warning", "is not a new one", older, "was created at", "adopted")
				if id := w.Resource(g.address("it")).Text("id"); id != older {
					t.Errorf("it is %s, not %s", id, older)
				}
			} else {
				report.Fails(1)
				report.Find("error", append(test.says, "order it")...)
				if !strings.Contains(report.String(), "HTTP 409") {
					report.Find("error", older, "Import it", "adopt_existing")
				}
				if state := w.State(); len(state) > 0 {
					t.Errorf("the state holds %v", state)
				}
			}
			g.expectStatus(t, s, older, test.happens)
		})
	}
}

// TestMeumOlderOutOfSight: an older invoice that the list leaves out shows itself
// only when it is read.
func TestMeumOlderOutOfSight(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t, meum.Behaviour{Window90Days: true})
	now := time.Now()
	s.Set(now.AddDate(0, 0, -100))
	shop := s.Workspace(g.resource("it", g.own()))
	shop.Apply().SucceedsQuietly()
	older := shop.Resource(g.address("it")).Text("id")
	s.Set(now)

	w := s.Workspace(g.resource("it", g.own()))
	report := w.Apply()
	report.Fails(1)
	report.Find("error", "order it", older, "it was created at", "Import it")
	if state := w.State(); len(state) > 0 {
		t.Errorf("the state holds %v", state)
	}
	w.Destroy().SucceedsQuietly()
	g.expectStatus(t, s, older, "")
}

// TestMeumLostBesideAnOlderOne: what a look-up found before the create is not
// taken for the invoice whose response was lost.
func TestMeumLostBesideAnOlderOne(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t)
	shop := s.Workspace(g.resource("it", g.own()))
	shop.Apply().SucceedsQuietly()
	older := shop.Resource(g.address("it")).Text("id")
	s.Intercept(providertest.InjectFault(1, only(g.Requests.Create), providertest.Respond(502, "text/html", "<html>Bad Gateway</html>")))

	w := s.Workspace(g.resource("it", g.own()))
	report := w.Apply()
	report.Fails(1)
	report.Find("error", "outcome unknown", "order it")
	if state := w.State(); len(state) > 0 {
		t.Errorf("the state holds %v", state)
	}
	g.expectStatus(t, s, older, "")
}

// TestMeumWithoutStatus: the documentation's own sample of a record has none.
func TestMeumWithoutStatus(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	status := regexp.MustCompile(`"status":"[a-z_]*",?`)
	s := providertest.NewEnv(t)
	s.Intercept(providertest.InjectFault(-1, only(g.Requests.Read), providertest.Rewrite(func(_ *http.Request, body string) string {
		return status.ReplaceAllString(body, "")
	})))
	w := s.Workspace(g.resource("it", g.own()))
	w.Apply().SucceedsQuietly()
	w.Plan().IsEmpty()
	it := w.Resource(g.address("it"))
	if it.Text("status") != "awaiting_payment" || it.Text("phase") != "open" {
		t.Errorf("it is %v", it.Values)
	}
	w.Destroy().SucceedsQuietly()
	s.Reset()
	g.expectStatus(t, s, it.Text("id"), simulator.Cancel)
}

// TestMeumConvertedAmount: an invoice in another currency may be reported in US
// dollars, beside the requested currency.
func TestMeumConvertedAmount(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t)
	record := func(r *http.Request) bool { return only(g.Requests.Create)(r) || only(g.Requests.Read)(r) }
	s.Intercept(providertest.InjectFault(-1, record, providertest.Rewrite(func(_ *http.Request, body string) string {
		body = strings.Replace(body, `"amount":"25.50"`, `"amount":"27.91"`, 1)
		return strings.Replace(body, `"currency":"EUR"`, `"currency":"USD"`, 1)
	})))
	w := s.Workspace(g.resource("it", g.own().with("currency", `"EUR"`)))
	w.Apply().SucceedsQuietly()
	w.Plan().IsEmpty()
	it := w.Resource(g.address("it"))
	if it.Text("amount") != "25.50" || it.Text("currency") != "EUR" || it.Text("order_amount") != "25.50" || it.Text("order_currency") != "EUR" {
		t.Errorf("it is %v", it.Values)
	}

	arguments := g.fewest().with("amount", `"25.50"`).with("currency", `"EUR"`).with(g.Reference, strconv.Quote(it.Text(g.Reference)))
	other := s.Workspace(g.resource("it", arguments))
	other.Import(g.address("it"), it.Text("id")).Succeeds()
	other.Plan().IsEmpty()
}

// TestMeumConvertedAmountAlone: an amount in another currency than the
// configuration's says nothing of it.
func TestMeumConvertedAmountAlone(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t)
	s.Intercept(providertest.InjectFault(-1, only(g.Requests.Read), providertest.Rewrite(func(_ *http.Request, body string) string {
		body = strings.Replace(body, `"amount":"25.50"`, `"amount":"27.91"`, 1)
		body = strings.Replace(body, `"currency":"EUR"`, `"currency":"USD"`, 1)
		return regexp.MustCompile(`"order_(amount|currency)":"[^"]*",?`).ReplaceAllString(body, "")
	})))
	w := s.Workspace(g.resource("it", g.fewest().with("amount", `"25.50"`).with("currency", `"EUR"`)))
	w.Apply().SucceedsQuietly()
	w.Plan().IsEmpty()
}

// TestMeumRoundedAmount: a rounded amount is the same amount.
func TestMeumRoundedAmount(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t)
	record := func(r *http.Request) bool { return only(g.Requests.Create)(r) || only(g.Requests.Read)(r) }
	s.Intercept(providertest.InjectFault(-1, record, providertest.Rewrite(func(_ *http.Request, body string) string {
		return strings.ReplaceAll(body, `"25.505"`, `"25.51"`)
	})))
	w := s.Workspace(g.resource("it", g.own().with("amount", `"25.505"`)))
	w.Apply().Succeeds() // and warns of the decimals
	w.Plan().IsEmpty()
	w.Configure(s.Config(g.resource("it", g.own().with("amount", `"25.515"`))))
	if change := w.Plan().Changes[g.address("it")]; change.Action != "replace" {
		t.Errorf("another amount: %s is planned", change.Action)
	}
}

// TestMeumOldAdopted: whatever the list shows may be adopted, however old it is.
func TestMeumOldAdopted(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t)
	now := time.Now()
	s.Set(now.AddDate(-1, 0, 0))
	arguments := g.own().with(g.Reference, `"order of last year"`)
	older := g.createElsewhere(t, s, arguments)
	s.Set(now)
	w := s.Workspace(g.resource("it", adopting(arguments)))
	w.Apply().Find("warning", "is not a new one", older.Text("id"), "adopted")
	if id := w.Resource(g.address("it")).Text("id"); id != older.Text("id") {
		t.Errorf("it is %s, not %s", id, older.Text("id"))
	}
	if n := g.count(s, g.Requests.Create); n != 1 {
		t.Errorf("%d creates", n)
	}
}

// TestMeumPaidBeforeItIsRead: what the create was answered with is kept, whatever
// has become of it meanwhile.
func TestMeumPaidBeforeItIsRead(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t)
	s.Intercept(providertest.InjectFault(-1, only(g.Requests.Read), providertest.Rewrite(func(_ *http.Request, body string) string {
		return strings.Replace(body, `"status":"awaiting_payment"`, `"status":"paid"`, 1)
	})))
	w := s.Workspace(g.resource("it", g.own()))
	w.Apply().SucceedsQuietly()
	if phase := w.Resource(g.address("it")).Text("phase"); phase != "paid" {
		t.Errorf("it is %s", phase)
	}
}

// TestMeumReferenceTwice gives the one invoice to one of two resources.
func TestMeumReferenceTwice(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	shared := g.own().with(g.Reference, `"shared"`)
	s := providertest.NewEnv(t)
	w := s.Workspace(g.resource("a", shared) + g.resource("b", shared))
	report := w.Apply()
	report.Fails(1)
	ids := stateIDs(w.State())
	if len(ids) != 1 {
		t.Fatalf("the resources have %q\n%s", ids, report)
	}
	report.Find("error", "shared", ids[0])
}

// TestMeumRateLimit makes more invoices than Meum accepts at a time.
func TestMeumRateLimit(t *testing.T) {
	t.Parallel()
	const invoices = 40
	g := meumSpecimen
	s := providertest.NewEnv(t, meum.Behaviour{RateLimit: meum.DocumentedRateLimit})
	// Meum's minute passes soon after the first refusal, and not before.
	s.Set(time.Now())
	var passes sync.Once
	s.Intercept(providertest.InjectFault(-1, only(g.Requests.Create), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			if answer.Code == http.StatusTooManyRequests {
				passes.Do(func() { time.AfterFunc(time.Second, func() { s.Advance(meum.DocumentedRateLimit.Per) }) })
			}
			maps.Copy(w.Header(), answer.Header())
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
		})
	}))
	w := s.Workspace(g.resource("it", g.fewest().with("count", fmt.Sprint(invoices))))
	w.Apply().SucceedsQuietly()
	if ids := stateIDs(w.State()); len(ids) != invoices {
		t.Errorf("%d invoices", len(ids))
	}
	refused := g.count(s, g.Requests.Create) - invoices
	if refused < 1 || refused > invoices {
		t.Errorf("%d creates were refused", refused)
	}
	w.Plan().IsEmpty()
}

// TestMeumRateLimitBeyondTimeout gives up when timeouts.create is over: no
// invoice was made.
func TestMeumRateLimitBeyondTimeout(t *testing.T) {
	t.Parallel()
	g := meumSpecimen
	s := providertest.NewEnv(t, meum.Behaviour{RateLimit: meum.RateLimit{Creates: 1, Per: time.Hour}})
	w := s.Workspace(g.resource("first", g.fewest()))
	w.Apply().SucceedsQuietly()
	w.Configure(s.Config(g.resource("first", g.fewest()) + g.resource("second", g.own().with("timeouts", `{ create = "3s" }`))))
	started := time.Now()
	report := w.Apply()
	report.Fails(1)
	report.Find("error", g.Title, "order second", "rate limit", "timeouts")
	if took := time.Since(started); took > 15*time.Second {
		t.Errorf("it took %s", took)
	}
	if state := w.State(); len(state) != 1 {
		t.Errorf("the state holds %v", state)
	}
}
