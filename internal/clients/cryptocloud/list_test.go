package cryptocloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// listServer is a list as the documentation leaves it open.
type listServer struct {
	rows []row

	limit         limitMeaning
	clampLimit    bool // a limit above 100 counts as 100; otherwise it is refused
	refuseBackEnd bool // an end that is not after the offset is refused; otherwise nothing is there
	most          int  // rows on a page, whatever the limit; 0 is no such bound
	noCount       bool
	oldestFirst   bool
	ignoreOffset  bool
	count         func(int) any // replaces all_count
	uncounted     bool          // all_count leaves out withdrawals
	repeatLast    int           // so many rows of the page before come again at the top of the next one
}

type limitMeaning int

const (
	pageLength    limitMeaning = iota // the number of rows
	endOfPage                         // the index after the last row; a page has at most 100
	endOf100                          // the same, and the index itself is at most 100
	lastRowOfPage                     // the index of the last row; a page has at most 101
)

type row struct {
	id         string
	created    time.Time
	json       string
	withdrawal bool
}

func makeRows(n int) []row {
	// Four days, so that a hundred rows never fall on one of them alone.
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	rows := make([]row, n)
	for i := range rows {
		at := start.Add(time.Duration(i) * 4 * 24 * time.Hour / time.Duration(n))
		id := fmt.Sprintf("INV-%08d", i)
		rows[i] = row{id: id, created: at, json: fmt.Sprintf(`{"uuid":%q,"created":%q,"status":"created","order_id":"None","type":"up"}`, id, at.Format("2006-01-02 15:04:05.000000"))}
	}
	return rows
}

// withWithdrawals makes rows of which some are withdrawals, the oldest first.
func withWithdrawals(n int, withdrawal func(i int) bool) []row {
	rows := makeRows(n)
	for i := range rows {
		if withdrawal(i) {
			rows[i].withdrawal = true
			rows[i].json = strings.Replace(rows[i].json, `"type":"up"`, `"type":"dw"`, 1)
		}
	}
	return rows
}

