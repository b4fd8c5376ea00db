// Package server serves a sandbox over HTTP: the gateways' APIs, payment pages, an API
// that controls the sandbox, and webhooks.
package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/server/delivery"
)

// grace is how long running requests may take when the server stops.
const grace = time.Second

// Config configures a server. Only Sandbox is required.
type Config struct {
	Sandbox   *sandbox.Sandbox
	Listen    string // host and port; the default is 127.0.0.1:0. Port 0 picks a free one
	PublicURL string // the URL for browsers and applications; the default is the address it listens on
	Version   string
	Log       *slog.Logger // nil logs nothing
}

// Server is a running server.
type Server struct {
	url    string
	http   *http.Server
	served chan error // why serving ended; nil after Close

	stopWorker context.CancelFunc
	worker     sync.WaitGroup
}

// Start listens, records the address of the payment pages in the folder, and serves
// until Close. It does not close the sandbox.
func Start(ctx context.Context, config Config) (*Server, error) {
	if config.Listen == "" {
		config.Listen = "127.0.0.1:0"
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", config.Listen)
	if err != nil {
		return nil, fmt.Errorf("the server cannot listen on %s: %w", config.Listen, err)
	}
	s, err := start(ctx, config, listener)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return s, nil
}

func start(ctx context.Context, config Config, listener net.Listener) (*Server, error) {
	s := &Server{url: "http://" + reachable(listener.Addr()), served: make(chan error, 1)}
	public, err := publicURL(config.PublicURL, s.url)
	if err != nil {
		return nil, err
	}
	if err := config.Sandbox.SetPublicURL(ctx, public.String()); err != nil {
		return nil, err
	}
	guard, err := newGuard(listener.Addr(), public)
	if err != nil {
		return nil, err
	}

	sender := delivery.New(config.Sandbox, config.Log)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stopWorker = stop
	s.worker.Go(func() { sender.Run(background) })

	s.http = &http.Server{
		Handler:           drain(newRouter(config, public, guard, sender.Wake)),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(config.Log.Handler(), slog.LevelWarn),
	}
	go func() {
		err := s.http.Serve(listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		s.served <- err
	}()
	return s, nil
}

// URL is where the server listens, such as http://127.0.0.1:4480.
func (s *Server) URL() string { return s.url }

// Done receives why serving ended; nil after Close.
func (s *Server) Done() <-chan error { return s.served }

// Close stops the server within two seconds. Unfinished requests and webhooks are cut
// off; such a webhook stays in the outbox.
func (s *Server) Close() error {
	s.stopWorker()
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}
	s.worker.Wait()
	return err
}

// reachable returns the address of the listener, with the loopback address instead of
// an unspecified one.
func reachable(listen net.Addr) string {
	tcp, ok := listen.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return listen.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
}

// publicURL parses the configured URL; the default is listening.
func publicURL(configured, listening string) (*url.URL, error) {
	if configured == "" {
		configured = listening
	}
	public, err := url.Parse(strings.TrimRight(configured, "/"))
	switch {
	case err != nil, public.Scheme != "http" && public.Scheme != "https", public.Host == "":
		return nil, fmt.Errorf("the public URL %q is not an http or https URL", configured)
	case public.Path != "" || public.RawQuery != "" || public.Fragment != "" || public.User != nil:
		return nil, fmt.Errorf("the public URL %q must be scheme, host and port only", configured)
	}
	return public, nil
}

// maxDrain limits what is read of a body after the handler, in bytes.
const maxDrain = 64 << 20

// drain reads what the handler left unread of a request's body. Otherwise a client that
// is still sending would lose the connection before it could read the response.
func drain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		next.ServeHTTP(w, r)
		_, _ = io.CopyN(io.Discard, body, maxDrain) // the client may have gone
	})
}

// behindProxy marks requests that came to the public URL over https, which ends at a
// proxy in front of this server: XPays signs the URL that the client called.
func behindProxy(public *url.URL, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if public.Scheme == "https" && strings.EqualFold(r.Host, public.Host) {
			r.TLS = &tls.ConnectionState{HandshakeComplete: true}
		}
		next.ServeHTTP(w, r)
	})
}
