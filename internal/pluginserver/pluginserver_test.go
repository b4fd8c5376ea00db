package pluginserver

import (
	"bufio"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestLogs(t *testing.T) {
	for name, test := range map[string]struct {
		variable, value string
		wanted          bool
	}{
		"nobody listens":            {"TF_LOG_CORE", "TRACE", false},
		"Terraform listens":         {"TF_LOG", "TRACE", true},
		"Terraform listens to us":   {"TF_LOG_PROVIDER", "DEBUG", true},
		"somebody listens to us":    {"TF_LOG_PROVIDER_PAYINVOICE", "DEBUG", false},
		"Terraform listens in JSON": {"TF_LOG", "json", true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range []string{"TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER"} {
				t.Setenv(v, "")
			}
			t.Setenv(test.variable, test.value)
			if got := logsWanted(); got != test.wanted {
				t.Errorf("logs are wanted: %v", got)
			}
		})
	}
}

func TestCollectLess(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for name, test := range map[string]struct {
		gogc, limit string
		want        int
	}{
		"as it is":         {"", "", gcPercent},
		"the user's rate":  {"100", "", 100},
		"the user's limit": {"", "64MiB", 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", test.gogc)
			t.Setenv("GOMEMLIMIT", test.limit)
			debug.SetGCPercent(100)
			collectLess()()
			if got := debug.SetGCPercent(100); got != test.want {
				t.Errorf("the collector starts at %d %%, not %d", got, test.want)
			}
		})
	}
}

func TestSilence(t *testing.T) {
	t.Setenv("TF_LOG_SDK", "")
	t.Setenv("TF_LOG_SDK_PROTO", "")
	t.Setenv("TF_LOG_SDK_FRAMEWORK", "")
	t.Setenv("TF_LOG_PROVIDER_PAYINVOICE", "DEBUG")
	withoutLogs()
	for name, want := range map[string]string{"TF_LOG_SDK": "OFF", "TF_LOG_SDK_PROTO": "OFF", "TF_LOG_SDK_FRAMEWORK": "OFF", "TF_LOG_PROVIDER_PAYINVOICE": "DEBUG"} {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

// TestUnsolicitedResponses: what a server sends unasked on a connection that is kept
// is not written to the log.
func TestUnsolicitedResponses(t *testing.T) {
	const secret = "sk_live_4711"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
			time.Sleep(50 * time.Millisecond) // until the connection is idle
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nX-Echo: Bearer "+secret+"\r\n\r\n")
		}
	}()
	var written logBuffer
	log.SetOutput(&written)
	defer log.SetOutput(os.Stderr)
	ask := func() string {
		client := &http.Client{Transport: &http.Transport{}}
		resp, err := client.Get("http://" + listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		time.Sleep(300 * time.Millisecond)
		return written.String()
	}
	done := withoutStandardLog()
	if text := ask(); text != "" {
		t.Errorf("the log has %q", text)
	}
	done()
	if text := ask(); !strings.Contains(text, secret) {
		t.Errorf("net/http no longer writes what comes unasked, but %q", text)
	}
}

// logBuffer is written to by goroutines of net/http.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
