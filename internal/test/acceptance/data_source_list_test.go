package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/gatewaytest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// rows are the invoices of a list data source.
func rows(t *testing.T, r providertest.Resource) []map[string]any {
	t.Helper()
	list, ok := r.Values["invoices"].([]any)
	if !ok {
		t.Fatalf("invoices is %#v", r.Values["invoices"])
	}
	var found []map[string]any
	for _, row := range list {
		found = append(found, row.(map[string]any))
	}
	return found
}

// idsOf are the ids of a list data source.
func idsOf(t *testing.T, r providertest.Resource) []string {
	t.Helper()
	ids := []string{}
	for _, row := range rows(t, r) {
		ids = append(ids, row["id"].(string))
	}
	return ids
}

// TestInvoicesData: 250 invoices are listed once each, the oldest first, with
// one request a page, whatever the gateway makes of pages.
func TestInvoicesData(t *testing.T) {
	t.Parallel()
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t)
		ids := g.createInvoices(t, s, references(many)...)
		config := s.Config(g.data("invoices", "it", firstDay(g)))
		for _, reading := range g.Listing.Readings {
			t.Run(reading.Name, func(t *testing.T) {
				s.Reset()
				s.Behave(reading.Behaviour)
				w := providertest.NewWorkspace(t, config)
				w.Apply().SucceedsQuietly()
				expectIDs(t, "the list", idsOf(t, w.Resource(g.dataOf("invoices", "it"))), ids)
				if n := g.count(s, g.Requests.Find); n != reading.Pages {
					t.Errorf("%d pages were requested, want %d", n, reading.Pages)
				}
				if n := g.count(s, g.Requests.Read); n != 0 {
					t.Errorf("%d single reads", n)
				}
			})
		}
		// Invoices that are made while a list is read move rows to the next page.
		t.Run("while more are sold", func(t *testing.T) {
			s.Reset()
			s.Intercept(providertest.InjectFault(1, nth(2, every(finds)), func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					g.createInvoices(t, s, "meanwhile-1", "meanwhile-2")
					next.ServeHTTP(w, r)
				})
			}))
			w := providertest.NewWorkspace(t, config)
			w.Apply().SucceedsQuietly()
			expectIDs(t, "the list", idsOf(t, w.Resource(g.dataOf("invoices", "it"))), ids)
		})
	})
}

// TestInvoicesDataRow: a row shows the same as the data source of one invoice.
func TestInvoicesDataRow(t *testing.T) {
	t.Parallel()
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t)
		ids := g.createInvoices(t, s, "order-1")
		w := s.Workspace(g.data("invoices", "it", firstDay(g)) + g.data("invoice", "it", byID(ids[0])))
		w.Apply().SucceedsQuietly()
		found := rows(t, w.Resource(g.dataOf("invoices", "it")))
		if len(found) != 1 {
			t.Fatalf("found %v", found)
		}
		expectValues(t, found[0], w.Resource(g.dataOf("invoice", "it")).Values)
	})
}

// TestInvoicesDataFilters: each argument by itself and with others.
func TestInvoicesDataFilters(t *testing.T) {
	t.Parallel()
	day := func(days int) string { return strconv.Quote(firstCreatedAt.AddDate(0, 0, days).Format(time.DateOnly)) }
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t, gatewaytest.DuplicateBehaviours()...)
		ids := g.createInvoices(t, s, "order-1", "order-10", "order-2", "order-3")
		s.Trigger(g.Name, ids[2], simulator.Pay)
		s.Trigger(g.Name, ids[3], simulator.Cancel)
		// The next day; a whole one later CryptoCloud's would be over.
		s.Set(firstCreatedAt.Add(23 * time.Hour))
		ids = append(ids, g.createInvoices(t, s, "order-1", "order-4")...)

		for i, test := range g.Listing.Filters(day) {
			w := s.Workspace(g.data("invoices", "it", test.Arguments))
			w.Apply().SucceedsQuietly()
			want := []string{}
			for _, n := range test.Want {
				want = append(want, ids[n])
			}
			expectIDs(t, fmt.Sprintf("list %d, %v,", i, test.Arguments), idsOf(t, w.Resource(g.dataOf("invoices", "it"))), want)
			s.ExpectCalls(g.Name, g.calls(g.Requests.Find)...)
		}
	})
}

// TestInvoicesDataExpired: Hesabe has no word for an expired invoice; the
// filter knows it all the same.
func TestInvoicesDataExpired(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("hesabe")
	s := newListEnv(t)
	ids := g.createInvoices(t, s, "order-1", "order-2")
	s.Trigger(g.Name, ids[1], simulator.Expire)
	w := s.Workspace(g.data("invoices", "expired", expressions{"phases": `["expired"]`}) + g.data("invoices", "open", expressions{"phases": `["open"]`}))
	w.Apply().SucceedsQuietly()
	expectIDs(t, "expired", idsOf(t, w.Resource(g.dataOf("invoices", "expired"))), ids[1:])
	expectIDs(t, "open", idsOf(t, w.Resource(g.dataOf("invoices", "open"))), ids[:1])
}

