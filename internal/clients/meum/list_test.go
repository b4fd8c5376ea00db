package meum

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

func collect(t *testing.T, c *Client, filter Filter) ([]string, error) {
	t.Helper()
	var ids []string
	for inv, err := range c.List(t.Context(), filter) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, inv.ID)
	}
	return ids, nil
}

// pages serves ids in pages. cursor names the cursor after an index, "" for
// none: the client takes the id of the last row then.
func pages(ids []string, size int, cursor func(next int) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		from := 0
		if after := r.URL.Query().Get("starting_after"); after != "" {
			from = -1
			for i, id := range ids {
				if after == cursor(i+1) || cursor(i+1) == "" && after == id {
					from = i + 1
				}
			}
			if from < 0 {
				clienttest.Reply(w, 400, `{"error":{"code":"invalid_cursor","message":"Unknown cursor"}}`)
				return
			}
		}
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		to := min(from+min(size, limit), len(ids))
		rows := []map[string]any{}
		for _, id := range ids[from:to] {
			rows = append(rows, map[string]any{"id": id})
		}
		answer := map[string]any{"data": rows, "has_more": to < len(ids), "next_cursor": nil}
		if c := cursor(to); to < len(ids) && c != "" {
			answer["next_cursor"] = c
		}
		text, _ := json.Marshal(answer)
		clienttest.Reply(w, 200, string(text))
	}
}

func ids(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("inv_%032x", i)
	}
	return list
}

// TestListPages: every form of a cursor gives every invoice once, in order, with
// one request for each page.
func TestListPages(t *testing.T) {
	for name, cursor := range map[string]func(int) string{
		"none":   func(int) string { return "" },
		"opaque": func(next int) string { return fmt.Sprintf("8dd2573%d/+ &=", next) },
		"uuid":   func(next int) string { return fmt.Sprintf("3c90c3cc-0d44-4b50-8888-%012d", next) },
	} {
		for _, n := range []int{0, 1, 99, 100, 101, 250} {
			for _, size := range []int{100, 7} {
				if size < 100 && n > 101 {
					continue
				}
				t.Run(fmt.Sprint(name, " ", n, "/", size), func(t *testing.T) {
					c, server := newTestServer(t, pages(ids(n), size, cursor))
					got, err := collect(t, c, Filter{})
					if err != nil || !slices.Equal(got, ids(n)) {
						t.Errorf("%d invoices, %v", len(got), err)
					}
					if want := max(1, (n+size-1)/size); len(server.Requests()) != want {
						t.Errorf("%d requests, not %d", len(server.Requests()), want)
					}
				})
			}
		}
	}
}

