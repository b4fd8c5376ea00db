package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// Webhook returns a webhook whose body is a value as compact JSON, without a signature.
func Webhook(value any) (simulator.Webhook, error) {
	body, err := EncodeJSON(value)
	return simulator.Webhook{Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, err
}

// HexMAC returns the HMAC-SHA256 of a text in lower-case hexadecimal.
func HexMAC(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}
