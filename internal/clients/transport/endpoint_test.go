package transport

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.example.com":           "https://api.example.com",
		"https://api.example.com/":          "https://api.example.com",
		"https://api.example.com///":        "https://api.example.com",
		"HTTPS://api.example.com":           "https://api.example.com",
		"https://api.example.com:8443":      "https://api.example.com:8443",
		"https://api.example.com/prefix":    "https://api.example.com/prefix",
		"https://api.example.com/a/b/":      "https://api.example.com/a/b",
		"https://api.example.com/a%2Fb/":    "https://api.example.com/a%2Fb",
		"https://[2001:db8::1]:8443/prefix": "https://[2001:db8::1]:8443/prefix",
		"http://localhost:8080":             "http://localhost:8080",
		"http://LocalHost":                  "http://localhost",
		"http://LOCALHOST:8080/Prefix":      "http://localhost:8080/Prefix",
		"https://API.Example.COM/V1":        "https://api.example.com/V1",
		"http://127.0.0.1:1":                "http://127.0.0.1:1",
		"http://127.8.9.10":                 "http://127.8.9.10",
		"http://[::1]:80/x":                 "http://[::1]:80/x",
	} {
		if u, err := ParseEndpoint(text); err != nil || u.String() != want {
			t.Errorf("%q: %v, %v", text, u, err)
		}
	}
	for text, why := range map[string]string{
		"":                                     "scheme and a host",
		"api.example.com":                      "scheme and a host",
		"//api.example.com":                    "scheme and a host",
		"https://":                             "scheme and a host",
		"https:///path":                        "scheme and a host",
		"https://:443":                         "scheme and a host",
		"https:api.example.com":                "scheme and a host",
		"ftp://api.example.com":                "scheme and a host",
		"file:///etc/passwd":                   "scheme and a host",
		"localhost:8080":                       "scheme and a host",
		"https://user@api.example.com":         "user name",
		"https://user:hunter2@api.example.com": "user name",
		"https://@api.example.com":             "user name",
		"https://api.example.com?a=b":          "query",
		"https://api.example.com?":             "query",
		"https://api.example.com/x?y":          "query",
		"https://api.example.com#x":            "fragment",
		"https://api.example.com#":             "fragment",
		"http://api.example.com":               "loopback",
		"http://10.0.0.1":                      "loopback",
		"http://0.0.0.0":                       "loopback",
		"http://localhost.example.com":         "loopback",
		"http://127.0.0.1.example.com":         "loopback",
		"https://api.example.com:port":         "not a URL",
		"https://us er:hunter2@exa mple":       "not a URL",
		"https://api.example.com/%zz":          "not a URL",
		"https://user:hunter2@%zz":             "not a URL",
		" https://api.example.com":             "not a URL",
		"https://api.example.com\n":            "not a URL",
	} {
		_, err := ParseEndpoint(text)
		if err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, not %q", text, err, why)
		}
	}
}

// TestNoProxyForThisMachine: net/http knows "localhost" in lower case only.
func TestNoProxyForThisMachine(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://proxy.example.com:3128")
	for _, address := range []string{"http://localhost:1", "http://LOCALHOST:1", "http://127.0.0.1:1", "http://127.8.9.10", "http://[::1]:1"} {
		req := httptest.NewRequest(http.MethodGet, address, nil)
		if proxy, err := newPool().Proxy(req); proxy != nil || err != nil {
			t.Errorf("%s is reached by %v, %v", address, proxy, err)
		}
	}
}
