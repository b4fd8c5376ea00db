package xpays

import (
	"errors"
	"fmt"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

var errNoID = errors.New("the response has no id")

// readInvoice parses the payment in a response: {"data": {…}} for a create and a
// cancel, {"data": {"payment": {…}}} for a read; either is accepted from each. Other
// members are ignored. With an error it returns what it could read, never nil.
func (c *Client) readInvoice(call transport.Call, resp *transport.Response) (*Invoice, error) {
	root, err := transport.ParseObject(resp.Body)
	if err != nil {
		return &Invoice{}, c.http.Unexpected(call, resp, err)
	}
	payment := root.Object("data")
	if payment.Raw("payment") != nil {
		payment = payment.Object("payment")
	}
	inv := parseInvoice(payment)
	if err := root.Err(); err != nil {
		return inv, c.http.Unexpected(call, resp, err)
	}
	return inv, nil
}

// readInvoiceOf parses the payment in a response, and checks that it is the requested
// one.
func (c *Client) readInvoiceOf(call transport.Call, resp *transport.Response, id string) (*Invoice, error) {
	inv, err := c.readInvoice(call, resp)
	switch {
	case err != nil:
		return nil, err
	case inv.ID == "":
		return nil, c.http.Unexpected(call, resp, errNoID)
	case !strings.EqualFold(inv.ID, id):
		return nil, c.http.Unexpected(call, resp, fmt.Errorf("the response is not about payment %q", id))
	}
	// An id must not change in the state because its letters changed case.
	inv.ID = id
	return inv, nil
}
