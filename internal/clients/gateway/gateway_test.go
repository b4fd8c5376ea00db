package gateway

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"
)

func TestPhases(t *testing.T) {
	if phases := Phases(); len(phases) != 9 || phases[0] != PhaseOpen || phases[8] != PhaseUnknown || len(slices.Compact(slices.Sorted(slices.Values(phases)))) != 9 {
		t.Errorf("%v", phases)
	}
	for _, phase := range Phases() {
		moved := slices.Contains([]Phase{"paid", "overpaid", "underpaid", "refunded"}, phase)
		closed := phase != "open" && phase != "unknown"
		if phase.MoneyMoved() != moved || phase.Closed() != closed {
			t.Errorf("%s: money moved %v, closed %v", phase, phase.MoneyMoved(), phase.Closed())
		}
	}
	if p := Phase("confirming"); p.MoneyMoved() || p.Closed() {
		t.Error("a phase that nobody listed is neither paid nor over")
	}
}

func TestParseTime(t *testing.T) {
	kuwait := time.FixedZone("", 3*60*60)
	tests := []struct {
		text    string
		loc     *time.Location
		layouts []string
		want    string
	}{
		{"", time.UTC, nil, ""},
		{"2026-03-01 09:15:02.481907", time.UTC, []string{time.DateTime}, "2026-03-01T09:15:02.481907Z"},
		{"2026-03-01 09:15:02", time.UTC, []string{time.DateTime}, "2026-03-01T09:15:02Z"},
		{"2026-03-01 01:00:00", kuwait, []string{time.RFC3339, time.DateTime}, "2026-02-28T22:00:00Z"},
		{"2026-03-01T09:15:02.500+02:00", kuwait, []string{time.DateTime, time.RFC3339}, "2026-03-01T07:15:02.5Z"},
		{"2099-12-31T23:59:59.999Z", time.UTC, []string{time.RFC3339}, "2099-12-31T23:59:59.999Z"},
	}
	for _, test := range tests {
		at, err := ParseTime(test.text, test.loc, test.layouts...)
		if err != nil || FormatTime(at) != test.want {
			t.Errorf("%q: %q, %v", test.text, FormatTime(at), err)
		}
	}
	for _, text := range []string{"yesterday", "2026-13-01 00:00:00", "2026-02-30 00:00:00", "01.03.2026", " 2026-03-01 09:15:02", "None"} {
		if at, err := ParseTime(text, time.UTC, time.DateTime, time.RFC3339); err == nil {
			t.Errorf("%q was read as %v", text, at)
		}
	}
}

func TestFactsIn(t *testing.T) {
	money := func(text string) (m Money) {
		if text != "" {
			m, _ = ParseNumber(text)
		}
		return m
	}
	tests := map[string]struct {
		amount, currency, original, originalCurrency, orderedIn string
		in                                                      string
		wantAmount, wantCurrency                                string
	}{
		"the same":                               {"25", "USD", "", "", "", "USD", "25", "USD"},
		"converted":                              {"27.91", "USD", "25.50", "EUR", "EUR", "EUR", "25.50", "EUR"},
		"converted, in the gateway's":            {"27.91", "USD", "25.50", "EUR", "EUR", "usd", "27.91", "USD"},
		"converted, nobody says":                 {"27.91", "USD", "25.50", "EUR", "EUR", "", "25.50", "EUR"},
		"in a third":                             {"27.91", "USD", "25.50", "EUR", "EUR", "GBP", "27.91", "USD"},
		"reported in dollars only":               {"", "USD", "25", "USD", "", "USD", "25", "USD"},
		"reported in dollars, nobody says":       {"", "USD", "25", "USD", "", "", "25", "USD"},
		"reported in dollars, requested in EUR":  {"", "EUR", "27.91", "USD", "", "EUR", "", "EUR"},
		"reported in dollars, requested in none": {"", "", "27.91", "USD", "", "", "", ""},
		"reported besides dollars":               {"25.50", "EUR", "27.91", "USD", "", "", "25.50", "EUR"},
		"the original is not reported":           {"27.91", "USD", "", "EUR", "", "EUR", "27.91", "USD"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := Facts{
				Amount: money(test.amount), Currency: test.currency, RequestedCurrency: test.orderedIn,
				OriginalAmount: money(test.original), OriginalCurrency: test.originalCurrency,
			}.In(test.in)
			if f.Amount.String() != test.wantAmount || f.Currency != test.wantCurrency {
				t.Errorf("%s %s, want %s %s", f.Amount, f.Currency, test.wantAmount, test.wantCurrency)
			}
		})
	}
}

