package invoice

import "testing"

func TestClaims(t *testing.T) {
	var c claims
	if c.has("meum", "1") || !c.take("meum", "1") || c.take("meum", "1") || !c.has("meum", "1") {
		t.Error("an invoice is claimed once")
	}
	if !c.take("xpays", "1") || !c.take("meum", "2") {
		t.Error("another invoice, or one of another gateway, is another claim")
	}
	first := c.token("meum", "1")
	if first == "" || first == c.token("meum", "2") || c.token("meum", "3") != "" {
		t.Error("each claim has its own token")
	}
	c.release("meum", "1")
	if c.has("meum", "1") || !c.take("meum", "1") || c.token("meum", "1") == first {
		t.Error("after its owner is gone, an invoice can be claimed anew")
	}
}
