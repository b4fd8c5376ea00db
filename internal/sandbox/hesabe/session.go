package hesabe

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/store"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/wire"
)

const (
	// accessLifetime is the expires_in of
	// https://developer.hesabe.com/docs/api/post-merchant-login .
	accessLifetime = 900 * time.Second

	// refreshLifetime is not documented.
	refreshLifetime = 30 * 24 * time.Hour
)

const (
	accessKeys  = "access/"
	refreshKeys = "refresh/"
)

// Sessions is the part of the store with the issued tokens. It is kept when the sandbox
// is emptied.
const Sessions = "hesabe/sessions"

// session is an issued token, stored under its digest.
type session struct {
	ExpiresAt time.Time `json:"expires_at"`
	Access    string    `json:"access,omitempty"` // of a refresh token: the key of its access token
}

// login issues tokens for a username and a password.
// https://developer.hesabe.com/docs/api/post-merchant-login
func (s *Simulator) login(tx transaction, c *call) (httpResponse, error) {
	f := newForm(c.payload)
	username, password := f.required("username"), f.required("password")
	if len(f.done()) > 0 {
		return httpResponse{}, badRequest()
	}
	// The pages spell the published user both "test" and "Test".
	if !strings.EqualFold(username, Username) || !same(password, Password) {
		return httpResponse{}, unauthorized()
	}
	return issue(tx, c.now)
}

// refresh exchanges a refresh token for new tokens, once.
// https://developer.hesabe.com/docs/api/post-refresh-token
func (s *Simulator) refresh(tx transaction, c *call) (httpResponse, error) {
	f := newForm(c.payload)
	token := f.required("refreshToken")
	if len(f.done()) > 0 {
		return httpResponse{}, badRequest()
	}
	key := refreshKeys + digest(token)
	sessions, err := tx.In(Sessions)
	if err != nil {
		return httpResponse{}, err
	}
	old, err := findSession(sessions, key, c.now)
	if err != nil {
		return httpResponse{}, err
	}
	if err := sessions.Delete(key); err != nil {
		return httpResponse{}, err
	}
	if s.behaviour.RefreshRevokesAccess {
		if err := sessions.Delete(old.Access); err != nil {
			return httpResponse{}, err
		}
	}
	return issue(tx, c.now)
}

// authenticate checks the headers of every call except these two.
// https://developer.hesabe.com/docs/api/authentication/merchant-login-request
func authenticate(tx transaction, c *call) error {
	token, isBearer := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	if !isBearer || !same(c.request.Header.Get("accessCode"), AccessCode) {
		return unauthorized()
	}
	sessions, err := tx.In(Sessions)
	if err == nil {
		_, err = findSession(sessions, accessKeys+digest(token), c.now)
	}
	return err
}

func findSession(sessions *store.Tx, key string, now time.Time) (session, error) {
	var found session
	ok, err := sessions.Get(key, &found)
	if err != nil {
		return session{}, err
	}
	if !ok || !now.Before(found.ExpiresAt) {
		return session{}, unauthorized()
	}
	return found, nil
}

// tokens is the response to login and refresh.
type tokens struct {
	Token struct {
		Type         string `json:"token_type"`
		ExpiresIn    int    `json:"expires_in"` // seconds
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	} `json:"token"`
}

func issue(tx transaction, now time.Time) (httpResponse, error) {
	sessions, err := tx.In(Sessions)
	if err != nil {
		return httpResponse{}, err
	}
	if err := forgetExpired(sessions, now); err != nil {
		return httpResponse{}, err
	}
	var t tokens
	t.Token.Type = "Bearer"
	t.Token.ExpiresIn = int(accessLifetime / time.Second)
	t.Token.AccessToken = accessToken(now)
	t.Token.RefreshToken = "def50200" + wire.RandomText(wire.LowerHex, 320)

	access := accessKeys + digest(t.Token.AccessToken)
	if err := sessions.Put(access, session{ExpiresAt: now.Add(accessLifetime)}); err != nil {
		return httpResponse{}, err
	}
	err = sessions.Put(refreshKeys+digest(t.Token.RefreshToken), session{ExpiresAt: now.Add(refreshLifetime), Access: access})
	if err != nil {
		return httpResponse{}, err
	}
	return httpResponse{status: http.StatusOK, body: reply{true, "Success", t}}, nil
}

// forgetExpired keeps the sessions of many short Terraform runs from piling up.
func forgetExpired(sessions *store.Tx, now time.Time) error {
	var expired []string
	for _, prefix := range []string{accessKeys, refreshKeys} {
		err := sessions.Ascend(prefix, func(key string, raw []byte) (bool, error) {
			var old session
			if err := json.Unmarshal(raw, &old); err != nil {
				return false, err
			}
			if !now.Before(old.ExpiresAt) {
				expired = append(expired, key)
			}
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	for _, key := range expired {
		if err := sessions.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

// accessToken looks like the JSON Web Token that Hesabe issues. Only Hesabe reads it,
// so the signature is random: the store has what was issued.
func accessToken(now time.Time) string {
	issued := now.UnixMilli() // the published token has fractions of seconds too
	claims := fmt.Sprintf(`{"aud":"1","jti":"%s","iat":%s,"nbf":%s,"exp":%s,"sub":"%s","scopes":[]}`,
		wire.RandomText(wire.LowerHex, 80), seconds(issued), seconds(issued),
		seconds(issued+accessLifetime.Milliseconds()), merchantID)
	signature := make([]byte, 256) // as RS256 makes
	_, _ = rand.Read(signature)    // never fails
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"typ":"JWT","alg":"RS256"}`)) + "." + encode([]byte(claims)) + "." + encode(signature)
}

func seconds(milliseconds int64) string {
	return fmt.Sprintf("%d.%03d", milliseconds/1000, milliseconds%1000)
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
