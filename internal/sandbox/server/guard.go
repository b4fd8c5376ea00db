package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// guard refuses requests that a browser makes for a web page of another site,
// which could otherwise reach a server on the loopback interface.
//
// Origin and Sec-Fetch-Site tell where a request comes from. They do not help
// against DNS rebinding, where the other site's own name leads to this server:
// there the Host header is the foreign name. See
// https://developer.mozilla.org/en-US/docs/Web/Security/Attacks/DNS_Rebinding.
type guard struct {
	hosts   map[string]bool // names without a port, in lower case
	exposed bool            // not only the loopback interface is served
	origins *http.CrossOriginProtection
}

// newGuard admits the address that is listened on and the public URL.
func newGuard(listen net.Addr, public *url.URL) (*guard, error) {
	g := &guard{
		hosts:   map[string]bool{strings.ToLower(public.Hostname()): true},
		origins: http.NewCrossOriginProtection(),
	}
	if tcp, ok := listen.(*net.TCPAddr); ok {
		g.exposed = !tcp.IP.IsLoopback()
	}
	return g, g.origins.AddTrustedOrigin(public.Scheme + "://" + public.Host)
}

// wrap passes what may come to next, and everything else with the reason to
// refuse.
func (g *guard) wrap(next http.Handler, refuse func(w http.ResponseWriter, r *http.Request, reason string)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !g.isOwnHost(r.Host):
			refuse(w, r, "The request names the host "+r.Host+", which is not this sandbox's; start the server with --public-url to use another name.")
		case r.Method != http.MethodGet && r.Method != http.MethodHead && g.isForeign(r):
			refuse(w, r, "The request was made by a web page of another site.")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// strict is wrap that refuses other sites' reads, too: nobody follows a link
// to there.
func (g *guard) strict(next http.Handler, refuse func(w http.ResponseWriter, r *http.Request, reason string)) http.Handler {
	return g.wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.isForeign(r) {
			refuse(w, r, "The request was made by a web page of another site.")
			return
		}
		next.ServeHTTP(w, r)
	}), refuse)
}

// isForeign reports whether a page of another origin made the request.
func (g *guard) isForeign(r *http.Request) bool {
	changing := *r
	changing.Method = http.MethodPost // reads are never refused by the standard library
	return g.origins.Check(&changing) != nil
}

// isOwnHost reports whether the name cannot be one that somebody else
// registered: this server's own, an IP address, or a name that public DNS does
// not have.
func (g *guard) isOwnHost(hostport string) bool {
	host := hostport
	if name, _, err := net.SplitHostPort(hostport); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	if g.hosts[host] || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	// Between containers the server has a name such as "sandbox" or
	// "host.docker.internal".
	return g.exposed && host != "" && (!strings.Contains(host, ".") || strings.HasSuffix(host, ".internal"))
}
