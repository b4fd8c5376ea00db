package wire

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

func TestParseObjectRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "null", "[]", `"x"`, "1", "{", `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1}{}`, `{"a":1} x`,
		`{"a":1,"a":2}`, "{\"a\":\"\xff\"}", `{"a":01}`,
	} {
		if _, err := ParseObject([]byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestObject(t *testing.T) {
	o, err := ParseObject([]byte(` {"text":"a<b","number":10.00,"integer":7,"yes":true,"no":false,"null":null,
		"texts":["x","y"],"none":[],"mixed":["x",1],"object":{"deep":-1e3}} `))
	if err != nil {
		t.Fatal(err)
	}
	if text, present, err := o.Text("text"); text != "a<b" || !present || err != nil {
		t.Errorf("Text: %q, %v, %v", text, present, err)
	}
	if number, _, err := o.Number("number"); number != json.Number("10.00") || err != nil {
		t.Errorf("Number lost digits: %q, %v", number, err)
	}
	if integer, _, err := o.Integer("integer"); integer != 7 || err != nil {
		t.Errorf("Integer: %d, %v", integer, err)
	}
	if yes, _, err := o.Boolean("yes"); !yes || err != nil {
		t.Errorf("Boolean: %v, %v", yes, err)
	}
	if no, present, err := o.Boolean("no"); no || !present || err != nil {
		t.Errorf("Boolean: %v, %v, %v", no, present, err)
	}
	if texts, _, err := o.Texts("texts"); !slices.Equal(texts, []string{"x", "y"}) || err != nil {
		t.Errorf("Texts: %q, %v", texts, err)
	}
	if texts, present, err := o.Texts("none"); len(texts) != 0 || !present || err != nil {
		t.Errorf("Texts: %q, %v, %v", texts, present, err)
	}
	deep, _, err := o.Object("object")
	if err != nil {
		t.Fatal(err)
	}
	if number, _, err := deep.Number("deep"); number != "-1e3" || err != nil {
		t.Errorf("Number: %q, %v", number, err)
	}
	if unknown := o.Unknown("text", "number", "integer", "null", "object"); !slices.Equal(unknown, []string{"yes", "no", "texts", "none", "mixed"}) {
		t.Errorf("Unknown: %q", unknown)
	}
	if !o.Has("null") || o.Has("absent") || string(o.Raw("null")) != "null" {
		t.Error("Has and Raw")
	}
}

func TestObjectRefusesOtherTypes(t *testing.T) {
	kinds := map[string]string{ // type to a value of it
		"string": `"1"`, "number": "1.5", "integer": "1", "boolean": "true", "array": `["x"]`, "numbers": "[1]", "object": "{}", "null": "null",
	}
	reads := []struct {
		name  string
		read  func(o *Object) error
		takes []string
	}{
		{"Text", func(o *Object) error { _, _, err := o.Text("f"); return err }, []string{"string"}},
		{"Number", func(o *Object) error { _, _, err := o.Number("f"); return err }, []string{"number", "integer"}},
		{"Integer", func(o *Object) error { _, _, err := o.Integer("f"); return err }, []string{"integer"}},
		{"Boolean", func(o *Object) error { _, _, err := o.Boolean("f"); return err }, []string{"boolean"}},
		{"Texts", func(o *Object) error { _, _, err := o.Texts("f"); return err }, []string{"array"}},
		{"Items", func(o *Object) error { _, _, err := o.Items("f"); return err }, []string{"array", "numbers"}},
		{"Object", func(o *Object) error { _, _, err := o.Object("f"); return err }, []string{"object"}},
	}
	for _, test := range reads {
		absent, _ := ParseObject([]byte("{}"))
		if err := test.read(absent); err != nil {
			t.Errorf("%s of an absent member: %v", test.name, err)
		}
		for kind, value := range kinds {
			o, err := ParseObject([]byte(`{"f":` + value + `}`))
			if err != nil {
				t.Fatal(err)
			}
			err = test.read(o)
			var wrong *FieldError
			if taken := slices.Contains(test.takes, kind); taken && err != nil || !taken && !errors.As(err, &wrong) {
				t.Errorf("%s of %s: %v", test.name, value, err)
			}
		}
	}
}

func TestReadBody(t *testing.T) {
	for size, want := range map[int]error{0: nil, MaxBody: nil, MaxBody + 1: ErrTooLarge} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", size)))
		if body, err := ReadBody(r); !errors.Is(err, want) || err == nil && len(body) != size {
			t.Errorf("%d bytes: %d, %v", size, len(body), err)
		}
	}
}

func TestIsJSON(t *testing.T) {
	for header, want := range map[string]bool{
		"application/json": true, "application/json; charset=utf-8": true, "Application/JSON": true,
		"": false, "text/plain": false, "application/x-www-form-urlencoded": false, "application/jsonp": false,
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Content-Type", header)
		if got := IsJSON(r); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	w := httptest.NewRecorder()
	WriteJSON(w, http.StatusCreated, map[string]any{"a": "<&>", "n": json.Number("1.00")})
	if w.Code != 201 || w.Body.String() != `{"a":"<&>","n":1.00}` || w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
}

func TestRouter(t *testing.T) {
	say := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(text + r.PathValue("id"))) }
	}
	router := NewRouter(say("not found"), say("not allowed"))
	router.Handle("GET", "/things", simulator.OpOther, say("list"))
	router.Handle("POST", "/things", simulator.OpOther, say("create"))
	router.Handle("GET", "/things/{id}", simulator.OpOther, say("get "))
	tests := []struct{ method, path, want, allow string }{
		{"GET", "/things", "list", ""},
		{"HEAD", "/things", "list", ""},
		{"POST", "/things?x=y", "create", ""},
		{"GET", "/things/a%2Fb", "get a/b", ""},
		{"PUT", "/things", "not allowed", "GET POST"},
		{"POST", "/things/1", "not allowed1", "GET"},
		{"GET", "/", "not found", ""},
		{"GET", "/things/", "not found", ""},
		{"GET", "//things", "not found", ""},
		{"GET", "/x/../things", "not found", ""},
		{"GET", "/things/1/2", "not found", ""},
	}
	for _, test := range tests {
		w := httptest.NewRecorder()
		router.ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
		allow := strings.Join(w.Header()["Allow"], " ")
		if w.Code != 200 || w.Body.String() != test.want || allow != test.allow {
			t.Errorf("%s %s: %d %q, allow %q", test.method, test.path, w.Code, w.Body, allow)
		}
	}
}

func TestRandom(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		text, uuid := RandomText(UpperAlnum, 8), UUID()
		if !regexp.MustCompile(`^[A-Z0-9]{8}$`).MatchString(text) ||
			!regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(uuid) {
			t.Fatal(text, uuid)
		}
		if seen[text] || seen[uuid] {
			t.Fatal("a repeated id")
		}
		seen[text], seen[uuid] = true, true
	}
}

func TestObjectWithSpaces(t *testing.T) {
	o, err := ParseObject([]byte("{ \"a\" :\n\t\"x\" , \"b\" : 1.50 , \"c\" : [ \"y\" ] }"))
	if err != nil {
		t.Fatal(err)
	}
	text, _, err1 := o.Text("a")
	number, _, err2 := o.Number("b")
	texts, _, err3 := o.Texts("c")
	if text != "x" || number != "1.50" || len(texts) != 1 || errors.Join(err1, err2, err3) != nil {
		t.Errorf("%q, %q, %q, %v", text, number, texts, errors.Join(err1, err2, err3))
	}
}
