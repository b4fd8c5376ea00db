package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// guard refuses requests that a web page of another site makes: a browser lets
// it send them to a server on the loopback interface.
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

// wrap passes permitted requests to next. It passes others to refuse, with the
// reason.
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

// strict is like wrap and also refuses reads by other sites, because no link
// leads here.
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
	changing.Method = http.MethodPost // the standard library never refuses reads
	return g.origins.Check(&changing) != nil
}

// isOwnHost reports whether the name is one that nobody else can have
// registered: this server's own, an IP address, or a name that does not exist in
// public DNS.
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
