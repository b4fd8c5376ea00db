package store

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

type record struct {
	Word   string      `json:"word"`
	Amount json.Number `json:"amount,omitempty"`
}

func open(t testing.TB, dir string, opts ...Option) *Store {
	t.Helper()
	s, err := Open(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t testing.TB, n *Namespace, key, word string) {
	t.Helper()
	err := n.Update(t.Context(), func(tx *Tx) error { return tx.Put(key, record{Word: word}) })
	if err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, n *Namespace, key string) (word string, found bool) {
	t.Helper()
	var r record
	err := n.View(t.Context(), func(tx *Tx) (err error) {
		found, err = tx.Get(key, &r)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Word, found
}

// bothKinds runs a test on a store of either kind.
func bothKinds(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("durable", func(t *testing.T) { test(t, open(t, t.TempDir())) })
	t.Run("temporary", func(t *testing.T) { test(t, open(t, t.TempDir(), Temporary())) })
}

func TestRecords(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		n := s.Namespace("a")
		if _, found := get(t, n, "k"); found {
			t.Error("an empty namespace has a record")
		}
		put(t, n, "k", "one")
		put(t, n, "k", "two")
		if word, found := get(t, n, "k"); !found || word != "two" {
			t.Errorf("got %q, %v", word, found)
		}
		if _, found := get(t, s.Namespace("b"), "k"); found {
			t.Error("another namespace has the record")
		}
		err := n.Update(t.Context(), func(tx *Tx) error {
			return errors.Join(tx.Delete("k"), tx.Delete("never there"))
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, found := get(t, n, "k"); found {
			t.Error("the record outlived Delete")
		}
	})
}

func TestFailedUpdateLeavesNothing(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		n := s.Namespace("a")
		refusal := errors.New("no")
		err := n.Update(t.Context(), func(tx *Tx) error {
			if err := tx.Put("k", record{}); err != nil {
				return err
			}
			return refusal
		})
		if err != refusal {
			t.Errorf("got %v, want the function's own error", err)
		}
		if _, found := get(t, n, "k"); found {
			t.Error("a failed update left a record")
		}

		func() {
			defer func() { _ = recover() }()
			_ = n.Update(t.Context(), func(tx *Tx) error {
				_ = tx.Put("k", record{})
				panic("oops")
			})
		}()
		if _, found := get(t, n, "k"); found {
			t.Error("a panicking update left a record")
		}
		put(t, n, "k", "still usable")
	})
}

func TestViewCannotWrite(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		n := s.Namespace("a")
		for range 2 { // without and with a bucket
			for name, write := range map[string]func(tx *Tx) error{
				"Put":          func(tx *Tx) error { return tx.Put("k", 1) },
				"Delete":       func(tx *Tx) error { return tx.Delete("k") },
				"NextSequence": func(tx *Tx) error { _, err := tx.NextSequence(); return err },
			} {
				if err := n.View(t.Context(), write); !errors.Is(err, errReadOnly) {
					t.Errorf("%s in a view: %v", name, err)
				}
			}
			put(t, n, "other", "x")
		}
	})
}

