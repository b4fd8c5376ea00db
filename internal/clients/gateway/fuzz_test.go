package gateway

import (
	"testing"
	"time"
)

// FuzzParseAmount: what a user may write is what a gateway may write, and keeps
// its digits.
func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{"25", "25.50", "0.000001", "99999999.99", "-1", "1e3", "1,000", "", "007", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseAmount(text)
		if err != nil {
			return
		}
		if m.String() != text || m.IsZero() {
			t.Fatalf("%q was read as %q", text, m)
		}
		if again, err := ParseNumber(text); err != nil || !again.Equal(m) {
			t.Fatalf("%q: %v, %v", text, again, err)
		}
	})
}

// FuzzParseTime: a time that was read is written in a form that reads as the
// same time.
func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"2026-03-01 09:15:02.481907", "2023-01-02 12:00:00", "2099-12-31T23:59:59.999Z", "2026-02-30 00:00:00", "0000-00-00 00:00:00", ""} {
		f.Add(seed)
	}
	kuwait := time.FixedZone("Asia/Kuwait", 3*60*60)
	f.Fuzz(func(t *testing.T, text string) {
		at, err := ParseTime(text, kuwait, time.DateTime, time.RFC3339)
		if err != nil || at.IsZero() {
			return
		}
		again, err := time.Parse(time.RFC3339, FormatTime(at))
		if err != nil || !again.Equal(at) {
			t.Fatalf("%q was read as %s and came back as %s, %v", text, at, again, err)
		}
	})
}
