package shop

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

type cryptocloud struct {
	settings Settings
	now      func() time.Time
}

// verify checks the JWT in the postback, signed with HS256 and the project's secret:
// https://docs.cryptocloud.plus/en/api-reference-v2/postback
func (c cryptocloud) verify(r *http.Request, body []byte) (string, error) {
	id, token, err := postback(r.Header.Get("Content-Type"), body)
	if err != nil {
		return "", err
	}
	claims, err := verifyHS256(token, c.settings.Secrets["cryptocloud"])
	if err != nil {
		return "", err
	}
	left := time.Unix(claims.Expires, 0).Sub(c.now())
	if left <= 0 || left > 5*time.Minute+time.Second {
		return "", fmt.Errorf("the token is valid for another %s, not for up to five minutes", left)
	}
	if bare := strings.TrimPrefix(claims.ID, "INV-"); bare != strings.TrimPrefix(id, "INV-") {
		return "", fmt.Errorf("the token is for invoice %s, the postback for %s", claims.ID, id)
	}
	return "INV-" + strings.TrimPrefix(id, "INV-"), nil
}

// postback reads the fields of either form of body.
func postback(contentType string, body []byte) (id, token string, err error) {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "", "", err
	}
	if media == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		return form.Get("invoice_id"), form.Get("token"), err
	}
	var fields struct {
		InvoiceID string `json:"invoice_id"`
		Token     string `json:"token"`
	}
	err = json.Unmarshal(body, &fields)
	return fields.InvoiceID, fields.Token, err
}

type claims struct {
	ID      string `json:"id"`
	Expires int64  `json:"exp"`
}

func verifyHS256(token, secret string) (c claims, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, errors.New("the token is not a JWT")
	}
	var header struct{ Alg string }
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || json.Unmarshal(raw, &header) != nil || header.Alg != "HS256" {
		return c, fmt.Errorf("the token's header is %q", parts[0])
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return c, err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if !hmac.Equal(signature, mac.Sum(nil)) {
		return c, errors.New("the token is signed with another secret")
	}
	raw, err = base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c, err
	}
	err = json.Unmarshal(raw, &c)
	return c, err
}

// read is https://docs.cryptocloud.plus/en/api-reference-v2/invoice-information
func (c cryptocloud) read(ctx context.Context, id string) (Status, error) {
	var answer struct {
		Result []struct {
			UUID, Status string
			OrderID      string `json:"order_id"`
		}
	}
	body, _ := json.Marshal(map[string]any{"uuids": []string{id}})
	err := callJSON(ctx, http.MethodPost, c.settings.Endpoints["cryptocloud"]+"/v2/invoice/merchant/info", body,
		map[string]string{"Authorization": "Token " + c.settings.CryptoCloudKey}, &answer)
	if err != nil || len(answer.Result) != 1 {
		return Status{}, errors.Join(err, fmt.Errorf("%d invoices have the id", len(answer.Result)))
	}
	found := answer.Result[0]
	return Status{Reference: found.OrderID, Word: found.Status, Paid: found.Status == "paid" || found.Status == "overpaid"}, nil
}
