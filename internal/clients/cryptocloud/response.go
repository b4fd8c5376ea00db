package cryptocloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// The statuses of the envelope.
const (
	statusSuccess = "success"
	statusError   = "error"
)

// none is how CryptoCloud sometimes writes a missing value.
const none = "None"

func parseObject(raw []byte) (*transport.Object, error) { return transport.ParseObject(raw, none) }

// response is the envelope of a successful version 2 response: {"status": "success",
// "result": …}.
type response struct {
	client *Client
	call   transport.Call
	resp   *transport.Response
	result json.RawMessage
	// total is the number of rows on all pages of a list, if the response has it.
	total *int64
}

// post sends a version 2 call and reads the envelope of its success. A nil body sends
// none.
func (c *Client) post(ctx context.Context, call transport.Call, body any) (*response, error) {
	call.Method = http.MethodPost
	if body != nil {
		encoded, err := transport.EncodeJSON(body)
		if err != nil {
			return nil, c.http.InvalidRequest(call.Operation, "body", err.Error())
		}
		call.Body = encoded
	}
	resp, err := c.http.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	envelope, err := parseObject(resp.Body)
	if err != nil || !resp.OK() || envelope.Text("status") != statusSuccess {
		return nil, c.refused(call, resp)
	}
	a := &response{client: c, call: call, resp: resp, result: envelope.Raw("result")}
	if a.result == nil {
		return nil, a.unexpected(errors.New("it has no result"))
	}
	a.total = envelope.Int("all_count") // undocumented: anything unreadable counts as missing
	return a, nil
}

// unexpected returns the error for a success in an undocumented form.
func (a *response) unexpected(cause error) error {
	return a.client.http.Unexpected(a.call, a.resp, cause)
}

// records returns the objects of a result that is an array.
func (a *response) records() ([]*transport.Object, error) {
	records, err := transport.ParseObjects(a.result, none)
	if err != nil {
		return nil, a.unexpected(err)
	}
	return records, nil
}

// refused returns the error for a response that is not a success.
func (c *Client) refused(call transport.Call, resp *transport.Response) error {
	refusal, ok := readRefusal(call.Kind, resp)
	if !ok || call.Kind == transport.Create && !refusesCreate(resp) {
		return c.http.Unexpected(call, resp, nil)
	}
	return c.http.Refused(call, resp, refusal)
}

// keyComplaints are the documented messages about a key that version 2 cannot read.
// https://docs.cryptocloud.plus/en/api-reference-v2/balance
var keyComplaints = []string{"Invalid header padding", "Signature verification failed"}

// refusesCreate recognizes the documented refusals of a create, after which the outcome
// is known: field errors, and a key that is not accepted.
func refusesCreate(resp *transport.Response) bool {
	body, err := parseObject(resp.Body)
	if err != nil || !refusesKeys(resp.Status) {
		return false
	}
	if body.HasOnlyMembers("detail") {
		return slices.Contains(keyComplaints, body.Text("detail"))
	}
	complaints := body.Raw("result")
	return body.HasOnlyMembers("status", "result") && body.Text("status") == statusError &&
		len(complaints) > 0 && complaints[0] == '{' && !body.Object("result").HasOnlyMembers()
}

// readRefusal reads an error in any of the documented forms:
//
//	{"status": "error", "result": {"amount": "…"}}             version 2
//	{"detail": "…"}                                            a key that version 2 cannot read
//	{"status": "error", "error": "…"}, {"message": "…"}        version 1
//
// https://docs.cryptocloud.plus/en/api-reference-v2/create-invoice,
// https://docs.cryptocloud.plus/en/api-reference-v2/authorization,
// https://docs.cryptocloud.plus/en/api-reference-v2/balance,
// https://docs.cryptocloud.plus/en/api-reference-v1-old/authorization
func readRefusal(kind transport.Kind, resp *transport.Response) (transport.Refusal, bool) {
	body, err := parseObject(resp.Body)
	if err != nil {
		return transport.Refusal{}, false
	}
	var r transport.Refusal
	keyRefused := false
	switch {
	case body.Text("status") == statusError:
		keyRefused = readComplaints(body, &r)
	case body.Has("detail"):
		r.Message, keyRefused = body.Text("detail"), true
	case body.Has("message"):
		r.Message = body.Text("message")
		keyRefused = strings.Contains(strings.ToLower(r.Message), "unauthenticated")
	default:
		return transport.Refusal{}, false
	}
	switch {
	case keyRefused && refusesKeys(resp.Status):
		r.Kind = gateway.ErrUnauthorized
	case kind == transport.Cancel && isClosed(r.Message) && resp.Status < http.StatusInternalServerError:
		r.Kind = gateway.ErrClosed
	case resp.Status == http.StatusNotFound:
		// No documented response has this status: an unknown invoice is left out of a
		// success. It concerns the address.
		r.Kind = gateway.ErrUnexpected
	}
	return r, true
}

// refusesKeys reports whether keys are rejected with this status. The documentation
// does not say which status goes with which form.
func refusesKeys(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden
}

func isClosed(message string) bool {
	return strings.Contains(strings.ToLower(message), "invoice is not created")
}

// readComplaints reads the result of an error: texts by field, except validate_error
// and authorization, which are not fields. It reports whether the key is rejected.
func readComplaints(body *transport.Object, r *transport.Refusal) (keyRefused bool) {
	var complaints map[string]json.RawMessage
	if err := json.Unmarshal(body.Raw("result"), &complaints); err != nil {
		r.Message = body.Text("result") + body.Text("error")
		return false
	}
	names := make([]string, 0, len(complaints))
	for name := range complaints {
		names = append(names, name)
	}
	slices.Sort(names)
	var general []string
	for _, name := range names {
		switch text := plain(complaints[name]); {
		case name == "authorization":
			keyRefused = true
			general = append(general, text)
		case name == "validate_error":
			general = append(general, text)
		default:
			r.Fields = append(r.Fields, gateway.FieldError{Field: name, Message: text})
		}
	}
	r.Message = strings.Join(general, " ")
	return keyRefused
}

// plain returns the text of a JSON value: the content of a string, or otherwise the
// JSON.
func plain(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}