// invoices are the ids of the rows that are no withdrawals, sorted.
func invoices(rows []row) []string {
	var ids []string
	for _, r := range rows {
		if !r.withdrawal {
			ids = append(ids, r.id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (s *listServer) ServeHTTP(w http.ResponseWriter, body string) {
	var ask struct {
		Start, End    string
		Offset, Limit int
	}
	if err := json.Unmarshal([]byte(body), &ask); err != nil {
		clienttest.Reply(w, 400, `{"status":"error","result":{"validate_error":"bad body"}}`)
		return
	}
	first, err1 := time.Parse("02.01.2006", ask.Start)
	last, err2 := time.Parse("02.01.2006", ask.End)
	if err1 != nil || err2 != nil || last.Before(first) {
		clienttest.Reply(w, 400, `{"status":"error","result":{"start":"bad","end":"bad"}}`)
		return
	}
	rows := slices.DeleteFunc(slices.Clone(s.rows), func(r row) bool {
		return r.created.Before(first) || !r.created.Before(last.AddDate(0, 0, 1))
	})
	if !s.oldestFirst {
		slices.SortStableFunc(rows, func(a, b row) int { return b.created.Compare(a.created) })
	}
	refuse := func() { clienttest.Reply(w, 400, `{"status":"error","result":{"limit":"Invalid value limit."}}`) }

	from, to := ask.Offset, 0
	switch s.limit {
	case pageLength:
		if ask.Limit > 100 && !s.clampLimit {
			refuse()
			return
		}
		to = from + min(ask.Limit, 100)
	case endOfPage, lastRowOfPage:
		to = min(ask.Limit, from+100)
		if s.limit == lastRowOfPage {
			to = min(ask.Limit, from+100) + 1
		}
	case endOf100:
		if ask.Limit > 100 && !s.clampLimit {
			refuse()
			return
		}
		to = min(ask.Limit, 100)
	}
	if to <= from && s.refuseBackEnd {
		refuse()
		return
	}
	if s.ignoreOffset {
		to -= from
		from = 0
	}
	if from < len(rows) {
		from = max(0, from-s.repeatLast)
	}
	from = min(from, len(rows))
	to = max(from, min(to, len(rows)))
	if s.most > 0 {
		to = min(to, from+s.most)
	}
	page := []json.RawMessage{}
	for _, r := range rows[from:to] {
		page = append(page, json.RawMessage(r.json))
	}
	answer := map[string]any{"status": "success", "result": page}
	if !s.noCount {
		answer["all_count"] = len(rows)
		if s.uncounted {
			answer["all_count"] = len(invoices(rows))
		}
		if s.count != nil {
			answer["all_count"] = s.count(len(rows))
		}
	}
	text, _ := json.Marshal(answer)
	clienttest.Reply(w, 200, string(text))
}

var march = Filter{Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)}

func collect(t *testing.T, c *Client, filter Filter) ([]string, error) {
	t.Helper()
	var ids []string
	for inv, err := range c.List(t.Context(), filter) {
		if err != nil {
			if inv != nil {
				t.Error("an invoice beside an error")
			}
			return ids, err
		}
		ids = append(ids, inv.ID)
	}
	return ids, nil
}

// TestListReadings: every reading of the documentation gives every invoice once.
func TestListReadings(t *testing.T) {
	readings := map[string]listServer{
		"limit is a count":                      {},
		"limit is a count, clamped":             {clampLimit: true},
		"limit is the end":                      {limit: endOfPage},
		"limit is the end, checked":             {limit: endOfPage, refuseBackEnd: true},
		"limit is the last row":                 {limit: lastRowOfPage},
		"limit is the last row, checked":        {limit: lastRowOfPage, refuseBackEnd: true},
		"limit is the end up to 100":            {limit: endOf100},
		"limit is the end up to 100, clamped":   {limit: endOf100, clampLimit: true},
		"limit is the end up to 100, checked":   {limit: endOf100, refuseBackEnd: true},
		"limit is the end up to 100, cl., ch.":  {limit: endOf100, clampLimit: true, refuseBackEnd: true},
		"limit is a count, small pages":         {most: 7},
		"limit is the end, small pages":         {limit: endOfPage, most: 7},
		"limit is the last row, small pages":    {limit: lastRowOfPage, most: 33},
		"limit is a count, pages of one":        {most: 1},
		"limit is a count, rows come again":     {repeatLast: 3},
		"limit is the end, rows come again":     {limit: endOfPage, repeatLast: 3},
		"limit is a count, pages one too short": {most: 99},
	}
	for name, server := range readings {
		for _, n := range []int{0, 1, 100, 101, 205} {
			if server.most > 0 && n > 20*server.most {
				continue
			}
			for _, variant := range []int{0, 1, 2, 3} {
				server.noCount, server.oldestFirst = variant&1 > 0, variant&2 > 0
				if server.oldestFirst && n != 101 {
					continue
				}
				t.Run(fmt.Sprintf("%s/%d rows/no count %v/oldest first %v", name, n, server.noCount, server.oldestFirst), func(t *testing.T) {
					server.rows = makeRows(n)
					c, recorder := newTestServer(t, server.ServeHTTP)
					for range 2 { // the second time the reading may be known
						ids, err := collect(t, c, march)
						if err != nil {
							t.Fatal(err)
						}
						slices.Sort(ids)
						want := make([]string, n)
						for i := range want {
							want[i] = server.rows[i].id
						}
						if !slices.Equal(ids, want) {
							t.Fatalf("%d invoices: %v", len(ids), ids)
						}
					}
					for _, r := range recorder.Requests() {
						if r.Method != http.MethodPost || r.URI != "/v2/invoice/merchant/list" {
							t.Errorf("%+v", r)
						}
					}
				})
			}
		}
	}
}

// TestListRequests: in the normal readings there is one request for each page.
func TestListRequests(t *testing.T) {
	tests := []struct {
		name   string
		server listServer
		rows   int
		bodies []string // of the second list, when the client knows the reading
		first  int      // requests of the first list
	}{
		{"nothing", listServer{}, 0, []string{page(0, 100)}, 1},
		{"one page", listServer{}, 37, []string{page(0, 100)}, 1},
		{"one full page", listServer{}, 100, []string{page(0, 100)}, 1},
		{"three pages", listServer{}, 250, []string{page(0, 100), page(100, 100), page(200, 100)}, 3},
		{"three pages by their ends", listServer{limit: endOfPage}, 250, []string{page(0, 100), page(100, 200), page(200, 300)}, 4},
		{"without a count", listServer{noCount: true}, 37, []string{page(0, 100), page(37, 100)}, 2},
		{"three pages without a count", listServer{noCount: true}, 250, []string{page(0, 100), page(100, 100), page(200, 100), page(250, 100)}, 4},
		{"small pages", listServer{most: 20}, 50, []string{page(0, 100), page(20, 100), page(40, 100)}, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.server.rows = makeRows(test.rows)
			c, server := newTestServer(t, test.server.ServeHTTP)
			for range 2 {
				if _, err := collect(t, c, march); err != nil {
					t.Fatal(err)
				}
			}
			requests := server.Requests()
			if len(requests) != test.first+len(test.bodies) {
				t.Fatalf("%d requests", len(requests))
			}
			for i, want := range test.bodies {
				if got := requests[test.first+i].Body; got != want {
					t.Errorf("request %d: %s, not %s", i+1, got, want)
				}
			}
		})
	}
}

// TestListWithdrawals: whether all_count counts withdrawals or not, every invoice
// comes once.
func TestListWithdrawals(t *testing.T) {
	servers := map[string]listServer{
		"limit is a count":            {},
		"limit is the end":            {limit: endOfPage},
		"limit is the end, checked":   {limit: endOfPage, refuseBackEnd: true},
		"limit is the last row":       {limit: lastRowOfPage},
		"limit is the end up to 100":  {limit: endOf100},
		"the same, clamped":           {limit: endOf100, clampLimit: true},
		"small pages":                 {most: 60},
		"pages one too short":         {most: 99},
		"rows come again":             {repeatLast: 3},
		"rows come again, by the end": {limit: endOfPage, repeatLast: 3},
		"oldest first":                {oldestFirst: true},
	}
	patterns := map[string]func(n int) func(i int) bool{
		"the older half": func(n int) func(int) bool { return func(i int) bool { return i < n/2 } },
		"the newer half": func(n int) func(int) bool { return func(i int) bool { return i >= n/2 } },
		"every third":    func(int) func(int) bool { return func(i int) bool { return i%3 == 0 } },
		"all but one":    func(n int) func(int) bool { return func(i int) bool { return i != n/2 } },
	}
	for name, server := range servers {
		for pattern, withdrawals := range patterns {
			for _, n := range []int{100, 230} {
				t.Run(fmt.Sprintf("%s/%s are withdrawals/%d rows", name, pattern, n), func(t *testing.T) {
					for _, uncounted := range []bool{false, true} {
						server.rows, server.uncounted = withWithdrawals(n, withdrawals(n)), uncounted
						for _, atOnce := range []int{0, 4} {
							c, _ := newTestServer(t, server.ServeHTTP)
							filter := march
							filter.AtOnce = atOnce
							for range 2 { // the second time the reading may be known
								ids, err := collect(t, c, filter)
								if slices.Sort(ids); err != nil || !slices.Equal(ids, invoices(server.rows)) {
									t.Errorf("not counted %v, %d at once: %d invoices, not %d, %v", uncounted, atOnce, len(ids), len(invoices(server.rows)), err)
								}
							}
						}
					}
				})
			}
		}
	}
}

// TestListWithdrawalsRequests: after withdrawals one page more is requested, which
// brings nothing, and without them none.
func TestListWithdrawalsRequests(t *testing.T) {
	third := func(i int) bool { return i%3 == 0 }
	tests := []struct {
		name   string
		server listServer
		bodies []string // of the second list, when the client knows the reading
	}{
		{"one page", listServer{rows: withWithdrawals(37, third)}, []string{page(0, 100), page(37, 100)}},
		{"three pages", listServer{rows: withWithdrawals(250, third)}, []string{page(0, 100), page(100, 100), page(200, 100), page(250, 100)}},
		{"by their ends", listServer{rows: withWithdrawals(250, third), limit: endOfPage}, []string{page(0, 100), page(100, 200), page(200, 300), page(250, 350)}},
		{"five pages", listServer{rows: withWithdrawals(450, third)}, []string{page(0, 100), page(100, 100), page(200, 100), page(300, 100), page(400, 100), page(450, 100)}},
		{"none", listServer{rows: makeRows(250)}, []string{page(0, 100), page(100, 100), page(200, 100)}},
	}
	for _, test := range tests {
		for _, uncounted := range []bool{false, true} {
			for _, atOnce := range []int{0, 4} {
				t.Run(fmt.Sprintf("%s/not counted %v/%d at once", test.name, uncounted, atOnce), func(t *testing.T) {
					test.server.uncounted = uncounted
					c, server := newTestServer(t, test.server.ServeHTTP)
					filter := march
					filter.AtOnce = atOnce
					if _, err := collect(t, c, filter); err != nil {
						t.Fatal(err)
					}
					first := bodies(server)
					if _, err := collect(t, c, filter); err != nil {
						t.Fatal(err)
					}
					got := bodies(server)
					for _, body := range first {
						i := slices.Index(got, body)
						got = slices.Delete(got, i, i+1)
					}
					if want := slices.Sorted(slices.Values(test.bodies)); !slices.Equal(got, want) {
						t.Errorf("%v, not %v", got, want)
					}
				})
			}
		}
	}
}

func page(offset, limit int) string {
	return fmt.Sprintf(`{"end":"31.03.2026","limit":%d,"offset":%d,"start":"01.03.2026"}`, limit, offset)
}

// TestListStopsWithItsReader: a page is requested when it is needed.
func TestListStopsWithItsReader(t *testing.T) {
	server := listServer{rows: makeRows(250)}
	c, recorder := newTestServer(t, server.ServeHTTP)
	n := 0
	for _, err := range c.List(t.Context(), march) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 100 {
			break
		}
	}
	if len(recorder.Requests()) != 1 {
		t.Errorf("%d requests for 100 invoices", len(recorder.Requests()))
	}
}

// TestListErrors: a list that cannot be read to its end is an error, never a
// shorter list, and never an endless one.
func TestListErrors(t *testing.T) {
	full := makeRows(250)
	oneDay := makeRows(250)
	for i := range oneDay {
		oneDay[i].created = time.Date(2026, 3, 1, 0, 0, i, 0, time.UTC)
	}
	fail := func(server listServer, page int, status int, body string) func(http.ResponseWriter, string) {
		n := 0
		return func(w http.ResponseWriter, ask string) {
			if n++; n == page {
				clienttest.Reply(w, status, body)
				return
			}
			server.ServeHTTP(w, ask)
		}
	}
	always := func(body string) func(http.ResponseWriter, string) {
		return func(w http.ResponseWriter, _ string) { clienttest.Reply(w, 200, body) }
	}
	refusing := func(server listServer) func(http.ResponseWriter, string) {
		return func(w http.ResponseWriter, ask string) {
			if strings.Contains(ask, `"offset":100`) {
				clienttest.Reply(w, 400, `{"status":"error","result":{"offset":"No more."}}`)
				return
			}
			server.ServeHTTP(w, ask)
		}
	}
	tests := []struct {
		name     string
		server   func(http.ResponseWriter, string)
		kind     error
		text     string
		invoices int // that came before the error
		requests int // at most
	}{
		{"the first page fails", fail(listServer{rows: full}, 1, 500, `{}`), gateway.ErrUnavailable, "", 0, 1},
		{"the second page fails", fail(listServer{rows: full}, 2, 502, `<html>`), gateway.ErrUnavailable, "no text", 100, 2},
		{"the third page is refused", fail(listServer{rows: full}, 3, 400, `{"status":"error","result":{"offset":"Too far."}}`), gateway.ErrInvalid, "Too far.", 200, 3},
		{"the other reading fails", fail(listServer{rows: full, limit: endOfPage}, 3, 500, ``), gateway.ErrUnavailable, "", 100, 3},
		{"the last question fails", fail(listServer{rows: full[:100], noCount: true}, 4, 500, ``), gateway.ErrUnavailable, "", 100, 4},
		{"everything after a hundred is refused", refusing(listServer{rows: full, noCount: true}), gateway.ErrInvalid, "No more.", 100, 4},
		{"the key is refused meanwhile", fail(listServer{rows: full}, 2, 403, `{"detail":"Signature verification failed"}`), gateway.ErrUnauthorized, "", 100, 2},
		{"the second page is something else", fail(listServer{rows: full}, 2, 200, `{"status":"success"}`), gateway.ErrUnexpected, "has no result", 100, 2},
		{"the second page is an object", fail(listServer{rows: full}, 2, 200, `{"status":"success","result":{}}`), gateway.ErrUnexpected, "", 100, 2},
		{"the second page is null", fail(listServer{rows: full}, 2, 200, `{"status":"success","result":null}`), gateway.ErrUnexpected, "", 100, 2},
		{"the third page is empty", fail(listServer{rows: full}, 3, 200, `{"status":"success","result":[],"all_count":250}`), gateway.ErrUnexpected, "200 of its 250", 200, 3},
		{"a row that is no object", always(`{"status":"success","result":[null]}`), gateway.ErrUnexpected, "", 0, 1},
		{"a row without an id", always(`{"status":"success","result":[{"created":"2026-03-01 00:00:00"}]}`), gateway.ErrUnexpected, "uuid", 0, 1},
		{"a row with an odd number", always(`{"status":"success","result":[{"uuid":"INV-1","fee":"much"}]}`), gateway.ErrUnexpected, "fee", 0, 1},
		{"the offset is ignored", (&listServer{rows: oneDay, ignoreOffset: true}).ServeHTTP, gateway.ErrUnexpected, "first 100", 100, 30},
		{"the offset is ignored, no count", (&listServer{rows: full, ignoreOffset: true, noCount: true}).ServeHTTP, gateway.ErrUnexpected, "page after page", 100, 7},
		{"the offset is ignored, few rows", (&listServer{rows: full[:3], ignoreOffset: true, noCount: true}).ServeHTTP, gateway.ErrUnexpected, "page after page", 3, 5},
		{"the same withdrawal for ever", always(`{"status":"success","result":[{"type":"dw"}]}`), gateway.ErrUnexpected, "page after page", 0, 5},
		{"fewer rows than counted", (&listServer{rows: full[:20], count: func(n int) any { return n + 1 }}).ServeHTTP, gateway.ErrUnexpected, "20 of its 21", 20, 2},
		{"fewer rows than counted, a withdrawal", (&listServer{rows: withWithdrawals(20, func(i int) bool { return i == 0 }), count: func(n int) any { return n + 1 }}).ServeHTTP, gateway.ErrUnexpected, "20 of its 21", 19, 2},
		{"the offset is ignored, withdrawals", (&listServer{rows: withWithdrawals(250, func(i int) bool { return i%2 == 0 }), ignoreOffset: true, clampLimit: true}).ServeHTTP, gateway.ErrUnexpected, "", 50, 30},
		{"the page after withdrawals fails", fail(listServer{rows: withWithdrawals(20, func(i int) bool { return i == 0 })}, 2, 500, ``), gateway.ErrUnavailable, "", 19, 2},
		{"more than 100 on a day that ends at 100", (&listServer{rows: oneDay, limit: endOf100}).ServeHTTP, gateway.ErrUnexpected, "first 100", 100, 30},
		{"the same without a count", (&listServer{rows: oneDay, limit: endOf100, noCount: true}).ServeHTTP, gateway.ErrUnexpected, "first 100", 100, 40},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, server := newTestServer(t, test.server)
			ids, err := collect(t, c, march)
			failed := check(t, err, test.kind)
			if failed.Operation != "list invoices" || !strings.Contains(failed.Error(), test.text) {
				t.Errorf("%v", err)
			}
			if len(ids) != test.invoices || len(server.Requests()) > test.requests {
				t.Errorf("%d invoices after %d requests", len(ids), len(server.Requests()))
			}
		})
	}
}

