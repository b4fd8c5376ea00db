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

// maxPages ends a list that does not end by itself. The size of a page is not
// documented.
const maxPages = 10000

// Filter selects invoices. What is empty does not restrict.
type Filter struct {
	// FromDate and ToDate are days of creation in Kuwait, YYYY-MM-DD.
	FromDate, ToDate string
	// Search is compared by Hesabe, which does not say with what.
	Search string
	// ReferenceNumber is compared exactly.
	ReferenceNumber string
	// AtOnce is how many pages are asked for at the same time, when it is known that
	// there are that many. 0 and 1 are one after the other, and no page is asked for
	// before it is needed.
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

// CheckAccount asks for the first page of the invoices. A page has no size that
// could be asked for.
func (c *Client) CheckAccount(ctx context.Context) error {
	_, err := c.page(ctx, Filter{}, 1)
	return err
}

// complete reads an invoice of which a list does not show all. One that is
// gone by now stays as it is.
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
		ctx, cancel := context.WithCancel(ctx) // of pages that nobody needs any more
		defer cancel()
		pages := gateway.NewPrefetcher(func(ctx context.Context, number int) (*page, error) { return c.page(ctx, filter, number) })
		var number, last int // the page, and the last one; that is 0 while it is not known
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

// page is one page of a list. Which of the members that describe it are there
// is not documented.
type page struct {
	rows []*Invoice
	size int // of the response, in bytes
	// hasNext is what next_page_url says; nil if there is no such member.
	hasNext *bool
	// total is the number of rows on all pages; nil if it is not told.
	total *int64
}

// isLast decides whether a page is the last one, after which that many invoices are
// known.
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

// count is how many pages there are, if all are as long as this one; 0 when that
// is not told.
func (p *page) count() int {
	if p.total == nil || len(p.rows) == 0 {
		return 0
	}
	return int((*p.total + int64(len(p.rows)) - 1) / int64(len(p.rows)))
}

// between are the whole numbers from first to last.
func between(first, last int) (numbers []int) {
	for n := first; n <= last; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

// page reads one page, counted from 1.
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
