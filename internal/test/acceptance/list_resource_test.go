package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// list is a list block of the gateway. Settings are lines such as limit = 3.
func (g specimen) list(arguments expressions, settings ...string) string {
	var lines []string
	for _, argument := range slices.Sorted(maps.Keys(arguments)) {
		lines = append(lines, fmt.Sprintf("    %s = %s\n", argument, arguments[argument]))
	}
	return fmt.Sprintf("list \"payinvoice_%s_invoice\" \"it\" {\n  provider = payinvoice\n  %s\n  config {\n%s  }\n}\n",
		g.Name, strings.Join(settings, "\n  "), strings.Join(lines, ""))
}

// everything is a limit that is none: Terraform's own is a hundred.
const everything = "limit = 10000"

// foundIDs are the identities that a query found.
func foundIDs(t *testing.T, r *providertest.Report) []string {
	t.Helper()
	ids := []string{}
	for _, f := range r.Found {
		id, _ := f.Identity["id"].(string)
		if id == "" || len(f.Identity) != 1 {
			t.Errorf("the identity is %v", f.Identity)
		}
		ids = append(ids, id)
	}
	return ids
}

// newestFirst is the order in which all three gateways list.
func newestFirst(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Reverse(ids)
	return ids
}

// TestQuery: what was made without Terraform is found, with identity and a name
// to tell it by, and whole on request.
func TestQuery(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t)
		ids := g.createInvoices(t, s, "order-1", "order-2")
		s.Trigger(g.Name, ids[1], simulator.Pay)
		w := s.Workspace("")

		r := w.Query(g.list(firstDay(g)))
		r.SucceedsQuietly()
		s.ExpectCalls(g.Name, g.calls(g.Requests.Find)...)
		expectIDs(t, "the query", foundIDs(t, r), newestFirst(ids))
		for i, want := range []string{"order-2: " + g.Listing.Amount25 + " (paid)", "order-1: " + g.Listing.Amount25 + " (open)"} {
			if f := r.Found[i]; f.DisplayName != want || f.Resource != nil {
				t.Errorf("found %q with %v, want %q alone", f.DisplayName, f.Resource, want)
			}
		}

		r = w.Query(g.list(firstDay(g), "include_resource = true"))
		r.SucceedsQuietly()
		s.ExpectCalls(g.Name, g.calls(g.Requests.Find)...)
		for i, id := range newestFirst(ids) {
			importing := s.Workspace(g.resource("it", g.fewest()))
			importing.Import(g.address("it"), id).Succeeds()
			expectValues(t, r.Found[i].Resource, importing.Resource(g.address("it")).Values)
		}
	})
}

// TestQueryNameWithoutReference: an invoice without a reference is named by its
// id.
func TestQueryNameWithoutReference(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	for _, g := range specimens {
		if g.Listing == nil || !g.Listing.NoReferences {
			continue
		}
		s := newListEnv(t)
		id := g.createInvoices(t, s, "")[0]
		r := s.Workspace("").Query(g.list(firstDay(g)))
		r.SucceedsQuietly()
		if name := r.Found[0].DisplayName; !strings.HasPrefix(name, id+": 25") {
			t.Errorf("%s is called %q", id, name)
		}
	}
}

// TestQueryMany: 250 invoices are found once each, with one request a page, and
// a limit stops the paging.
func TestQueryMany(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	tests := []struct {
		limit string
		found int
	}{
		{everything, many},
		{"limit = 250", many},
		{"limit = 101", 101},
		{"", 100}, // Terraform's own limit
		{"limit = 15", 15},
		{"limit = 1", 1},
	}
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t)
		ids := newestFirst(g.createInvoices(t, s, references(many)...))
		w := s.Workspace("")
		for _, test := range tests {
			s.Reset()
			r := w.Query(g.list(firstDay(g), test.limit))
			r.SucceedsQuietly()
			expectIDs(t, test.limit, foundIDs(t, r), ids[:test.found])
			pages := (test.found + g.Listing.PageSize - 1) / g.Listing.PageSize
			if n := g.count(s, g.Requests.Find); n != pages {
				t.Errorf("%q: %d pages were requested, want %d", test.limit, n, pages)
			}
			if n := g.count(s, g.Requests.Read); n != 0 {
				t.Errorf("%q: %d single reads", test.limit, n)
			}
		}
	})
}

// TestQueryFilters: the arguments are those of the data source.
func TestQueryFilters(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	tomorrow := strconv.Quote(firstCreatedAt.AddDate(0, 0, 1).Format(time.DateOnly))
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t)
		ids := g.createInvoices(t, s, "order-1", "order-10", "order-2")
		s.Trigger(g.Name, ids[2], simulator.Pay)
		w := s.Workspace("")
		for _, test := range g.Listing.QueryFilters(tomorrow) {
			arguments := firstDay(g)
			maps.Copy(arguments, test.Arguments)
			r := w.Query(g.list(arguments))
			r.SucceedsQuietly()
			want := []string{}
			for _, n := range test.Want {
				want = append(want, ids[n])
			}
			expectIDs(t, fmt.Sprint(arguments), foundIDs(t, r), want)
			s.ExpectCalls(g.Name, g.calls(g.Requests.Find)...)
		}
	})
}

