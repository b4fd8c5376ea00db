package cryptocloud

import (
	"testing"
	"time"
)

// TestWebhookToken is a token that was computed with another program.
func TestWebhookToken(t *testing.T) {
	const want = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpZCI6IjdRSzJNOVhEIiwiZXhwIjoxNzY3MjI1OTAwfQ." +
		"rhphPKOMo3d0xmGn8sGgPWPbp7kSVtvQH-DEGau3QgY"
	now := time.Unix(1767225900, 0).Add(-5 * time.Minute)
	if got := newToken("7QK2M9XD", "demo-postback-secret-0001-0123456789", now); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
