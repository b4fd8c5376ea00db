package meum

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// pageSize is the most that one request may ask for.
const pageSize = 100

// Filter says which invoices to list; what is empty does not matter. Filters by
// date exist, but their names are not documented: without one the gateway may
// leave out invoices that are older than 90 days.
type Filter struct {
	Status          string // one of the documented words
	ExternalOrderID string // exact
	CustomerID      string // UUID
	PaymentLinkID   string // plink_…
}

func (f Filter) query() url.Values {
	query := url.Values{"limit": {strconv.Itoa(pageSize)}}
	for name, value := range map[string]string{
		"status": f.Status, "external_order_id": f.ExternalOrderID,
		"customer_id": f.CustomerID, "payment_link_id": f.PaymentLinkID,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// List yields the matching invoices, each once, newest first.
// https://docs.meum.io/api-reference/invoices/list-invoices
func (c *Client) List(ctx context.Context, filter Filter) iter.Seq2[*Invoice, error] {
	return func(yield func(*Invoice, error) bool) {
		var progress, cursors gateway.Progress
		query := filter.query()
		for {
			p, err := c.page(ctx, query)
			if err == nil && progress.Received(len(p.resp.Body)) != nil {
				err = c.http.Unexpected(p.call, p.resp, gateway.ErrTooLarge)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, inv := range p.invoices {
				if progress.IsNew(inv.ID) && !yield(inv, nil) {
					return
				}
			}
			if !p.more {
				return
			}
			err = progress.EndPage()
			if err == nil && !cursors.IsNew(p.cursor) {
				err = gateway.ErrRepeatedPages
			}
			if err != nil {
				yield(nil, c.http.Unexpected(p.call, p.resp, err))
				return
			}
			query.Set("starting_after", p.cursor)
		}
	}
}

// CheckAccount asks for a list of one invoice.
func (c *Client) CheckAccount(ctx context.Context) error {
	query := url.Values{"limit": {"1"}}
	_, err := c.page(ctx, query)
	return err
}

// FindByReference answers the invoices with this external_order_id that may have
// been made since then. It sees recent ones only, see Filter.
func (c *Client) FindByReference(ctx context.Context, reference string, since time.Time) ([]*Invoice, error) {
	if reference == "" {
		return nil, c.http.InvalidRequest(transport.OpList, "external_order_id", "it is empty")
	}
	return gateway.WithReference(c.List(ctx, Filter{ExternalOrderID: reference}), reference, since)
}

// page is one page of a list.
type page struct {
	call     transport.Call
	resp     *transport.Response
	invoices []*Invoice
	more     bool
	cursor   string // of the next page, if there is more
}

func (c *Client) page(ctx context.Context, query url.Values) (*page, error) {
	p := &page{call: transport.Call{
		Operation: transport.OpList, Kind: transport.Read, Method: http.MethodGet,
		Path: invoicesPath, Query: query, Authorize: c.authorize,
	}}
	var body *transport.Object
	var err error
	if p.resp, body, err = c.send(ctx, p.call); err != nil {
		return nil, err
	}
	if err := p.read(body); err != nil {
		return nil, c.http.Unexpected(p.call, p.resp, err)
	}
	return p, nil
}

func (p *page) read(body *transport.Object) error {
	rows, err := transport.ParseObjects(body.Raw("data"))
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	for _, record := range rows {
		inv, err := readInvoice(record)
		if err != nil {
			return fmt.Errorf("data: %w", err)
		}
		p.invoices = append(p.invoices, inv)
	}
	p.cursor = body.Text("next_cursor")
	more := body.Bool("has_more")
	if err := body.Err(); err != nil {
		return err
	}
	p.more = p.cursor != ""
	if more != nil {
		p.more = *more
	} else if !p.more && !body.HasMember("next_cursor") {
		return errors.New("it lacks has_more and next_cursor")
	}
	if p.more && p.cursor == "" {
		if len(p.invoices) == 0 {
			return errors.New("has_more is true, but next_cursor is missing")
		}
		p.cursor = p.invoices[len(p.invoices)-1].ID
	}
	return nil
}