// TestListCount: a count that makes no sense is no reason to stop or to fail.
func TestListCount(t *testing.T) {
	for _, count := range []any{0, -1, 3, "None", "250", nil, "many", 1.5, true, []int{1}} {
		server := listServer{rows: makeRows(250), count: func(int) any { return count }}
		c, _ := newTestServer(t, server.ServeHTTP)
		if ids, err := collect(t, c, march); err != nil || len(ids) != 250 {
			t.Errorf("all_count %v: %d invoices, %v", count, len(ids), err)
		}
	}
}

// TestListGrows: invoices made while the list is read shift the pages of one
// that has the newest first.
func TestListGrows(t *testing.T) {
	all := makeRows(600)
	for _, step := range []int{1, 20, 49} {
		shown := 250
		server := listServer{rows: all[:shown], most: 50}
		c, _ := newTestServer(t, func(w http.ResponseWriter, body string) {
			server.ServeHTTP(w, body)
			shown = min(shown+step, len(all))
			server.rows = all[:shown]
		})
		ids, err := collect(t, c, march)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all[:250] {
			if !slices.Contains(ids, r.id) {
				t.Errorf("%s is missing", r.id)
			}
		}
		if slices.Sort(ids); len(slices.Compact(ids)) != len(ids) {
			t.Error("an invoice came twice")
		}
	}
}

