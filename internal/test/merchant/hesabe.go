package merchant

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
)

// https://developer.hesabe.com/docs/api/post-quick-invoice and
// https://developer.hesabe.com/docs/api/get-quick-invoice-details
var hesabe = Gateway{
	Create: func(a Account, reference string, fields Object) (id, checkoutURL string) {
		order := Object{"merchantCode": a.setting("MERCHANT_CODE"), "amount": "12.500", "invoiceType": "0", "referenceNumber": reference}
		made := callHesabe(a, http.MethodPost, "/api/v1/invoice", a.encode(order, fields))
		return made["id"].(json.Number).String(), made["url"].(string)
	},
	Status: func(a Account, id string) string {
		invoice := callHesabe(a, http.MethodGet, "/api/v1/invoice/"+id, a.encode(Object{"merchantCode": a.setting("MERCHANT_CODE")}, nil))
		return invoice["invoice_status"].(json.Number).String()
	},
	// There is no signature to check: https://developer.hesabe.com/docs/2.0/webhook-integration
	Verify: func(_ Account, w Webhook) (invoice, event string, err error) {
		var body struct {
			Token, Status string // of the transaction
			Reference     string `json:"reference_number"`
		}
		if err = json.Unmarshal(w.Body, &body); err == nil && body.Token == "" {
			err = fmt.Errorf("it names no transaction: %s", w.Body)
		}
		return body.Reference, body.Status, err
	},
	Paid:      "1",
	Webhooks:  map[string]string{"pay": "SUCCESSFUL"},
	Reference: "reference_number",
	Notify:    "webhook",
}

// callHesabe logs in and sends an encrypted payload: https://developer.hesabe.com/docs/api .
func callHesabe(a Account, method, path string, payload []byte) Object {
	a.T.Helper()
	header := map[string]string{"accessCode": a.setting("ACCESS_CODE")}
	login := a.encode(Object{"username": a.setting("USERNAME"), "password": a.setting("PASSWORD")}, nil)
	token := a.call(http.MethodPost, "/api/v1/login", header, login)["response"].(Object)["token"].(Object)["access_token"].(string)
	header["Authorization"] = "Bearer " + token

	block, err := aes.NewCipher([]byte(a.setting("SECRET_KEY")))
	if err != nil {
		a.T.Fatal(err)
	}
	iv := []byte(a.setting("IV_KEY"))
	padding := aes.BlockSize - len(payload)%aes.BlockSize
	payload = append(payload, bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(payload, payload)
	sealed, body := hex.EncodeToString(payload), []byte(nil)
	if method == http.MethodGet {
		path += "?data=" + sealed
	} else {
		body = a.encode(Object{"data": sealed}, nil)
	}
	plain, err := hex.DecodeString(a.call(method, path, header, body)["response"].(string))
	if err != nil || len(plain) == 0 {
		a.T.Fatalf("the response is not encrypted: %v", err)
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, plain)
	return a.decode(plain[:len(plain)-int(plain[len(plain)-1])])["response"].(Object)
}
