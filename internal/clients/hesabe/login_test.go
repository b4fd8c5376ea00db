package hesabe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/clienttest"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
)

const (
	loginLine   = "POST /api/v1/login"
	refreshLine = "POST /api/v1/token-refresh"
	createLine  = "POST /api/v1/invoice"
	readLine    = "GET /api/v1/invoice/14696"

	unauthorized = `{"status":false,"message":"Invalid Signature.","response":null}`
)

func get(t *testing.T, c *Client) error {
	t.Helper()
	_, err := c.Get(t.Context(), "14696")
	return err
}

func wantLines(t *testing.T, s *stub, want ...string) {
	t.Helper()
	if got := s.lines(); !slices.Equal(got, want) {
		t.Errorf("requests\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOneLoginForAll(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
	s.login = func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(50 * time.Millisecond)
		s.issue(w, 900)
	}
	var callers sync.WaitGroup
	for range 50 {
		callers.Go(func() {
			if err := get(t, c); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	if logins, reads := s.count(loginLine), s.count(readLine); logins != 1 || reads != 50 {
		t.Errorf("%d logins, %d reads", logins, reads)
	}
}

func TestOneLoginForAllRejected(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
	if err := get(t, c); err != nil {
		t.Fatal(err)
	}
	s.revoke()
	var callers sync.WaitGroup
	for range 50 {
		callers.Go(func() {
			if err := get(t, c); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	if logins, refreshes := s.count(loginLine), s.count(refreshLine); logins != 2 || refreshes != 0 {
		t.Errorf("%d logins, %d refreshes", logins, refreshes)
	}
}

// One caller that gives up does not end the login of the others; the last one
// does.
func TestCallersWhoGiveUp(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
	started, finish, ended := make(chan struct{}, 1), make(chan struct{}), make(chan struct{}, 1)
	s.login = func(w http.ResponseWriter, r *http.Request) {
		started <- struct{}{}
		select {
		case <-finish:
			s.issue(w, 900)
		case <-r.Context().Done():
			ended <- struct{}{}
		}
	}
	first, giveUp := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := c.Get(first, "14696")
		failed <- err
	}()
	<-started
	second := make(chan error, 1)
	go func() { second <- get(t, c) }()
	waitFor(t, func() bool {
		c.session.mu.Lock()
		defer c.session.mu.Unlock()
		return c.session.renewal.waiters == 2
	})
	giveUp()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	} else {
		wantKind(t, err, gateway.ErrUnavailable)
	}
	close(finish)
	if err := <-second; err != nil {
		t.Error(err)
	}
	wantLines(t, s, loginLine, readLine)

	// All give up.
	finish = make(chan struct{})
	s.revoke()
	c.session.mu.Lock()
	c.session.tokens = tokens{}
	c.session.mu.Unlock()
	late, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := c.Create(late, Spec{Amount: money(t, "1")})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	wantKind(t, err, gateway.ErrUnavailable) // not: outcome unknown
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the login goes on although nobody waits")
	}
	<-started
	close(finish)
	if err := get(t, c); err != nil {
		t.Errorf("after a login that was given up: %v", err)
	}
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for range 500 {
		if condition() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it did not happen")
}

// at lets the client believe that it is later.
func at(c *Client, later time.Duration) {
	c.session.now = func() time.Time { return time.Now().Add(later) }
}

func TestRefreshAheadOfExpiry(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
	var refreshed []string
	s.login = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/token-refresh" {
			s.mu.Lock()
			refreshed = append(refreshed, s.received[len(s.received)-1].payload)
			s.mu.Unlock()
		}
		s.issue(w, 900)
	}
	for _, later := range []time.Duration{0, 830 * time.Second, 850 * time.Second, 850 * time.Second, 1700 * time.Second, 5000 * time.Second} {
		at(c, later)
		if err := get(t, c); err != nil {
			t.Fatal(err)
		}
	}
	wantLines(t, s, loginLine, readLine, readLine, refreshLine, readLine, readLine, refreshLine, readLine, refreshLine, readLine)
	want := []string{`{"refreshToken":"refresh-1"}`, `{"refreshToken":"refresh-2"}`, `{"refreshToken":"refresh-3"}`}
	if !slices.Equal(refreshed, want) {
		t.Errorf("%v", refreshed)
	}
}

func TestLifetimes(t *testing.T) {
	for expiresIn, lines := range map[string][]string{
		`900`:                  {loginLine, readLine, readLine},
		`"900"`:                {loginLine, readLine, readLine},
		`30`:                   {loginLine, readLine, readLine, "wait", refreshLine, readLine},
		`0`:                    {loginLine, readLine, readLine, "wait", readLine},
		`-1`:                   {loginLine, readLine, readLine, "wait", readLine},
		`null`:                 {loginLine, readLine, readLine, "wait", readLine},
		`99999999999999999`:    {loginLine, readLine, readLine, "wait", readLine},
		`9223372036854775807`:  {loginLine, readLine, readLine, "wait", readLine},
		`92233720368547758070`: nil, // no number
		`900.5`:                nil,
		`{}`:                   nil,
	} {
		t.Run(expiresIn, func(t *testing.T) {
			c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
			s.login = func(w http.ResponseWriter, _ *http.Request) {
				s.mu.Lock()
				s.valid["access-1"] = true
				s.mu.Unlock()
				fmt.Fprintf(w, `{"status":true,"message":"Success","response":{"token":{"expires_in":%s,"access_token":"access-1","refresh_token":"refresh-1"}}}`, expiresIn)
			}
			if lines == nil {
				wantKind(t, get(t, c), gateway.ErrUnexpected)
				return
			}
			var want []string
			for i, line := range lines {
				switch line {
				case readLine:
					if err := get(t, c); err != nil {
						t.Fatal(err)
					}
				case "wait":
					at(c, 20*time.Second)
					continue
				}
				want = append(want, lines[i])
			}
			wantLines(t, s, want...)
		})
	}
}

func TestFailedRefreshLogsIn(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"refused": func(w http.ResponseWriter) { respondWith(http.StatusUnauthorized, unauthorized)(w, request{}) },
		"not found": func(w http.ResponseWriter) {
			respondWith(http.StatusNotFound, `{"message":"Request not found"}`)(w, request{})
		},
		"limited": func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "3600")
			respondWith(http.StatusTooManyRequests, `{"message":"Too many requests"}`)(w, request{})
		},
		"page":   func(w http.ResponseWriter) { respondWith(http.StatusOK, html)(w, request{}) },
		"broken": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
			s.login = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/api/v1/token-refresh" {
					answer(w)
					return
				}
				s.issue(w, 900)
			}
			if err := get(t, c); err != nil {
				t.Fatal(err)
			}
			at(c, time.Hour)
			if err := get(t, c); err != nil {
				t.Fatal(err)
			}
			wantLines(t, s, loginLine, readLine, refreshLine, loginLine, readLine)
		})
	}
}