// TestInvoicesDataRefused: arguments that mean nothing are refused before the
// gateway is asked.
func TestInvoicesDataRefused(t *testing.T) {
	t.Parallel()
	eachListable(t, func(t *testing.T, g specimen) {
		for _, refused := range g.Listing.Refused {
			s := providertest.NewEnv(t)
			r := s.Workspace(g.data("invoices", "it", refused.Arguments)).Apply()
			if !r.Failed {
				t.Fatalf("%v is accepted", refused.Arguments)
			}
			r.Find("error", refused.Says)
			s.ExpectCalls(g.Name)
		}
	})
}

// TestInvoicesDataSparseRows: a gateway may show less of an invoice in a list;
// what it does not show is null, and the invoice is there. Where the phase
// depends on what is missing, the invoice is read.
func TestInvoicesDataSparseRows(t *testing.T) {
	t.Parallel()
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t, readable()...)
		s.Intercept(providertest.InjectFault(-1, every(finds), providertest.Rewrite(func(_ *http.Request, body string) string {
			return thinned(t, body, g.Listing.MinimalFields)
		})))
		ids := g.createInvoices(t, s, references(3)...)
		calls, phase := []string{g.Requests.Find}, "open"
		if g.Listing.ReadsOpen {
			phase = "paid" // which a row shows; the first one stays open
			for i := range ids[1:] {
				s.Trigger(g.Name, ids[i+1], simulator.Pay)
			}
		}
		w := s.Workspace(g.data("invoices", "it", firstDay(g)))
		w.Apply().SucceedsQuietly()
		for i, row := range rows(t, w.Resource(g.dataOf("invoices", "it"))) {
			if g.Listing.ReadsOpen && row["id"] == ids[0] {
				calls = append(calls, g.Requests.Read)
				if row["phase"] != "open" || row["reference_number"] != references(3)[0] || row["expires_at"] != "2099-03-01" {
					t.Errorf("row %d is not completed: %v", i, row)
				}
				continue
			}
			for name, value := range row {
				known := map[string]bool{"id": true, "status": true, "phase": true, "money_moved": true, "tx_list": true}[name]
				if list, ok := value.([]any); value != nil && (!ok || len(list) > 0) && !known {
					t.Errorf("row %d: %s is %v", i, name, value)
				}
			}
			if row["phase"] != phase {
				t.Errorf("row %d: phase %v", i, row["phase"])
			}
		}
		s.ExpectCalls(g.Name, g.calls(calls...)...)
		// Without times of creation the order is that of the ids.
		if found := idsOf(t, w.Resource(g.dataOf("invoices", "it"))); len(found) != len(ids) {
			t.Errorf("found %v, want %v", found, ids)
		}
	})
}

// singleRead chooses the requests that read one invoice of Hesabe.
func singleRead(id string) providertest.Matcher {
	return func(r *http.Request) bool {
		return r.Method == http.MethodGet && r.URL.Path == "/api/v1/invoice/"+id
	}
}

// TestInvoicesDataPartialRows: Hesabe's rows may lack the last day, without which
// an unpaid invoice is neither open nor expired: it is read before its phase is
// told or compared, and no other is.
func TestInvoicesDataPartialRows(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("hesabe")
	s := newListEnv(t, hesabe.Behaviour{RowsWithout: []string{"expires_at"}})
	ids := g.createInvoices(t, s, "open", "expired", "paid", "canceled")
	for i, event := range []simulator.Event{simulator.Expire, simulator.Pay, simulator.Cancel} {
		s.Trigger(g.Name, ids[i+1], event)
	}
	for _, test := range []struct {
		name   string
		phases string // "" is all
		fault  providertest.Fault
		want   []int
		told   string // the phase of the expired one, if it is found
		says   []string
	}{
		{name: "all", want: []int{0, 1, 2, 3}, told: "expired"},
		{name: "open", phases: `["open"]`, want: []int{0}},
		{name: "expired", phases: `["expired"]`, want: []int{1}, told: "expired"},
		{name: "paid", phases: `["paid"]`, want: []int{2}},
		// A row of an invoice that is gone by now is all that there is.
		{
			name: "gone", phases: `["open"]`, want: []int{0, 1}, told: "open",
			fault: providertest.Respond(404, "application/json", `{"message":"Request not found, Please verify the request data"}`),
		},
		{name: "a page for a read", fault: providertest.Respond(200, "text/html", "<h1>Welcome</h1>"), says: []string{"probably did not come from the gateway"}},
		{name: "no response to a read", phases: `["paid"]`, fault: providertest.Respond(500, "application/json", "{}"), says: []string{"HTTP 500", "run the command again"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s.Reset()
			if test.fault != nil {
				s.Intercept(providertest.InjectFault(-1, singleRead(ids[1]), test.fault))
			}
			arguments := expressions{}
			if test.phases != "" {
				arguments["phases"] = test.phases
			}
			w := providertest.NewWorkspace(t, s.Config(g.data("invoices", "it", arguments), "max_retries = 0"))
			r := w.Apply()
			if test.says != nil {
				r.Fails(1)
				r.Find("error", append(test.says, "Cannot list the Hesabe invoices", "invoice "+ids[1], "a shorter list would be wrong")...)
				if n := g.count(s, g.Requests.Read); n != 1 {
					t.Errorf("%d reads, want one, the last", n)
				}
				return
			}
			r.SucceedsQuietly()
			want := []string{}
			for _, n := range test.want {
				want = append(want, ids[n])
			}
			expectIDs(t, "the list", idsOf(t, w.Resource(g.dataOf("invoices", "it"))), want)
			for _, row := range rows(t, w.Resource(g.dataOf("invoices", "it"))) {
				if row["id"] == ids[1] && row["phase"] != test.told {
					t.Errorf("the phase is %v, want %s", row["phase"], test.told)
				}
			}
			s.ExpectCalls(g.Name, g.calls(g.Requests.Find, g.Requests.Read, g.Requests.Read)...)
		})
	}
}

