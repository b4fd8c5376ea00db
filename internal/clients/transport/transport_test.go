package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// TestRealSockets: the defaults work over the real network.
func TestRealSockets(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"body":%q,"path":%q,"length":%d}`, body, r.URL.Path, r.ContentLength)
	}))
	endpoint, err := ParseEndpoint(server.URL + "/prefix/")
	if err != nil {
		t.Fatal(err)
	}
	c := New(Config{Gateway: "Example", Endpoint: endpoint, MaxRetries: 1})
	if c.Gateway() != "Example" {
		t.Error(c.Gateway())
	}
	for _, test := range []struct {
		path string
		body []byte
		want string
	}{
		{"/v1/a", []byte("x"), `{"body":"x","path":"/prefix/v1/a","length":1}`},
		{"/v1/a%2Fb", nil, `{"body":"","path":"/prefix/v1/a/b","length":0}`},
	} {
		resp, err := c.Do(t.Context(), Call{Operation: "test", Kind: Create, Method: http.MethodPost, Path: test.path, Body: test.body})
		if err != nil || string(resp.Body) != test.want || !resp.OK() {
			t.Errorf("%s: %v %v", test.path, resp, err)
		}
	}
	server.Close()
	c = New(Config{Gateway: "Example", Endpoint: endpoint, MaxRetries: 1}) // one without a kept connection
	if _, err := c.Do(t.Context(), Call{Operation: "test", Kind: Create, Method: http.MethodPost, Path: "/v1/a"}); kindOf(t, err) != gateway.ErrUnavailable {
		t.Errorf("a create that reached nobody: %v", err)
	}
}

// TestPostWithoutBody: some servers need a Content-Length of 0.
func TestPostWithoutBody(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(ok)
		bare := call(Cancel)
		bare.Body = nil
		if _, err := newClient(t, n).Do(t.Context(), bare); err != nil {
			t.Fatal(err)
		}
		header := n.requests[0].header
		if header.Get("Content-Length") != "0" || header.Get("Content-Type") != "" {
			t.Errorf("%v", header)
		}
	})
}

// TestConsent: what is not consented to is not sent.
func TestConsent(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(respond(http.StatusBadGateway, "{}"), ok, ok)
		c := newClient(t, n)
		refusal, asked := errors.New("enough"), 0
		ctx := gateway.WithReadHook(t.Context(), func() error {
			if asked++; asked > 1 {
				return refusal
			}
			return nil
		})
		if _, err := c.Do(ctx, call(Read)); err != nil || n.count() != 2 {
			t.Errorf("%v after %d requests: a retry needs no consent", err, n.count())
		}
		if _, err := c.Do(ctx, call(Read)); !errors.Is(err, refusal) || n.count() != 2 {
			t.Errorf("%v after %d requests", err, n.count())
		}
		if _, err := c.Do(ctx, call(Login)); err != nil || n.count() != 3 || asked != 2 {
			t.Errorf("%v after %d requests: others may wait for a login", err, n.count())
		}
	})
}

// TestRedirects: none is followed, so the other host never hears of us.
func TestRedirects(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{"http://other.example.com/v1/things", "http://" + apiHost + "/elsewhere", "/elsewhere", "//other.example.com"} {
			for _, kind := range []Kind{Read, Create} {
				t.Run(fmt.Sprintf("%s/%d %s", kindName(kind), status, location), func(t *testing.T) {
					inBubble(t, func(t *testing.T) {
						n := serverThat(respond(status, `{"id":"x"}`, "Location: "+location))
						c := newClient(t, n)
						resp, err := c.Do(t.Context(), call(kind))
						if err != nil || resp.Status != status || resp.OK() {
							t.Fatalf("%v %v", resp, err)
						}
						if n.count() != 1 || len(n.hosts) != 1 || n.hosts[0] != apiHost {
							t.Errorf("%d requests, to %v", n.count(), n.hosts)
						}
						want := gateway.ErrUnexpected
						if kind == Create {
							want = gateway.ErrOutcomeUnknown // who redirects may have passed it on
						}
						failed := c.Unexpected(call(kind), resp, nil)
						if failed.Kind != want || !strings.Contains(failed.Message, "a redirect to") {
							t.Error(failed)
						}
					})
				})
			}
		}
	}
}

// endless sends a body without an end, in chunks or by length.
func endless(head string) behaviour {
	return func(conn net.Conn, _ *http.Request) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+head+"\r\n")
		chunk := strings.Repeat("x", 64<<10)
		if strings.Contains(head, "chunked") {
			chunk = fmt.Sprintf("%x\r\n%s\r\n", len(chunk), chunk)
		}
		for {
			if _, err := io.WriteString(conn, chunk); err != nil {
				return
			}
		}
	}
}

// bomb is a small body that unpacks to a gigabyte.
func bomb() []byte {
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	zeros := make([]byte, 1<<20)
	for range 64 { // a gigabyte takes too long in a test; this is sixteen times the limit
		_, _ = w.Write(zeros)
	}
	_ = w.Close()
	return packed.Bytes()
}

// TestBodiesWithoutBounds: they are read to a limit, then the connection is
// dropped. They are not requested again.
func TestBodiesWithoutBounds(t *testing.T) {
	packed := bomb()
	tests := map[string]behaviour{
		"in chunks":      endless("Transfer-Encoding: chunked\r\n"),
		"until the end":  endless("Connection: close\r\n"),
		"by length":      endless("Content-Length: 99999999999\r\n"),
		"just too large": respond(200, strings.Repeat("x", maxBody+1)),
		"gzip bomb":      raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + fmt.Sprint(len(packed)) + "\r\n\r\n" + string(packed)),
		"an error page":  respond(500, strings.Repeat("x", maxBody+1)),
	}
	for name, server := range tests {
		for kind, want := range map[Kind]error{Read: gateway.ErrUnexpected, Create: gateway.ErrOutcomeUnknown} {
			t.Run(kindName(kind)+"/"+name, func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					n := serverThat(server)
					_, err := newClient(t, n).Do(t.Context(), call(kind))
					if kindOf(t, err) != want || n.count() != 1 || !strings.Contains(err.Error(), "larger than 4 MiB") {
						t.Errorf("%v after %d requests", err, n.count())
					}
				})
			})
		}
	}
	t.Run("just within", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			resp, err := newClient(t, serverThat(respond(200, strings.Repeat("x", maxBody)))).Do(t.Context(), call(Create))
			if err != nil || len(resp.Body) != maxBody {
				t.Error(err)
			}
		})
	})
	t.Run("a large head", func(t *testing.T) {
		inBubble(t, func(t *testing.T) {
			n := serverThat(raw("HTTP/1.1 200 OK\r\nX-Large: " + strings.Repeat("x", 1<<20) + "\r\nContent-Length: 2\r\n\r\n{}"))
			pool := newPool()
			pool.DialContext = n.dial
			defer pool.CloseIdleConnections()
			_, err := newClient(t, n, retries(0), func(cfg *Config) { cfg.RoundTripper = pool }).Do(t.Context(), call(Read))
			if kindOf(t, err) != gateway.ErrUnavailable {
				t.Error(err)
			}
		})
	})
}

func TestGzip(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write([]byte(`{"id":1}`))
		_ = w.Close()
		n := serverThat(raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + fmt.Sprint(packed.Len()) + "\r\n\r\n" + packed.String()))
		resp, err := newClient(t, n).Do(t.Context(), call(Read))
		if err != nil || string(resp.Body) != `{"id":1}` {
			t.Errorf("%v %v", resp, err)
		}
	})
}

// TestSecrets: whatever a server answers, no secret gets into a log at any level
// or into an error. The server here repeats the credentials in every place that
// could be quoted.
func TestSecrets(t *testing.T) {
	const key, password, token = "sk_live_4711", `pa"ss <wo&rd> ü/+`, "token-that-came-later"
	everywhere := strings.Join([]string{
		key, password, token, url.QueryEscape(password), url.PathEscape(password), `pa\"ss <wo&rd> ü/+`, `pa\"ss \u003cwo\u0026rd\u003e ü/+`,
		`pa\"ss <wo&rd> \u00fc\/+`, `pa&#34;ss &lt;wo&amp;rd&gt; ü/+`, `pa&quot;ss &lt;wo&amp;rd&gt; ü/&#43;`,
		`pa\u0022ss \u003Cwo\u0026rd\u003E \u00FC/\u002B`, `pa%22ss%20%3cwo%26rd%3e%20%c3%bc%2f%2b`,
	}, " ")
	inJSON, err := json.Marshal(map[string]string{"error": key + " " + password + " " + token})
	if err != nil {
		t.Fatal(err)
	}
	servers := map[string]behaviour{
		"text":              respond(200, everywhere),
		"JSON":              respond(400, string(inJSON)),
		"500":               respond(500, everywhere),
		"a redirect":        respond(302, "", "Location: https://"+key+".example.com/"+key),
		"an odd redirect":   respond(302, "", "Location: http://a:"+key+"/%zz"),
		"a content type":    raw("HTTP/1.1 200 OK\r\nContent-Type: text/" + key + "\r\nContent-Length: 0\r\n\r\n"),
		"not HTTP":          raw(key + " " + token + "\r\n\r\n"),
		"an odd status":     raw("HTTP/1.1 " + key + " OK\r\n\r\n"),
		"an odd header":     raw("HTTP/1.1 200 OK\r\n" + key + "\r\n\r\n"),
		"an odd length":     raw("HTTP/1.1 200 OK\r\nContent-Length: " + key + "\r\n\r\n"),
		"an odd coding":     raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + key + "\r\n\r\n"),
		"a broken gzip":     raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + "12345678901234567890"),
		"closed":            hangUp,
		"429 then an error": respond(429, everywhere, "Retry-After: "+key),
	}
	for name, server := range servers {
		for _, kind := range []Kind{Read, Create} {
			t.Run(kindName(kind)+"/"+name, func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					var log bytes.Buffer
					ctx, cancel := context.WithTimeout(tflogtest.RootLogger(t.Context(), &log), time.Minute)
					defer cancel()
					c := newClient(t, serverThat(server), func(cfg *Config) { cfg.Secrets = []string{key, password, ""} })
					c.AddSecret(token)
					request := call(kind)
					request.Query = url.Values{"key": {key}}
					request.Path = "/v1/" + token + "/" + url.PathEscape(password)
					request.Authorize = func(req *http.Request, _ []byte) {
						req.Header.Set("Authorization", "Bearer "+token)
						req.Header.Set("X-Key", key)
					}
					resp, err := c.Do(ctx, request)
					var texts []string
					if err != nil {
						texts = append(texts, err.Error(), fmt.Sprintf("%q", err))
					} else {
						// As a client would: the body's own text in all places.
						refused := c.Refused(request, resp, Refusal{
							Code: everywhere, Message: everywhere, Fields: []gateway.FieldError{{Field: "a", Message: everywhere}, {Field: key}, {Field: everywhere}},
						})
						unexpected := c.Unexpected(request, resp, errors.New("invalid: "+everywhere))
						texts = append(texts, refused.Error(), unexpected.Error(), unexpected.Message, refused.Detail())
					}
					texts = append(texts, log.String())
					if !strings.Contains(log.String(), "attempt") {
						t.Errorf("nothing was logged: %s", log.String())
					}
					for _, text := range texts {
						for _, secret := range []string{
							key, token, `pa"ss`, `pa\"ss`, "<wo&rd>", "wo\\u0026rd", "wo%26rd", "pa%22ss", "wo&amp;rd", "pa&quot;ss", `pa\u0022ss`,
						} {
							if strings.Contains(text, secret) {
								t.Errorf("%q is in: %s", secret, text)
							}
						}
					}
				})
			})
		}
	}
}

