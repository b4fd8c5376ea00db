package cryptocloud

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const (
	// pageSize is the most that one request may ask for.
	pageSize = 100
	// dayForm is how a list's days are written.
	dayForm = "02.01.2006"
)

// theFirstDay is before CryptoCloud had any invoice.
var theFirstDay = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)

// What a list's limit is. The documentation calls it the number of the last
// record, and its samples fit both.
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list
const (
	limitUnsettled int32 = iota
	limitIsCount         // how many records are wanted
	limitIsEnd           // the index after the last one
)

// Filter says which invoices to list.
type Filter struct {
	// Start and End are the first and the last day of creation, as days in UTC.
	Start, End time.Time
	// OrderID is the exact order_id; empty is any. The API has no such filter:
	// all invoices of these days are read.
	OrderID string
}

// List yields the invoices of some days, each once, in the gateway's order.
// Withdrawals are left out.
// https://docs.cryptocloud.plus/en/api-reference-v2/invoice-list
func (c *Client) List(ctx context.Context, filter Filter) iter.Seq2[*Invoice, error] {
	return func(yield func(*Invoice, error) bool) {
		if filter.Start.IsZero() || filter.End.IsZero() {
			yield(nil, c.http.Unsendable(opList, "start", "the first and the last day are needed"))
			return
		}
		l := &lister{client: c, ctx: ctx, filter: filter, yield: yield}
		l.days(span{day(filter.Start), day(filter.End)})
	}
}

// FindByReference reads all invoices from the day before since to tomorrow, and
// answers those with this order_id that may have been made since then.
func (c *Client) FindByReference(ctx context.Context, reference string, since time.Time) ([]*Invoice, error) {
	if reference == "" {
		return nil, c.http.Unsendable(opList, "order_id", "it is empty")
	}
	first, last := since.UTC(), time.Now().UTC()
	if first.Before(theFirstDay) {
		first = theFirstDay
	}
	if last.Before(first) {
		last = first
	}
	var found []*Invoice
	filter := Filter{Start: first.AddDate(0, 0, -1), End: last.AddDate(0, 0, 1), OrderID: reference}
	for inv, err := range c.List(ctx, filter) {
		if err != nil {
			return nil, err
		}
		if inv.Created.IsZero() || !inv.Created.Before(since.Add(-gateway.ClockSkew)) {
			found = append(found, inv)
		}
	}
	return found, nil
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// span is a range of days, both included.
type span struct{ first, last time.Time }

func (s span) String() string {
	return s.first.Format(time.DateOnly) + " to " + s.last.Format(time.DateOnly)
}

// halves splits a span of several days.
func (s span) halves() (earlier, later span) {
	half := s.last.Sub(s.first) / 2
	middle := day(s.first.Add(half))
	return span{s.first, middle}, span{middle.AddDate(0, 0, 1), s.last}
}

// lister yields what a List yields.
type lister struct {
	client *Client
	ctx    context.Context
	filter Filter
	yield  func(*Invoice, error) bool
	seen   gateway.Progress
}

// days lists a span, in halves where the gateway shows only the beginning of it.
// It reports whether to go on.
func (l *lister) days(s span) bool {
	pages := &pager{client: l.client, span: s}
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
		for _, inv := range rows {
			wanted := l.filter.OrderID == "" || inv.OrderID == l.filter.OrderID
			if l.seen.IsNew(inv.ID) && wanted && !l.yield(inv, nil) {
				return false
			}
		}
	}
}

// errOutOfReach reports that the gateway shows only the first hundred invoices
// of a span.
var errOutOfReach = errors.New("the gateway does not show more than the first 100 invoices")

// pager reads the pages of one span. The next page starts after the rows
// received, however many were asked for: a gateway may give fewer.
type pager struct {
	client   *Client
	span     span
	offset   int
	total    *int64 // as the last answer says
	last     *answer
	progress gateway.Progress
}

