package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestCompareAndApply(t *testing.T) {
	tests := map[string]struct {
		before, after tree
		want          []string
	}{
		"nothing": {before: tree{"docs/a.md": []byte("a")}, after: tree{"docs/a.md": []byte("a")}},
		"all kinds": {
			before: tree{"docs/gone.md": []byte("g"), "docs/a.md": []byte("a"), "docs/same.md": []byte("s")},
			after:  tree{"docs/new/n.md": []byte("n"), "docs/a.md": []byte("b"), "docs/same.md": []byte("s")},
			want:   []string{"changed  docs/a.md", "removed  docs/gone.md", "added    docs/new/n.md"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			changes := compare(test.before, test.after)
			var got []string
			for _, c := range changes {
				got = append(got, c.String())
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("changes %q, want %q", got, test.want)
			}
			root := t.TempDir()
			if err := writeTree(root, test.before); err != nil {
				t.Fatal(err)
			}
			if err := apply(root, changes); err != nil {
				t.Fatal(err)
			}
			files, err := readTree(root, read)
			if err != nil {
				t.Fatal(err)
			}
			if !maps.EqualFunc(files, test.after, slices.Equal) {
				t.Errorf("files %q, want %q", files, test.after)
			}
		})
	}
}

func TestReadTree(t *testing.T) {
	root := t.TempDir()
	for _, file := range []string{"examples/a/main.tf", "examples/a/.terraform/providers/p", "internal/secret"} {
		if err := writeFile(root, file, []byte(file)); err != nil {
			t.Fatal(err)
		}
	}
	files, err := readTree(root, read) // there are no docs and no templates
	if err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Collect(maps.Keys(files)), []string{"examples/a/main.tf"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
	if _, err := os.Stat(filepath.Join(root, "docs")); err == nil {
		t.Error("reading made a folder")
	}
}

func TestRenameProvider(t *testing.T) {
	schema := []byte(`{"format_version":"1.0","provider_schemas":{"host/a/b":{"provider":{"version":0}}}}`)
	got, err := renameProvider(schema, "host/a/b", "b")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Format    string                     `json:"format_version"`
		Providers map[string]json.RawMessage `json:"provider_schemas"`
	}
	if err := json.Unmarshal(got, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Format != "1.0" || len(doc.Providers) != 1 || string(doc.Providers["b"]) != `{"provider":{"version":0}}` {
		t.Errorf("got %s", got)
	}
	if _, err := renameProvider(schema, "host/x/y", "y"); err == nil {
		t.Error("a provider that is not there was renamed")
	}
}
