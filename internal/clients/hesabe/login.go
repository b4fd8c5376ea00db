package hesabe

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
)

const (
	// renewAhead is how long before it expires an access token is renewed.
	renewAhead = time.Minute
	// maxLifetime caps expires_in, which is documented as 15 minutes.
	maxLifetime = 24 * time.Hour
)

// session has the access token that every call except a login needs. Callers that need
// a new one at the same time share one renewal.
type session struct {
	http     *transport.Client
	envelope *envelope
	creds    Credentials
	now      func() time.Time

	mu      sync.Mutex
	tokens  tokens   // zero if there are none
	renewal *renewal // nil if none is in progress
}

// tokens are the response to a login.
type tokens struct {
	access  string
	refresh string    // valid for one renewal
	renewAt time.Time // zero if the response has no lifetime
}

// renewal is a login or a refresh in progress. It ends when it is done, or when nobody
// waits for it any more.
type renewal struct {
	cancel  context.CancelFunc
	waiters int           // guarded by the session's mutex
	done    chan struct{} // closed once the fields below are set
	access  string
	err     error
}

// bearer returns an access token, but not one that the gateway has rejected. A rejected
// token is not refreshed either: that takes a login.
func (s *session) bearer(ctx context.Context, rejected string) (string, error) {
	s.forget(rejected)
	s.mu.Lock()
	if t := s.tokens; t.access != "" && (t.renewAt.IsZero() || s.now().Before(t.renewAt)) {
		s.mu.Unlock()
		return t.access, nil
	}
	r := s.join(ctx)
	s.mu.Unlock()

	select {
	case <-r.done:
		return r.access, r.err
	case <-ctx.Done():
		s.leave(r)
		return "", &gateway.Error{Gateway: Title, Operation: opLogin, Kind: gateway.ErrUnavailable, Err: ctx.Err()}
	}
}

// forget drops the tokens that an access token belongs to, if they are still in use.
func (s *session) forget(access string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens.access == access {
		s.tokens = tokens{}
	}
}

// join adds a waiter to the renewal, and starts one if there is none. The renewal does
// not end with the context of its first caller.
func (s *session) join(ctx context.Context) *renewal {
	if s.renewal == nil {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		s.renewal = &renewal{cancel: cancel, done: make(chan struct{})}
		go s.renew(ctx, s.renewal, s.tokens.refresh)
	}
	s.renewal.waiters++
	return s.renewal
}

// leave removes a waiter; the last one cancels the renewal.
func (s *session) leave(r *renewal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.waiters--
	if r.waiters > 0 {
		return
	}
	r.cancel()
	if s.renewal == r {
		s.renewal = nil
	}
}

// renew gets new tokens for all waiters.
func (s *session) renew(ctx context.Context, r *renewal, refreshToken string) {
	defer r.cancel()
	got, err := s.newTokens(ctx, refreshToken)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.renewal == r {
		s.renewal = nil
		if err == nil {
			s.tokens = got
		}
	}
	r.access, r.err = got.access, err
	close(r.done)
}

// newTokens refreshes if possible, and otherwise logs in.
func (s *session) newTokens(ctx context.Context, refreshToken string) (tokens, error) {
	if refreshToken != "" {
		got, err := s.refresh(ctx, refreshToken)
		if err == nil || ctx.Err() != nil {
			return got, err
		}
	}
	return s.login(ctx)
}

// login exchanges the user name and the password for tokens.
// https://developer.hesabe.com/docs/api/post-merchant-login
func (s *session) login(ctx context.Context) (tokens, error) {
	return s.request(ctx, opLogin, "/api/v1/login", map[string]string{
		"username": s.creds.Username, "password": s.creds.Password,
	})
}

// refresh exchanges a refresh token for new tokens, once.
// https://developer.hesabe.com/docs/api/post-refresh-token
func (s *session) refresh(ctx context.Context, token string) (tokens, error) {
	got, err := s.request(ctx, opRefresh, "/api/v1/token-refresh", map[string]string{"refreshToken": token})
	if err == nil && got.refresh == "" {
		got.refresh = token
	}
	return got, err
}

// request sends a login or a refresh, the only requests that are not encrypted.
func (s *session) request(ctx context.Context, operation, path string, payload any) (tokens, error) {
	body, err := transport.EncodeJSON(payload)
	if err != nil {
		return tokens{}, err
	}
	call := transport.Call{
		Operation: operation, Kind: transport.Login, Method: http.MethodPost, Path: path, Body: body,
		NoRateLimitWait: operation == opRefresh, // a login works too
	}
	sentAt := s.now()
	resp, err := s.http.Do(ctx, call)
	if err != nil {
		return tokens{}, err
	}
	a, err := s.envelope.readResponse(call, resp)
	if err != nil {
		return tokens{}, s.http.Unexpected(call, concealed(resp), err)
	}
	a.resp = concealed(a.resp)
	if !a.succeeded() {
		a.details = nil // its fields may be those of the login
		// The gateway may report a wrong password as "not found".
		return tokens{}, a.refused(s.http, meanings{refused: gateway.ErrUnauthorized, notFound: gateway.ErrUnauthorized})
	}
	got, err := s.readTokens(a, sentAt)
	if err != nil {
		return tokens{}, s.http.Unexpected(call, a.resp, err)
	}
	return got, nil
}

// concealed returns a response that no error quotes: a success in an undocumented form
// may still contain tokens, and a failure may repeat the login.
func concealed(resp *transport.Response) *transport.Response {
	hidden := *resp
	hidden.Body = []byte("not shown, because it may contain credentials")
	return &hidden
}

// readTokens parses the tokens, and makes them secret before anything else is done with
// them.
func (s *session) readTokens(a *response, sentAt time.Time) (tokens, error) {
	root, err := transport.ParseObject(a.content)
	if err != nil {
		return tokens{}, err
	}
	token := root.Object("token")
	got := tokens{access: token.Text("access_token"), refresh: token.Text("refresh_token")}
	s.http.AddSecret(got.access)
	s.http.AddSecret(got.refresh)
	seconds := token.Int("expires_in")
	if err := root.Err(); err != nil {
		return tokens{}, err
	}
	if got.access == "" {
		return tokens{}, errors.New("it has no access_token")
	}
	if seconds != nil && *seconds > 0 {
		lifetime := time.Duration(min(*seconds, int64(maxLifetime/time.Second))) * time.Second
		got.renewAt = sentAt.Add(lifetime - min(renewAhead, lifetime/2))
	}
	return got, nil
}
