package transport

import (
	"slices"
	"strings"
	"testing"
)

func TestObjectArrays(t *testing.T) {
	o := parse(t, `{"mixed":[1,"2",null,"",3.50],"rows":[{"id":1},null,[],{"id":"b"}],"none":[],"php":[],"null":null,"empty":""}`)
	if got := o.Texts("mixed"); !slices.Equal(got, []string{"1", "2", "3.50"}) {
		t.Errorf("%q", got)
	}
	if got := o.Array("mixed"); len(got) != 4 || string(got[2]) != `""` {
		t.Errorf("%q", got)
	}
	rows := o.Objects("rows")
	if len(rows) != 2 || rows[0].Text("id") != "1" || rows[1].Text("id") != "b" {
		t.Errorf("%v", rows)
	}
	if len(o.Array("none")) != 0 || o.Objects("none") != nil || o.Objects("absent") != nil || o.Array("absent") != nil {
		t.Error("an empty array has members")
	}
	if o.Object("php") != nil || o.Object("php").Text("a") != "" {
		t.Error("an empty array is an object")
	}
	for name, there := range map[string]bool{"null": true, "empty": true, "none": true, "absent": false} {
		if o.HasMember(name) != there {
			t.Errorf("%s: %v", name, !there)
		}
	}
	if o.Has("null") || (*Object)(nil).HasMember("null") || (*Object)(nil).Objects("null") != nil {
		t.Error("what is null is there")
	}
	if err := o.Err(); err != nil {
		t.Error(err)
	}
}

func TestParseObjects(t *testing.T) {
	rows, err := ParseObjects([]byte(` [{"id":1,"none":"None"},{"id":"x"}] `), "None")
	if err != nil || len(rows) != 2 || rows[0].Text("id") != "1" || rows[0].Has("none") {
		t.Fatalf("%v, %v", rows, err)
	}
	if rows[1].Int("id") != nil || rows[1].Err() == nil || rows[0].Err() != nil {
		t.Errorf("the problems of one row are %v, of the other %v", rows[1].Err(), rows[0].Err())
	}
	if rows, err := ParseObjects([]byte("[]")); err != nil || len(rows) != 0 {
		t.Errorf("an empty array is %v, %v", rows, err)
	}
	for text, want := range map[string]string{
		"": "not a JSON array", "null": "not a JSON array", "{}": "not a JSON array", "[{}] x": "not a JSON array",
		"[{},null]": "row 2: it is not a JSON object", "[[]]": "row 1: it is not a JSON object",
	} {
		if rows, err := ParseObjects([]byte(text)); rows != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %v, %v", text, rows, err)
		}
	}
}

func TestObjectArrayProblems(t *testing.T) {
	for want, read := range map[string]func(*Object){
		"a: ":        func(o *Object) { _ = o.Array("a") },
		"b[1]: ":     func(o *Object) { _ = o.Objects("b") },
		"a.c[0].d: ": func(o *Object) { _ = o.Object("a").Objects("c")[0].Int("d") },
	} {
		o := parse(t, `{"a":{"c":[{"d":"x"}]},"b":[{},7]}`)
		read(o)
		if err := o.Err(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
}
