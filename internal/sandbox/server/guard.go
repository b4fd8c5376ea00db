package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// guard rejects requests from web pages of other sites, which a browser lets them send
// to a server on the loopback interface.
// Origin and Sec-Fetch-Site say where a request comes from. They do not help against
// DNS rebinding, where the other site's own name resolves to this server: then the Host
// header is the foreign name. See
// https://developer.mozilla.org/en-US/docs/Web/Security/Attacks/DNS_Rebinding.
type guard struct {
	hosts   map[string]bool // names without a port, in lower case
	exposed bool            // serves more than the loopback interface
	origins *http.CrossOriginProtection
}

// newGuard accepts the address that the server listens on and the public URL.
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

// wrap passes permitted requests to next, and others to refuse, with the reason.
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

// strict is like wrap, and also rejects reads by other sites, because no link leads
// here.
func (g *guard) strict(next http.Handler, refuse func(w http.ResponseWriter, r *http.Request, reason string)) http.Handler {
	return g.wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.isForeign(r) {
			refuse(w, r, "The request was made by a web page of another site.")
			return
		}
		next.ServeHTTP(w, r)
	}), refuse)
}

// isForeign reports whether a page of another origin sent the request.
func (g *guard) isForeign(r *http.Request) bool {
	changing := *r
	changing.Method = http.MethodPost // the standard library never rejects reads
	return g.origins.Check(&changing) != nil
}

// isOwnHost reports whether nobody else can have registered the name: this server's
// own, an IP address, or a name that does not exist in public DNS.
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
	// Between containers, the server has a name such as "sandbox" or
	// "host.docker.internal".
	return g.exposed && host != "" && (!strings.Contains(host, ".") || strings.HasSuffix(host, ".internal"))
}