func TestListRequest(t *testing.T) {
	for uri, filter := range map[string]Filter{
		"/v1/invoices?limit=100":             {},
		"/v1/invoices?limit=100&status=paid": {Status: "paid"},
		"/v1/invoices?customer_id=c&external_order_id=a%26b%3D%C3%BC+%3C&limit=100&payment_link_id=plink_1&status=quoted": {
			Status: "quoted", ExternalOrderID: "a&b=ü <", CustomerID: "c", PaymentLinkID: "plink_1",
		},
	} {
		c, server := newCannedServer(t, 200, `{"data":[],"has_more":false,"next_cursor":null}`)
		if got, err := collect(t, c, filter); err != nil || len(got) != 0 {
			t.Error(err)
		}
		if r := server.Requests()[0]; r.Method != "GET" || r.URI != uri || r.Body != "" || r.Header.Get("Authorization") != "Bearer sk_live_demo" {
			t.Errorf("%+v, not %s", r, uri)
		}
	}
	// The next page has the same filter.
	c, server := newTestServer(t, pages(ids(3), 2, func(int) string { return "" }))
	if _, err := collect(t, c, Filter{Status: "paid"}); err != nil {
		t.Fatal(err)
	}
	if got, want := server.Requests()[1].URI, "/v1/invoices?limit=100&starting_after="+ids(3)[1]+"&status=paid"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestListStopsWithItsReader(t *testing.T) {
	c, server := newTestServer(t, pages(ids(250), 100, func(int) string { return "" }))
	n := 0
	for _, err := range c.List(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 100 {
			break
		}
	}
	if len(server.Requests()) != 1 {
		t.Errorf("%d requests for 100 invoices", len(server.Requests()))
	}
}

// TestListResponses: what is tolerated, and what is an error: never a shorter list,
// and never an endless one.
func TestListResponses(t *testing.T) {
	const row = `{"id":"inv_1"}`
	step := 0
	script := func(bodies ...string) http.HandlerFunc {
		n := 0
		return func(w http.ResponseWriter, _ *http.Request) {
			body := bodies[min(n, len(bodies)-1)]
			n++
			status := 200
			if code, rest, found := strings.Cut(body, " "); found && len(code) == 3 {
				status, _ = strconv.Atoi(code)
				body = rest
			}
			clienttest.Reply(w, status, body)
		}
	}
	tests := []struct {
		name     string
		server   http.HandlerFunc
		invoices int
		kind     error
		text     string
		requests int
	}{
		{"no cursor member", script(`{"data":[` + row + `],"has_more":false}`), 1, nil, "", 1},
		{"has_more decides", script(`{"data":[` + row + `],"has_more":false,"next_cursor":"x"}`), 1, nil, "", 1},
		{"a cursor decides where has_more is missing", script(`{"data":[`+row+`],"next_cursor":"x"}`, `{"data":[{"id":"inv_2"}],"has_more":false}`), 2, nil, "", 2},
		{"repeated rows", script(`{"data":[`+row+`,`+row+`],"has_more":true,"next_cursor":"x"}`, `{"data":[`+row+`,{"id":"inv_2"}],"has_more":false}`), 2, nil, "", 2},
		{"an empty page in between", script(`{"data":[],"has_more":true,"next_cursor":"x"}`, `{"data":[`+row+`],"has_more":false}`), 1, nil, "", 2},

		{"a cursor of null decides where has_more is missing", script(`{"data":[` + row + `],"next_cursor":null}`), 1, nil, "", 1},
		{"neither has_more nor a cursor", script(`{"data":[` + row + `]}`), 0, gateway.ErrUnexpected, "has_more", 1},
		{"has_more that is a text", script(`{"data":[` + row + `],"has_more":"yes"}`), 0, gateway.ErrUnexpected, "has_more", 1},
		{"no data", script(`{"has_more":false,"next_cursor":null}`), 0, gateway.ErrUnexpected, "data", 1},
		{"data is null", script(`{"data":null,"has_more":false}`), 0, gateway.ErrUnexpected, "data", 1},
		{"data is an object", script(`{"data":{},"has_more":false}`), 0, gateway.ErrUnexpected, "data", 1},
		{"a row that is no object", script(`{"data":[null],"has_more":false}`), 0, gateway.ErrUnexpected, "data", 1},
		{"a row without an id", script(`{"data":[{"status":"paid"}],"has_more":false}`), 0, gateway.ErrUnexpected, "id", 1},
		{"a row with an odd amount", script(`{"data":[{"id":"inv_1","amount":"much"}],"has_more":false}`), 0, gateway.ErrUnexpected, "amount", 1},
		{"a bare list", script(`[` + row + `]`), 0, gateway.ErrUnexpected, "", 1},
		{"more, but nowhere", script(`{"data":[],"has_more":true,"next_cursor":null}`), 0, gateway.ErrUnexpected, "next_cursor is missing", 1},
		{"the same cursor again", script(`{"data":[`+row+`],"has_more":true,"next_cursor":"x"}`, `{"data":[{"id":"inv_2"}],"has_more":true,"next_cursor":"x"}`), 2, gateway.ErrUnexpected, "page after page", 2},
		{"the same page for ever", script(`{"data":[` + row + `],"has_more":true,"next_cursor":null}`), 1, gateway.ErrUnexpected, "page after page", 2},
		{"the same rows with new cursors", func(w http.ResponseWriter, _ *http.Request) {
			step++
			clienttest.Reply(w, 200, fmt.Sprintf(`{"data":[%s],"has_more":true,"next_cursor":"%d"}`, row, step))
		}, 1, gateway.ErrUnexpected, "page after page", 4},
		{"the second page fails", script(`{"data":[`+row+`],"has_more":true,"next_cursor":"x"}`, `500 {"error":"oops"}`), 1, gateway.ErrUnavailable, "oops", 2},
		{"the second page is refused", script(`{"data":[`+row+`],"has_more":true,"next_cursor":"x"}`, `400 {"error":{"code":"invalid_cursor","message":"Unknown cursor"}}`), 1, gateway.ErrInvalid, "Unknown cursor", 2},
		{"a scope", script(`403 {"error":{"code":"INSUFFICIENT_SCOPE","message":"Missing invoices:read scope"}}`), 0, gateway.ErrForbidden, "invoices:read", 1},
		{"no route", script(`404 {"error":{"code":"not_found","message":"No such route"}}`), 0, gateway.ErrUnexpected, "No such route", 1},
		{"the second page is a page", script(`{"data":[`+row+`],"has_more":true,"next_cursor":"x"}`, `<html>`), 1, gateway.ErrUnexpected, "no text", 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, server := newTestServer(t, test.server)
			got, err := collect(t, c, Filter{})
			if test.kind == nil {
				if err != nil {
					t.Error(err)
				}
			} else if failed := check(t, err, test.kind); failed.Operation != "list invoices" || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%v", err)
			}
			if len(got) != test.invoices || len(server.Requests()) != test.requests {
				t.Errorf("%d invoices after %d requests", len(got), len(server.Requests()))
			}
		})
	}
}

