package xpays

import "testing"

func TestNormalizeID(t *testing.T) {
	const id = "25e2c615-c90c-4868-b24d-0c1e3b81f92e"
	for _, text := range []string{id, " " + id, id + "\n", "\t" + id + " "} {
		if got, err := normalizeID(text); err != nil || got != id {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", " ", "order-1", "57", id[1:], id + "0", "25e2c615c90c4868b24d0c1e3b81f92e", "{" + id + "}", "25e2c615-c90c-4868-b24d-0c1e3b81f92g"} {
		if got, err := normalizeID(text); err == nil {
			t.Errorf("%q is accepted as %q", text, got)
		}
	}
}
