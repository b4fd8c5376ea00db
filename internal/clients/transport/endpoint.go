package transport

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ParseEndpoint parses the base address of a gateway: https scheme and host, with an
// optional path prefix. http is accepted only for a loopback host, because every
// request carries credentials. A trailing slash is ignored. User info, a query and a
// fragment are rejected.
func ParseEndpoint(text string) (*url.URL, error) {
	u, err := ParseSandboxURL(text)
	if err == nil && u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return nil, fmt.Errorf("http is accepted only for a loopback address, because credentials would be sent unencrypted: use https://%s", u.Host)
	}
	return u, err
}

// ParseSandboxURL parses the base address of a sandbox server like ParseEndpoint, but
// accepts http for any host: only made-up credentials are sent to it.
func ParseSandboxURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		// url.Error repeats the text, which may contain a password.
		return nil, errors.New("it is not a URL: write scheme and host, such as https://api.example.com")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.Hostname() == "", u.Opaque != "":
		return nil, errors.New("it needs a scheme and a host, such as https://api.example.com")
	case u.User != nil:
		return nil, errors.New("it must not contain a user name or password")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it must not have a query")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, errors.New("it must not have a fragment")
	}
	u.Host = strings.ToLower(u.Host)
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