func TestFindByReference(t *testing.T) {
	now := time.Now()
	at := func(d time.Duration) string { return now.Add(d).UTC().Format(time.RFC3339Nano) }
	c, server := newCannedServer(t, 200, fmt.Sprintf(`{"has_more":false,"next_cursor":null,"data":[
		{"id":"inv_a","external_order_id":"ref-1","created_at":%q},
		{"id":"inv_b","external_order_id":"ref-1","created_at":%q},
		{"id":"inv_c","external_order_id":"ref-1"},
		{"id":"inv_d","external_order_id":"ref-10","created_at":%q},
		{"id":"inv_e","external_order_id":"REF-1","created_at":%q},
		{"id":"inv_f","external_order_id":"ref-1","created_at":%q},
		{"id":"inv_g","created_at":%q}]}`,
		at(time.Second), at(-gateway.ClockSkew/2), at(0), at(0), at(-2*gateway.ClockSkew), at(0)))
	found, err := c.FindByReference(t.Context(), "ref-1", now)
	if err != nil || len(found) != 3 || found[0].ID != "inv_a" || found[1].ID != "inv_b" || found[2].ID != "inv_c" {
		t.Errorf("%v, %v", found, err)
	}
	if got := server.Requests()[0].URI; got != "/v1/invoices?external_order_id=ref-1&limit=100" {
		t.Error(got)
	}
	if found, err := c.FindByReference(t.Context(), "ref-1", time.Time{}); err != nil || len(found) != 4 {
		t.Errorf("%v, %v", found, err)
	}
	_, err = c.FindByReference(t.Context(), "", now)
	check(t, err, gateway.ErrInvalid)
	if len(server.Requests()) != 2 {
		t.Error("invoices without a reference were looked for")
	}
	broken, _ := newCannedServer(t, 502, ``)
	found, err = broken.FindByReference(t.Context(), "ref-1", now)
	if check(t, err, gateway.ErrUnavailable); found != nil {
		t.Errorf("%v", found)
	}
}

func TestFatList(t *testing.T) {
	next := 0
	clienttest.CheckFatList(t, func(server http.HandlerFunc) iter.Seq2[*Invoice, error] {
		c, _ := newTestServer(t, server)
		return c.List(t.Context(), Filter{})
	}, func(w http.ResponseWriter, _ *http.Request, filler string, rows int) {
		_, _ = io.WriteString(w, `{"data":[`)
		for i := range rows {
			next++
			_, _ = fmt.Fprintf(w, `%s{"id":"inv_%d","metadata":{"x":"%s"}}`, strings.Repeat(",", min(i, 1)), next, filler)
		}
		_, _ = fmt.Fprintf(w, `],"has_more":true,"next_cursor":"inv_%d"}`, next)
	})
}
