package transport

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestClockOffset(t *testing.T) {
	base := time.Now().Truncate(time.Second)
	at := func(ms int) time.Time { return base.Add(time.Duration(ms) * time.Millisecond) }
	type answered struct {
		date           time.Time
		sent, received int // ms after base
		age            string
	}
	for name, test := range map[string]struct {
		answers   []answered
		low, high int // ms
		known     bool
	}{
		"no response":                         {},
		"a clock like ours":                   {[]answered{{base, 100, 200, ""}}, -200, 900, true},
		"several narrow it":                   {[]answered{{base, 100, 200, ""}, {base, 900, 910, ""}, {at(1000), 1050, 1060, ""}}, -60, 100, true},
		"90 s behind":                         {[]answered{{at(-90_000), 0, 0, ""}}, -90_000, -89_000, true},
		"15 min ahead":                        {[]answered{{at(900_000), 500, 600, ""}}, 899_400, 900_500, true},
		"a clock that was set":                {[]answered{{base, 0, 0, ""}, {at(60_000), 0, 0, ""}}, 60_000, 61_000, true},
		"out of a cache that does not say so": {[]answered{{base, 0, 0, ""}, {at(-60_000), 0, 0, ""}}, 0, 1_000, true},
		"out of a cache":                      {[]answered{{at(-60_000), 0, 0, "60"}}, 0, 0, false},
		"without a date":                      {[]answered{{time.Time{}, 0, 0, ""}}, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := New(Config{Gateway: "Example"})
			for _, a := range test.answers {
				header := http.Header{}
				if !a.date.IsZero() {
					header.Set("Date", a.date.UTC().Format(http.TimeFormat))
				}
				if a.age != "" {
					header.Set("Age", a.age)
				}
				c.clock.observe(header, at(a.sent), at(a.received))
			}
			low, high, known := c.ClockOffset()
			if low.Milliseconds() != int64(test.low) || high.Milliseconds() != int64(test.high) || known != test.known {
				t.Errorf("%v to %v, %v", low, high, known)
			}
		})
	}
}

// TestClockOffsetIsForgotten: a measurement does not last, since clocks drift and
// are set.
func TestClockOffsetIsForgotten(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		date := "Date: " + time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)
		c := newClient(t, serverThat(respond(200, `{}`, date)))
		if _, err := c.Do(t.Context(), call(Read)); err != nil {
			t.Fatal(err)
		}
		low, high, known := c.ClockOffset()
		if !known || low != time.Minute || high != time.Minute+time.Second {
			t.Error(fmt.Sprint(low, high, known))
		}
		time.Sleep(clockValidity)
		if _, _, known := c.ClockOffset(); known {
			t.Error("it is still believed")
		}
	})
}
