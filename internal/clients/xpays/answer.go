package xpays

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

var errNoID = errors.New("the answer has no id")

// readInvoice reads the payment in an answer: {"data": {…}} to a create and a
// cancel, {"data": {"payment": {…}}} to a read, and either is accepted of each.
// Members beside them are ignored. With an error it answers what could be read,
// never nil.
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

// readInvoiceOf reads the payment in an answer and insists that it is the one
// that was asked for.
func (c *Client) readInvoiceOf(call transport.Call, resp *transport.Response, id string) (*Invoice, error) {
	inv, err := c.readInvoice(call, resp)
	switch {
	case err != nil:
		return nil, err
	case inv.ID == "":
		return nil, c.http.Unexpected(call, resp, errNoID)
	case !strings.EqualFold(inv.ID, id):
		return nil, c.http.Unexpected(call, resp, fmt.Errorf("the answer is not about the payment %q", id))
	}
	// An id must not change in state because its letters changed case.
	inv.ID = id
	return inv, nil
}

// complaint is the text of an error answer.
type complaint struct{ code, message string }

// readComplaint reads the documented {"error": "text"}, and what others on the
// same platform answer: {"error": {"message": …}} and {"message": …, "code": …}.
func readComplaint(resp *transport.Response) (complaint, bool) {
	root, err := transport.ParseObject(resp.Body)
	if err != nil {
		return complaint{}, false
	}
	var found complaint
	switch {
	case strings.HasPrefix(string(root.Raw("error")), "{"):
		inner := root.Object("error")
		found = complaint{inner.Text("code"), inner.Text("message")}
	case root.Raw("error") != nil:
		found = complaint{root.Text("code"), root.Text("error")}
	case root.Raw("code") != nil:
		found = complaint{root.Text("code"), root.Text("message")}
	}
	ok := found.message != "" && root.Err() == nil
	return found, ok && !transport.IsRouting(root)
}

// refused makes the error of an answer that is not a success. A kind of nil
// goes by the HTTP status.
func (c *Client) refused(call transport.Call, resp *transport.Response, kind error) error {
	found, ok := readComplaint(resp)
	if !ok || resp.Status < 400 {
		return c.http.Unexpected(call, resp, nil)
	}
	return c.http.Refused(call, resp, transport.Refusal{Kind: kind, Code: found.code, Message: found.message})
}

// createRefused is refused for a create: there is nothing that could not be
// found, and a conflict is about the order_id.
func (c *Client) createRefused(call transport.Call, resp *transport.Response, spec Spec) error {
	found, ok := readComplaint(resp)
	if ok && resp.Status == http.StatusConflict {
		return c.http.Refused(call, resp, transport.Refusal{
			Kind: gateway.ErrInvalid, Code: found.code, Message: found.message,
			Fields: []gateway.FieldError{{
				Field:   "order_id",
				Message: fmt.Sprintf("there already is a payment with the order_id %q: choose another one", spec.OrderID),
			}},
		})
	}
	if ok && resp.Status == http.StatusNotFound {
		return c.refused(call, resp, gateway.ErrInvalid)
	}
	return c.refused(call, resp, nil)
}

// closedKind is the meaning of a refused cancel.
func closedKind(status int) error {
	if status == http.StatusBadRequest || status == http.StatusConflict {
		return gateway.ErrClosed
	}
	return nil
}
