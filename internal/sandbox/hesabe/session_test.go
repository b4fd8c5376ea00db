package hesabe

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
)

const (
	bodyUnauthorized = `{"status":false,"message":"Invalid Signature.","response":null}`
	bodyBadRequest   = `{"status":false,"message":"Request not found, Please verify the request data","response":null}`
	bodyNotFound     = `{"message":"Request not found, Please verify the request data"}`
)

func TestLogin(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	for name, test := range map[string]struct {
		body   string
		status int
		want   string
	}{
		"as published":     {`{"username":"test","password":"Test@1234"}`, 200, ""},
		"capital user":     {`{"username":"Test","password":"Test@1234"}`, 200, ""},
		"wrong password":   {`{"username":"test","password":"test@1234"}`, 401, bodyUnauthorized},
		"wrong user":       {`{"username":"tset","password":"Test@1234"}`, 401, bodyUnauthorized},
		"no password":      {`{"username":"test"}`, 404, bodyBadRequest},
		"unknown field":    {`{"username":"test","password":"Test@1234","otp":"1"}`, 404, bodyBadRequest},
		"wrong type":       {`{"username":"test","password":1234}`, 404, bodyBadRequest},
		"not an object":    {`[]`, 404, bodyBadRequest},
		"not JSON":         {`username=test`, 404, bodyBadRequest},
		"no body":          {``, 404, bodyBadRequest},
		"encrypted member": {`{"data":"00"}`, 404, bodyBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			a := m.send("POST", "/api/v1/login", test.body)
			if a.Code != test.status || (test.want != "" && a.Body.String() != test.want) {
				t.Errorf("%d %s", a.Code, a.Body)
			}
			if kind := a.Header().Get("Content-Type"); kind != "application/json" {
				t.Errorf("content type %q", kind)
			}
		})
	}
}

func TestLoginResponse(t *testing.T) {
	m := newMerchant(t, Behaviour{Encoding: EncodingBare, MessageByLanguage: true}) // neither applies
	body := m.open(m.send("POST", "/api/v1/login", `{"username":"test","password":"Test@1234"}`))
	issued := body["response"].(object)["token"].(object)
	if body["status"] != true || body["message"] != "Success" || issued["token_type"] != "Bearer" ||
		issued["expires_in"] != json.Number("900") {
		t.Errorf("%v", body)
	}
	if !strings.HasPrefix(issued["refresh_token"].(string), "def50200") {
		t.Errorf("refresh token %v", issued["refresh_token"])
	}
	parts := strings.Split(issued["access_token"].(string), ".")
	if len(parts) != 3 || !strings.HasPrefix(parts[0], "eyJ0eXAi") {
		t.Fatalf("access token %v", issued["access_token"])
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Sub      string
		Iat, Exp float64
	}
	if err := json.Unmarshal(raw, &claims); err != nil || claims.Sub != "84" || claims.Exp-claims.Iat != 900 {
		t.Errorf("claims %s: %v", raw, err)
	}
}

func TestAuthentication(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	authorization := m.headers.Get("Authorization")
	for name, change := range map[string]func(){
		"no bearer":      func() { m.headers.Del("Authorization") },
		"another scheme": func() { m.headers.Set("Authorization", "Token "+strings.TrimPrefix(authorization, "Bearer ")) },
		"unknown token":  func() { m.headers.Set("Authorization", "Bearer x") },
		"no access code": func() { m.headers.Del("accessCode") },
		"wrong access code": func() {
			m.headers.Set("accessCode", "c333729b-d060-4b74-a49d-7686a8353482")
		},
	} {
		t.Run(name, func(t *testing.T) {
			saved := m.headers.Clone()
			defer func() { m.headers = saved }()
			change()
			for _, target := range []string{"GET /api/v1/invoice/1", "GET /api/v1/invoice-dashboard", "POST /api/v1/invoice", "PUT /api/v1/invoice/1"} {
				method, path, _ := strings.Cut(target, " ")
				if a := m.send(method, path, "{}"); a.Code != 401 || a.Body.String() != bodyUnauthorized {
					t.Errorf("%s: %d %s", target, a.Code, a.Body)
				}
			}
		})
	}
}