func TestSequence(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		for want := uint64(1); want <= 3; want++ {
			err := s.Namespace("a").Update(t.Context(), func(tx *Tx) error {
				got, err := tx.NextSequence()
				if got != want {
					t.Errorf("got %d, want %d", got, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestWalks(t *testing.T) {
	s := open(t, t.TempDir(), Temporary())
	n := s.Namespace("a")
	for _, key := range []string{"a", "b/1", "b/2", "b/3", "c", "\xff\xff", "\xff\xff1"} {
		put(t, n, key, key)
	}

	tests := []struct {
		name string
		walk func(tx *Tx, fn func(string, []byte) (bool, error)) error
		want []string
	}{
		{"ascend", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.Ascend("b/", fn) }, []string{"b/1", "b/2", "b/3"}},
		{"ascend everything", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.Ascend("", fn) }, []string{"a", "b/1", "b/2", "b/3", "c", "\xff\xff", "\xff\xff1"}},
		{"ascend nothing", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.Ascend("bb", fn) }, nil},
		{"ascend after a key", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.AscendAfter("b/", "b/1", fn) }, []string{"b/2", "b/3"}},
		{"ascend after a gap", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.AscendAfter("b/", "b/11", fn) }, []string{"b/2", "b/3"}},
		{"ascend after nothing", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.AscendAfter("b/", "", fn) }, []string{"b/1", "b/2", "b/3"}},
		{"ascend after the end", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.AscendAfter("b/", "c", fn) }, nil},
		{"descend", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.Descend("b/", fn) }, []string{"b/3", "b/2", "b/1"}},
		{"descend everything", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.Descend("", fn) }, []string{"\xff\xff1", "\xff\xff", "c", "b/3", "b/2", "b/1", "a"}},
		{"descend below the top", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.Descend("\xff\xff", fn) }, []string{"\xff\xff1", "\xff\xff"}},
		{"descend nothing", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.Descend("bb", fn) }, nil},
		{"descend before a key", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.DescendBefore("b/", "b/3", fn) }, []string{"b/2", "b/1"}},
		{"descend before a gap", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.DescendBefore("b/", "b/21", fn) }, []string{"b/2", "b/1"}},
		{"descend before the start", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.DescendBefore("b/", "b/", fn) }, nil},
		{"descend before the end", func(tx *Tx, fn func(string, []byte) (bool, error)) error { return tx.DescendBefore("b/", "zz", fn) }, []string{"b/3", "b/2", "b/1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			err := n.View(t.Context(), func(tx *Tx) error {
				return test.walk(tx, func(key string, raw []byte) (bool, error) {
					if len(raw) == 0 {
						t.Errorf("%q has no record", key)
					}
					got = append(got, key)
					return true, nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}

	t.Run("stop", func(t *testing.T) {
		calls, refusal := 0, errors.New("no")
		err := n.View(t.Context(), func(tx *Tx) error {
			return errors.Join(
				tx.Ascend("b/", func(string, []byte) (bool, error) { calls++; return false, nil }),
				tx.Descend("b/", func(string, []byte) (bool, error) { calls++; return true, refusal }),
				tx.Ascend("b/", func(string, []byte) (bool, error) { return false, nil }),
			)
		})
		if calls != 2 || !errors.Is(err, refusal) {
			t.Errorf("%d calls, error %v", calls, err)
		}
	})
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	s := open(t, t.TempDir(), Temporary())
	n := s.Namespace("a")
	const digits = "12345678901234567890.10"
	var got record
	err := n.Update(t.Context(), func(tx *Tx) error {
		return tx.Put("k", record{Amount: digits})
	})
	if err == nil {
		err = n.View(t.Context(), func(tx *Tx) error { _, err := tx.Get("k", &got); return err })
	}
	if err != nil || got.Amount != digits {
		t.Errorf("got %q, %v", got.Amount, err)
	}
}

func TestFilesArePrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "down")
	s := open(t, dir)
	put(t, s.Namespace("a"), "k", "x")
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory: %v, %v", info.Mode(), err)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 2 {
		t.Errorf("%d files, want the database and the lock", len(entries))
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", entry.Name(), info.Mode(), err)
		}
	}
}

// TestExposedDirectory: an existing directory is left as it is, with a warning.
func TestExposedDirectory(t *testing.T) {
	for mode, want := range map[fs.FileMode]string{0o700: "", 0o750: "read", 0o711: "", 0o755: "read", 0o777: "write", 0o720: "write"} {
		dir := t.TempDir()
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		got := open(t, dir).Warning()
		if (want == "") != (got == "") || !strings.Contains(got, "can "+want) && want != "" || want != "" && !strings.Contains(got, dir) {
			t.Errorf("%04o: %q", mode, got)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%04o became %v, %v", mode, info.Mode(), err)
		}
	}
	if got := open(t, filepath.Join(t.TempDir(), "new")).Warning(); got != "" {
		t.Errorf("a new directory: %q", got)
	}
}

func TestKeysSort(t *testing.T) {
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	moments := []string{
		Moment(time.Time{}), Moment(time.Unix(0, 0)), Moment(start), Moment(start.Add(1)),
		Moment(start.AddDate(73, 0, 0)), Moment(start.AddDate(5000, 0, 0)), Moment(start.AddDate(6000, 0, 0)),
	}
	if !slices.IsSorted(moments) {
		t.Errorf("moments: %q", moments)
	}
	ordinals := []string{Ordinal(1), Ordinal(9), Ordinal(10), Ordinal(1 << 63)}
	if !slices.IsSorted(ordinals) {
		t.Errorf("ordinals: %q", ordinals)
	}
	if Digest("a") == Digest("b") || len(Digest(strings.Repeat("a", 100000))) != 64 {
		t.Error("digests")
	}
}
