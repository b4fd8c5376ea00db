package gateway

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseAmount(t *testing.T) {
	for _, text := range []string{"1", "25", "25.0", "25.00", "0.001", "0.10", "10", "100000000000000000000", "0.000000000000000001", strings.Repeat("9", 64)} {
		m, err := ParseAmount(text)
		if err != nil || m.String() != text || !m.IsPresent() || m.IsZero() {
			t.Errorf("%q: %q, %v", text, m, err)
		}
	}
	for _, text := range []string{
		"", " ", "0", "0.0", "0.000", "-1", "+1", "1e3", "1E3", "1e-3", ".5", "5.", "01", "00", "1,000", "1 000", "1_000", "1.000,00",
		" 1", "1 ", "1\n", "0x10", "NaN", "Inf", "one", "1.2.3", "١٢", "１２", "1e999999999", strings.Repeat("9", 65), "0." + strings.Repeat("0", 70) + "1",
	} {
		if m, err := ParseAmount(text); err == nil {
			t.Errorf("%q was read as %q", text, m)
		} else if len(err.Error()) > 300 {
			t.Errorf("a long error: %v", err)
		}
	}
	if _, err := ParseAmount("12,50"); !errors.Is(err, ErrNotMoney) {
		t.Error(err)
	}
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "0.0": "0.0", "-0": "-0", "-1.50": "-1.50", "25.00": "25.00", "0.033366": "0.033366", "0.30000000000000004": "0.30000000000000004",
		"1e3": "1000", "1E+3": "1000", "1.50e1": "15", "1e-7": "0.0000001", "1.13e-04": "0.000113", "-2e-1": "-0.2", "0e5": "0", "0E-9": "0",
		"1e63": "1" + strings.Repeat("0", 63),
	} {
		m, err := ParseNumber(text)
		if err != nil || m.String() != want {
			t.Errorf("%q: %q, %v", text, m, err)
			continue
		}
		if again, err := ParseNumber(m.String()); err != nil || !again.Equal(m) {
			t.Errorf("%q is not read again: %v", m, err)
		}
	}
	started := time.Now()
	for _, text := range []string{
		"", "+1", ".5", "5.", "01", "-", "e5", "1e", "1e+", "NaN", "Infinity", "0x1p-2", "1e64", "1e9999", "1e-9999", "1e99999", "1e999999999", "1e-999999999",
		"9e2147483647", "0e-2147483648", "1e-64", strings.Repeat("9", 65), strings.Repeat("1", 1<<20), "1" + strings.Repeat("0", 40) + "e60",
	} {
		if m, err := ParseNumber(text); err == nil {
			t.Errorf("%q was read as %q", clip(text), m)
		} else if len(err.Error()) > 300 || !errors.Is(err, ErrNotMoney) {
			t.Error(err)
		}
	}
	if took := time.Since(started); took > time.Second {
		t.Errorf("hostile numbers took %v", took)
	}
}

