package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeptDatabase: a store that keeps its database open sees what others have
// written, also what lies beyond the part of the file that it has mapped, and
// never writes over it.
func TestKeptDatabase(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	want := map[string]string{}
	write := func(s *Store, key, word string) {
		t.Helper()
		put(t, s.Namespace("n"), key, word)
		want[key] = word
	}
	check := func(s *Store) {
		t.Helper()
		err := s.Namespace("n").View(t.Context(), func(tx *Tx) error {
			for key, word := range want {
				var r record
				if found, err := tx.Get(key, &r); err != nil || !found || r.Word != word {
					t.Errorf("%s is %.20q, %v", key, r.Word, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		write(a, fmt.Sprint("a", i), "x")
		check(b)
		check(a) // what a has in memory is older than the file from here on
		write(b, fmt.Sprint("b", i), strings.Repeat("y", 20_000))
		check(a)
		write(a, fmt.Sprint("c", i), strings.Repeat("z", 5_000))
		check(b)
	}
	check(open(t, dir))
}

// TestReplacedDatabase: whoever removes the folder's files gets an error or the
// new file's content, never the old one's.
func TestReplacedDatabase(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	put(t, a.Namespace("n"), "k", "old")
	if err := os.Remove(filepath.Join(dir, dataFile)); err != nil {
		t.Fatal(err)
	}
	put(t, open(t, dir).Namespace("n"), "k", "new")
	err := a.Namespace("n").View(t.Context(), func(tx *Tx) error {
		var r record
		if _, err := tx.Get("k", &r); err != nil || r.Word != "new" {
			t.Errorf("%q, %v", r.Word, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestUnchangedUpdate: an update that writes nothing is none.
func TestUnchangedUpdate(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		put(t, s.Namespace("n"), "k", "v")
		before, err := s.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Namespace("n").Update(t.Context(), func(*Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if after, err := s.Version(t.Context()); after != before || err != nil {
			t.Errorf("version %d, then %d, %v", before, after, err)
		}
		put(t, s.Namespace("n"), "k", "v")
		if after, err := s.Version(t.Context()); after <= before || err != nil {
			t.Errorf("version %d, then %d after a change, %v", before, after, err)
		}
	})
}

// TestNamespaces: one transaction writes in several, and Clear keeps those
// that are named.
func TestNamespaces(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		err := s.Namespace("a").Update(t.Context(), func(tx *Tx) error {
			b, err := tx.In("b")
			if err == nil {
				err = b.Put("k", record{Word: "b"})
			}
			if err == nil {
				err = tx.Put("k", record{Word: "a"})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Namespace("c").Update(t.Context(), func(tx *Tx) error { return tx.Clear("b") }); err != nil {
			t.Fatal(err)
		}
		err = s.Namespace("c").View(t.Context(), func(tx *Tx) error {
			for name, kept := range map[string]bool{"a": false, "b": true} {
				other, err := tx.In(name)
				if err != nil {
					return err
				}
				if found, err := other.Get("k", &record{}); found != kept || err != nil {
					t.Errorf("%s: %v, %v", name, found, err)
				}
			}
			return tx.Clear()
		})
		if err == nil {
			t.Error("a view was cleared")
		}
	})
}
