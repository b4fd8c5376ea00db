package transport

import (
	"net/http"
	"net/url"
	"time"
)

// newPool returns a connection pool. It drops idle connections before servers usually
// do: a create on a closing connection has an unknown outcome.
// It uses HTTP/1.1 only. Under HTTP/2, net/http retries some requests by itself after
// the server resets their stream, even a POST, and one create could become several.
func newPool() *http.Transport {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.Proxy = proxyFor
	pool.Protocols = new(http.Protocols)
	pool.Protocols.SetHTTP1(true)
	// The clone may still offer h2 in the TLS handshake, and be able to speak it.
	pool.TLSNextProto = nil
	if pool.TLSClientConfig != nil {
		pool.TLSClientConfig.NextProtos = nil
	}
	pool.IdleConnTimeout = 20 * time.Second
	pool.MaxIdleConnsPerHost = 64
	pool.MaxResponseHeaderBytes = 64 << 10
	return pool
}

// proxyFor returns the proxy from the environment, but none for loopback addresses.
func proxyFor(req *http.Request) (*url.URL, error) {
	if isLoopback(req.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(req)
}
