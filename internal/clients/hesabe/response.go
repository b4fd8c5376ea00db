package hesabe

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

// response is a response of Hesabe without its wrapping.
type response struct {
	call transport.Call
	resp *transport.Response // with a decrypted body

	// sealed says that the response was encrypted with our key, which is how Hesabe
	// itself responds.
	sealed bool
	// plainRefusal says that it was not encrypted, and has exactly the members of an
	// error that Hesabe does not encrypt; plainNotFound, that this error is a "not
	// found".
	plainRefusal, plainNotFound bool
	// status is nil if the response has none.
	status *bool
	// messages are the message's texts, English first.
	messages []string
	// content is the member response; without an envelope, the whole response; nil if
	// there is nothing.
	content json.RawMessage
	// details are where a refusal may have field errors.
	details []json.RawMessage
}

var errUnreadable = errors.New("it is neither JSON nor encrypted")

// readResponse unwraps a response. The documentation shows {"response":"<hex>"}; the bare
// hexadecimal text, and a JSON string of it, are in use as well. Logins and some errors
// are not encrypted.
func (e *envelope) readResponse(call transport.Call, resp *transport.Response) (*response, error) {
	body := bytes.TrimSpace(resp.Body)
	plain, err := e.unwrap(body)
	if err != nil {
		return nil, err
	}
	sealed := !bytes.Equal(plain, body)
	if sealed && e.mask != nil && call.Kind != transport.Login {
		plain = e.mask(plain)
	}
	opened := *resp
	opened.Body = plain
	a := &response{call: call, resp: &opened, sealed: sealed}
	root, err := transport.ParseObject(plain)
	if err != nil {
		return nil, errUnreadable
	}
	if !root.HasMember("status") && !root.HasMember("message") && !root.HasMember("response") {
		a.content = plain
		return a, nil
	}
	a.status = root.Bool("status")
	a.messages = readMessages(root.Raw("message"))
	a.content = root.Raw("response")
	a.details = []json.RawMessage{a.content, root.Raw("data"), root.Raw("errors")}
	if a.sealed {
		return a, root.Err()
	}
	a.plainNotFound = root.HasOnlyMembers("status", "message", "response") && (!root.Has("status") || a.status != nil && !*a.status) &&
		slices.Contains(a.messages, notFoundText) && !root.Has("response")
	a.plainRefusal = root.HasMember("status") && root.HasOnlyMembers("status", "message", "response", "data", "errors") &&
		(root.HasMember("response") || root.HasMember("data") || root.HasMember("errors"))
	return a, root.Err()
}

// unwrap returns the JSON in a body.
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

// readMessages parses a message, which may be an object of texts by language.
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

// succeeded reports a success. Details without an envelope have no status.
func (a *response) succeeded() bool {
	return a.resp.OK() && (a.status == nil || *a.status) && a.content != nil
}

// confirmed reports a success without further content.
func (a *response) confirmed() bool {
	return a.resp.OK() && a.status != nil && *a.status
}

// says reports whether the message begins with a text, in any language and letter case.
func (a *response) says(text string) bool {
	return slices.ContainsFunc(a.messages, func(message string) bool {
		return len(message) >= len(text) && strings.EqualFold(message[:len(text)], text)
	})
}

// message returns the gateway's text.
func (a *response) message() string {
	if len(a.messages) == 0 {
		return ""
	}
	return a.messages[0]
}

// complaints returns the field errors of a refusal.
func (a *response) complaints() []gateway.FieldError {
	for _, raw := range a.details {
		if found := readComplaints(raw); len(found) > 0 {
			return found
		}
	}
	return nil
}

func readComplaints(raw json.RawMessage) []gateway.FieldError {
	var byField map[string]json.RawMessage
	if json.Unmarshal(raw, &byField) != nil {
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

// meanings are the kinds of error of a documented refusal, which depend on the request.
type meanings struct {
	refused  error // status false
	notFound error // 404, "Request not found, …"
}