func TestListRows(t *testing.T) {
	c, _ := newCannedServer(t, 200, `{"status":"success","all_count":6,"result":[
		{"uuid":"INV-AAAAAAAA","type":"up","order_id":"x"},
		{"uuid":"BBBBBBBB","order_id":7},
		{"uuid":"INV-AAAAAAAA","type":"up","order_id":"x"},
		{"uuid":"INV-DDDDDDDD","type":"dw","expiry_date":null,"order_id":"None","amount":"odd"},
		{"invoice_id":"INV-EEEEEEEE","type":"dw"},
		{"uuid":"INV-CCCCCCCC","extra":{"a":[1]}}]}`)
	ids, err := collect(t, c, march)
	if err != nil || !slices.Equal(ids, []string{"INV-AAAAAAAA", "INV-BBBBBBBB", "INV-CCCCCCCC"}) {
		t.Errorf("%v, %v", ids, err)
	}
	for order, want := range map[string]int{"x": 1, "7": 1, "X": 0, "None": 0} {
		filter := march
		filter.OrderID = order
		if ids, err := collect(t, c, filter); err != nil || len(ids) != want {
			t.Errorf("order %q: %v, %v", order, ids, err)
		}
	}
}

func TestListNeedsDays(t *testing.T) {
	c, server := newCannedServer(t, 200, `{}`)
	for _, filter := range []Filter{{}, {Start: march.Start}, {End: march.End}} {
		_, err := collect(t, c, filter)
		check(t, err, gateway.ErrInvalid)
	}
	if len(server.Requests()) != 0 {
		t.Error("a request was sent")
	}
}

