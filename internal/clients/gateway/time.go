package gateway

import (
	"fmt"
	"time"
)

// ParseTime parses a time with the first layout that fits. A layout without a zone is
// read in loc. Empty text is the zero time.
func ParseTime(text string, loc *time.Location, layouts ...string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, loc); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time in the documented format", clip(text))
}

// FormatTime formats a time in RFC 3339, UTC, with the fraction that it has. The zero
// time is "".
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
