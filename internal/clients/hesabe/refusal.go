package hesabe

import (
	"net/http"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// The beginnings of documented messages that mean more than a refusal. The rest of an
// encrypted text is not reliable.
const (
	saysNotFound     = "Request not found"
	saysNotCancelled = "Invoice status update failed"
)

// notFoundText is the whole message of a "not found" that is not encrypted.
// https://developer.hesabe.com/docs/api/put-quick-invoice-cancel
const notFoundText = "Request not found, Please verify the request data"

// isNotFound recognizes Hesabe's own "not found". An unencrypted one may come from a
// server in front of Hesabe, so it must be exactly the documented text.
func (a *response) isNotFound() bool {
	sealed := a.sealed && (a.status == nil || !*a.status) && a.says(saysNotFound)
	return a.resp.Status == http.StatusNotFound && (sealed || a.plainNotFound)
}

// refusesCreate recognizes Hesabe's own refusal of a create, after which nothing was
// created.
func (a *response) refusesCreate() bool {
	if a.status == nil || *a.status {
		return false
	}
	isClientError := a.resp.Status >= http.StatusBadRequest && a.resp.Status < http.StatusInternalServerError
	return a.sealed || a.plainRefusal && isClientError && len(a.messages) > 0
}

// refused returns the error for a response that is not a success.
func (a *response) refused(client *transport.Client, m meanings) error {
	complaints := a.complaints()
	status := a.resp.Status
	var kind error
	switch {
	case status < 200, status >= 300 && status < 400, a.status == nil && len(a.messages) == 0,
		a.call.Kind == transport.Create && !a.refusesCreate():
		return client.Unexpected(a.call, a.resp, nil)
	case a.says(saysNotCancelled):
		kind = m.refused
	case status == http.StatusNotFound:
		if !a.isNotFound() {
			return client.Unexpected(a.call, a.resp, nil)
		}
		kind = m.notFound
	case a.resp.OK() && (a.status == nil || *a.status):
		return client.Unexpected(a.call, a.resp, nil)
	case len(complaints) > 0 && status < http.StatusInternalServerError:
		kind = gateway.ErrInvalid
	case a.resp.OK(), status == http.StatusBadRequest, status == http.StatusConflict, status == http.StatusUnprocessableEntity:
		kind = m.refused
	}
	return client.Refused(a.call, a.resp, transport.Refusal{Kind: kind, Message: a.message(), Fields: complaints})
}

const (
	// saysRejected is Hesabe's message about a token or a login that it does not
	// accept, which is never encrypted. Its HTTP status is not documented.
	// https://developer.hesabe.com/docs/api/post-merchant-login
	saysRejected = "Invalid Signature"
	// codeRejected is an application code for the same.
	// https://developer.hesabe.com/docs/ProcessResponse
	codeRejected = "501"
	// maxRejection is far longer than such a message: longer responses, such as lists,
	// are not searched for it.
	maxRejection = 1024
)

// rejection returns the message of a response that rejects the token; "" for any other
// response.
func rejection(resp *transport.Response) string {
	message, rejected := readRejection(resp)
	if !rejected {
		return ""
	}
	return message
}

// readRejection parses an unencrypted error. It returns its message, and whether its
// text or code rejects the token.
func readRejection(resp *transport.Response) (message string, rejected bool) {
	if resp.Status >= http.StatusInternalServerError || len(resp.Body) > maxRejection {
		return "", false
	}
	root, err := transport.ParseObject(resp.Body)
	if err != nil {
		return "", false
	}
	if status := root.Bool("status"); status == nil || *status {
		return "", false
	}
	messages := readMessages(root.Raw("message"))
	for _, message := range messages {
		if strings.EqualFold(strings.TrimSuffix(message, "."), saysRejected) {
			return message, true
		}
	}
	if len(messages) == 0 {
		return "", false
	}
	return messages[0], root.Text("code") == codeRejected
}

// rejectsCreate recognizes a response to a create that rejects its token, in Hesabe's
// own words. It is not documented that the create was not processed.
func rejectsCreate(resp *transport.Response) (message string, rejected bool) {
	message, rejected = readRejection(resp)
	denied := resp.Status == http.StatusUnauthorized || resp.Status == http.StatusForbidden
	return message, rejected || message != "" && denied
}
