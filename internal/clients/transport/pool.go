package transport

import (
	"net/http"
	"net/url"
	"time"
)

// newPool is a pool of connections. Idle ones are dropped before servers
// usually drop them: a create on a dying connection has an unclear outcome.
//
// It speaks HTTP/1.1 only. Under HTTP/2, net/http repeats a request by itself
// when the server resets its stream in some ways, a POST too, and one create
// could become several.
func newPool() *http.Transport {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.Proxy = proxyFor
	pool.Protocols = new(http.Protocols)
	pool.Protocols.SetHTTP1(true)
	// The copy may still offer h2 in the TLS handshake, and know how to speak it.
	pool.TLSNextProto = nil
	if pool.TLSClientConfig != nil {
		pool.TLSClientConfig.NextProtos = nil
	}
	pool.IdleConnTimeout = 20 * time.Second
	pool.MaxIdleConnsPerHost = 64
	pool.MaxResponseHeaderBytes = 64 << 10
	return pool
}

// proxyFor is the proxy that the environment names, but none for this machine
// itself.
func proxyFor(req *http.Request) (*url.URL, error) {
	if isLoopback(req.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(req)
}
