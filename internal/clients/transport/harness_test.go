package transport

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
)

// The tests run in a bubble of package synctest over a network of pipes: real
// HTTP, net/http's own pool of connections, and waits that take no time.

const apiHost = "api.example.com"

// behaviour is what the server does with one request, after reading it whole.
// It may close the connection instead of answering.
type behaviour func(conn net.Conn, req *http.Request)

// network is a network with one server. Each request meets the next behaviour;
// the last one stays.
type network struct {
	mu       sync.Mutex
	refuse   int // so many connections more are refused
	script   []behaviour
	requests []recorded
	hosts    []string // that were dialled
	seen     func(*http.Request)
}

// recorded is a request as the server saw it.
type recorded struct {
	at     time.Time
	method string
	uri    string
	host   string
	header http.Header
	body   string
}

func serverThat(script ...behaviour) *network { return &network{script: script} }

// refusing refuses so many connections first.
func (n *network) refusing(connections int) *network {
	n.refuse = connections
	return n
}

func (n *network) dial(_ context.Context, _, address string) (net.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	host, _, _ := net.SplitHostPort(address)
	n.hosts = append(n.hosts, host)
	if n.refuse > 0 {
		n.refuse--
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	ours, theirs := net.Pipe()
	go n.serve(theirs)
	return ours, nil
}

func (n *network) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	reader := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		n.note(req, body)(conn, req)
	}
}

func (n *network) note(req *http.Request, body []byte) behaviour {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.requests = append(n.requests, recorded{time.Now(), req.Method, req.RequestURI, req.Host, req.Header, string(body)})
	if n.seen != nil {
		n.seen(req)
	}
	next := n.script[0]
	if len(n.script) > 1 {
		n.script = n.script[1:]
	}
	return next
}

func (n *network) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.requests)
}

func (n *network) roundTripper() *http.Transport {
	pool := newPool()
	pool.DialContext, pool.Proxy = n.dial, nil
	return pool
}

// respond returns a complete response with a JSON body.
func respond(status int, body string, header ...string) behaviour {
	return func(conn net.Conn, _ *http.Request) {
		var b bytes.Buffer
		fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", status, http.StatusText(status), len(body))
		for _, line := range header {
			b.WriteString(line + "\r\n")
		}
		b.WriteString("\r\n" + body)
		_, _ = conn.Write(b.Bytes())
	}
}

var ok = respond(http.StatusOK, `{"fine":true}`)

// raw writes bytes and then closes the connection.
func raw(text string) behaviour {
	return func(conn net.Conn, _ *http.Request) {
		_, _ = io.WriteString(conn, text)
		_ = conn.Close()
	}
}

// hangUp closes the connection after the request was read, that is, processed.
func hangUp(conn net.Conn, _ *http.Request) { _ = conn.Close() }

// truncated breaks off in the middle of the body.
var truncated = raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":")

// silent reads the request and never answers.
func silent(conn net.Conn, _ *http.Request) { <-closed(conn) }

// slow sends the head at once and then one byte every so often.
func slow(every time.Duration) behaviour {
	return func(conn net.Conn, _ *http.Request) {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
		for {
			if _, err := io.WriteString(conn, " "); err != nil {
				return
			}
			time.Sleep(every)
		}
	}
}

// drip sends a beginning, and then the same again and again, so often.
func drip(beginning string, every time.Duration, more ...string) behaviour {
	again := append(more, beginning)[0]
	return func(conn net.Conn, _ *http.Request) {
		gone := closed(conn)
		_, err := io.WriteString(conn, beginning)
		for err == nil {
			select {
			case <-gone:
				return
			case <-time.After(every):
				_, err = io.WriteString(conn, again)
			}
		}
	}
}

// switched switches protocols, and says no more.
func switched(conn net.Conn, _ *http.Request) {
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	<-closed(conn)
}

// late responds after a while.
func late(d time.Duration, then behaviour) behaviour {
	return func(conn net.Conn, req *http.Request) {
		time.Sleep(d)
		then(conn, req)
	}
}

// closed is closed when the peer closes the connection.
func closed(conn net.Conn) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(io.Discard, conn)
	}()
	return done
}

// inBubble runs a test with waits that take no time. It also shows that nothing
// goes on after a call: a goroutine left over fails the test.
func inBubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t)
		time.Sleep(time.Hour) // what was under way at the server ends by itself
	})
}

// newClient makes a client of the network. Its idle connections are closed when
// the test ends.
func newClient(t *testing.T, n *network, change ...func(*Config)) *Client {
	t.Helper()
	endpoint, err := ParseEndpoint("http://localhost")
	if err != nil {
		t.Fatal(err)
	}
	endpoint.Host = apiHost // a pipe needs no TLS
	pool := n.roundTripper()
	cfg := Config{Gateway: "Example", Endpoint: endpoint, UserAgent: "test/1", MaxRetries: 4, RoundTripper: pool}
	for _, f := range change {
		f(&cfg)
	}
	t.Cleanup(pool.CloseIdleConnections)
	return New(cfg)
}

func retries(n int) func(*Config) { return func(cfg *Config) { cfg.MaxRetries = n } }

// call is a call of a kind with a body and a credential. The gateway's own 429 has
// the body {}.
func call(kind Kind) Call {
	return Call{
		Operation: "test", Kind: kind, Method: http.MethodPost, Path: "/v1/things", Query: url.Values{"q": {"1"}}, Body: []byte(`{"a":1}`),
		Authorize:  func(req *http.Request, _ []byte) { req.Header.Set("Authorization", "Bearer sesame") },
		OwnRefusal: func(resp *Response) bool { return string(resp.Body) == `{}` },
	}
}

// kindOf is the kind of an error, or nil.
func kindOf(t *testing.T, err error) error {
	t.Helper()
	if err == nil {
		return nil
	}
	var failed *gateway.Error
	if !errors.As(err, &failed) {
		t.Fatalf("the error is a %T, not a *gateway.Error: %v", err, err)
	}
	if failed.Gateway != "Example" || failed.Operation != "test" {
		t.Errorf("the error does not say who and what: %+v", failed)
	}
	return failed.Kind
}

func kindName(k Kind) string {
	return map[Kind]string{Read: "read", Create: "create", Cancel: "cancel", Login: "login"}[k]
}

// roundTripper is a network in one function.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