// TestLog: a log entry tells what happened, and neither query, header nor body.
func TestLog(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx := tflogtest.RootLogger(t.Context(), &log)
		n := serverThat(hangUp, respond(500, `{"private":"body"}`, "X-Private: header"), ok)
		if _, err := newClient(t, n).Do(ctx, call(Read)); err != nil {
			t.Fatal(err)
		}
		text := log.String()
		for _, private := range []string{"private", "header", `"a"`, "q=1", "sesame", "Authorization"} {
			if strings.Contains(text, private) {
				t.Errorf("%q is in the log: %s", private, text)
			}
		}
		entries, err := tflogtest.MultilineJSONDecode(&log)
		if err != nil || len(entries) != 3 {
			t.Fatalf("%v: %s", err, text)
		}
		for i, entry := range entries {
			if entry["gateway"] != "Example" || entry["operation"] != "test" || entry["method"] != "POST" || entry["path"] != "/v1/things" ||
				entry["attempt"] != float64(i+1) || entry["duration_ms"] == nil {
				t.Errorf("%v", entry)
			}
		}
		if entries[0]["error"] == nil || entries[1]["status"] != float64(500) || entries[2]["status"] != float64(200) {
			t.Errorf("%v", entries)
		}
	})
}

// TestCredentialsUnfitForAHeader: a key with a line break, as it comes out of a
// file, is neither sent nor an outcome in doubt.
func TestCredentialsUnfitForAHeader(t *testing.T) {
	for _, key := range []string{"sesame\n", "se\rsame", "se\x00same", "\x7f"} {
		for _, kind := range []Kind{Read, Create} {
			inBubble(t, func(t *testing.T) {
				n := serverThat(ok)
				request := call(kind)
				request.Authorize = func(req *http.Request, _ []byte) { req.Header.Set("Authorization", "Bearer "+key) }
				_, err := newClient(t, n).Do(t.Context(), request)
				if kindOf(t, err) != gateway.ErrUnauthorized || n.count() != 0 || strings.Contains(err.Error(), "same") {
					t.Errorf("%q: %v, %d requests", key, err, n.count())
				}
				if kind == Read && !strings.Contains(err.Error(), "Authorization") {
					t.Errorf("the error does not name the header: %v", err)
				}
			})
		}
	}
}