func TestFindByReference(t *testing.T) {
	now := time.Now().UTC()
	at := func(d time.Duration) string { return now.Add(d).Format("2006-01-02 15:04:05.000000") }
	rows := fmt.Sprintf(`{"status":"success","result":[
		{"uuid":"INV-AAAAAAAA","order_id":"ref-1","created":%q},
		{"uuid":"INV-BBBBBBBB","order_id":"ref-1","created":%q},
		{"uuid":"INV-CCCCCCCC","order_id":"ref-1"},
		{"uuid":"INV-DDDDDDDD","order_id":"ref-10","created":%q},
		{"uuid":"INV-EEEEEEEE","order_id":"REF-1","created":%q},
		{"uuid":"INV-FFFFFFFF","order_id":"ref-1","created":%q},
		{"uuid":"INV-GGGGGGGG","created":%q}],"all_count":7}`,
		at(time.Second), at(-gateway.ClockSkew/2), at(0), at(0), at(-2*gateway.ClockSkew), at(0))
	c, server := newCannedServer(t, 200, rows)
	found, err := c.FindByReference(t.Context(), "ref-1", now)
	if err != nil || len(found) != 3 || found[0].ID != "INV-AAAAAAAA" || found[1].ID != "INV-BBBBBBBB" || found[2].ID != "INV-CCCCCCCC" {
		t.Errorf("%v, %v", found, err)
	}
	yesterday, tomorrow := now.AddDate(0, 0, -1).Format("02.01.2006"), time.Now().UTC().AddDate(0, 0, 1).Format("02.01.2006")
	if want := fmt.Sprintf(`{"end":%q,"limit":100,"offset":0,"start":%q}`, tomorrow, yesterday); server.Requests()[0].Body != want {
		t.Errorf("%s, not %s", server.Requests()[0].Body, want)
	}

	// A time of which nobody knows anything is the beginning of all.
	if found, err := c.FindByReference(t.Context(), "ref-1", time.Time{}); err != nil || len(found) != 4 || !strings.Contains(server.Requests()[1].Body, `"start":"31.12.2019"`) {
		t.Errorf("%v, %v, %s", found, err, server.Requests()[1].Body)
	}
	// A clock that is behind.
	if found, err := c.FindByReference(t.Context(), "ref-1", now.AddDate(0, 0, 3)); err != nil || len(found) != 1 ||
		!strings.Contains(server.Requests()[2].Body, `"end":"`+now.AddDate(0, 0, 4).Format("02.01.2006")) {
		t.Errorf("%v, %v, %s", found, err, server.Requests()[2].Body)
	}
	_, err = c.FindByReference(t.Context(), "", now)
	check(t, err, gateway.ErrInvalid)
	if len(server.Requests()) != 3 {
		t.Error("invoices without a reference were looked for")
	}
	broken, _ := newCannedServer(t, 500, ``)
	if found, err := broken.FindByReference(t.Context(), "ref-1", now); !errors.Is(err, gateway.ErrUnavailable) || found != nil {
		t.Errorf("%v, %v", found, err)
	}
}

