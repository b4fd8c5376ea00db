package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"time"
)

// Moment formats t as text that sorts by time, for the keys of an index. It is exact to
// the nanosecond from 1970 to 2262; earlier and later times count as the first and last
// moment.
func Moment(t time.Time) string {
	nanoseconds := t.UnixNano()
	switch {
	case t.Before(time.Unix(0, 0)):
		nanoseconds = 0
	case t.After(time.Unix(0, math.MaxInt64)):
		nanoseconds = math.MaxInt64
	}
	return fmt.Sprintf("%020d", nanoseconds)
}

// Ordinal formats n as text that sorts by number, for the keys of an index.
func Ordinal(n uint64) string { return fmt.Sprintf("%020d", n) }

// Digest represents a user's text of any length and content in the keys of an index. It
// is the SHA-256 of value in hexadecimal.
func Digest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}