// TestHeadersOfACall: a call's own headers are sent, and the caller's map is
// left alone.
func TestHeadersOfACall(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		n := serverThat(ok)
		request := call(Read)
		request.Header = http.Header{"X-Extra": {"1"}}
		if _, err := newClient(t, n).Do(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		if n.requests[0].header.Get("X-Extra") != "1" || len(request.Header) != 1 {
			t.Errorf("%v, %v", n.requests[0].header, request.Header)
		}
	})
}

// TestHTTP2: a gateway that offers HTTP/2, whose client library repeats some
// requests by itself, is spoken to by HTTP/1.1.
func TestHTTP2(t *testing.T) {
	var requests atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		if requests.Add(1); r.Proto != "HTTP/1.1" {
			t.Errorf("the client speaks %s", r.Proto)
		}
		switch r.URL.Path {
		case "/abort":
			panic(http.ErrAbortHandler)
		case "/limited":
			if requests.Load() == 1 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = io.WriteString(w, "{}")
			}
		}
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	endpoint, err := ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: trust(server), NextProtos: []string{"h2", "http/1.1"}}}
	conn, err := dialer.DialContext(t.Context(), "tcp", endpoint.Host)
	if err != nil {
		t.Fatal(err)
	}
	if chosen := conn.(*tls.Conn).ConnectionState().NegotiatedProtocol; chosen != "h2" {
		t.Errorf("the server does not offer HTTP/2, but %q", chosen)
	}
	_ = conn.Close()
	pool := newPool()
	pool.ForceAttemptHTTP2 = true
	if pool.TLSClientConfig == nil {
		pool.TLSClientConfig = &tls.Config{}
	}
	pool.TLSClientConfig.RootCAs = trust(server) // what else it has is part of the test
	defer pool.CloseIdleConnections()
	c := New(Config{Gateway: "Example", Endpoint: endpoint, MaxRetries: 1, RoundTripper: pool})
	for _, test := range []struct {
		kind     Kind
		path     string
		requests int32
		err      error
	}{
		{Create, "/abort", 1, gateway.ErrOutcomeUnknown},
		{Create, "/abort", 1, gateway.ErrOutcomeUnknown}, // on the connection that is there
		{Read, "/abort", 2, gateway.ErrUnavailable},
		{Create, "/limited", 2, nil},
		{Create, "/fine", 1, nil},
	} {
		requests.Store(0)
		request := call(test.kind)
		request.Path = test.path
		if _, err := c.Do(t.Context(), request); kindOf(t, err) != test.err || requests.Load() != test.requests {
			t.Errorf("%s %s: %v after %d requests", kindName(test.kind), test.path, err, requests.Load())
		}
	}
}

