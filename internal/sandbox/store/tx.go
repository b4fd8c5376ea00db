package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// errReadOnly: a write within View.
var errReadOnly = errors.New("sandbox store: a view cannot write")

// Tx is a transaction in one namespace. It is valid until the function that it was
// passed to returns, and only in that function's goroutine.
type Tx struct {
	root     *bbolt.Tx
	bucket   *bbolt.Bucket // nil in a view of a namespace that is still empty
	writable bool
	changed  *bool // by any of the transaction's namespaces
}

// In returns the same transaction in another namespace of the store.
func (tx *Tx) In(name string) (*Tx, error) {
	other := &Tx{root: tx.root, writable: tx.writable, changed: tx.changed}
	err := guard(func() (err error) {
		if tx.writable {
			other.bucket, err = tx.root.CreateBucketIfNotExists([]byte(name))
		} else {
			other.bucket = tx.root.Bucket([]byte(name))
		}
		return err
	})
	return other, err
}

// Clear removes every record in all namespaces except those in keep. Sequences start
// again.
func (tx *Tx) Clear(keep ...string) error {
	if !tx.writable {
		return errReadOnly
	}
	*tx.changed = true
	return guard(func() error {
		var names [][]byte
		err := tx.root.ForEach(func(name []byte, _ *bbolt.Bucket) error {
			if !slices.Contains(keep, string(name)) {
				names = append(names, bytes.Clone(name))
			}
			return nil
		})
		for _, name := range names {
			if err == nil {
				err = tx.root.DeleteBucket(name)
			}
		}
		return err
	})
}

// Get decodes the JSON stored under key into into, and reports whether there is any.
func (tx *Tx) Get(key string, into any) (found bool, err error) {
	if tx.bucket == nil {
		return false, nil
	}
	var raw []byte
	err = guard(func() error {
		raw = bytes.Clone(tx.bucket.Get([]byte(key)))
		return nil
	})
	if err != nil || raw == nil {
		return false, err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return false, fmt.Errorf("sandbox store: the record %q: %w", key, err)
	}
	return true, nil
}

// Put stores value as JSON under key, which must be neither empty nor longer than
// 32,768 bytes.
func (tx *Tx) Put(key string, value any) error {
	if !tx.writable {
		return errReadOnly
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("sandbox store: the record %q: %w", key, err)
	}
	*tx.changed = true
	return guard(func() error { return tx.bucket.Put([]byte(key), raw) })
}

// Delete removes key, if it exists.
func (tx *Tx) Delete(key string) error {
	if !tx.writable {
		return errReadOnly
	}
	*tx.changed = true
	return guard(func() error { return tx.bucket.Delete([]byte(key)) })
}

// NextSequence returns 1, 2, 3 and so on: a number that the namespace has not used
// before.
func (tx *Tx) NextSequence() (n uint64, err error) {
	if !tx.writable {
		return 0, errReadOnly
	}
	*tx.changed = true
	err = guard(func() (err error) {
		n, err = tx.bucket.NextSequence()
		return err
	})
	return n, err
}

// Ascend calls fn with each key with the prefix, in ascending order, and its JSON,
// until fn returns false or an error. fn must not write.
func (tx *Tx) Ascend(prefix string, fn func(key string, raw []byte) (more bool, err error)) error {
	return tx.walk(prefix, fn, (*bbolt.Cursor).Next, func(c *bbolt.Cursor) ([]byte, []byte) {
		return c.Seek([]byte(prefix))
	})
}

// AscendAfter is Ascend from the first key that is greater than after, which need not
// exist.
func (tx *Tx) AscendAfter(prefix, after string, fn func(key string, raw []byte) (more bool, err error)) error {
	if after < prefix {
		return tx.Ascend(prefix, fn)
	}
	return tx.walk(prefix, fn, (*bbolt.Cursor).Next, func(c *bbolt.Cursor) ([]byte, []byte) {
		key, raw := c.Seek([]byte(after))
		if string(key) == after {
			return c.Next()
		}
		return key, raw
	})
}

// Descend calls fn with each key with the prefix, in descending order, and its JSON,
// until fn returns false or an error. fn must not write.
func (tx *Tx) Descend(prefix string, fn func(key string, raw []byte) (more bool, err error)) error {
	return tx.walk(prefix, fn, (*bbolt.Cursor).Prev, func(c *bbolt.Cursor) ([]byte, []byte) {
		return seekBefore(c, successor([]byte(prefix)))
	})
}

// DescendBefore is Descend from the last key that is less than before, which
// need not exist.
func (tx *Tx) DescendBefore(prefix, before string, fn func(key string, raw []byte) (more bool, err error)) error {
	end := successor([]byte(prefix))
	if end == nil || bytes.Compare([]byte(before), end) < 0 {
		end = []byte(before)
	}
	return tx.walk(prefix, fn, (*bbolt.Cursor).Prev, func(c *bbolt.Cursor) ([]byte, []byte) {
		return seekBefore(c, end)
	})
}

func (tx *Tx) walk(
	prefix string,
	fn func(key string, raw []byte) (more bool, err error),
	step, first func(*bbolt.Cursor) (key, raw []byte),
) error {
	if tx.bucket == nil {
		return nil
	}
	cursor := tx.bucket.Cursor()
	for move := first; ; move = step {
		var key, raw []byte
		err := guard(func() error {
			// Copied, because the caller may keep them after the file is closed.
			key, raw = move(cursor)
			key, raw = bytes.Clone(key), bytes.Clone(raw)
			return nil
		})
		if err != nil {
			return err
		}
		if key == nil || !bytes.HasPrefix(key, []byte(prefix)) {
			return nil
		}
		if more, err := fn(string(key), raw); err != nil || !more {
			return err
		}
	}
}

// seekBefore moves to the last key less than end; nil means the end.
func seekBefore(c *bbolt.Cursor, end []byte) (key, raw []byte) {
	if end == nil {
		return c.Last()
	}
	if key, _ := c.Seek(end); key == nil {
		return c.Last() // every key is less
	}
	return c.Prev()
}

// successor returns the smallest key greater than all with the prefix; nil if there is
// none.
func successor(prefix []byte) []byte {
	next := slices.Clone(prefix)
	for i := len(next) - 1; i >= 0; i-- {
		if next[i] < 0xff {
			next[i]++
			return next[:i+1]
		}
	}
	return nil
}