func TestRefreshWithoutANewRefreshToken(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
	s.login = func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.valid["access-1"] = true
		s.mu.Unlock()
		refresh := `,"refresh_token":"refresh-1"`
		if r.URL.Path == "/api/v1/token-refresh" {
			refresh = ""
		}
		_, _ = io.WriteString(w, `{"response":{"token":{"expires_in":900,"access_token":"access-1"`+refresh+`}}}`)
	}
	for hours := range 3 {
		at(c, time.Duration(hours)*time.Hour)
		if err := get(t, c); err != nil {
			t.Fatal(err)
		}
	}
	wantLines(t, s, loginLine, readLine, refreshLine, readLine, refreshLine, readLine)
}

// TestRejectedTokenIsRenewedOnce: a create is not sent again by itself.
func TestRejectedTokenIsRenewedOnce(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
	if err := get(t, c); err != nil {
		t.Fatal(err)
	}
	s.revoke()
	_, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
	if failed := wantKind(t, err, gateway.ErrOutcomeUnknown); !failed.Resendable {
		t.Errorf("%+v", failed)
	}
	if _, err := c.Create(t.Context(), Spec{Amount: money(t, "1")}); err != nil {
		t.Fatal(err)
	}
	s.revoke()
	if err := get(t, c); err != nil {
		t.Fatal(err)
	}
	wantLines(t, s, loginLine, readLine, createLine, loginLine, createLine, readLine, loginLine, readLine)
	s.mu.Lock()
	defer s.mu.Unlock()
	if first, second := s.received[2].header.Get("Authorization"), s.received[4].header.Get("Authorization"); first != "Bearer access-1" || second != "Bearer access-2" {
		t.Errorf("%q, %q", first, second)
	}
}

