package hesabe

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
)

// fill makes invoices with the references, … a minute apart.
func fill(t *testing.T, c *Client, server *sandboxtest.Server, n int) (made []*Invoice) {
	t.Helper()
	for i := range n {
		inv, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: fmt.Sprintf("R-%d", i+1)})
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, inv)
		server.Advance(time.Minute)
	}
	return made
}

func list(t *testing.T, c *Client, filter Filter) (references []string) {
	t.Helper()
	for inv, err := range c.List(t.Context(), filter) {
		if err != nil {
			t.Fatal(err)
		}
		references = append(references, inv.ReferenceNumber)
	}
	return references
}

func ids(invoices []*Invoice) (all []string) {
	for _, inv := range invoices {
		all = append(all, inv.ID)
	}
	return all
}

// lists are the list's requests.
func lists(t *testing.T, server *sandboxtest.Server) (queries []string) {
	t.Helper()
	for _, r := range requests(t, server) {
		if strings.HasSuffix(r.path, "dashboard") {
			queries = append(queries, r.query.Encode())
		}
	}
	return queries
}

func TestAllPages(t *testing.T) {
	for _, pagination := range []sandbox.Pagination{
		sandbox.PaginationFull, sandbox.PaginationOpenEnded, sandbox.PaginationLinks, sandbox.PaginationTotals, sandbox.PaginationNone,
	} {
		for _, size := range []int{1, 3, 4, 100} {
			for _, oldestFirst := range []bool{false, true} {
				t.Run(fmt.Sprintf("pagination %d, size %d, oldest first %v", pagination, size, oldestFirst), func(t *testing.T) {
					c, server := simulated(t, sandbox.Behaviour{
						Pagination: pagination, PageSize: size, OldestFirst: oldestFirst, UnpaidRowTransaction: oldestFirst,
						Encoding: encodings[size%len(encodings)],
					})
					fill(t, c, server, 12)
					got := list(t, c, Filter{})
					if oldestFirst == (got[0] == "R-12") {
						t.Errorf("order %q", got)
					}
					slices.Sort(got)
					if len(slices.Compact(got)) != 12 {
						t.Errorf("%q", got)
					}
					pages := (12 + size - 1) / size
					if pagination == sandbox.PaginationNone {
						pages++ // an empty one
					}
					if asked := lists(t, server); len(asked) != pages || asked[0] != "page=1" || asked[pages-1] != fmt.Sprintf("page=%d", pages) {
						t.Errorf("%q", asked)
					}
				})
			}
		}
	}
}

func TestEmptyList(t *testing.T) {
	for pagination := range sandbox.PaginationNone + 1 {
		c, server := simulated(t, sandbox.Behaviour{Pagination: pagination})
		if got := list(t, c, Filter{FromDate: "2020-01-01", ToDate: "2020-01-02", Search: "a&b"}); got != nil {
			t.Errorf("%q", got)
		}
		if got := lists(t, server); len(got) != 1 || got[0] != "fromDate=2020-01-01&page=1&search=a%26b&toDate=2020-01-02" {
			t.Errorf("%q", got)
		}
	}
}

func TestListStopsWithItsReader(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{PageSize: 2})
	fill(t, c, server, 5)
	for range c.List(t.Context(), Filter{}) {
		break
	}
	n := 0
	for range c.List(t.Context(), Filter{}) {
		if n++; n == 2 {
			break // the page is used up, the next one not requested
		}
	}
	if got := lists(t, server); !slices.Equal(got, []string{"page=1", "page=1"}) {
		t.Errorf("%q", got)
	}
}

func TestListByReference(t *testing.T) {
	for _, search := range []sandbox.Search{sandbox.SearchPartial, sandbox.SearchExact, sandbox.SearchColumns} {
		for _, without := range [][]string{nil, {"reference_number"}, {"created_at", "token", "url", "customer", "transaction", "expires_at"}} {
			t.Run(fmt.Sprintf("search %d, without %q", search, without), func(t *testing.T) {
				c, server := simulated(t, sandbox.Behaviour{Search: search, RowsWithout: without, PageSize: 2})
				fill(t, c, server, 12)
				if got := list(t, c, Filter{ReferenceNumber: "R-1"}); !slices.Equal(got, []string{"R-1"}) {
					t.Errorf("%q", got)
				}
				if got := lists(t, server); got[0] != "page=1&search=R-1" {
					t.Errorf("%q", got)
				}
				if got := list(t, c, Filter{ReferenceNumber: "r-1"}); got != nil {
					t.Errorf("another case: %q", got)
				}
				if got := list(t, c, Filter{ReferenceNumber: "R-1", Search: "R-1"}); len(got) != 1 {
					t.Errorf("%q", got)
				}
				if got := list(t, c, Filter{ReferenceNumber: "R-1", Search: "R-2"}); got != nil {
					t.Errorf("%q", got)
				}
			})
		}
	}
}

