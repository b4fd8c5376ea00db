package hesabe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// maxPages ends a list without an end. The size of a page is not documented.
const maxPages = 10000

// Filter selects invoices. Empty fields do not restrict it.
type Filter struct {
	// FromDate and ToDate are days of creation in Kuwait, YYYY-MM-DD.
	FromDate, ToDate string
	// Search is matched by Hesabe; what it searches is not documented.
	Search string
	// ReferenceNumber is matched exactly.
	ReferenceNumber string
	// AtOnce is how many pages are requested at a time, once it is known that there are
	// that many. With 0 or 1, no page is requested before it is needed.
	AtOnce int
}

// List yields the invoices that a filter selects, each once, in Hesabe's order.
// https://developer.hesabe.com/docs/api/get-quick-invoice
func (c *Client) List(ctx context.Context, filter Filter) iter.Seq2[*Invoice, error] {
	if filter.ReferenceNumber == "" {
		return c.rows(ctx, filter)
	}
	if filter.Search == "" {
		filter.Search = filter.ReferenceNumber
	}
	return func(yield func(*Invoice, error) bool) {
		for inv, err := range c.rows(ctx, filter) {
			if err == nil && inv.ReferenceNumber == "" {
				inv, err = c.complete(ctx, inv)
			}
			if err == nil && inv.ReferenceNumber != filter.ReferenceNumber {
				continue
			}
			if !yield(inv, err) || err != nil {
				return
			}
		}
	}
}

// CheckAccount requests the first page of the invoices. The size of a page cannot be
// chosen.
func (c *Client) CheckAccount(ctx context.Context) error {
	_, err := c.page(ctx, Filter{}, 1)
	return err
}

// complete reads an invoice that a list shows only in part. An invoice that is gone by
// then stays as it is.
func (c *Client) complete(ctx context.Context, row *Invoice) (*Invoice, error) {
	inv, err := c.Get(ctx, row.ID)
	switch {
	case errors.Is(err, gateway.ErrNotFound):
		return row, nil
	case err != nil:
		return nil, fmt.Errorf("reading invoice %s, which the list shows only in part: %w", row.ID, err)
	}
	return inv, nil
}

// rows yields the rows of all pages, each invoice once.
func (c *Client) rows(ctx context.Context, filter Filter) iter.Seq2[*Invoice, error] {
	return func(yield func(*Invoice, error) bool) {
		ctx, cancel := context.WithCancel(ctx) // of pages that are no longer needed
		defer cancel()
		pages := gateway.NewPrefetcher(func(ctx context.Context, number int) (*page, error) { return c.page(ctx, filter, number) })
		var number, last int // the page and the last page, which is 0 while unknown
		gateway.Pages(func() (gateway.Page[*Invoice], error) {
			if number++; number > c.maxPages {
				return gateway.Page[*Invoice]{}, listError(fmt.Errorf("the gateway returned %d pages and reports more", c.maxPages))
			}
			pages.Prefetch(ctx, between(number+1, min(number+filter.AtOnce-1, last)))
			p, err := pages.Get(ctx, number)
			if err != nil {
				return gateway.Page[*Invoice]{}, err
			}
			if number == 1 {
				last = p.count()
			}
			return gateway.Page[*Invoice]{Invoices: p.rows, Size: p.size, IsLast: p.isLast, Failed: listError}, nil
		})(yield)
	}
}

func listError(cause error) error {
	return &gateway.Error{Gateway: Title, Operation: transport.OpList, Kind: gateway.ErrUnexpected, Err: cause}
}

// page is one page of a list. Which of the members that describe it are present is not
// documented.
type page struct {
	rows []*Invoice
	size int // of the response, in bytes
	// hasNext says whether next_page_url is set; nil if there is no such member.
	hasNext *bool
	// total is the number of rows on all pages; nil if it is not reported.
	total *int64
}

// isLast decides whether a page is the last one, given the number of invoices so far.
func (p *page) isLast(known int, fresh bool) bool {
	switch {
	case p.hasNext != nil:
		return !*p.hasNext
	case p.total != nil && *p.total > 0:
		return int64(known) >= *p.total || len(p.rows) == 0
	default:
		return !fresh
	}
}

// count returns the number of pages, if all are as long as this one; 0 if it is not
// known.
func (p *page) count() int {
	if p.total == nil || len(p.rows) == 0 {
		return 0
	}
	return int((*p.total + int64(len(p.rows)) - 1) / int64(len(p.rows)))
}

// between returns the integers from first to last.
func between(first, last int) (numbers []int) {
	for n := first; n <= last; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

// page requests one page, counted from 1.
func (c *Client) page(ctx context.Context, filter Filter, number int) (*page, error) {
	query := transport.Query(map[string]string{
		"page": strconv.Itoa(number), "fromDate": filter.FromDate, "toDate": filter.ToDate, "search": filter.Search,
	})
	a, err := c.exchange(ctx, transport.Call{
		Operation: transport.OpList, Kind: transport.Read, Method: http.MethodGet,
		Path: "/api/v1/invoice-dashboard", Query: query,
	}, c.merchant())
	if err != nil {
		return nil, err
	}
	if !a.succeeded() {
		return nil, a.refused(c.http, meanings{refused: gateway.ErrInvalid, notFound: gateway.ErrInvalid})
	}
	p, err := readPage(a.content)
	if err != nil {
		return nil, c.http.Unexpected(a.call, a.resp, err)
	}
	p.size = len(a.resp.Body)
	return p, nil
}

func readPage(raw json.RawMessage) (*page, error) {
	root, err := transport.ParseObject(raw)
	if err != nil {
		return nil, err
	}
	invoices := root.Object("invoices")
	if invoices.Raw("data") == nil {
		return nil, errors.New("it has no list of invoices")
	}
	p := &page{}
	for _, row := range invoices.Array("data") {
		inv, err := readInvoice(row)
		if err != nil {
			return nil, err
		}
		p.rows = append(p.rows, inv)
	}
	pages := invoices
	if invoices.HasMember("pagination") {
		pages = invoices.Object("pagination")
	}
	if pages.HasMember("next_page_url") {
		more := pages.Text("next_page_url") != ""
		p.hasNext = &more
	}
	p.total = pages.Int("total")
	return p, root.Err()
}
