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
	// renewAhead is how long before its end an access token is renewed.
	renewAhead = time.Minute
	// maxLifetime bounds what is believed of expires_in; 15 minutes are
	// documented.
	maxLifetime = 24 * time.Hour
)

// session holds the access token that every call but a login needs. Callers
// that need a new one at the same time share one renewal.
type session struct {
	http     *transport.Client
	envelope *envelope
	creds    Credentials
	now      func() time.Time

	mu      sync.Mutex
	tokens  tokens   // zero while there are none
	renewal *renewal // nil while none is under way
}

// tokens are the response to a login.
type tokens struct {
	access  string
	refresh string    // good for one renewal
	renewAt time.Time // zero if the response tells no lifetime
}

// renewal is a login or a refresh that is under way. It ends when it is done,
// or when nobody waits for it any more.
type renewal struct {
	cancel  context.CancelFunc
	waiters int           // guarded by the session's mutex
	done    chan struct{} // closed when what follows is set
	access  string
	err     error
}

// bearer answers an access token. One that the gateway has rejected is not
// answered again, nor is it refreshed: that takes a login.
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

// join adds a waiter to the renewal, and starts one if there is none. The
// renewal does not end with the context of the caller that happens to be first.
func (s *session) join(ctx context.Context) *renewal {
	if s.renewal == nil {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		s.renewal = &renewal{cancel: cancel, done: make(chan struct{})}
		go s.renew(ctx, s.renewal, s.tokens.refresh)
	}
	s.renewal.waiters++
	return s.renewal
}

// leave removes a waiter; the last one ends the renewal.
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

// renew gets new tokens for all who wait.
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

// newTokens refreshes where it can, and else logs in.
func (s *session) newTokens(ctx context.Context, refreshToken string) (tokens, error) {
	if refreshToken != "" {
		got, err := s.refresh(ctx, refreshToken)
		if err == nil || ctx.Err() != nil {
			return got, err
		}
	}
	return s.login(ctx)
}

// login trades the user name and the password for tokens.
// https://developer.hesabe.com/docs/api/post-merchant-login
func (s *session) login(ctx context.Context) (tokens, error) {
	return s.request(ctx, opLogin, "/api/v1/login", map[string]string{
		"username": s.creds.Username, "password": s.creds.Password,
	})
}

// refresh trades a refresh token for new tokens, once.
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
		NoRateLimitWait: operation == opRefresh, // a login does as well
	}
	sentAt := s.now()
	resp, err := s.http.Do(ctx, call)
	if err != nil {
		return tokens{}, err
	}
	a, err := s.envelope.readAnswer(call, resp)
	if err != nil {
		return tokens{}, s.http.Unexpected(call, concealed(resp), err)
	}
	a.resp = concealed(a.resp)
	if !a.succeeded() {
		a.details = nil // its fields may be those of the login
		// Of a wrong password the gateway may say that it was not found.
		return tokens{}, a.refused(s.http, meanings{refused: gateway.ErrUnauthorized, notFound: gateway.ErrUnauthorized})
	}
	got, err := s.readTokens(a, sentAt)
	if err != nil {
		return tokens{}, s.http.Unexpected(call, a.resp, err)
	}
	return got, nil
}

// concealed is a response that no error quotes: a success in another form than
// documented may still hold tokens, and a failure may repeat the login.
func concealed(resp *transport.Response) *transport.Response {
	hidden := *resp
	hidden.Body = []byte("not shown, because it may hold credentials")
	return &hidden
}

// readTokens reads the tokens and makes them secret before anything else can
// happen to them.
func (s *session) readTokens(a *answer, sentAt time.Time) (tokens, error) {
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
