package meum

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// pageSize is the maximum that one request may ask for.
const pageSize = 100

// Filter selects invoices; empty fields do not restrict it. Date filters exist, but
// their names are not documented: without one, the gateway may leave out invoices that
// are older than 90 days.
type Filter struct {
	Status          string // one of the documented statuses
	ExternalOrderID string // exact
	CustomerID      string // UUID
	PaymentLinkID   string // plink_…
}

func (f Filter) query() url.Values {
	return transport.Query(map[string]string{
		"limit": strconv.Itoa(pageSize), "status": f.Status, "external_order_id": f.ExternalOrderID,
		"customer_id": f.CustomerID, "payment_link_id": f.PaymentLinkID,
	})
}

// List yields the matching invoices, each once, newest first.
// https://docs.meum.io/api-reference/invoices/list-invoices
func (c *Client) List(ctx context.Context, filter Filter) iter.Seq2[*Invoice, error] {
	return func(yield func(*Invoice, error) bool) {
		query := filter.query()
		var last gateway.Page[*Invoice]
		var cursors gateway.Progress
		gateway.Pages(func() (gateway.Page[*Invoice], error) {
			if cursor := query.Get("starting_after"); cursor != "" && !cursors.IsNew(cursor) {
				return gateway.Page[*Invoice]{}, last.Failed(gateway.ErrRepeatedPages)
			}
			page, cursor, err := c.page(ctx, query)
			query.Set("starting_after", cursor)
			last = page
			return page, err
		})(yield)
	}
}

// CheckAccount requests a list of one invoice.
func (c *Client) CheckAccount(ctx context.Context) error {
	_, _, err := c.page(ctx, url.Values{"limit": {"1"}})
	return err
}

// FindByReference returns the invoices with this external_order_id that may have been
// created since then. It sees only recent ones: see Filter.
func (c *Client) FindByReference(ctx context.Context, reference string, since time.Time) ([]*Invoice, error) {
	if reference == "" {
		return nil, c.http.InvalidRequest(transport.OpList, "external_order_id", "it is empty")
	}
	return gateway.WithReference(c.List(ctx, Filter{ExternalOrderID: reference}), reference, since)
}

// page requests a page, and returns the cursor of the next one; "" if there is none.
func (c *Client) page(ctx context.Context, query url.Values) (page gateway.Page[*Invoice], cursor string, err error) {
	var body *transport.Object
	page, err = c.invoices.Page(ctx, query, func(raw []byte) (rows []*transport.Object, err error) {
		if body, err = transport.ParseObject(raw); err != nil {
			return nil, err
		}
		if rows, err = transport.ParseObjects(body.Raw("data")); err != nil {
			err = fmt.Errorf("data: %w", err)
		}
		return rows, err
	})
	if err != nil {
		return page, "", err
	}
	if cursor, err = nextCursor(body, page.Invoices); err != nil {
		return gateway.Page[*Invoice]{}, "", page.Failed(err)
	}
	page.IsLast = func(int, bool) bool { return cursor == "" }
	return page, cursor, nil
}

// nextCursor returns the cursor of the page after these rows; "" if they are the last
// ones.
func nextCursor(body *transport.Object, rows []*Invoice) (string, error) {
	cursor := body.Text("next_cursor")
	more := body.Bool("has_more")
	switch {
	case body.Err() != nil:
		return "", body.Err()
	case more == nil && cursor == "" && !body.HasMember("next_cursor"):
		return "", errors.New("it has neither has_more nor next_cursor")
	case more == nil, *more && cursor != "":
		return cursor, nil
	case !*more:
		return "", nil
	case len(rows) == 0:
		return "", errors.New("has_more is true, but next_cursor is missing")
	default:
		return rows[len(rows)-1].ID, nil
	}
}
