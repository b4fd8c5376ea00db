package invoice

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDays(t *testing.T) {
	for name, test := range map[string]struct {
		start, end string
		argument   string // that an error names; "" where there is none
		message    string
	}{
		"none":          {"", "", "", ""},
		"the first":     {"2026-03-01", "", "", ""},
		"the last":      {"", "2026-03-01", "", ""},
		"one day":       {"2026-03-01", "2026-03-01", "", ""},
		"swapped":       {"2026-03-02", "2026-03-01", "end", "2026-03-01 is before start, 2026-03-02: swap them"},
		"no such day":   {"2026-02-30", "", "start", "2026-02-30"},
		"another order": {"", "01.03.2026", "end", "01.03.2026"},
	} {
		t.Run(name, func(t *testing.T) {
			from, to, err := Days(map[string]string{"start": test.start, "end": test.end}, "start", "end")
			var refused *ArgumentError
			switch errors.As(err, &refused) {
			case false:
				if err != nil || test.argument != "" || dayText(from) != test.start || dayText(to) != test.end {
					t.Errorf("%s to %s, %v", from, to, err)
				}
			case true:
				if refused.Name != test.argument || !strings.Contains(refused.Message, test.message) {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

func dayText(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}
