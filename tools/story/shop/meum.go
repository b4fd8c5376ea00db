package shop

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

type meum struct {
	settings Settings
	now      func() time.Time
}

// verify is https://docs.meum.io/webhooks/verify-signatures.md
func (m meum) verify(r *http.Request, body []byte) (string, error) {
	timestamp := r.Header.Get("X-Stablecoin-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return "", err
	}
	if age := m.now().Sub(time.Unix(seconds, 0)).Abs(); age > 5*time.Minute {
		return "", fmt.Errorf("the webhook is %s old", age)
	}
	mac := hmac.New(sha256.New, []byte(m.settings.Secrets["meum"]))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	if want := "v1=" + hex.EncodeToString(mac.Sum(nil)); !hmac.Equal([]byte(want), []byte(r.Header.Get("X-Stablecoin-Signature"))) {
		return "", errors.New("the signature does not fit")
	}
	var event struct {
		ID, Type string
		Data     struct {
			InvoiceID string `json:"invoice_id"`
		}
	}
	if err := json.Unmarshal(body, &event); err != nil {
		return "", err
	}
	if event.ID != r.Header.Get("X-Stablecoin-Event-Id") || event.Type != r.Header.Get("X-Stablecoin-Event") {
		return "", errors.New("headers and body are of different events")
	}
	return event.Data.InvoiceID, nil
}

// read is https://docs.meum.io/api-reference/overview
func (m meum) read(ctx context.Context, id string) (Status, error) {
	var found struct {
		Status    string
		Reference string `json:"external_order_id"`
	}
	err := callJSON(ctx, http.MethodGet, m.settings.Endpoints["meum"]+"/v1/invoices/"+id, nil,
		map[string]string{"Authorization": "Bearer " + m.settings.MeumKey}, &found)
	return Status{Reference: found.Reference, Word: found.Status, Paid: found.Status == "paid"}, err
}
