package cryptocloud

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// earliestDay is before CryptoCloud's first invoice.
var earliestDay = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)

// Filter selects invoices.
type Filter struct {
	// Start and End are the first and the last day of creation, as days in UTC.
	Start, End time.Time
	// OrderID is the exact order_id; "" selects any. The API has no such filter, so all
	// invoices of these days are read.
	OrderID string
	// AtOnce is how many pages are requested at a time, once it is known that there are
	// that many. With 0 or 1, no page is requested before it is needed.
	AtOnce int
}

// List yields the invoices in a range of days, each once, in the gateway's order,
// without withdrawals. https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list
func (c *Client) List(ctx context.Context, filter Filter) iter.Seq2[*Invoice, error] {
	return func(yield func(*Invoice, error) bool) {
		if filter.Start.IsZero() || filter.End.IsZero() {
			yield(nil, c.http.InvalidRequest(transport.OpList, "start", "the first and last day are required"))
			return
		}
		ctx, cancel := context.WithCancel(ctx) // of pages that are no longer needed
		defer cancel()
		l := &lister{client: c, ctx: ctx, filter: filter, yield: yield}
		l.days(span{day(filter.Start), day(filter.End)})
	}
}

// FindByReference reads all invoices from the day before since until tomorrow, and
// returns those with this order_id that may have been created since then.
func (c *Client) FindByReference(ctx context.Context, reference string, since time.Time) ([]*Invoice, error) {
	if reference == "" {
		return nil, c.http.InvalidRequest(transport.OpList, "order_id", "it is empty")
	}
	first, last := since.UTC(), time.Now().UTC()
	if first.Before(earliestDay) {
		first = earliestDay
	}
	if last.Before(first) {
		last = first
	}
	filter := Filter{Start: first.AddDate(0, 0, -1), End: last.AddDate(0, 0, 1), OrderID: reference}
	return gateway.WithReference(c.List(ctx, filter), reference, since)
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// span is a range of days, both included.
type span struct{ first, last time.Time }

func (s span) String() string {
	return s.first.Format(time.DateOnly) + " to " + s.last.Format(time.DateOnly)
}

// halves splits a span of several days in two.
func (s span) halves() (earlier, later span) {
	half := s.last.Sub(s.first) / 2
	middle := day(s.first.Add(half))
	return span{s.first, middle}, span{middle.AddDate(0, 0, 1), s.last}
}

// lister yields the invoices of a List.
type lister struct {
	client *Client
	ctx    context.Context
	filter Filter
	yield  func(*Invoice, error) bool
	seen   gateway.Progress
}

// days lists a span, in halves if the gateway shows only the beginning of it. It
// reports whether to continue.
func (l *lister) days(s span) bool {
	pages := newPager(l.client, s, l.filter.AtOnce)
	for {
		rows, err := pages.next(l.ctx)
		if errors.Is(err, errOutOfReach) && s.first.Before(s.last) {
			earlier, later := s.halves()
			return l.days(earlier) && l.days(later)
		}
		if err != nil {
			l.yield(nil, err)
			return false
		}
		if rows == nil {
			return true
		}
		if err := l.seen.Received(len(pages.last.resp.Body)); err != nil {
			l.yield(nil, pages.last.unexpected(err))
			return false
		}
		for _, inv := range rows {
			wanted := l.filter.OrderID == "" || inv.OrderID == l.filter.OrderID
			if l.seen.IsNew(inv.ID) && wanted && !l.yield(inv, nil) {
				return false
			}
		}
	}
}
