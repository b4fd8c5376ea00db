package cryptocloud

import (
	"net/http"
	"slices"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
)

// bodies are the requests' bodies, sorted.
func bodies(server *clienttest.Server) []string {
	var all []string
	for _, r := range server.Requests() {
		all = append(all, r.Body)
	}
	slices.Sort(all)
	return all
}

// TestListAtOnce: pages that are requested at the same time are the same pages,
// and give the same invoices in the same order.
func TestListAtOnce(t *testing.T) {
	for name, server := range map[string]listServer{
		"limit is a count":              {},
		"limit is the end":              {limit: endOfPage},
		"limit is the last row":         {limit: lastRowOfPage},
		"limit is the end up to 100":    {limit: endOf100},
		"small pages":                   {most: 60},
		"pages one too short":           {most: 99},
		"rows come again":               {repeatLast: 3},
		"without a count":               {noCount: true},
		"the count is too small":        {count: func(n int) any { return n - 150 }},
		"the count is that of the page": {count: func(n int) any { return min(n, 100) }},
	} {
		t.Run(name, func(t *testing.T) {
			server.rows = makeRows(505)
			oneByOne, recorder := newTestServer(t, server.ServeHTTP)
			want, wantErr := collect(t, oneByOne, march)
			atOnce, askedAtOnce := newTestServer(t, server.ServeHTTP)
			filter := march
			filter.AtOnce = 4
			got, err := collect(t, atOnce, filter)
			if !slices.Equal(got, want) || (err == nil) != (wantErr == nil) {
				t.Fatalf("%d invoices, %v; one by one %d, %v", len(got), err, len(want), wantErr)
			}
			sequential, inVain := bodies(recorder), 0
			for _, body := range bodies(askedAtOnce) {
				if i := slices.Index(sequential, body); i >= 0 {
					sequential = slices.Delete(sequential, i, i+1)
				} else {
					inVain++
				}
			}
			if regular := server.most == 0 && server.repeatLast == 0; regular && inVain > server.guesses() {
				t.Errorf("%d pages are requested in vain", inVain)
			}
			if len(sequential) > 0 {
				t.Errorf("%v is not requested", sequential)
			}
		})
	}
}

// guesses are how many pages are requested in vain before it is known what limit
// means.
func (s *listServer) guesses() int {
	if s.limit == pageLength {
		return 0
	}
	return 3
}

// TestListAtOnceOverlaps: the pages after the first are requested together, and
// no more than wanted.
func TestListAtOnceOverlaps(t *testing.T) {
	server := listServer{rows: makeRows(1000)}
	together := clienttest.Together{Want: 4}
	c, recorder := newTestServer(t, func(w http.ResponseWriter, body string) {
		if body != page(0, 100) {
			defer together.Enter()()
		}
		server.ServeHTTP(w, body)
	})
	filter := march
	filter.AtOnce = 4
	ids, err := collect(t, c, filter)
	if err != nil || len(ids) != 1000 || len(recorder.Requests()) != 10 {
		t.Errorf("%d invoices by %d requests, %v", len(ids), len(recorder.Requests()), err)
	}
	if most := together.Most(); most != 4 {
		t.Errorf("%d requests at the same time", most)
	}
}

// TestListAtOnceFails: a page that fails ends the list, and the others with it.
func TestListAtOnceFails(t *testing.T) {
	server := listServer{rows: makeRows(1000)}
	c, _ := newTestServer(t, func(w http.ResponseWriter, body string) {
		if body == page(400, 100) {
			clienttest.Reply(w, 403, `{"detail":"Signature verification failed"}`)
			return
		}
		server.ServeHTTP(w, body)
	})
	filter := march
	filter.AtOnce = 4
	if ids, err := collect(t, c, filter); err == nil || len(ids) != 400 {
		t.Errorf("%d invoices, %v", len(ids), err)
	}
}
