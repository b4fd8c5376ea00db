package merchant

import (
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Webhook is a webhook as it came.
type Webhook struct {
	Path   string
	URL    string // as the sender wrote it
	Header http.Header
	Body   []byte
}

// Receiver is an address that takes webhooks until the test ends.
type Receiver struct {
	URL string

	mu       sync.Mutex
	webhooks []Webhook
	answers  []int
}

// NewReceiver starts a receiver. It answers with the statuses in turn, and
// with 200 when there are no more.
func NewReceiver(t testing.TB, answers ...int) *Receiver {
	r := &Receiver{answers: answers}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.URL = server.URL
	return r
}

// ServeHTTP takes a webhook.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body) // what broke off is no webhook that verifies
	r.mu.Lock()
	defer r.mu.Unlock()
	r.webhooks = append(r.webhooks, Webhook{
		Path: req.URL.Path, URL: "http://" + req.Host + req.RequestURI, Header: req.Header.Clone(), Body: body,
	})
	status := http.StatusOK
	if len(r.answers) > 0 {
		status, r.answers = r.answers[0], r.answers[1:]
	}
	w.WriteHeader(status)
}

// Webhooks returns what has come so far.
func (r *Receiver) Webhooks() []Webhook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.webhooks)
}

// Wait waits until so many webhooks have come, at most ten seconds.
func (r *Receiver) Wait(t testing.TB, n int) []Webhook {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		got := r.Webhooks()
		if len(got) >= n {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d webhooks came, not %d", len(got), n)
		}
	}
}

// Verify checks a webhook as the gateway's documentation tells merchants to,
// and returns its invoice's id and its event. Hesabe signs nothing, so that
// there the invoice's reference stands for the id.
func Verify(gateway, secret string, w Webhook) (id, event string, err error) {
	switch gateway {
	case "cryptocloud":
		return verifyCryptoCloud(secret, w)
	case "hesabe":
		var body struct {
			Reference string `json:"reference_number"`
			Status    string `json:"status"`
		}
		err := json.Unmarshal(w.Body, &body)
		return body.Reference, body.Status, err
	case "meum":
		return verifyMeum(secret, w)
	case "xpays":
		return verifyXPays(secret, w)
	}
	return "", "", fmt.Errorf("there is no gateway %q", gateway)
}

// verifyCryptoCloud is https://docs.cryptocloud.plus/en/api-reference-v2/postback .
func verifyCryptoCloud(secret string, w Webhook) (id, event string, err error) {
	var body struct {
		Status    string `json:"status"`
		InvoiceID string `json:"invoice_id"`
		Token     string `json:"token"`
	}
	if strings.HasPrefix(w.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(w.Body))
		if err != nil {
			return "", "", err
		}
		body.Status, body.InvoiceID, body.Token = form.Get("status"), form.Get("invoice_id"), form.Get("token")
	} else if err := json.Unmarshal(w.Body, &body); err != nil {
		return "", "", err
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(body.Token, claims, func(*jwt.Token) (any, error) { return []byte(secret), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired())
	if err == nil && claims["id"] != body.InvoiceID {
		err = fmt.Errorf("the token names %v, the body %s", claims["id"], body.InvoiceID)
	}
	return body.InvoiceID, body.Status, err
}

// verifyMeum is https://docs.meum.io/webhooks/verify-signatures.md .
func verifyMeum(secret string, w Webhook) (id, event string, err error) {
	header := func(name string) string {
		if value := w.Header.Get("X-Meum-" + name); value != "" {
			return value
		}
		return w.Header.Get("X-Stablecoin-" + name)
	}
	timestamp := header("Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return "", "", fmt.Errorf("the timestamp %q is not of now", timestamp)
	}
	if want := "v1=" + hexMAC(secret, timestamp+"."+string(w.Body)); !hmac.Equal([]byte(want), []byte(header("Signature"))) {
		return "", "", fmt.Errorf("the signature is %q, not %q", header("Signature"), want)
	}
	var body struct {
		ID   string `json:"id"`
		Type string `json:"type"`
		Data struct {
			InvoiceID string `json:"invoice_id"`
		} `json:"data"`
	}
	if err := json.Unmarshal(w.Body, &body); err != nil {
		return "", "", err
	}
	if header("Event") != body.Type || header("Event-Id") != body.ID {
		return "", "", fmt.Errorf("headers %v do not match the body %s", w.Header, w.Body)
	}
	return body.Data.InvoiceID, body.Type, nil
}

// verifyXPays checks the signature of a request to the merchant's own URL.
func verifyXPays(secret string, w Webhook) (id, event string, err error) {
	want := hexMAC(secret, w.Header.Get("x-timestamp")+"|POST|"+w.URL+"|"+string(w.Body))
	if got := w.Header.Get("x-signature"); !hmac.Equal([]byte(want), []byte(got)) {
		return "", "", fmt.Errorf("the signature is %q, not %q", got, want)
	}
	if w.Header.Get("x-api-key") != xpaysKey {
		return "", "", fmt.Errorf("the key is %q", w.Header.Get("x-api-key"))
	}
	var body struct {
		Event string `json:"event"`
		Data  struct {
			Payment struct {
				ID string `json:"id"`
			} `json:"payment"`
		} `json:"data"`
	}
	err = json.Unmarshal(w.Body, &body)
	return body.Data.Payment.ID, body.Event, err
}