func TestFindByReference(t *testing.T) {
	for _, without := range [][]string{nil, {"created_at"}, {"reference_number"}} {
		t.Run(fmt.Sprintf("without %q", without), func(t *testing.T) {
			c, server := simulated(t, sandbox.Behaviour{RowsWithout: without, PageSize: 1})
			start := time.Date(2026, 3, 1, 20, 59, 0, 0, time.UTC) // a minute to midnight in Kuwait
			server.Set(start)
			c.now = server.Now
			old, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "A"})
			if err != nil {
				t.Fatal(err)
			}
			server.Advance(2 * time.Minute)
			var made []*Invoice
			for _, reference := range []string{"A", "AA", "B", "A"} {
				inv, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: reference})
				if err != nil {
					t.Fatal(err)
				}
				made = append(made, inv)
			}

			find := func(since time.Time) []string {
				t.Helper()
				found, err := c.FindByReference(t.Context(), "A", since)
				if err != nil {
					t.Fatal(err)
				}
				return ids(found)
			}
			now := server.Now()
			all := []string{made[3].ID, made[0].ID, old.ID}
			if got := find(now); !slices.Equal(got, all) { // within the allowance for clocks
				t.Errorf("%q", got)
			}
			if got := find(time.Time{}); !slices.Equal(got, all) {
				t.Errorf("%q", got)
			}
			want := all
			if !slices.Contains(without, "created_at") {
				want = all[:2]
			}
			if got := find(start.Add(time.Minute + gateway.ClockSkew)); !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
			got := lists(t, server)
			if got[0] != "fromDate=2026-02-28&page=1&search=A&toDate=2026-03-03" || !slices.Contains(got, "page=1&search=A") {
				t.Errorf("%q", got)
			}
			server.Advance(10 * 24 * time.Hour)
			find(start)
			if got := lists(t, server); !strings.HasPrefix(got[len(got)-1], "fromDate=2026-02-28&") || !strings.HasSuffix(got[len(got)-1], "toDate=2026-03-13") {
				t.Errorf("%q", got[len(got)-1])
			}
		})
	}
}

func TestFindByReferenceLags(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{SearchLag: 3 * time.Second})
	server.Set(time.Now())
	since := time.Now()
	inv, err := c.Create(t.Context(), Spec{Amount: money(t, "1"), ReferenceNumber: "A"})
	if err != nil {
		t.Fatal(err)
	}
	found, err := c.FindByReference(t.Context(), "A", since)
	if err != nil || len(found) != 0 {
		t.Errorf("%v, %v", found, err)
	}
	server.Advance(4 * time.Second)
	found, err = c.FindByReference(t.Context(), "A", since)
	if err != nil || !slices.Equal(ids(found), []string{inv.ID}) {
		t.Errorf("%v, %v", found, err)
	}
}

func TestFindByNothing(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	_, err := c.FindByReference(t.Context(), "", time.Now())
	wantKind(t, err, gateway.ErrInvalid)
	_, err = c.FindByToken(t.Context(), "x")
	wantKind(t, err, gateway.ErrInvalid)
	if sent := server.Requests(Name); len(sent) != 0 {
		t.Errorf("%d requests", len(sent))
	}
}