// TestQueryPartialRows: an invoice whose row does not tell its phase is read
// before it is found, and no more are read than the limit asks for.
func TestQueryPartialRows(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	g := gatewayNamed("hesabe")
	s := newListEnv(t, hesabe.Behaviour{RowsWithout: []string{"expires_at"}, PageSize: 3})
	ids := g.createInvoices(t, s, references(10)...)
	s.Trigger(g.Name, ids[9], simulator.Expire)
	s.Trigger(g.Name, ids[8], simulator.Pay)
	w := s.Workspace("")
	names := func(r *providertest.Report) (names []string) {
		for _, f := range r.Found {
			names = append(names, f.DisplayName)
		}
		return names
	}
	const expired, paid = "order-009: 25.000 KWD (expired)", "order-008: 25.000 KWD (paid)"
	open := func(n int) string { return fmt.Sprintf("order-%03d: 25.000 KWD (open)", n) }
	for _, test := range []struct {
		arguments    expressions
		limit        int
		want         []string
		pages, reads int
	}{
		{expressions{}, 1, []string{expired}, 1, 1},
		{expressions{}, 2, []string{expired, paid}, 1, 1},
		{expressions{}, 4, []string{expired, paid, open(7), open(6)}, 2, 3},
		{expressions{"phases": `["expired"]`}, 1, []string{expired}, 1, 1},
		{expressions{"phases": `["open"]`}, 2, []string{open(7), open(6)}, 2, 3},
		{expressions{"phases": `["paid"]`}, 5, []string{paid}, 4, 9},
	} {
		s.Reset()
		r := w.Query(g.list(test.arguments, fmt.Sprintf("limit = %d", test.limit)))
		r.SucceedsQuietly()
		if got := names(r); !slices.Equal(got, test.want) {
			t.Errorf("%v, limit %d: found %q, want %q", test.arguments, test.limit, got, test.want)
		}
		if pages, reads := g.count(s, g.Requests.Find), g.count(s, g.Requests.Read); pages != test.pages || reads != test.reads {
			t.Errorf("%v, limit %d: %d pages and %d reads, want %d and %d", test.arguments, test.limit, pages, reads, test.pages, test.reads)
		}
	}

	s.Reset()
	r := w.Query(g.list(expressions{}, "limit = 1", "include_resource = true"))
	r.SucceedsQuietly()
	if found := r.Found[0].Resource; found["phase"] != "expired" || found["expires_at"] == nil {
		t.Errorf("found %v", found)
	}

	s.Reset()
	s.Intercept(providertest.InjectFault(-1, singleRead(ids[7]), providertest.Respond(200, "text/html", "<h1>Welcome</h1>")))
	r = providertest.NewWorkspace(t, s.Config("")).Query(g.list(expressions{}))
	r.Fails(1)
	r.Find("error", "Cannot list the Hesabe invoices", "invoice "+ids[7], "probably did not come from the gateway")
	if n := g.count(s, g.Requests.Read); n != 2 {
		t.Errorf("%d reads, want 2: it goes on after an error", n)
	}
}

// TestQueryFails: an error reaches the user, also one in the midst of the list.
// Terraform then shows nothing of what it has got.
func TestQueryFails(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	eachListable(t, func(t *testing.T, g specimen) {
		s := newListEnv(t, hesabe.Behaviour{PageSize: 100})
		g.createInvoices(t, s, references(many)...)
		t.Run("page 3", func(t *testing.T) {
			s.Intercept(providertest.InjectFault(1, nth(3, every(finds)), providertest.Respond(200, "text/html", "<h1>Welcome</h1>")))
			r := providertest.NewWorkspace(t, s.Config("")).Query(g.list(firstDay(g), everything))
			r.Fails(1)
			r.Find("error", "Cannot list the "+g.Title+" invoices", "probably did not come from the gateway")
			expectIDs(t, "the query", foundIDs(t, r), []string{})
			if n := g.count(s, g.Requests.Find); n != 3 {
				t.Errorf("%d pages were requested, want 3", n)
			}
		})
		t.Run("page 1", func(t *testing.T) {
			s.Reset()
			s.Intercept(providertest.InjectFault(-1, every(finds), providertest.Respond(401, "application/json", "{}")))
			r := providertest.NewWorkspace(t, s.Config("")).Query(g.list(firstDay(g)))
			r.Fails(1)
			r.Find("error", "Cannot list the "+g.Title+" invoices", "rejected the credentials", strings.ToUpper(g.Name)+"_")
			expectIDs(t, "the query", foundIDs(t, r), []string{})
		})
		t.Run("no credentials", func(t *testing.T) {
			s.Reset()
			r := providertest.NewWorkspace(t, "provider \"payinvoice\" {\n}\n").Query(g.list(firstDay(g)))
			r.Fails(1)
			r.Find("error", g.Title+" is not configured correctly", g.Name+".", strings.ToUpper(g.Name)+"_")
			expectIDs(t, "the query", foundIDs(t, r), []string{})
		})
	})
}

// TestQueryRefused: arguments that mean nothing are refused before the gateway
// is asked.
func TestQueryRefused(t *testing.T) {
	t.Parallel()
	providertest.NeedsTerraform(t, providertest.WithQuery)
	eachListable(t, func(t *testing.T, g specimen) {
		for _, refused := range g.Listing.Refused {
			s := providertest.NewEnv(t)
			r := s.Workspace("").Query(g.list(refused.Arguments))
			if !r.Failed || len(r.Errors()) == 0 {
				t.Errorf("%v is accepted", refused.Arguments)
			}
			s.ExpectCalls(g.Name)
		}
	})
}
