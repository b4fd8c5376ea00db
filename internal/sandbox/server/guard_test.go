package server

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestOwnHost(t *testing.T) {
	public := &url.URL{Scheme: "https", Host: "Pay.Example:8443"}
	for _, c := range []struct {
		listen            net.IP
		own, someoneElses []string
	}{
		{
			net.IPv4(127, 0, 0, 1),
			[]string{"127.0.0.1:4480", "127.0.0.1", "[::1]:4480", "[::1]", "localhost", "LOCALHOST:4480", "localhost.", "shop.localhost", "pay.example", "pay.example:1"},
			[]string{"", "evil.example", "evil.example:4480", "127.0.0.1.evil.example", "localhost.evil.example", "sandbox:4480", "host.docker.internal"},
		},
		{
			net.IPv4zero,
			[]string{"192.168.1.5:4480", "localhost", "sandbox:4480", "host.docker.internal:4480", "pay.example"},
			[]string{"", "evil.example", "sandbox.evil.example"},
		},
	} {
		g, err := newGuard(&net.TCPAddr{IP: c.listen, Port: 4480}, public)
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range c.own {
			if !g.isOwnHost(host) {
				t.Errorf("on %s, %q is refused", c.listen, host)
			}
		}
		for _, host := range c.someoneElses {
			if g.isOwnHost(host) {
				t.Errorf("on %s, %q is taken", c.listen, host)
			}
		}
	}
}

// TestBehindProxy: what came by https to the public URL is https for XPays.
func TestBehindProxy(t *testing.T) {
	for _, c := range []struct {
		public, host string
		secure       bool
	}{
		{"https://pay.example", "pay.example", true},
		{"https://pay.example", "PAY.example", true},
		{"https://pay.example", "127.0.0.1:4480", false},
		{"http://pay.example", "pay.example", false},
	} {
		public, err := url.Parse(c.public)
		if err != nil {
			t.Fatal(err)
		}
		secure := false
		handler := behindProxy(public, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { secure = r.TLS != nil }))
		r := httptest.NewRequest(http.MethodGet, "/xpays/v1/payment/info", nil)
		r.Host = c.host
		handler.ServeHTTP(httptest.NewRecorder(), r)
		if secure != c.secure {
			t.Errorf("%s requested at %s: https is %v", c.public, c.host, secure)
		}
	}
}