// thinned is a list's response whose rows have these members only.
func thinned(t *testing.T, body string, members []string) string {
	t.Helper()
	var answer any
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Error(err)
	}
	var thin func(value any)
	thin = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, row := range value {
				thin(row)
			}
		case map[string]any:
			_, isRow := value[members[0]]
			for name, member := range value {
				if !isRow {
					thin(member)
				} else if !strings.Contains(" "+strings.Join(members, " ")+" ", " "+name+" ") {
					delete(value, name)
				}
			}
		}
	}
	thin(answer)
	thinner, err := json.Marshal(answer)
	if err != nil {
		t.Error(err)
	}
	return string(thinner)
}

// TestInvoicesDataRowsWithoutReference: where Hesabe's rows lack the reference,
// each is completed by a read, so that the filter is exact all the same.
func TestInvoicesDataRowsWithoutReference(t *testing.T) {
	t.Parallel()
	g := gatewayNamed("hesabe")
	s := newListEnv(t, hesabe.Behaviour{RowsWithout: []string{"reference_number"}})
	ids := g.createInvoices(t, s, "order-1", "order-10", "order-2")
	w := s.Workspace(g.data("invoices", "it", expressions{"reference_number": `"order-1"`}))
	w.Apply().SucceedsQuietly()
	expectIDs(t, "the list", idsOf(t, w.Resource(g.dataOf("invoices", "it"))), ids[:1])
	s.ExpectCalls(g.Name, g.calls(g.Requests.Find, g.Requests.Read, g.Requests.Read)...)
}

// TestInvoicesDataFails: a page that cannot be read is an error and no list; a
// list that comes to no end is one too.
func TestInvoicesDataFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		page        int32 // with a fault; 0 is each
		fault       providertest.Fault
		retries     int
		says        string // "" for success
		least, most int    // of pages requested
	}{
		{name: "page 3 is no page", page: 3, fault: providertest.Respond(200, "text/html", "<h1>Welcome</h1>"), retries: 4, says: "probably did not come from the gateway", least: 3, most: 3},
		{name: "page 3 fails", page: 3, fault: providertest.Respond(500, "application/json", "{}"), says: "HTTP 500", least: 3, most: 3},
		{name: "page 3 fails once", page: 3, fault: providertest.Respond(500, "application/json", "{}"), retries: 1, least: 4, most: 4},
		{name: "each page is the first", fault: firstPage, retries: 4, says: "unexpected response", least: 2, most: 6},
	}
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t, hesabe.Behaviour{PageSize: 100})
		ids := g.createInvoices(t, s, references(many)...)
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				s.Reset()
				chosen := every(finds)
				if test.page > 0 {
					chosen = nth(test.page, chosen)
				}
				s.Intercept(providertest.InjectFault(-1, chosen, test.fault))
				w := providertest.NewWorkspace(t, s.Config(g.data("invoices", "it", firstDay(g)), fmt.Sprintf("max_retries = %d", test.retries)))
				r := w.Apply()
				if n := g.count(s, g.Requests.Find); n < test.least || n > test.most {
					t.Errorf("%d pages were requested, want %d to %d", n, test.least, test.most)
				}
				if test.says == "" {
					r.SucceedsQuietly()
					expectIDs(t, "the list", idsOf(t, w.Resource(g.dataOf("invoices", "it"))), ids)
					return
				}
				r.Fails(1)
				r.Find("error", "Cannot list the "+g.Title+" invoices", test.says, "a shorter list would be wrong")
				if len(w.State()) != 0 {
					t.Error("the state has a list")
				}
			})
		}
	})
}

// firstPage answers each request for a page with the first one.
func firstPage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g, known := gatewaytest.ForRequest(r.Method, r.URL.Path); known && g.Listing != nil {
			query := r.URL.Query()
			query.Del(g.Listing.PageParameter)
			r.URL.RawQuery = query.Encode()
			if body, err := io.ReadAll(r.Body); err == nil {
				number := regexp.MustCompile(`"` + g.Listing.PageParameter + `":[0-9]+`)
				r.Body = io.NopCloser(bytes.NewReader(number.ReplaceAll(body, []byte(`"`+g.Listing.PageParameter+`":0`))))
			}
		}
		next.ServeHTTP(w, r)
	})
}
