package gatewaytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Canaries are secrets that occur nowhere else, with characters that many formats escape.
// A simulated gateway accepts them instead of its own.
type Canaries struct {
	// Secrets are the canaries, by the setting's name. One that is sent in a header has
	// only characters that are valid there.
	Secrets map[string]string
	// Translate passes a request on to the gateway, with the gateway's own secrets
	// instead of the canaries. A request without them is not changed, so that the gateway
	// rejects it. learn is called with each token that the gateway issues or receives.
	Translate func(next http.Handler, own, canaries map[string]string, learn func(token string)) http.Handler
}

// translateHeader is Translate for a gateway whose only secret, api_key, is sent in the
// Authorization header after a scheme.
func translateHeader(scheme string) func(http.Handler, map[string]string, map[string]string, func(string)) http.Handler {
	return func(next http.Handler, own, canaries map[string]string, _ func(string)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			replaceHeader(r, "Authorization", scheme+" "+canaries["api_key"], scheme+" "+own["api_key"])
			next.ServeHTTP(w, r)
		})
	}
}

func replaceHeader(r *http.Request, header, old, value string) {
	if r.Header.Get(header) == old {
		r.Header.Set(header, value)
	}
}

// readBody reads the body and leaves it as it was.
func readBody(r *http.Request) []byte {
	body, _ := io.ReadAll(r.Body)
	setBody(r, body)
	return body
}

func setBody(r *http.Request, body []byte) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
}

// member is a member of a JSON object that is text; "" when there is none.
func member(body []byte, name string) string {
	var object map[string]json.RawMessage
	var text string
	if json.Unmarshal(body, &object) != nil || json.Unmarshal(object[name], &text) != nil {
		return ""
	}
	return text
}

// replaceMember replaces a member that is a text with an old value.
func replaceMember(body []byte, name, old, value string) []byte {
	var object map[string]json.RawMessage
	if member(body, name) != old || json.Unmarshal(body, &object) != nil {
		return body
	}
	object[name], _ = json.Marshal(value)
	replaced, _ := json.Marshal(object)
	return replaced
}

// bearer is the token of a request's header.
func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}
