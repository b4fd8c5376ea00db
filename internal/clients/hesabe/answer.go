package hesabe

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// answer is what Hesabe says, out of whichever wrapping it came in.
type answer struct {
	call transport.Call
	resp *transport.Response // its body decrypted

	// status is nil where the answer has none.
	status *bool
	// messages has the text, the English one first.
	messages []string
	// content is the answer's response; the whole answer when it has no
	// envelope; nil when there is nothing.
	content json.RawMessage
}

var errUnreadable = errors.New("it is neither JSON nor encrypted")

// readAnswer unwraps an answer. The documentation shows {"response":"<hex>"},
// the bare hexadecimal text and a JSON string of it are in use as well, and
// logins and some errors are not encrypted.
func (e *envelope) readAnswer(call transport.Call, resp *transport.Response) (*answer, error) {
	plain, err := e.unwrap(bytes.TrimSpace(resp.Body))
	if err != nil {
		return nil, err
	}
	opened := *resp
	opened.Body = plain
	a := &answer{call: call, resp: &opened}
	root, err := transport.ParseObject(plain)
	if err != nil {
		return nil, errUnreadable
	}
	if !root.Holds("status") && !root.Holds("message") && !root.Holds("response") {
		a.content = plain
		return a, nil
	}
	a.status = root.Bool("status")
	a.messages = readMessages(root.Raw("message"))
	a.content = root.Raw("response")
	return a, root.Err()
}

// unwrap answers the JSON in a body.
func (e *envelope) unwrap(body []byte) ([]byte, error) {
	if isSealed(body) {
		return e.open(string(body))
	}
	var text string
	if json.Unmarshal(body, &text) == nil && isSealed([]byte(text)) {
		return e.open(text)
	}
	var wrapper struct {
		Response json.RawMessage `json:"response"`
	}
	if json.Unmarshal(body, &wrapper) == nil && json.Unmarshal(wrapper.Response, &text) == nil && isSealed([]byte(text)) {
		return e.open(text)
	}
	return body, nil
}

// readMessages reads a message, which may be an object of texts by language.
func readMessages(raw json.RawMessage) []string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return []string{text}
	}
	var byLanguage map[string]string
	if json.Unmarshal(raw, &byLanguage) != nil {
		return nil
	}
	var messages []string
	if english, ok := byLanguage["en"]; ok {
		messages = append(messages, english)
		delete(byLanguage, "en")
	}
	for _, language := range slices.Sorted(maps.Keys(byLanguage)) {
		messages = append(messages, byLanguage[language])
	}
	return messages
}

// succeeded reports a success. Details without an envelope say no status.
func (a *answer) succeeded() bool {
	return a.resp.OK() && (a.status == nil || *a.status) && a.content != nil
}

// confirmed reports a success that has nothing else to say.
func (a *answer) confirmed() bool {
	return a.resp.OK() && a.status != nil && *a.status
}

// says reports whether the message begins with a text, whatever its language
// and letter case.
func (a *answer) says(text string) bool {
	return slices.ContainsFunc(a.messages, func(message string) bool {
		return len(message) >= len(text) && strings.EqualFold(message[:len(text)], text)
	})
}

// message is the gateway's text.
func (a *answer) message() string {
	if len(a.messages) == 0 {
		return ""
	}
	return a.messages[0]
}

// complaints are what a refusal says of single fields: texts by field.
func (a *answer) complaints() []gateway.FieldError {
	var byField map[string]json.RawMessage
	if json.Unmarshal(a.content, &byField) != nil {
		return nil
	}
	var found []gateway.FieldError
	for _, field := range slices.Sorted(maps.Keys(byField)) {
		var texts []string
		if json.Unmarshal(byField[field], &texts) != nil {
			texts = readMessages(byField[field])
		}
		for _, text := range texts {
			found = append(found, gateway.FieldError{Field: field, Message: text})
		}
	}
	return found
}

// meanings are the kinds of error that a documented refusal stands for; what
// it is depends on the request.
type meanings struct {
	refused  error // status false
	notFound error // 404, "Request not found, …"
}

// The beginnings of the documented messages that mean more than a refusal.
// The rest of the text is not reliable.
const (
	saysNotFound     = "Request not found"
	saysNotCancelled = "Invoice status update failed"
)

// refused makes the error of an answer that is not a success.
func (a *answer) refused(client *transport.Client, m meanings) error {
	complaints := a.complaints()
	status := a.resp.Status
	var kind error
	switch {
	case status >= 300 && status < 400, a.status == nil && len(a.messages) == 0:
		return client.Unexpected(a.call, a.resp, nil)
	case a.says(saysNotCancelled):
		kind = m.refused
	case status == http.StatusNotFound:
		if !a.says(saysNotFound) {
			// A wrong path has a 404 as well.
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
	// saysRejected is what Hesabe says of a token or a login that it does not
	// accept, never encrypted. With which HTTP status is not documented.
	// https://developer.hesabe.com/docs/api/post-merchant-login
	saysRejected = "Invalid Signature"
	// maxRejection is far more than it takes to say so: longer answers, such as
	// lists, are not read for it.
	maxRejection = 1024
)

// rejection is the message of an answer that rejects the token; empty for any
// other answer.
func rejection(resp *transport.Response) string {
	if resp.Status >= http.StatusInternalServerError || len(resp.Body) > maxRejection {
		return ""
	}
	root, err := transport.ParseObject(resp.Body)
	if err != nil {
		return ""
	}
	if status := root.Bool("status"); status == nil || *status {
		return ""
	}
	for _, message := range readMessages(root.Raw("message")) {
		if strings.EqualFold(strings.TrimSuffix(message, "."), saysRejected) {
			return message
		}
	}
	return ""
}
