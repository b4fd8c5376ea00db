package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"time"
)

// Moment is t as text that sorts by time, for the keys of an index. It is
// exact to the nanosecond from 1970 to 2262; what lies before or after counts
// as the first or last moment.
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

// Ordinal is n as text that sorts by number, for the keys of an index.
func Ordinal(n uint64) string { return fmt.Sprintf("%020d", n) }

// Digest stands for a user's text of any length and content in the keys of an
// index. It is the SHA-256 of value in hexadecimal.
func Digest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}