func TestEndlessRejection(t *testing.T) {
	c, s := newStub(t, respondWith(http.StatusUnauthorized, unauthorized))
	_, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
	failed := wantKind(t, err, gateway.ErrOutcomeUnknown)
	if failed.Operation != "create invoice" || failed.Message != "Invalid Signature." || !failed.Resendable {
		t.Errorf("%+v", failed)
	}
	wantLines(t, s, loginLine, createLine)
	wantKind(t, get(t, c), gateway.ErrUnauthorized)
	wantKind(t, clienttest.CancelError(c.Cancel(t.Context(), &Invoice{Token: "1"})), gateway.ErrUnauthorized)

	s.handler = respondWith(http.StatusUnauthorized, html)
	wantKind(t, get(t, c), gateway.ErrUnauthorized)
}

func TestFailedLogins(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		kind   error
	}{
		"wrong password":        {401, unauthorized, gateway.ErrUnauthorized},
		"404 as documented":     {404, `{"status":false,"message":"Request not found, Please verify the request data","response":null}`, gateway.ErrUnauthorized},
		"404 without status":    {404, `{"message":"Request not found, Please verify the request data"}`, gateway.ErrUnauthorized},
		"422":                   {422, `{"status":false,"message":"The given data was invalid.","response":null}`, gateway.ErrUnauthorized},
		"refused with 200":      {200, unauthorized, gateway.ErrUnauthorized},
		"proxy's 404":           {404, html, gateway.ErrUnexpected},
		"404 of the address":    {404, `{"message":"The route could not be found."}`, gateway.ErrUnexpected},
		"403":                   {403, html, gateway.ErrForbidden},
		"500":                   {500, `{"message":"Internal server error occurred"}`, gateway.ErrUnavailable},
		"429":                   {429, `{"message":"Too Many Attempts."}`, gateway.ErrRateLimited},
		"page":                  {200, html, gateway.ErrUnexpected},
		"no tokens":             {200, `{"status":true,"message":"Success","response":{}}`, gateway.ErrUnexpected},
		"no token":              {200, `{"status":true,"message":"Success","response":{"token":{"refresh_token":"refresh-1"}}}`, gateway.ErrUnexpected},
		"null token":            {200, `{"status":true,"message":"Success","response":{"token":{"access_token":null}}}`, gateway.ErrUnexpected},
		"token of another sort": {200, `{"status":true,"message":"Success","response":{"token":{"access_token":["access-1"]}}}`, gateway.ErrUnexpected},
		"token elsewhere":       {200, `{"access_token":"access-1","refresh_token":"refresh-1"}`, gateway.ErrUnexpected},
		"cut after the token":   {200, `{"status":true,"response":{"token":{"access_token":"access-1","refr`, gateway.ErrUnexpected},
		"token with a line":     {200, `{"status":true,"message":"Success","response":{"token":{"access_token":"access-1\nX: 1"}}}`, gateway.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
			s.login = func(w http.ResponseWriter, _ *http.Request) { respondWith(test.status, test.body)(w, request{}) }
			// Never may a failed login look like an invoice that is gone, or
			// like a create that may have been processed.
			wantKind(t, get(t, c), test.kind)
			_, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
			wantKind(t, err, test.kind)
			if n := s.count(loginLine); n != len(s.lines()) {
				t.Errorf("sent: %q", s.lines())
			}
		})
	}
}

