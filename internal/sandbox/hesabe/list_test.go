package hesabe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// fourInvoices are made 12 hours apart: A and B on the 27th of May in Kuwait,
// paid and unpaid, C and D on the 28th, canceled and unpaid.
func fourInvoices(t *testing.T, behaviour Behaviour) *merchant {
	m := newMerchant(t, behaviour)
	m.clock.now = time.Date(2025, 5, 26, 21, 0, 0, 0, time.UTC)
	m.login()
	for _, one := range []struct {
		reference string
		event     simulator.Event
		fields    object
	}{
		{"A-10", simulator.Pay, object{"customerName": "Noor"}},
		{"B-101", "", object{"description": "deposit"}},
		{"C-1", simulator.Cancel, object{"customerEmail": "noor@example.com"}},
		{"D-100", "", nil},
	} {
		fields := object{"referenceNumber": one.reference}
		for name, value := range one.fields {
			fields[name] = value
		}
		inv := m.create(fields)
		if one.event != "" {
			m.trigger(inv, one.event)
		}
		m.clock.advance(12 * time.Hour)
		m.login()
	}
	return m
}

func TestListFilters(t *testing.T) {
	for query, want := range map[string]string{
		"":                                      "D-100 C-1 B-101 A-10",
		"page=1":                                "D-100 C-1 B-101 A-10",
		"page=2":                                "",
		"fromDate=2025-05-28":                   "D-100 C-1",
		"toDate=2025-05-27":                     "B-101 A-10",
		"fromDate=2025-05-27&toDate=2025-05-27": "B-101 A-10",
		"fromDate=2025-05-29":                   "",
		"fromDate=2025-05-28&toDate=2025-05-27": "",
		"invoiceType=1":                         "D-100 C-1 B-101 A-10",
		"invoiceType=0":                         "",
		"invoiceType=6":                         "",
		"invoiceType=7":                         "",
		"search=":                               "D-100 C-1 B-101 A-10",
		"search=10":                             "D-100 B-101 A-10",
		"search=a-1":                            "A-10",
		"search=noor":                           "",
		"search=10&toDate=2025-05-27":           "B-101 A-10",
	} {
		t.Run(query, func(t *testing.T) {
			if got := references(fourInvoices(t, Behaviour{}).list(query)); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestListRefuses(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	for query, want := range map[string]string{
		"page=0":               `{"page":["The page must be at least 1."]}`,
		"page=x":               `{"page":["The page must be at least 1."]}`,
		"page=1&page=2":        `{"page":["The page field must not be repeated."]}`,
		"fromDate=27-05-2025":  `{"fromDate":["The fromDate does not match the format Y-m-d."]}`,
		"toDate=2025-05-27T00": `{"toDate":["The toDate does not match the format Y-m-d."]}`,
		"invoiceType=2":        `{"invoiceType":["The selected invoiceType is invalid."]}`,
		"status=1":             `{"status":["The status field is not allowed."]}`,
		"a=%zz":                `{"query":["The query is malformed."]}`,
	} {
		status, body := m.call("GET", "/api/v1/invoice-dashboard?"+query, nil)
		if status != 422 || asJSON(body["response"]) != want {
			t.Errorf("%s: %d %v", query, status, body)
		}
	}
	if status, body := m.call("GET", "/api/v1/invoice-dashboard", object{"status": "0"}); status != 422 {
		t.Errorf("a filter in the payload: %d %v", status, body)
	}
}

func TestListCounts(t *testing.T) {
	const none = `{"invoice_cancelled":null,"invoice_not_paid":null,"invoice_paid":null,"total_invoice_count":0}`
	m := fourInvoices(t, Behaviour{PageSize: 1})
	for query, want := range map[string]string{
		"":                    `{"invoice_cancelled":"1","invoice_not_paid":"2","invoice_paid":"1","total_invoice_count":4}`,
		"search=10":           `{"invoice_cancelled":"0","invoice_not_paid":"2","invoice_paid":"1","total_invoice_count":3}`,
		"fromDate=2025-05-29": none,
	} {
		list := m.list(query)
		if got := asJSON(list["stats"]); got != want {
			t.Errorf("%s: %s", query, got)
		}
		if got := asJSON(list["order_stats"]); got != none {
			t.Errorf("%s: order_stats %s", query, got)
		}
	}
}

func TestListSearches(t *testing.T) {
	for _, test := range []struct {
		search      Search
		query, want string
	}{
		{SearchPartial, "10", "D-100 B-101 A-10"},
		{SearchPartial, "D-100", "D-100"},
		{SearchExact, "10", ""},
		{SearchExact, "d-100", "D-100"},
		{SearchColumns, "d-1", "D-100"},
		{SearchColumns, "noor", "C-1 A-10"},
		{SearchColumns, "DEPOSIT", "B-101"},
	} {
		t.Run(fmt.Sprint(test.search, test.query), func(t *testing.T) {
			m := fourInvoices(t, Behaviour{Search: test.search})
			if got := references(m.list("search=" + test.query)); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestSearchLag(t *testing.T) {
	m := newMerchant(t, Behaviour{SearchLag: 3 * time.Second})
	m.create(object{"referenceNumber": "late"})
	for second, want := range []string{"", "", "", "late", "late"} {
		if got := references(m.list("search=late")); got != want {
			t.Errorf("after %d s: %q", second, got)
		}
		if got := references(m.list("")); got != "late" {
			t.Errorf("without a search: %q", got)
		}
		m.clock.advance(time.Second)
	}
}

func TestListPages(t *testing.T) {
	for name, test := range map[string]struct {
		behaviour    Behaviour
		references   []string
		descriptions []string
	}{
		"full": {
			Behaviour{PageSize: 2}, []string{"D-100 C-1", "B-101 A-10", ""},
			[]string{
				`{"count":2,"next_page_url":"2","previous_page_url":null,"total":4}`,
				`{"count":2,"next_page_url":null,"previous_page_url":"1","total":4}`,
				`{"count":0,"next_page_url":null,"previous_page_url":"2","total":4}`,
			},
		},
		"oldest first, open ended": {
			Behaviour{PageSize: 3, OldestFirst: true, Pagination: PaginationOpenEnded}, []string{"A-10 B-101 C-1", "D-100"},
			[]string{`{"count":3,"next_page_url":"2","total":4}`, `{"count":1,"previous_page_url":"1","total":4}`},
		},
		"links": {
			Behaviour{PageSize: 3, Pagination: PaginationLinks}, []string{"D-100 C-1 B-101", "A-10"},
			[]string{`{"count":3,"next_page_url":"2","previous_page_url":null}`, `{"count":1,"next_page_url":null,"previous_page_url":"1"}`},
		},
		"totals": {
			Behaviour{PageSize: 4, Pagination: PaginationTotals}, []string{"D-100 C-1 B-101 A-10", ""},
			[]string{`{"count":4,"total":4}`, `{"count":0,"total":4}`},
		},
		"none": {Behaviour{PageSize: 3, Pagination: PaginationNone}, []string{"D-100 C-1 B-101", "A-10"}, []string{"null", "null"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := fourInvoices(t, test.behaviour)
			for i, want := range test.references {
				list := m.list(fmt.Sprintf("page=%d", i+1))
				if got := references(list); got != want {
					t.Errorf("page %d: %q, want %q", i+1, got, want)
				}
				pages := asJSON(list["invoices"].(object)["pagination"])
				pages = strings.ReplaceAll(pages, site+"/api/v1/invoice-dashboard?page=", "")
				if pages != test.descriptions[i] {
					t.Errorf("page %d: %s, want %s", i+1, pages, test.descriptions[i])
				}
			}
		})
	}
	t.Run("default size", func(t *testing.T) {
		m := newMerchant(t, Behaviour{})
		for range defaultPageSize + 1 {
			m.create(nil)
		}
		if rows := strings.Fields(references(m.list(""))); len(rows) != defaultPageSize {
			t.Errorf("%d rows", len(rows))
		}
	})
}

func TestRows(t *testing.T) {
	rows := func(m *merchant) (unpaid, paid object) {
		data := m.list("")["invoices"].(object)["data"].([]any)
		return data[0].(object), data[3].(object)
	}
	t.Run("main", func(t *testing.T) {
		m := fourInvoices(t, Behaviour{})
		unpaid, paid := rows(m)
		if unpaid["transaction"] != nil || asJSON([]any{unpaid["order_drop_id"], unpaid["subscription"], unpaid["admin_charge"]}) != `[0,0,"0.000"]` {
			t.Errorf("unpaid %v", unpaid)
		}
		if paid["transaction"].(object)["payment_type"] != "KNET" {
			t.Errorf("paid %v", paid)
		}
		details := m.read(idOf(unpaid))
		for name, value := range details {
			if name != "subscription" && asJSON(unpaid[name]) != asJSON(value) {
				t.Errorf("%s: the row has %v, the details %v", name, unpaid[name], value)
			}
		}
	})
	t.Run("without members", func(t *testing.T) {
		unpaid, _ := rows(fourInvoices(t, Behaviour{RowsWithout: []string{"token", "url", "updated_at"}}))
		for _, name := range []string{"token", "url", "updated_at"} {
			if _, present := unpaid[name]; present {
				t.Errorf("%s is there", name)
			}
		}
		if unpaid["reference_number"] != "D-100" || unpaid["invoice_status"] != json.Number("0") {
			t.Errorf("%v", unpaid)
		}
	})
	t.Run("transaction of nulls", func(t *testing.T) {
		unpaid, paid := rows(fourInvoices(t, Behaviour{UnpaidRowTransaction: true}))
		if asJSON(unpaid["transaction"]) != `{"admin_charge":null,"amount":null,"id":null,"payment_type":null,"token":null}` {
			t.Errorf("unpaid %v", unpaid)
		}
		if paid["transaction"].(object)["amount"] != json.Number("20") {
			t.Errorf("paid %v", paid)
		}
	})
}

func TestIDsGrow(t *testing.T) {
	m := newMerchant(t, Behaviour{PageSize: 50})
	for range 50 {
		m.create(nil)
	}
	var ids []string
	for _, row := range m.list("")["invoices"].(object)["data"].([]any) {
		ids = append(ids, fmt.Sprintf("%012s", idOf(row.(object))))
	}
	slices.Reverse(ids)
	if !slices.IsSorted(ids) {
		t.Errorf("%v", ids)
	}
}

// fiveThousand is a simulator that holds as many invoices.
func fiveThousand(b *testing.B) (m *merchant, id string) {
	m = newMerchant(b, Behaviour{PageSize: 100})
	for i := range 5000 {
		inv := m.create(object{"referenceNumber": fmt.Sprintf("ref-%d", i)})
		if i == 2500 {
			id = idOf(inv)
		}
	}
	return m, id
}

func BenchmarkDetailsOf5000(b *testing.B) {
	m, id := fiveThousand(b)
	for b.Loop() {
		m.read(id)
	}
}

func BenchmarkPageOf5000(b *testing.B) {
	m, _ := fiveThousand(b)
	for b.Loop() {
		m.list("page=25")
	}
}

func BenchmarkSearchIn5000(b *testing.B) {
	m, _ := fiveThousand(b)
	for b.Loop() {
		if got := references(m.list("search=ref-4321")); got != "ref-4321" {
			b.Fatal(got)
		}
	}
}
