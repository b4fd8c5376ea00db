package transport

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, text string, absent ...string) *Object {
	t.Helper()
	o, err := ParseObject([]byte(text), absent...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestObject(t *testing.T) {
	o := parse(t, `{"text":"a","number":12.50,"bool":true,"int":3,"intText":"4","texts":["a","",null,"b"],"money":"1.50",
		"time":"2026-03-01 09:15:02.481907","inner":{"deep":{"text":"x"}},"raw":{"b":1, "a":2}}`)
	if got := o.Text("text"); got != "a" {
		t.Error(got)
	}
	if got := o.Text("number"); got != "12.50" {
		t.Error(got)
	}
	if got := o.Bool("bool"); got == nil || !*got {
		t.Error(got)
	}
	if got := o.Int("int"); got == nil || *got != 3 {
		t.Error(got)
	}
	if got := o.Int("intText"); got == nil || *got != 4 {
		t.Error(got)
	}
	if got := o.Texts("texts"); !slices.Equal(got, []string{"a", "b"}) {
		t.Error(got)
	}
	if got := o.Money("money").String() + o.Money("number").String(); got != "1.5012.50" {
		t.Error(got)
	}
	if got := o.Time("time", time.UTC, time.DateTime); !got.Equal(time.Date(2026, 3, 1, 9, 15, 2, 481907000, time.UTC)) {
		t.Error(got)
	}
	if got := o.Object("inner").Object("deep").Text("text"); got != "x" {
		t.Error(got)
	}
	if got := string(o.Raw("raw")); got != `{"b":1, "a":2}` {
		t.Error(got)
	}
	if !o.Has("text") || o.Has("nothing") || o.Err() != nil {
		t.Error(o.Err())
	}
}

// TestParseObject: an object is one JSON value, and nothing after it.
func TestParseObject(t *testing.T) {
	if _, err := ParseObject([]byte(` {"a":1.50} `)); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"", " ", "{", `{"a":1}x`, `{}{}`, "<html>", "\ufeff{}", `{"a":1}]`, "nul", "null", "[]"} {
		if _, err := ParseObject([]byte(text)); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

// TestObjectAbsent: what is absent reads as nothing and is no problem.
func TestObjectAbsent(t *testing.T) {
	for _, text := range []string{`{}`, `{"a":null}`, `{"a":""}`, `{"a":"None"}`} {
		o := parse(t, text, "None")
		if o.Text("a") != "" || o.Texts("a") != nil || o.Bool("a") != nil || o.Int("a") != nil || o.Money("a").IsPresent() ||
			!o.Time("a", time.UTC, time.RFC3339).IsZero() || o.Object("a") != nil || o.Raw("a") != nil || o.Has("a") || o.Err() != nil {
			t.Errorf("%s: %v", text, o.Err())
		}
	}
	if got := parse(t, `{"a":"None"}`).Text("a"); got != "None" {
		t.Errorf("a word that nobody called absent: %q", got)
	}
	var none *Object
	if none.Text("a") != "" || none.Object("a").Money("b").IsPresent() || none.Err() != nil || none.Has("a") || none.Bool("a") != nil || none.Int("a") != nil {
		t.Error("an absent object has members")
	}
}

// TestObjectProblems: the first member of another form is named, with its path.
func TestObjectProblems(t *testing.T) {
	const text = `{"a":[1],"b":{"c":"x"},"t":"yesterday"}`
	for want, read := range map[string]func(*Object){
		"a: ":   func(o *Object) { _ = o.Text("a"); _ = o.Int("t") },
		"b: ":   func(o *Object) { _ = o.Texts("b") },
		"b.c: ": func(o *Object) { _ = o.Object("b").Money("c") },
		"t: ":   func(o *Object) { _ = o.Time("t", time.UTC, time.RFC3339) },
	} {
		o := parse(t, text)
		read(o)
		if err := o.Err(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
	for name, read := range map[string]func(*Object) bool{
		"bool":   func(o *Object) bool { return o.Bool("t") == nil },
		"int":    func(o *Object) bool { return o.Int("t") == nil },
		"object": func(o *Object) bool { return o.Object("a") == nil },
		"texts":  func(o *Object) bool { return o.Texts("t") == nil },
		"time":   func(o *Object) bool { return o.Time("a", time.UTC).IsZero() },
	} {
		if o := parse(t, text); !read(o) || o.Err() == nil {
			t.Errorf("%s: another form was accepted: %v", name, o.Err())
		}
	}
	for _, text := range []string{"", "null", "[]", `"a"`, "1", `{"a":1}x`, "<html>"} {
		if _, err := ParseObject([]byte(text)); err == nil {
			t.Errorf("%q is an object", text)
		}
	}
}

func TestWord(t *testing.T) {
	for text, ok := range map[string]bool{
		`"paid"`: true, `"größe 1"`: true, `7`: true, `null`: true, `""`: true, `"` + strings.Repeat("x", 200) + `"`: true,
		`"` + strings.Repeat("x", 201) + `"`: false, `"a\nb"`: false, `"\u001b[31mred"`: false, `"\u0000"`: false, "\"\xff\"": false, `"\ufffd"`: false, `"\u202e"`: false,
		`"` + strings.Repeat("x", 3<<20) + `"`: false,
	} {
		o, err := ParseObject([]byte(`{"status":` + text + `}`))
		if err != nil {
			t.Fatal(err)
		}
		got := o.Word("status")
		if (o.Err() == nil) != ok || len(got) > 200 || !ok && (got != "" || !strings.Contains(o.Err().Error(), "status: it ") || len(o.Err().Error()) > 100) {
			t.Errorf("%.40s: %.40q, %v", text, got, o.Err())
		}
	}
}

// TestProblemsAreInWords: an error about a response is not one of Go's.
func TestProblemsAreInWords(t *testing.T) {
	o, err := ParseObject([]byte(`{"text":[1],"flag":"yes","count":"many","list":{},"object":"x","long":"` + strings.Repeat("x", 1<<17) + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func(string){
		"text":   func(n string) { o.Text(n) },
		"flag":   func(n string) { o.Bool(n) },
		"count":  func(n string) { o.Int(n) },
		"list":   func(n string) { o.Texts(n) },
		"object": func(n string) { o.Object(n) },
		"long":   func(n string) { o.Text(n) },
	} {
		*o.problem = nil
		read(name)
		if err := o.Err(); err == nil || strings.Contains(err.Error(), "json") || strings.Contains(err.Error(), "strconv") || !strings.HasPrefix(err.Error(), name+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, body := range []string{``, `<html>`, `{"a":`, `[1]`, `null`, `{"a":1}}`} {
		if _, err := ParseObject([]byte(body)); err == nil || err.Error() != "it is not a JSON object" {
			t.Errorf("%q: %v", body, err)
		}
	}
}
