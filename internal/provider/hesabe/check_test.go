package hesabe

import (
	"testing"
	"time"
)

func TestCheckExpiry(t *testing.T) {
	midnight := time.Date(2026, 3, 1, 21, 0, 0, 0, time.UTC) // begins March 2 in Kuwait
	tests := map[string]struct {
		day     string
		now     time.Time
		refused bool
	}{
		"tomorrow":                       {"2026-03-02", midnight.Add(-time.Hour), false},
		"today, a second before its end": {"2026-03-01", midnight.Add(-time.Second), false},
		"today is over in Kuwait":        {"2026-03-01", midnight, true},
		"last year":                      {"2025-12-31", midnight, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if diags := checkExpiry(test.day, test.now); diags.HasError() != test.refused {
				t.Errorf("%v", diags)
			}
		})
	}
}