// TestLoginsAreNotQuoted: whatever answers a login may repeat what it was sent,
// in a form that nobody knows as a secret.
func TestLoginsAreNotQuoted(t *testing.T) {
	const echo = `{"username":"someone","password":"p.a.s.s"}`
	for name, test := range map[string]struct {
		status  int
		body    string
		message string // that is shown
	}{
		"a page":                  {502, "<pre>" + echo + "</pre>", ""},
		"a page with 200":         {200, "<pre>" + echo + "</pre>", ""},
		"a page with 404":         {404, "<pre>" + echo + "</pre>", ""},
		"a page with 302":         {302, "<pre>" + echo + "</pre>", ""},
		"the body":                {400, echo, ""},
		"the body with 401":       {401, echo, ""},
		"a message of its own":    {422, `{"status":false,"message":"Wrong password ` + demo.Password + `","response":` + echo + `}`, "Wrong password ***"},
		"a message without more":  {401, `{"message":"Invalid login","sent":` + echo + `}`, "Invalid login"},
		"another 404":             {404, `{"message":"No route","sent":` + echo + `}`, ""},
		"a message of other form": {400, `{"status":"no","message":"Invalid login","response":` + echo + `}`, ""},
	} {
		for _, path := range []string{"/api/v1/login", "/api/v1/token-refresh"} {
			t.Run(name+path, func(t *testing.T) {
				c, s := newStub(t, respondWith(http.StatusOK, goodResponse))
				s.login = func(w http.ResponseWriter, _ *http.Request) { respondWith(test.status, test.body)(w, request{}) }
				_, err := c.session.login(t.Context())
				if path != "/api/v1/login" {
					_, err = c.session.refresh(t.Context(), "refresh-1")
				}
				var failed *gateway.Error
				if !errors.As(err, &failed) {
					t.Fatal(err)
				}
				for _, part := range []string{"someone", "p.a.s.s", "username"} {
					if strings.Contains(err.Error(), part) {
						t.Errorf("it contains %q: %v", part, err)
					}
				}
				if test.message != "" && failed.Message != test.message || failed.Status != test.status {
					t.Errorf("%d, %q", failed.Status, failed.Message)
				}
			})
		}
	}
}

func TestWrongPassword(t *testing.T) {
	_, server := simulated(t, sandbox.Behaviour{})
	endpoint, err := transport.ParseEndpoint(server.URL(Name))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Credentials){
		"password":    func(c *Credentials) { c.Password = "wrong" },
		"access code": func(c *Credentials) { c.AccessCode = "wrong" },
		"merchant":    func(c *Credentials) { c.MerchantCode = "1" },
		"secret key":  func(c *Credentials) { c.SecretKey = strings.Repeat("k", 32) },
		"iv key":      func(c *Credentials) { c.IVKey = strings.Repeat("k", 16) },
	} {
		t.Run(name, func(t *testing.T) {
			creds := demo
			change(&creds)
			c, err := New(creds, transport.Config{Endpoint: endpoint})
			if err != nil {
				t.Fatal(err)
			}
			wantKind(t, get(t, c), gateway.ErrUnauthorized)
		})
	}
}

// A refresh may end the access token that others are still using.
func TestRefreshRace(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{RefreshRevokesAccess: true})
	var offset atomic.Int64
	c.session.now = func() time.Time { return time.Now().Add(time.Duration(offset.Load())) }
	made, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
	if err != nil {
		t.Fatal(err)
	}
	var callers sync.WaitGroup
	for i := range 40 {
		callers.Go(func() {
			if i == 20 {
				offset.Add(int64(850 * time.Second))
			}
			if _, err := c.Get(t.Context(), made.ID); err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	for _, r := range server.Requests(Name) {
		if r.Path == "/api/v1/token-refresh" {
			return
		}
	}
	t.Error("no refresh")
}

func TestSessionOfTheSandboxExpires(t *testing.T) {
	c, server := simulated(t, sandbox.Behaviour{})
	made, err := c.Create(t.Context(), Spec{Amount: money(t, "1")})
	if err != nil {
		t.Fatal(err)
	}
	server.Advance(time.Hour) // the client's clock does not tell
	if _, err := c.Get(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	at(c, time.Hour)
	c.session.mu.Lock()
	c.session.tokens.renewAt = time.Now()
	c.session.mu.Unlock()
	if _, err := c.Get(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, r := range server.Requests(Name) {
		paths = append(paths, r.Method+" "+r.Path)
	}
	read := "GET /api/v1/invoice/" + made.ID
	if want := []string{loginLine, createLine, read, loginLine, read, refreshLine, read}; !slices.Equal(paths, want) {
		t.Errorf("%q", paths)
	}
}
