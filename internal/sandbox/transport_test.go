package sandbox

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// handled is a simulator of any handler.
type handled struct {
	simulator.Simulator // nil
	handler             http.HandlerFunc
}

func (h handled) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.handler(w, r) }

func (handled) Operation(*http.Request) simulator.Operation { return "" }

func clientOf(t *testing.T, handler http.HandlerFunc) *http.Client {
	t.Helper()
	s, err := Open(t.TempDir(), WithTemporaryStore())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	s.simulators = map[string]simulator.Simulator{"demo": handled{handler: handler}}
	return &http.Client{Transport: s.Transport()}
}

// watchedBody records whether it was closed.
type watchedBody struct {
	io.Reader
	closed atomic.Bool
}

func (b *watchedBody) Close() error { b.closed.Store(true); return nil }

func TestTransportShowsTheRequestAsAServerWould(t *testing.T) {
	client := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for name, got := range map[string]string{
			"method": r.Method, "host": r.Host, "path": r.URL.Path, "query": r.URL.RawQuery, "request URI": r.RequestURI,
			"URL": r.URL.String(), "header": r.Header.Get("X-Test"), "body": string(body), "protocol": r.Proto,
		} {
			want := map[string]string{
				"method": "POST", "host": "Demo.sandbox.invalid:443", "path": "/a b", "query": "x=1", "request URI": "/a%20b?x=1",
				"URL": "/a%20b?x=1", "header": "yes", "body": "hello", "protocol": "HTTP/1.1",
			}[name]
			if got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		if r.TLS == nil || r.ContentLength != 5 {
			t.Errorf("TLS %v, length %d", r.TLS, r.ContentLength)
		}
		w.Header().Set("X-Answer", "before")
		w.WriteHeader(http.StatusTeapot)
		w.WriteHeader(http.StatusOK)        // too late
		w.Header().Set("X-Answer", "after") // too late
		_, _ = w.Write([]byte("hel"))
		_, _ = w.Write([]byte("lo"))
	})
	body := &watchedBody{Reader: strings.NewReader("hello")}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://Demo.sandbox.invalid:443/a%20b?x=1", body)
	r.ContentLength = 5
	r.Header.Set("X-Test", "yes")
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || string(text) != "hello" || response.ContentLength != 5 || response.Header.Get("X-Answer") != "before" ||
		response.Status != "418 I'm a teapot" || response.Request == nil {
		t.Errorf("%v %q %v", response, text, err)
	}
	if !body.closed.Load() {
		t.Error("the body was left open")
	}
}

func TestTransportSmallResponses(t *testing.T) {
	client := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			_, _ = w.Write([]byte("not sent"))
		}
	})
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r, _ := http.NewRequestWithContext(t.Context(), method, "https://demo.sandbox.invalid", nil)
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || len(text) != 0 {
			t.Errorf("%s: %s %q", method, response.Status, text)
		}
	}
}

func TestTransportContext(t *testing.T) {
	entered, seen := make(chan struct{}), make(chan struct{})
	client := clientOf(t, func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
		close(seen)
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://demo.sandbox.invalid/", nil)
	if _, err := client.Do(r); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-seen

	body := &watchedBody{Reader: strings.NewReader("x")}
	r, _ = http.NewRequestWithContext(ctx, http.MethodPost, "https://demo.sandbox.invalid/", body)
	if _, err := client.Transport.RoundTrip(r); !errors.Is(err, context.Canceled) || !body.closed.Load() {
		t.Errorf("with an ended context: %v, body closed %v", err, body.closed.Load())
	}
}

func TestTransportTimeout(t *testing.T) {
	leave := make(chan struct{})
	defer close(leave)
	client := clientOf(t, func(http.ResponseWriter, *http.Request) { <-leave }) // deaf to its context
	client.Timeout = 20 * time.Millisecond
	_, err := client.Get("https://demo.sandbox.invalid/")
	var timeout interface{ Timeout() bool }
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("got %v", err)
	}
}

func TestTransportPanic(t *testing.T) {
	client := clientOf(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := client.Get("https://demo.sandbox.invalid/")
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}

func TestTransportHosts(t *testing.T) {
	client := clientOf(t, func(http.ResponseWriter, *http.Request) { t.Error("reached") })
	for _, url := range []string{
		"https://api.shop.example/v1", "http://demo.sandbox.invalid/", "https://sandbox.invalid/",
		"https://other.sandbox.invalid/", "https://demo.sandbox.invalid.example/", "https://x.demo.sandbox.invalid/",
	} {
		body := &watchedBody{Reader: strings.NewReader("x")}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, body)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Transport.RoundTrip(r)
		var lookup *net.DNSError
		if !errors.As(err, &lookup) || !lookup.IsNotFound {
			t.Errorf("%s: %v", url, err)
		}
		if response != nil {
			response.Body.Close()
		}
		if !body.closed.Load() {
			t.Errorf("%s: the body was left open", url)
		}
	}
}
