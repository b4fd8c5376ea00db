package wire

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// expectRefusal checks the status, the field and the text of a refusal; "" is none.
func expectRefusal(t *testing.T, err error, status int, field, message string) {
	t.Helper()
	if message == "" {
		if err != nil {
			t.Errorf("%v", err)
		}
		return
	}
	var refused *RequestError
	if !errors.As(err, &refused) || refused.Status != status || refused.Field != field || !strings.Contains(refused.Message, message) {
		t.Errorf("%#v", err)
	}
}

func TestReadParameters(t *testing.T) {
	for query, test := range map[string]struct{ field, message string }{
		"":                {},
		"limit=3":         {},
		"limit=":          {"limit", "limit must be an integer from 1 to 9"},
		"limit=ten":       {"limit", "limit must be an integer from 1 to 9"},
		"limit=0":         {"limit", "limit must be an integer from 1 to 9"},
		"limit=10":        {"limit", "limit must be an integer from 1 to 9"},
		"limit=1&limit=2": {"limit", "limit must not be repeated"},
		"offset=1":        {"offset", "Unknown parameter: offset"},
	} {
		parameters, err := ReadParameters(httptest.NewRequest(http.MethodGet, "/?"+query, nil), "limit")
		if err == nil {
			_, err = ReadNumber(parameters, "limit", 1, 9, 5)
		}
		expectRefusal(t, err, http.StatusBadRequest, test.field, test.message)
	}
}

func TestReadMembers(t *testing.T) {
	for body, test := range map[string]struct {
		status         int
		field, message string
	}{
		`{}`:            {},
		`{"a":null}`:    {},
		`{"a":1,"b":2}`: {400, "b", "Unknown field: b"},
		`[]`:            {400, "", "not a JSON object"},
		`{"a":"` + strings.Repeat("x", MaxBody) + `"}`: {413, "", "too large"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		_, err := ReadMembers(r, "a")
		expectRefusal(t, err, test.status, test.field, test.message)
	}
	_, err := ReadMembers(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`)))
	expectRefusal(t, err, http.StatusUnsupportedMediaType, "", "Content-Type")
	expectRefusal(t, ReadNothing(httptest.NewRequest(http.MethodPost, "/", nil)), 0, "", "")
	expectRefusal(t, ReadNothing(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{}`))), http.StatusBadRequest, "", "takes no body")
}

func TestFields(t *testing.T) {
	for body, test := range map[string]struct{ field, message string }{
		`{"amount":"1"}`:                    {},
		`{"amount":"1","url":"http://a/b"}`: {},
		`{}`:                                {"in.amount", "in.amount is required"},
		`{"amount":1}`:                      {"in.amount", "in.amount must be a string"},
		`{"amount":"0"}`:                    {"in.amount", "in.amount must be above zero"},
		`{"amount":"1","url":"ftp://a/b"}`:  {"in.url", "in.url must be a URL"},
		`{"amount":"0","url":"ftp://a/b"}`:  {"in.amount", "in.amount must be above zero"}, // the first
		`{"amount":"1","more":{}}`:          {},
		`{"amount":"1","more":[]}`:          {"in.more", "in.more must be an object"},
	} {
		object, err := ParseObject([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		f := Fields{Object: object, Path: "in."}
		f.Require("amount")
		f.Text("amount", IsAmount, "above zero")
		f.Optional("url", IsURL, "a URL")
		f.Nested("more")
		expectRefusal(t, f.Err, http.StatusBadRequest, test.field, test.message)
	}
}
