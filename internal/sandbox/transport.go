package sandbox

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// domain is the gateways' domain within the process. The name is reserved and does not
// resolve: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
const domain = ".sandbox.invalid"

// Endpoint returns the base URL at which Transport serves a gateway.
func Endpoint(gateway string) string { return "https://" + gateway + domain }

// Transport sends requests for https://<gateway>.sandbox.invalid to the gateway's
// handler, within the process and without a socket. No other host exists. A handler
// sees the request as a server would: with Host and TLS set, and only path and query in
// the URL. If the request's context ends, RoundTrip returns; the handler sees the same
// context.
func (s *Sandbox) Transport() http.RoundTripper { return transport{s} }

type transport struct{ sandbox *Sandbox }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body := r.Body
	if body == nil {
		body = http.NoBody
	}
	gateway, known := strings.CutSuffix(strings.ToLower(r.URL.Hostname()), domain)
	if known {
		_, known = t.sandbox.simulator(gateway)
	}
	if !known || r.URL.Scheme != "https" {
		body.Close()
		return nil, fmt.Errorf("sandbox: only the simulated gateways can be reached: %w",
			&net.DNSError{Err: "no such host", Name: r.URL.Host, IsNotFound: true})
	}
	if err := r.Context().Err(); err != nil {
		body.Close()
		return nil, err
	}

	arrived := asServed(r, body) // here, because the caller may reuse r after this returns
	done := make(chan outcome, 1)
	go func() {
		response, err := serve(t.sandbox.Handler(gateway), arrived)
		body.Close()
		done <- outcome{response, err}
	}()
	select {
	case o := <-done:
		if err := r.Context().Err(); err != nil {
			return nil, err // both came at the same time
		}
		if o.err != nil {
			return nil, o.err
		}
		o.response.Request = r
		return o.response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

type outcome struct {
	response *http.Response
	err      error
}

// asServed returns the request as a server sees it.
func asServed(r *http.Request, body io.ReadCloser) *http.Request {
	arrived := r.Clone(r.Context())
	arrived.Body = body
	arrived.RequestURI = r.URL.RequestURI()
	arrived.RemoteAddr = "sandbox"
	arrived.TLS = &tls.ConnectionState{HandshakeComplete: true, ServerName: r.URL.Hostname()}
	arrived.Proto, arrived.ProtoMajor, arrived.ProtoMinor = "HTTP/1.1", 1, 1
	if arrived.Host == "" {
		arrived.Host = r.URL.Host
	}
	arrived.URL.Scheme, arrived.URL.Host, arrived.URL.User, arrived.URL.Fragment = "", "", nil, ""
	return arrived
}

// serve calls the handler. As with a server, a panic ends the connection.
func serve(handler http.Handler, arrived *http.Request) (response *http.Response, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("sandbox: the simulated gateway failed: %v: %w", panicked, io.ErrUnexpectedEOF)
		}
	}()
	w := &recorder{header: http.Header{}}
	handler.ServeHTTP(w, arrived)
	return w.response(arrived.Method), nil
}

// recorder keeps a response until the handler is done.
type recorder struct {
	header http.Header // the handler's
	status int
	sent   http.Header // as it was when the status was written
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *recorder) Write(part []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(part)
}

func (w *recorder) response(method string) *http.Response {
	w.WriteHeader(http.StatusOK)
	content := w.body.Bytes()
	if method == http.MethodHead {
		content = nil
	} else {
		w.sent.Set("Content-Length", strconv.Itoa(len(content)))
	}
	return &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.sent,
		Body:          io.NopCloser(bytes.NewReader(content)),
		ContentLength: int64(len(content)),
	}
}
