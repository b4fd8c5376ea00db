package shop

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
)

type xpays struct {
	settings Settings
	now      func() time.Time
}

// sign signs a request: timestamp, method, address and body, joined by bars. An
// absent body is signed as "".
func (x xpays) sign(secret, timestamp, method, url string, body []byte) string {
	if len(body) == 0 {
		body = []byte(`""`)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "|" + method + "|" + url + "|"))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// verify expects the signature of a request to the shop's own address.
func (x xpays) verify(r *http.Request, body []byte) (string, error) {
	want := x.sign(x.settings.Secrets["xpays"], r.Header.Get("X-Timestamp"), r.Method, x.settings.URL+r.URL.RequestURI(), body)
	if !hmac.Equal([]byte(want), []byte(r.Header.Get("X-Signature"))) {
		return "", errors.New("the signature does not fit")
	}
	if r.Header.Get("X-Api-Key") != x.settings.XPaysKey {
		return "", errors.New("the API key is another one")
	}
	var event struct {
		Event string
		Data  struct{ Payment struct{ ID string } }
	}
	err := json.Unmarshal(body, &event)
	return event.Data.Payment.ID, err
}

func (x xpays) read(ctx context.Context, id string) (Status, error) {
	url := x.settings.Endpoints["xpays"] + "/v1/payment/info?id=" + id
	timestamp := strconv.FormatInt(x.now().UnixMilli(), 10)
	var answer struct {
		Data struct {
			Payment struct {
				Status        string
				PaymentStatus string `json:"payment_status"`
				OrderID       string `json:"order_id"`
			}
		}
	}
	err := callJSON(ctx, http.MethodGet, url, nil, map[string]string{
		"X-Api-Key": x.settings.XPaysKey, "X-Timestamp": timestamp,
		"X-Signature": x.sign(x.settings.XPaysSecret, timestamp, http.MethodGet, url, nil),
	}, &answer)
	found := answer.Data.Payment
	return Status{Reference: found.OrderID, Word: found.PaymentStatus, Paid: found.PaymentStatus == "PAYMENT_PAID"}, err
}