func TestHalves(t *testing.T) {
	first := time.Date(2026, 2, 27, 0, 0, 0, 0, time.UTC)
	for days := 2; days < 40; days++ {
		s := span{first, first.AddDate(0, 0, days-1)}
		earlier, later := s.halves()
		if !earlier.first.Equal(s.first) || !later.last.Equal(s.last) || !later.first.Equal(earlier.last.AddDate(0, 0, 1)) ||
			earlier.last.Before(earlier.first) || later.last.Before(later.first) {
			t.Errorf("%s is %s and %s", s, earlier, later)
		}
	}
}

func TestFatList(t *testing.T) {
	next, day := 0, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	clienttest.CheckFatList(t, func(server http.HandlerFunc) iter.Seq2[*Invoice, error] {
		c, _ := newTestServer(t, func(w http.ResponseWriter, _ string) { server(w, nil) })
		return c.List(t.Context(), Filter{Start: day, End: day})
	}, func(w http.ResponseWriter, _ *http.Request, filler string, rows int) {
		_, _ = io.WriteString(w, `{"status":"success","result":[`)
		for i := range rows {
			next++
			_, _ = fmt.Fprintf(w, `%s{"uuid":"INV-%d","pay_url":"%d %s"}`, strings.Repeat(",", min(i, 1)), next, next, filler)
		}
		_, _ = io.WriteString(w, `],"all_count":12500}`)
	})
}
