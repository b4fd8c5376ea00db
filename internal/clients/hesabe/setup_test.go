package hesabe

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/gateway"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/clients/transport"
	sandbox "github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/hesabe"
	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/sandboxtest"
)

var demo = Credentials{
	Username: sandbox.Username, Password: sandbox.Password,
	MerchantCode: sandbox.MerchantCode, AccessCode: sandbox.AccessCode,
	SecretKey: sandbox.SecretKey, IVKey: sandbox.IVKey,
}

func newClient(t *testing.T, address string, retries int) *Client {
	t.Helper()
	endpoint, err := transport.ParseEndpoint(address)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(demo, transport.Config{Endpoint: endpoint, MaxRetries: retries, RequestTimeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// simulated is a client of the simulated Hesabe.
func simulated(t *testing.T, behaviour sandbox.Behaviour) (*Client, *sandboxtest.Server) {
	t.Helper()
	server := sandboxtest.Start(t, behaviour)
	return newClient(t, server.URL(Name), 0), server
}

func money(t *testing.T, text string) gateway.Money {
	t.Helper()
	m, err := gateway.ParseNumber(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// seal32 encrypts as Hesabe does, written anew so as not to test the client
// with itself.
func seal32(text string) string {
	pad := 32 - len(text)%32
	return encrypt(append([]byte(text), bytes.Repeat([]byte{byte(pad)}, pad)...))
}

func encrypt(padded []byte) string {
	block, err := aes.NewCipher([]byte(demo.SecretKey))
	if err != nil {
		panic(err)
	}
	cipher.NewCBCEncrypter(block, []byte(demo.IVKey)).CryptBlocks(padded, padded)
	return hex.EncodeToString(padded)
}

// unseal decrypts a request's payload, which is padded to 16 bytes.
func unseal(t *testing.T, sealed string) string {
	t.Helper()
	raw, err := hex.DecodeString(sealed)
	if err != nil || len(raw) == 0 || len(raw)%16 != 0 || strings.ToLower(sealed) != sealed {
		t.Fatalf("not a payload: %q", sealed)
	}
	block, err := aes.NewCipher([]byte(demo.SecretKey))
	if err != nil {
		t.Fatal(err)
	}
	cipher.NewCBCDecrypter(block, []byte(demo.IVKey)).CryptBlocks(raw, raw)
	pad := int(raw[len(raw)-1])
	if pad < 1 || pad > 16 {
		t.Fatalf("padding of %d bytes", pad)
	}
	return string(raw[:len(raw)-pad])
}

// request is what a client sent, its payload decrypted.
type request struct {
	method, path string
	query        url.Values // without data
	header       http.Header
	payload      string
}

func (r request) String() string {
	line := r.method + " " + r.path
	if len(r.query) > 0 {
		line += "?" + r.query.Encode()
	}
	return line + " " + r.payload
}

func read(t *testing.T, method, path string, query url.Values, header http.Header, body []byte) request {
	t.Helper()
	query = maps.Clone(query)
	r := request{method: method, path: path, query: query, header: header}
	switch {
	case path == "/api/v1/login" || path == "/api/v1/token-refresh":
		r.payload = string(body)
	case method == http.MethodGet:
		r.payload = unseal(t, query.Get("data"))
		query.Del("data")
		if len(body) > 0 {
			t.Errorf("a GET with the body %q", body)
		}
	default:
		var sealed struct{ Data string }
		if err := json.Unmarshal(body, &sealed); err != nil || string(body) != `{"data":"`+sealed.Data+`"}` {
			t.Errorf("body %q", body)
		}
		r.payload = unseal(t, sealed.Data)
	}
	return r
}

// requests are those to the simulated Hesabe, without logins.
func requests(t *testing.T, server *sandboxtest.Server) (sent []request) {
	t.Helper()
	for _, r := range server.Requests(Name) {
		if r.Path != "/api/v1/login" {
			sent = append(sent, read(t, r.Method, r.Path, r.Query, r.Header, r.Body))
		}
	}
	return sent
}

// stub is a hand-written Hesabe. It logs everybody in and leaves the rest to
// answer.
type stub struct {
	*httptest.Server
	t *testing.T
	// handler is for what is no login; its request carries a good token.
	handler func(w http.ResponseWriter, r request)
	// login, when set, handles login and token-refresh.
	login http.HandlerFunc

	mu       sync.Mutex
	valid    map[string]bool
	issued   int
	received []request
}

func newStub(t *testing.T, handler func(w http.ResponseWriter, r request)) (*Client, *stub) {
	t.Helper()
	s := &stub{t: t, handler: handler, valid: map[string]bool{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return newClient(t, s.URL, 0), s
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	got := read(s.t, r.Method, r.URL.Path, r.URL.Query(), r.Header, body)
	s.mu.Lock()
	s.received = append(s.received, got)
	valid := s.valid[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	s.mu.Unlock()
	switch isLogin := got.path == "/api/v1/login" || got.path == "/api/v1/token-refresh"; {
	case isLogin && s.login != nil:
		s.login(w, r)
	case isLogin:
		s.issue(w, 900)
	case !valid:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"status":false,"message":"Invalid Signature.","response":null}`)
	default:
		s.handler(w, got)
	}
}

// issue answers new tokens.
func (s *stub) issue(w http.ResponseWriter, expiresIn int) {
	s.mu.Lock()
	s.issued++
	access, refresh := fmt.Sprintf("access-%d", s.issued), fmt.Sprintf("refresh-%d", s.issued)
	s.valid[access] = true
	s.mu.Unlock()
	fmt.Fprintf(w, `{"status":true,"message":"Success","response":{"token":{"token_type":"Bearer","expires_in":%d,"access_token":%q,"refresh_token":%q}}}`,
		expiresIn, access, refresh)
}

// revoke makes all tokens issued so far worthless.
func (s *stub) revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.valid)
}

// lines are the requests received, in short.
func (s *stub) lines() (lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.received {
		lines = append(lines, r.method+" "+r.path)
	}
	return lines
}

func (s *stub) count(line string) (n int) {
	for _, l := range s.lines() {
		if l == line {
			n++
		}
	}
	return n
}

// respondWith answers with a status and a body as they are.
func respondWith(status int, body string) func(http.ResponseWriter, request) {
	return func(w http.ResponseWriter, _ request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// wantKind checks an error's kind, and that it contains no secret.
func wantKind(t *testing.T, err, kind error) *gateway.Error {
	t.Helper()
	var failed *gateway.Error
	if !errors.As(err, &failed) || !errors.Is(err, kind) {
		t.Fatalf("error %v, want %v", err, kind)
	}
	if failed.Gateway != Title || failed.Operation == "" {
		t.Errorf("gateway %q, operation %q", failed.Gateway, failed.Operation)
	}
	for _, secret := range []string{demo.Password, demo.AccessCode, demo.SecretKey, demo.IVKey, "access-1", "refresh-1"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error contains %q: %v", secret, err)
		}
	}
	return failed
}