func number(t *testing.T, text string) Money {
	t.Helper()
	m, err := ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMoneyEqual(t *testing.T) {
	tests := []struct {
		a, b  string
		equal bool
	}{
		{"25", "25.00", true},
		{"25", "2.5e1", true},
		{"0", "-0.00", true},
		{"0.1", "0.10000000000000000000000000000000000001", false},
		{"0.30000000000000004", "0.3", false},
		{"9007199254740993", "9007199254740992", false},
	}
	for _, test := range tests {
		a, b := number(t, test.a), number(t, test.b)
		if a.Equal(b) != test.equal || b.Equal(a) != test.equal {
			t.Errorf("%s and %s", a, b)
		}
	}
	var absent Money
	if absent.Equal(number(t, "0")) || !absent.Equal(Money{}) || !absent.IsZero() || absent.IsPresent() || absent.String() != "" {
		t.Error("an absent number is not zero")
	}
}

func TestMoneyRoundsTo(t *testing.T) {
	for _, test := range []struct {
		from, to string
		rounds   bool
	}{
		{"10.005", "10.01", true}, {"10.005", "10.00", true}, {"10.001", "10.01", true}, {"10.00", "10.00", true},
		{"10", "10.00", true}, {"10.00", "10.01", false}, {"10.005", "10.02", false}, {"10.5", "11", false}, {"10.55", "10.6", false},
		{"10.12345", "10.123", true}, {"10.12345", "10.12", true}, {"10.12345", "10.120", true}, {"25", "26", false},
		// However a JSON number spells it.
		{"10.004", "10.0", true}, {"10.004", "10", true}, {"0.999", "1.0", true}, {"0.999", "1", true}, {"0.991", "0.99", true},
		{"10.006", "10.01", true}, {"10.006", "10.010", true}, {"10.006", "10.01000", true}, {"10.095", "10.1", true}, {"10.995", "11", true},
		{"10.006", "1.001e1", true}, {"0.004", "0.0", true}, {"0.006", "0.01", true}, {"999999999999999999.994", "999999999999999999.99", true},
		{"10.004", "10.02", false}, {"0.98", "1.0", false}, {"0.99", "1", false}, {"10.01", "10.0", false}, {"10.006", "10.1", false}, {"9.99", "10", false},
		{"10.0004", "10.001", true}, {"10.0004", "10.002", false}, {"1", "1.0000001", false}, {"-10.004", "10", false},
	} {
		if got := number(t, test.from).RoundsTo(number(t, test.to)); got != test.rounds {
			t.Errorf("%s to %s: %v", test.from, test.to, got)
		}
	}
	if (Money{}).RoundsTo(number(t, "0.00")) || number(t, "1").RoundsTo(Money{}) {
		t.Error("an absent number is rounded")
	}
}

func TestMoneyFixed(t *testing.T) {
	tests := []struct {
		text     string
		decimals int32
		want     string
	}{
		{"25", 3, "25.000"},
		{"25.5", 2, "25.50"},
		{"25.500", 1, "25.5"},
		{"0.001", 3, "0.001"},
		{"12345678901234567890.12", 2, "12345678901234567890.12"},
		{"7", 0, "7"},
	}
	for _, test := range tests {
		if got, err := number(t, test.text).Fixed(test.decimals); err != nil || got != test.want {
			t.Errorf("%s to %d decimals: %q, %v", test.text, test.decimals, got, err)
		}
	}
	for text, decimals := range map[string]int32{"25.001": 2, "0.0001": 3, "1.5": 0} {
		if got, err := number(t, text).Fixed(decimals); err == nil {
			t.Errorf("%s lost digits: %s", text, got)
		}
	}
}

// TestMoneyJSON: each digit survives the way through JSON.
func TestMoneyJSON(t *testing.T) {
	for text, want := range map[string]string{
		`25`: "25", `25.0`: "25.0", `25.00`: "25.00", `0`: "0", `"12.50"`: "12.50", `" 12.50 "`: "12.50", `1e-7`: "0.0000001", `9007199254740993.10`: "9007199254740993.10",
		`null`: "", `""`: "", `"None"`: "", `"0.00"`: "0.00", `-1.5`: "-1.5",
	} {
		var in struct{ Amount Money }
		if err := json.Unmarshal([]byte(`{"Amount":`+text+`}`), &in); err != nil || in.Amount.String() != want {
			t.Errorf("%s: %q, %v", text, in.Amount, err)
		}
		out, err := json.Marshal(in)
		if want == "" {
			want = "null"
		}
		if err != nil || string(out) != `{"Amount":`+want+`}` {
			t.Errorf("%s was written as %s, %v", text, out, err)
		}
	}
	for _, text := range []string{`true`, `{}`, `[]`, `[1]`, `"abc"`, `"1,5"`, `"1e999999"`, `"NaN"`, `"+5"`, `"0x1"`} {
		in := struct{ Amount Money }{number(t, "1")}
		if err := json.Unmarshal([]byte(`{"Amount":`+text+`}`), &in); err == nil {
			t.Errorf("%s was read as %q", text, in.Amount)
		}
	}
}

// FuzzParseNumber: what is read stays the same when it is written and read.
func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"25.00", "-0", "1e-7", "1e63", "0e5", "1E+3", "abc", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseNumber(text)
		if err != nil {
			return
		}
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var again Money
		if err := json.Unmarshal(raw, &again); err != nil || !again.Equal(m) || again.String() != m.String() {
			t.Fatalf("%q: %s came back as %q, %v", text, raw, again, err)
		}
	})
}