func trust(server *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return pool
}

// TestCausesAreInWords: what went wrong on the network is described in words, not in
// those of net/http, and still is what it was.
func TestCausesAreInWords(t *testing.T) {
	for name, test := range map[string]struct {
		network func() *network
		want    string
	}{
		"refused":       {func() *network { return serverThat(ok).refusing(9) }, "connection refused"},
		"hang up":       {func() *network { return serverThat(hangUp) }, "the connection was closed before a response came"},
		"truncated":     {func() *network { return serverThat(truncated) }, "the response broke off: the connection was closed in the middle of it"},
		"silence":       {func() *network { return serverThat(silent) }, "no complete response came in time"},
		"a slow body":   {func() *network { return serverThat(slow(time.Second)) }, "no complete response came in time"},
		"no HTTP":       {func() *network { return serverThat(raw("220 mail ready\r\n")) }, "what came is not an HTTP response"},
		"an odd status": {func() *network { return serverThat(raw("HTTP/1.1 OK OK\r\n\r\n")) }, "what came is not an HTTP response"},
		"a large head":  {func() *network { return serverThat(drip("HTTP/1.1 200 OK\r\n", 0, "X-More: x\r\n")) }, "the response headers are too large"},
		"a broken gzip": {func() *network {
			return serverThat(raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n12345678901234567890"))
		}, "the response cannot be decompressed"},
		"a large body": {func() *network { return serverThat(respond(200, strings.Repeat("x", maxBody+1))) }, "larger than 4 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				var log bytes.Buffer
				_, err := newClient(t, test.network(), retries(0)).Do(tflogtest.RootLogger(t.Context(), &log), call(Read))
				for _, text := range []string{fmt.Sprint(err), log.String()} {
					if !strings.Contains(text, test.want) || strings.ContainsAny(text, "\x00\ufffd") ||
						slices.ContainsFunc([]string{"EOF", "net/http", "http:", "Client.Timeout", "context", "malformed", "gzip:", "dial"}, func(word string) bool { return strings.Contains(text, word) }) {
						t.Errorf("%s", text)
					}
				}
			})
		})
	}
	inBubble(t, func(t *testing.T) {
		_, err := newClient(t, serverThat(truncated), retries(0)).Do(t.Context(), call(Read))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the cause is lost: %v", err)
		}
	})
}

// TestCertificates: which problem a certificate has is described in words.
func TestCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for address, want := range map[string]string{
		server.URL: "the server's certificate is not accepted: it is signed by an unknown authority",
		strings.Replace(plain.URL, "http:", "https:", 1): "the server does not speak https",
		"https://127.0.0.1:1":                            "connection refused by 127.0.0.1:1",
		"https://no-such-host.invalid":                   "no-such-host.invalid",
	} {
		endpoint, err := ParseEndpoint(address)
		if err != nil {
			t.Fatal(err)
		}
		_, err = New(Config{Gateway: "Example", Endpoint: endpoint}).Do(t.Context(), call(Create))
		if kindOf(t, err) != gateway.ErrUnavailable && address != server.URL && !strings.Contains(want, "https") || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