// next reads a page, without withdrawals; nil is the end of the list.
func (p *pager) next(ctx context.Context) ([]*Invoice, error) {
	if p.offset > 0 && p.total != nil && int64(p.offset) == *p.total {
		return nil, p.ended()
	}
	reading := p.client.limitReading.Load()
	limit := pageSize
	if reading == limitIsEnd {
		limit += p.offset
	}
	records, err := p.fetch(ctx, p.offset, limit)
	if reading == limitUnsettled && p.offset >= pageSize {
		switch {
		case errors.Is(err, gateway.ErrInvalid), err == nil && len(records) == 0:
			records, err = p.otherReading(ctx, err)
		case len(records) > 1: // one would come, too, if limit was the index of the last
			p.client.limitReading.Store(limitIsCount)
		}
	}
	if err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, p.ended()
	}
	p.offset += len(records)
	return p.invoices(records)
}

// fetch asks for one page.
func (p *pager) fetch(ctx context.Context, offset, limit int) ([]*transport.Object, error) {
	answer, err := p.client.post(ctx, transport.Call{
		Operation: opList, Kind: transport.Read, Path: "/v2/invoice/merchant/list",
	}, map[string]any{
		"start": p.span.first.Format(dayForm), "end": p.span.last.Format(dayForm), "offset": offset, "limit": limit,
	})
	if err != nil {
		return nil, err
	}
	records, err := answer.records()
	if err != nil {
		return nil, err
	}
	p.last, p.total = answer, answer.total
	if p.total != nil && *p.total < int64(offset+len(records)) {
		p.total = nil // it cannot be what it seems to be
	}
	return records, nil
}

// otherReading follows a page beyond the first hundred records that was empty,
// or refused with an error, while limit was meant as a number of records: it
// asks again with limit as the end.
func (p *pager) otherReading(ctx context.Context, refused error) ([]*transport.Object, error) {
	records, err := p.fetch(ctx, p.offset, p.offset+pageSize)
	switch {
	case err == nil && len(records) > 0:
		p.client.limitReading.Store(limitIsEnd)
		return records, nil
	case err != nil && !errors.Is(err, gateway.ErrInvalid):
		return nil, err
	case err == nil && refused != nil:
		return nil, nil // only an end before the beginning was refused
	case p.total != nil:
		return nil, p.outOfReach()
	}
	// Either there are no more than these hundred, or limit is the end and may
	// not be more than a hundred. Two records that are known to be there tell.
	records, err = p.fetch(ctx, 2, 2)
	switch {
	case err != nil && !errors.Is(err, gateway.ErrInvalid):
		return nil, err
	case len(records) < 2:
		return nil, p.outOfReach()
	case refused != nil:
		return nil, refused
	}
	p.client.limitReading.Store(limitIsCount)
	return nil, nil
}

// invoices reads the records of a page.
func (p *pager) invoices(records []*transport.Object) ([]*Invoice, error) {
	rows := make([]*Invoice, 0, len(records))
	for _, record := range records {
		if record.Text("type") == "dw" {
			p.progress.IsNew("dw " + record.Text("uuid") + record.Text("invoice_id"))
			continue
		}
		inv, err := readInvoice(record)
		if err != nil {
			return nil, p.last.unexpected(err)
		}
		p.progress.IsNew(inv.ID)
		rows = append(rows, inv)
	}
	if err := p.progress.EndPage(); err != nil {
		return nil, p.last.unexpected(err)
	}
	return rows, nil
}

// ended is the error of a list that ended before its time, if it did.
func (p *pager) ended() error {
	switch {
	case p.total == nil:
		return nil
	case p.progress.Idled() && int64(p.progress.Count()) < *p.total:
		return p.last.unexpected(gateway.ErrRepeatedPages)
	case int64(p.offset) < *p.total:
		return p.last.unexpected(fmt.Errorf("the gateway lists %d of the %d invoices that it says to have from %s", p.offset, *p.total, p.span))
	}
	return nil
}

func (p *pager) outOfReach() error {
	return p.last.unexpected(fmt.Errorf("%w from %s", errOutOfReach, p.span))
}
