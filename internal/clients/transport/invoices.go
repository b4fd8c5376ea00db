package transport

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// Invoices are the invoices of a gateway with a REST API: one path creates and lists
// them, and each has its own path below it, which ends in its id.
type Invoices[Inv gateway.Invoice] struct {
	Client *Client
	// Path creates and lists invoices. It is escaped.
	Path string
	// ValidateID rejects what cannot be an id, or would lead a request to another path.
	ValidateID func(id string) error
	// Parse parses a record. With an error it returns what it could read.
	Parse func(record *Object) (Inv, error)
	// RefusesCreate is Call.OwnRefusal for a create.
	RefusesCreate func(*Response) bool
	// Refused returns the error for a response that is not a success.
	Refused func(call Call, resp *Response) error
}

// Create creates an invoice. If the response has an id, the invoice exists, whatever
// else is odd about the response.
func (i Invoices[Inv]) Create(ctx context.Context, body []byte) (none Inv, resp *Response, err error) {
	call := Call{Operation: OpCreate, Kind: Create, Method: http.MethodPost, Path: i.Path, Body: body, OwnRefusal: i.RefusesCreate}
	resp, record, err := i.send(ctx, call)
	if err != nil {
		return none, nil, err
	}
	inv, err := i.Parse(record)
	if inv.Facts(time.Now()).ID == "" {
		return none, nil, i.Client.Unexpected(call, resp, err)
	}
	return inv, resp, nil
}

// Get reads an invoice.
func (i Invoices[Inv]) Get(ctx context.Context, id string) (Inv, error) {
	return i.one(ctx, id, "", Call{Operation: OpRead, Kind: Read, Method: http.MethodGet})
}

// Cancel cancels an invoice by a POST to an action below its path, such as "/cancel". A
// nil body sends none. shown says that the response is the whole invoice.
func (i Invoices[Inv]) Cancel(ctx context.Context, id, action string, body []byte) (canceled Inv, shown bool, err error) {
	canceled, err = i.one(ctx, id, action, Call{Operation: OpCancel, Kind: Cancel, Method: http.MethodPost, Body: body})
	return canceled, err == nil && canceled.Facts(time.Now()).IsWhole(), err
}

// one sends a call about an invoice, and checks that the response is about the same
// invoice.
func (i Invoices[Inv]) one(ctx context.Context, id, action string, call Call) (none Inv, err error) {
	if err := i.ValidateID(id); err != nil {
		return none, i.Client.InvalidRequest(call.Operation, "id", err.Error())
	}
	call.Path = i.Path + "/" + url.PathEscape(id) + action
	resp, record, err := i.send(ctx, call)
	if err != nil {
		return none, err
	}
	inv, err := i.Parse(record)
	if err != nil {
		return none, i.Client.Unexpected(call, resp, err)
	}
	if other := inv.Facts(time.Now()).ID; other != id {
		return none, i.Client.Unexpected(call, resp, fmt.Errorf("the response is about %s, not %s", other, id))
	}
	return inv, nil
}

func (i Invoices[Inv]) send(ctx context.Context, call Call) (*Response, *Object, error) {
	resp, err := i.Client.Do(ctx, call)
	if err != nil {
		return nil, nil, err
	}
	if !resp.OK() {
		return nil, nil, i.Refused(call, resp)
	}
	record, err := ParseObject(resp.Body)
	if err != nil {
		return nil, nil, i.Client.Unexpected(call, resp, nil)
	}
	return resp, record, nil
}

// Page requests a page of the list. rows extracts the records from the response.
func (i Invoices[Inv]) Page(ctx context.Context, query url.Values, rows func(body []byte) ([]*Object, error)) (gateway.Page[Inv], error) {
	call := Call{Operation: OpList, Kind: Read, Method: http.MethodGet, Path: i.Path, Query: query}
	resp, err := i.Client.Do(ctx, call)
	if err != nil {
		return gateway.Page[Inv]{}, err
	}
	if !resp.OK() {
		return gateway.Page[Inv]{}, i.Refused(call, resp)
	}
	page := gateway.Page[Inv]{
		Size:   len(resp.Body),
		Failed: func(cause error) error { return i.Client.Unexpected(call, resp, cause) },
	}
	records, err := rows(resp.Body)
	if err != nil {
		return gateway.Page[Inv]{}, page.Failed(err)
	}
	for n, record := range records {
		inv, err := i.Parse(record)
		if err != nil {
			return gateway.Page[Inv]{}, page.Failed(fmt.Errorf("row %d: %w", n+1, err))
		}
		page.Invoices = append(page.Invoices, inv)
	}
	return page, nil
}