// The HTTP status of a rejection is not documented.
func TestRejectionStatus(t *testing.T) {
	for _, status := range []int{200, 403, 422} {
		m := newMerchant(t, Behaviour{RejectionStatus: status, RefusalStatus: 409})
		if a := m.send("POST", "/api/v1/login", `{"username":"test","password":"x"}`); a.Code != status || a.Body.String() != bodyUnauthorized {
			t.Errorf("login: %d %s", a.Code, a.Body)
		}
		m.headers.Set("Authorization", "Bearer x")
		if a := m.send("GET", "/api/v1/invoice/1", "{}"); a.Code != status || a.Body.String() != bodyUnauthorized {
			t.Errorf("read: %d %s", a.Code, a.Body)
		}
	}
	m := newMerchant(t, Behaviour{RejectionStatus: 403, RefusalStatus: 401}) // a refusal is none
	if status, body := m.call("POST", "/api/v1/invoice", object{}); status != 401 {
		t.Errorf("%d %v", status, body)
	}
}

func TestAccessTokenLivesFifteenMinutes(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	m.clock.advance(accessLifetime - time.Second)
	m.create(nil)
	m.clock.advance(time.Second)
	if status, body := m.call("POST", "/api/v1/invoice", object{"amount": "1.000", "invoiceType": "0"}); status != 401 {
		t.Fatalf("%d %v", status, body)
	}
	m.login()
	m.create(nil)
}

func TestRefreshTokensRotate(t *testing.T) {
	for name, revokes := range map[string]bool{"access token stays": false, "access token ends": true} {
		t.Run(name, func(t *testing.T) {
			m := newMerchant(t, Behaviour{RefreshRevokesAccess: revokes})
			refresh := func(token string) (int, string) {
				a := m.send("POST", "/api/v1/token-refresh", `{"refreshToken":"`+token+`"}`)
				if a.Code != 200 {
					return a.Code, a.Body.String()
				}
				return a.Code, m.keep(a)
			}
			first := m.login()
			old := m.headers.Clone()
			m.clock.advance(2 * accessLifetime / 3)
			status, second := refresh(first)
			if status != 200 || second == first {
				t.Fatalf("%d %s", status, second)
			}
			m.create(nil)
			if status, body := refresh(first); status != 401 || body != bodyUnauthorized {
				t.Errorf("a used refresh token: %d %s", status, body)
			}
			if status, body := refresh("def50200"); status != 401 || body != bodyUnauthorized {
				t.Errorf("an unknown refresh token: %d %s", status, body)
			}
			current := m.headers
			m.headers = old
			if status, _ := m.call("GET", "/api/v1/invoice-dashboard", nil); (status == 401) != revokes {
				t.Errorf("the old access token: %d", status)
			}
			m.headers = current
			m.clock.advance(refreshLifetime)
			if status, _ := refresh(second); status != 401 {
				t.Errorf("an expired refresh token: %d", status)
			}
		})
	}
}

func TestRefreshRefusesOtherBodies(t *testing.T) {
	m := newMerchant(t, Behaviour{})
	for _, body := range []string{``, `{}`, `{"refreshToken":1}`, `{"refresh_token":"x"}`, `{"refreshToken":"x","more":1}`} {
		if a := m.send("POST", "/api/v1/token-refresh", body); a.Code != 404 || a.Body.String() != bodyBadRequest {
			t.Errorf("%s: %d %s", body, a.Code, a.Body)
		}
	}
}

func TestSessionsAreSharedAndForgotten(t *testing.T) {
	dir := t.TempDir()
	open := func() *store.Store {
		s, err := store.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	m := newMerchant(t, Behaviour{})
	first, second := open(), open() // as two processes would
	defer first.Close()
	defer second.Close()
	m.sim = New(first.Namespace("hesabe"), m.clock.Now, Behaviour{})
	m.login()
	inv := m.create(nil)
	m.sim = New(second.Namespace("hesabe"), m.clock.Now, Behaviour{})
	m.read(idOf(inv))

	for range 5 {
		m.clock.advance(refreshLifetime)
		m.login()
	}
	kept := 0
	err := second.Namespace(Sessions).View(t.Context(), func(tx *store.Tx) error {
		for _, prefix := range []string{accessKeys, refreshKeys} {
			err := tx.Ascend(prefix, func(string, []byte) (bool, error) { kept++; return true, nil })
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || kept != 2 {
		t.Errorf("%d sessions are kept, %v", kept, err)
	}
}