func TestFindByToken(t *testing.T) {
	for _, search := range []sandbox.Search{sandbox.SearchPartial, sandbox.SearchExact, sandbox.SearchColumns} {
		t.Run(fmt.Sprintf("search %d", search), func(t *testing.T) {
			c, server := simulated(t, sandbox.Behaviour{Search: search, PageSize: 2})
			made := fill(t, c, server, 5)
			for _, wanted := range made {
				found, err := c.FindByToken(t.Context(), wanted.Token)
				if err != nil || found.ID != wanted.ID {
					t.Errorf("%+v, %v", found, err)
				}
			}
			_, err := c.FindByToken(t.Context(), made[0].Token+"0")
			wantKind(t, err, gateway.ErrNotFound)
			_, err = c.FindByToken(t.Context(), "12")
			wantKind(t, err, gateway.ErrNotFound)
		})
	}
	for _, missing := range []string{"token", "expires_at"} { // what is missing is read
		c, server := simulated(t, sandbox.Behaviour{Search: sandbox.SearchColumns, RowsWithout: []string{missing}})
		wanted := fill(t, c, server, 3)[1]
		found, err := c.FindByToken(t.Context(), wanted.Token)
		if err != nil || found.ID != wanted.ID || found.ExpiresAt == "" {
			t.Errorf("without %s: %+v, %v", missing, found, err)
		}
	}
}

// row is a row of a list.
func row(id int) string { return fmt.Sprintf(`{"id":%d,"reference_number":"R"}`, id) }

// pageOf is a page with rows and whatever describes it.
func pageOf(pagination string, rows ...string) string {
	return fmt.Sprintf(`{"status":true,"message":"Invoice Dashboard","response":{"invoices":{"data":[%s]%s}}}`, strings.Join(rows, ","), pagination)
}

const more = `,"pagination":{"next_page_url":"https://x.example/?page=2"}`

func collect(t *testing.T, c *Client) (got []string, failed error) {
	t.Helper()
	for inv, err := range c.List(t.Context(), Filter{}) {
		if failed != nil {
			t.Error("it goes on after an error")
		}
		if err != nil {
			failed = err
			continue
		}
		got = append(got, inv.ID)
	}
	return got, failed
}

func TestOddLists(t *testing.T) {
	for name, test := range map[string]struct {
		pages []string // the last one for ever
		want  []string
		asked int
		kind  error
	}{
		"rows twice":                       {[]string{pageOf(more, row(1), row(2)), pageOf("", row(2), row(3)), pageOf("")}, []string{"1", "2", "3"}, 3, nil},
		"a page of known rows":             {[]string{pageOf(more, row(1)), pageOf(more, row(1)), pageOf(`,"pagination":{"next_page_url":null}`, row(2))}, []string{"1", "2"}, 3, nil},
		"the last page for ever":           {[]string{pageOf("", row(1)), pageOf("", row(2))}, []string{"1", "2"}, 3, nil},
		"more pages are announced forever": {[]string{pageOf(more, row(1))}, []string{"1"}, 4, gateway.ErrRepeatedPages},
		"a total never reached":            {[]string{pageOf(`,"pagination":{"total":9}`, row(1))}, []string{"1"}, 4, gateway.ErrRepeatedPages},
		"a total, then nothing":            {[]string{pageOf(`,"pagination":{"total":9}`, row(1)), pageOf(`,"pagination":{"total":9}`)}, []string{"1"}, 2, nil},
		"a total of 0":                     {[]string{pageOf(`,"pagination":{"total":0}`, row(1)), pageOf("")}, []string{"1"}, 2, nil},
		"total as text":                    {[]string{pageOf(`,"pagination":{"total":"2","count":"1"}`, row(1)), pageOf("", row(2)), pageOf("")}, []string{"1", "2"}, 3, nil},
		"members beside the data":          {[]string{pageOf(`,"next_page_url":"x","total":2`, row(1)), pageOf(`,"next_page_url":null,"total":2`, row(2))}, []string{"1", "2"}, 2, nil},
		"empty text for no more":           {[]string{pageOf(`,"pagination":{"next_page_url":""}`, row(1))}, []string{"1"}, 1, nil},
		"pagination is null":               {[]string{pageOf(`,"pagination":null`, row(1)), pageOf("")}, []string{"1"}, 2, nil},
		"pagination is an array":           {[]string{pageOf(`,"pagination":[]`, row(1)), pageOf("")}, []string{"1"}, 2, nil},
		"null rows":                        {[]string{pageOf(`,"pagination":{"next_page_url":null}`, "null", row(1))}, []string{"1"}, 1, nil},
		"without envelope":                 {[]string{`{"invoices":{"data":[` + row(1) + `],"pagination":{"next_page_url":null}}}`}, []string{"1"}, 1, nil},
		"a row without an id":              {[]string{pageOf("", row(1), `{"token":"1"}`)}, nil, 1, gateway.ErrUnexpected},
		"a row that is none":               {[]string{pageOf("", `"x"`)}, nil, 1, gateway.ErrUnexpected},
		"pagination is a text":             {[]string{pageOf(`,"pagination":"none"`, row(1))}, nil, 1, gateway.ErrUnexpected},
		"no data":                          {[]string{`{"status":true,"response":{"invoices":{}}}`}, nil, 1, gateway.ErrUnexpected},
		"data is no list":                  {[]string{`{"status":true,"response":{"invoices":{"data":{"1":` + row(1) + `}}}}`}, nil, 1, gateway.ErrUnexpected},
		"no invoices":                      {[]string{`{"status":true,"response":{"stats":{}}}`}, nil, 1, gateway.ErrUnexpected},
		"the second page fails":            {[]string{pageOf(more, row(1)), html}, []string{"1"}, 2, gateway.ErrUnexpected},
		"the second page is refused":       {[]string{pageOf(more, row(1)), `{"status":false,"message":"no","response":{"page":["bad"]}}`}, []string{"1"}, 2, gateway.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			c, _ := newStub(t, func(w http.ResponseWriter, r request) {
				if page := fmt.Sprint(asked + 1); r.query.Get("page") != page || r.path != "/api/v1/invoice-dashboard" {
					t.Errorf("requested %s, want page %s", r, page)
				}
				body := test.pages[min(asked, len(test.pages)-1)]
				asked++
				respondWith(http.StatusOK, body)(w, r)
			})
			got, err := collect(t, c)
			if !slices.Equal(got, test.want) || asked != test.asked {
				t.Errorf("%q, %d pages", got, asked)
			}
			if !errors.Is(err, test.kind) {
				t.Errorf("%v", err)
			}
			if test.kind != nil {
				wantKind(t, err, test.kind)
			}
		})
	}
}

