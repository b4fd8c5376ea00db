package acceptance

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/test/providertest"
)

// many is how many invoices the tests of long lists make: three pages of a
// hundred.
const many = 250

// firstCreatedAt is when the first of the listed invoices is created; the others follow
// one second apart. It is the same day in UTC and in Kuwait.
var firstCreatedAt = time.Date(time.Now().Year()-1, time.March, 3, 9, 0, 0, 0, time.UTC)

// firstDay returns the required arguments of a list.
func firstDay(g specimen) expressions { return g.Listing.Day(firstCreatedAt) }

// newListEnv returns an environment whose clock shows firstCreatedAt.
func newListEnv(t *testing.T, behaviours ...any) *providertest.Env {
	t.Helper()
	s := providertest.NewEnv(t, behaviours...)
	s.Set(firstCreatedAt)
	return s
}

// createInvoices makes invoices with these references, one a second, and returns their
// ids.
func (g specimen) createInvoices(t *testing.T, s *providertest.Env, references ...string) []string {
	t.Helper()
	shop, ids := g.inProcess(t, s), []string{}
	for _, reference := range references {
		made, err := shop.Create(t.Context(), reference)
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
func nth(n int32, chosen providertest.Matcher) providertest.Matcher {
	var seen atomic.Int32
	return func(r *http.Request) bool { return chosen(r) && seen.Add(1) == n }
}

// eachListable runs a test for each gateway that can list.
func eachListable(t *testing.T, test func(*testing.T, specimen)) {
	t.Helper()
	for _, g := range specimens {
		if g.Listing == nil {
			continue
		}
		t.Run(g.Name, func(t *testing.T) {
			t.Parallel()
			test(t, g)
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
