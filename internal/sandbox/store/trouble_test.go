package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestUnusableDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	readOnly := t.TempDir()
	if err := os.Chmod(readOnly, 0o500); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, dir, want string }{
		{"no name", "", "no name"},
		{"a file", file, "a file"},
		{"below a file", filepath.Join(file, "sub"), "a file"},
		{"not writable", readOnly, "not writable"},
		{"no file's name", file + "\x00", "cannot be created"},
		{"not creatable", filepath.Join(readOnly, "sub"), "not writable"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.want == "not writable" && os.Getuid() == 0 {
				t.Skip("root may write everywhere")
			}
			s, err := Open(test.dir)
			if err == nil {
				s.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), strings.Trim(strconv.Quote(test.dir), `"`)) {
				t.Errorf("error %q", err)
			}
		})
	}
}

func TestDamage(t *testing.T) {
	tests := []struct {
		name   string
		damage func(data []byte) []byte
	}{
		{"empty", func([]byte) []byte { return nil }},
		{"short", func(data []byte) []byte { return data[:100] }},
		{"two pages", func(data []byte) []byte { return data[:8192] }},
		{"half", func(data []byte) []byte { return data[:len(data)/2] }},
		{"another format", func([]byte) []byte { return []byte(strings.Repeat("not a database\n", 4096)) }},
		{"scribbled", func(data []byte) []byte {
			for i := 8192; i < len(data); i++ {
				data[i] = 0xa5
			}
			return data
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			err := s.Namespace("a").Update(t.Context(), func(tx *Tx) (err error) {
				for i := range 200 {
					err = errors.Join(err, tx.Put(fmt.Sprint(i), record{Word: strings.Repeat("x", 500)}))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, dataFile)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, test.damage(data), 0o600); err != nil {
				t.Fatal(err)
			}

			for name, err := range map[string]error{
				"Open":   func() error { _, err := Open(dir); return err }(),
				"View":   s.Namespace("a").View(t.Context(), func(tx *Tx) error { var r record; _, err := tx.Get("7", &r); return err }),
				"Update": s.Namespace("a").Update(t.Context(), func(tx *Tx) error { return tx.Put("7", 7) }),
			} {
				if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

func TestLostFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := os.Remove(filepath.Join(dir, dataFile)); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"View":   s.Namespace("a").View(t.Context(), func(*Tx) error { return nil }),
		"Update": s.Namespace("a").Update(t.Context(), func(*Tx) error { return nil }),
	} {
		if err == nil || !strings.Contains(err.Error(), "missing its files") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClosed(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
		err := s.Namespace("a").View(t.Context(), func(*Tx) error { return nil })
		if !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
		open(t, s.dir).Close()
	})
}

func TestContext(t *testing.T) {
	bothKinds(t, func(t *testing.T, s *Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := s.Namespace("a").Update(ctx, func(*Tx) error { t.Error("ran"); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("while another store writes", func(t *testing.T) {
		dir := t.TempDir()
		a, b := open(t, dir), open(t, dir)
		entered, leave := make(chan struct{}), make(chan struct{})
		var writing sync.WaitGroup
		writing.Go(func() {
			_ = a.Namespace("n").Update(t.Context(), func(*Tx) error {
				close(entered)
				<-leave
				return nil
			})
		})
		<-entered
		for _, s := range []*Store{a, b} { // waiting for its turn, and for the lock
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			err := s.Namespace("n").View(ctx, func(*Tx) error { t.Error("ran"); return nil })
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
		close(leave)
		writing.Wait()
		put(t, b.Namespace("n"), "k", "after")
	})
}