func TestError(t *testing.T) {
	cause := context.DeadlineExceeded
	var err error = &Error{
		Gateway: "Example", Operation: "cancel invoice", Kind: ErrInvalid, Status: 400, Code: "bad", Message: "It is wrong.",
		Fields: []FieldError{{"a", "too long"}, {"b", "missing"}}, Err: cause,
	}
	if got, want := err.Error(), "Example: cancel invoice: invalid request: HTTP 400: bad: It is wrong.: a: too long: b: missing: context deadline exceeded"; got != want {
		t.Errorf("%s", got)
	}
	wrapped := fmt.Errorf("more: %w", err)
	if !errors.Is(wrapped, ErrInvalid) || !errors.Is(wrapped, cause) || errors.Is(wrapped, ErrNotFound) {
		t.Error("errors.Is")
	}
	bare := &Error{Gateway: "Example", Operation: "read invoice", Kind: ErrNotFound}
	if bare.Error() != "Example: read invoice: not found" || !errors.Is(bare, ErrNotFound) || bare.Detail() != "" {
		t.Error(bare)
	}
}

func TestProgress(t *testing.T) {
	var p Progress
	if p.Knows("a") || !p.IsNew("a") || !p.Knows("a") || p.IsNew("a") || !p.IsNew("b") || p.EndPage() != nil || p.Count() != 2 {
		t.Errorf("%+v", p)
	}
	for range maxIdlePages - 1 {
		if p.IsNew("a") || p.EndPage() != nil {
			t.Errorf("%+v", p)
		}
	}
	if !p.IsNew("c") || p.EndPage() != nil {
		t.Error("a new id is progress")
	}
	for range maxIdlePages - 1 {
		_ = p.EndPage()
	}
	if err := p.EndPage(); !errors.Is(err, ErrRepeatedPages) || p.Count() != 3 {
		t.Error(err)
	}
}

func TestIsFor(t *testing.T) {
	for _, test := range []struct {
		sent, told string
		decimals   int32
		want       bool
	}{
		{"10.006", "10.01", 0, true}, {"10.004", "10.0", 0, true}, {"10", "10.00", 0, true}, {"10.01", "10.0", 0, false},
		{"10.006", "10.01", 3, false}, {"10.0006", "10.001", 3, true}, {"10.006", "10.006", 3, true}, {"20.5", "20.500", 3, true}, {"0.999", "1", 3, false},
	} {
		if got := (Facts{Amount: number(t, test.told), AmountDecimals: test.decimals}).AmountMatches(number(t, test.sent)); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
	if (Facts{}).AmountMatches(number(t, "1")) {
		t.Error("an absent amount is what was sent")
	}
}

func TestListsAreBoundedByBytes(t *testing.T) {
	var p Progress
	for range maxListedBytes / (4 << 20) {
		if err := p.Received(4 << 20); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Received(1); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func TestMayBeSince(t *testing.T) {
	since := time.Date(2026, 3, 1, 9, 15, 2, 0, time.UTC)
	for created, want := range map[time.Time]bool{
		{}: true, since: true, since.Add(time.Hour): true, since.Add(-ClockSkew): true, since.Add(-ClockSkew - 1): false,
	} {
		if got := MayBeCreatedSince(created, since); got != want {
			t.Errorf("%v: %v", created, got)
		}
	}
}

type listed struct{ facts Facts }

func (l listed) Facts(time.Time) Facts { return l.facts }

func TestWithReference(t *testing.T) {
	since := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	rows := []listed{
		{Facts{ID: "new", Reference: "order", CreatedAt: since.Add(time.Minute)}},
		{Facts{ID: "within the skew", Reference: "order", CreatedAt: since.Add(-time.Minute)}},
		{Facts{ID: "undated", Reference: "order"}},
		{Facts{ID: "old", Reference: "order", CreatedAt: since.Add(-time.Hour)}},
		{Facts{ID: "other", Reference: "order-2", CreatedAt: since}},
	}
	list := func(failAfter int) iter.Seq2[listed, error] {
		return func(yield func(listed, error) bool) {
			for i, row := range rows {
				if i == failAfter {
					yield(listed{}, ErrUnavailable)
					return
				}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
	found, err := WithReference(list(-1), "order", since)
	var ids []string
	for _, inv := range found {
		ids = append(ids, inv.facts.ID)
	}
	if want := []string{"new", "within the skew", "undated"}; err != nil || !slices.Equal(ids, want) {
		t.Errorf("found %q, %v; want %q", ids, err, want)
	}
	if found, err := WithReference(list(2), "order", since); found != nil || !errors.Is(err, ErrUnavailable) {
		t.Errorf("of a list that breaks off: %v, %v", found, err)
	}
}