func TestListThatGrowsForEver(t *testing.T) {
	next := 0
	c, _ := newStub(t, func(w http.ResponseWriter, r request) {
		next++
		respondWith(http.StatusOK, pageOf(more, row(next)))(w, r)
	})
	c.maxPages = 20
	got, err := collect(t, c)
	wantKind(t, err, gateway.ErrUnexpected)
	if len(got) != 20 || !strings.Contains(err.Error(), "20 pages") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestFailedList(t *testing.T) {
	c, _ := newStub(t, respondWith(http.StatusNotFound, `{"message":"Request not found, Please verify the request data"}`))
	_, err := c.FindByReference(t.Context(), "R", time.Now())
	wantKind(t, err, gateway.ErrInvalid)
	_, err = c.FindByToken(t.Context(), "311")
	wantKind(t, err, gateway.ErrInvalid)
}

// A row that lacks the reference belongs to an invoice that is gone when it is
// read.
func TestRowOfAGoneInvoice(t *testing.T) {
	c, _ := newStub(t, func(w http.ResponseWriter, r request) {
		if strings.HasSuffix(r.path, "dashboard") {
			respondWith(http.StatusOK, pageOf(`,"pagination":{"next_page_url":null}`, `{"id":1}`, row(2)))(w, r)
			return
		}
		respondWith(http.StatusNotFound, `{"message":"Request not found, Please verify the request data"}`)(w, r)
	})
	found, err := c.FindByReference(t.Context(), "R", time.Time{})
	if err != nil || !slices.Equal(ids(found), []string{"2"}) {
		t.Errorf("%v, %v", found, err)
	}
}

// TestPagesAtOnce: pages that are requested at the same time are the same pages,
// and give the same invoices in the same order.
func TestPagesAtOnce(t *testing.T) {
	for pagination := range sandbox.PaginationNone + 1 {
		for _, size := range []int{1, 3, 4, 5, 100} {
			t.Run(fmt.Sprintf("pagination %d, size %d", pagination, size), func(t *testing.T) {
				c, server := simulated(t, sandbox.Behaviour{Pagination: pagination, PageSize: size})
				fill(t, c, server, 12)
				want := list(t, c, Filter{})
				oneByOne := lists(t, server)
				got := list(t, c, Filter{AtOnce: 4})
				atOnce := lists(t, server)[len(oneByOne):]
				if !slices.Equal(got, want) {
					t.Errorf("%q, one by one %q", got, want)
				}
				slices.Sort(oneByOne)
				slices.Sort(atOnce)
				if !slices.Equal(atOnce, oneByOne) {
					t.Errorf("%q, one by one %q", atOnce, oneByOne)
				}
			})
		}
	}
}

// TestPagesAtOnceOverlap: the first page tells how many there are; the others are
// requested together, and no more than wanted.
func TestPagesAtOnceOverlap(t *testing.T) {
	together := clienttest.Together{Want: 4}
	c, _ := newStub(t, func(w http.ResponseWriter, r request) {
		number, _ := strconv.Atoi(r.query.Get("page"))
		if number > 1 {
			defer together.Enter()()
		}
		if number > 10 {
			t.Errorf("page %d of 10", number)
		}
		respondWith(http.StatusOK, pageOf(`,"pagination":{"total":20}`, row(2*number), row(2*number+1)))(w, r)
	})
	n := 0
	for _, err := range c.List(t.Context(), Filter{AtOnce: 4}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 20 || together.Most() != 4 {
		t.Errorf("%d invoices, %d requests at the same time", n, together.Most())
	}
}

// TestPagesAtOnceOfAnOddTotal: a total that is wrong costs a few pages at most.
func TestPagesAtOnceOfAnOddTotal(t *testing.T) {
	for _, total := range []string{"0", "-5", "3", "1000", "9223372036854775807", `"many"`} {
		var asked atomic.Int64
		c, _ := newStub(t, func(w http.ResponseWriter, r request) {
			asked.Add(1)
			number, _ := strconv.Atoi(r.query.Get("page"))
			next, rows := `"x"`, []string{row(2 * number), row(2*number + 1)}
			if number >= 3 {
				next = "null"
			}
			if number > 3 {
				rows = nil
			}
			respondWith(http.StatusOK, pageOf(`,"pagination":{"next_page_url":`+next+`,"total":`+total+`}`, rows...))(w, r)
		})
		n := 0
		for _, err := range c.List(t.Context(), Filter{AtOnce: 4}) {
			if err == nil {
				n++
			}
		}
		if numeric := total != `"many"`; numeric && n != 6 || !numeric && n != 0 {
			t.Errorf("total %s: %d invoices", total, n)
		}
		if asked.Load() > 3+3 {
			t.Errorf("total %s: %d pages requested", total, asked.Load())
		}
	}
}

// A row that cannot be completed ends the list with an error that names its
// invoice.
func TestRowThatCannotBeCompleted(t *testing.T) {
	c, _ := newStub(t, func(w http.ResponseWriter, r request) {
		if strings.HasSuffix(r.path, "dashboard") {
			respondWith(http.StatusOK, pageOf(`,"pagination":{"next_page_url":null}`, `{"id":14697}`))(w, r)
			return
		}
		respondWith(http.StatusForbidden, html)(w, r)
	})
	_, err := c.FindByReference(t.Context(), "R", time.Time{})
	wantKind(t, err, gateway.ErrForbidden)
	if !strings.Contains(err.Error(), "14697") {
		t.Errorf("the error does not name the invoice: %v", err)
	}
	_, err = c.FindByToken(t.Context(), "311")
	wantKind(t, err, gateway.ErrForbidden)
	if !strings.Contains(err.Error(), "14697") {
		t.Errorf("the error does not name the invoice: %v", err)
	}
}

func TestFatList(t *testing.T) {
	next := 0
	clienttest.CheckFatList(t, func(server http.HandlerFunc) iter.Seq2[*Invoice, error] {
		c, _ := newStub(t, func(w http.ResponseWriter, _ request) { server(w, nil) })
		return c.List(t.Context(), Filter{})
	}, func(w http.ResponseWriter, _ *http.Request, filler string, rows int) {
		_, _ = io.WriteString(w, `{"status":true,"message":"ok","response":{"invoices":{"data":[`)
		for i := range rows {
			next++
			_, _ = fmt.Fprintf(w, `%s{"id":%d,"description":"%d %s"}`, strings.Repeat(",", min(i, 1)), next, next, filler)
		}
		_, _ = io.WriteString(w, `],"pagination":{"next_page_url":"https://x/?page=9"}}}}`)
	})
}
