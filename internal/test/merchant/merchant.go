// Package merchant talks to a sandbox's server as an application under test
// does: it makes invoices through the gateways' APIs and checks their webhooks.
// It shares no code with the simulators.
package merchant

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// The made-up credentials that the sandbox documents.
const (
	cryptocloudKey  = "sandbox.demo.key"
	cryptocloudShop = "SandboxDemoShop1"
	meumKey         = "sk_live_sandbox_demo_key"
	xpaysKey        = "key_sandboxdemo000000000"
	xpaysSecret     = "sandbox-demo-secret"
	hesabeUser      = "test"
	hesabePassword  = "Test@1234"
	hesabeCode      = "842217"
	hesabeAccess    = "c333729b-d060-4b74-a49d-7686a8353481"
	hesabeKey       = "PkW64zMe5NVdrlPVNnjo2Jy9nOb7v1Xg"
	hesabeIV        = "5NVdrlPVNnjo2Jy9"
)

// Merchant calls the gateways' APIs of the server at Base.
type Merchant struct {
	T    testing.TB
	Base string // without a slash at the end
}

// Object is a JSON object.
type Object = map[string]any

// Invoice is what the merchant knows of an invoice that it has made.
type Invoice struct {
	Gateway, ID, Reference string
	CheckoutURL            string
}

// Create makes an invoice of a gateway. The fields are added to a body that is
// complete without them.
func (m Merchant) Create(gateway, reference string, fields Object) Invoice {
	m.T.Helper()
	made := Invoice{Gateway: gateway, Reference: reference}
	var answer Object
	switch gateway {
	case "cryptocloud":
		body := with(Object{"amount": 25, "shop_id": cryptocloudShop, "order_id": reference}, fields)
		path := "/cryptocloud/v2/invoice/create"
		if locale, ok := body["locale"].(string); ok { // the language of the payment page is a parameter
			path += "?locale=" + locale
			delete(body, "locale")
		}
		answer = m.call(http.MethodPost, path, body, m.cryptocloud)["result"].(Object)
		made.ID, made.CheckoutURL = answer["uuid"].(string), answer["link"].(string)
	case "hesabe":
		body := with(Object{"merchantCode": hesabeCode, "amount": "12.500", "invoiceType": "0", "referenceNumber": reference}, fields)
		answer = m.hesabe(http.MethodPost, "/hesabe/api/v1/invoice", body)["response"].(Object)
		made.ID, made.CheckoutURL = answer["id"].(json.Number).String(), answer["url"].(string)
	case "meum":
		body := with(Object{"amount": "100.00", "currency": "USD", "external_order_id": reference}, fields)
		answer = m.call(http.MethodPost, "/meum/v1/invoices", body, m.meum)
		made.ID, made.CheckoutURL = answer["id"].(string), answer["checkout_url"].(string)
	case "xpays":
		body := with(Object{
			"order_id": reference, "amount": "2", "from_fiat_currency": "USD", "to_crypto_currency": "USDT", "chain": "tron",
		}, fields)
		answer = m.call(http.MethodPost, "/xpays/v1/payment/createInvoicePayment", body, m.xpays)["data"].(Object)
		made.ID, made.CheckoutURL = answer["id"].(string), answer["payment_url"].(string)
	default:
		m.T.Fatalf("there is no gateway %q", gateway)
	}
	return made
}

// Status reads the gateway's own word for the state of an invoice.
func (m Merchant) Status(invoice Invoice) string {
	m.T.Helper()
	switch invoice.Gateway {
	case "cryptocloud":
		answer := m.call(http.MethodPost, "/cryptocloud/v2/invoice/merchant/info", Object{"uuids": []string{invoice.ID}}, m.cryptocloud)
		return answer["result"].([]any)[0].(Object)["status"].(string)
	case "hesabe":
		answer := m.hesabe(http.MethodGet, "/hesabe/api/v1/invoice/"+invoice.ID, Object{"merchantCode": hesabeCode})
		return answer["response"].(Object)["invoice_status"].(json.Number).String()
	case "meum":
		return m.call(http.MethodGet, "/meum/v1/invoices/"+invoice.ID, nil, m.meum)["status"].(string)
	default:
		answer := m.call(http.MethodGet, "/xpays/v1/payment/info?id="+invoice.ID, nil, m.xpays)
		return answer["data"].(Object)["payment"].(Object)["payment_status"].(string)
	}
}

func with(body, fields Object) Object {
	for name, value := range fields {
		body[name] = value
	}
	return body
}

func (m Merchant) cryptocloud(r *http.Request, _ []byte) {
	r.Header.Set("Authorization", "Token "+cryptocloudKey)
}

func (m Merchant) meum(r *http.Request, _ []byte) {
	r.Header.Set("Authorization", "Bearer "+meumKey)
}

// xpays signs a request: https://payment-document-6bc.pages.dev/signature-example .
func (m Merchant) xpays(r *http.Request, body []byte) {
	if body == nil {
		body = []byte(`""`)
	}
	timestamp := strconv.FormatInt(time.Now().UnixMilli(), 10)
	r.Header.Set("x-api-key", xpaysKey)
	r.Header.Set("x-timestamp", timestamp)
	r.Header.Set("x-signature", hexMAC(xpaysSecret, timestamp+"|"+r.Method+"|"+r.URL.String()+"|"+string(body)))
}

func hexMAC(secret, content string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(content))
	return hex.EncodeToString(mac.Sum(nil))
}

// call sends JSON and returns the JSON of a success.
func (m Merchant) call(method, path string, body Object, authorize func(*http.Request, []byte)) Object {
	m.T.Helper()
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			m.T.Fatal(err)
		}
	}
	var answer Object
	m.decode(m.send(method, path, content, authorize), &answer)
	return answer
}

func (m Merchant) decode(text []byte, into any) {
	m.T.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		m.T.Fatalf("%s: %v", text, err)
	}
}

func (m Merchant) send(method, path string, content []byte, authorize func(*http.Request, []byte)) []byte {
	m.T.Helper()
	r, err := http.NewRequestWithContext(m.T.Context(), method, m.Base+path, bytes.NewReader(content))
	if err != nil {
		m.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	authorize(r, content)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		m.T.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		m.T.Fatalf("%s %s: HTTP %d %s %v", method, path, response.StatusCode, text, err)
	}
	return text
}

// hesabe logs in and sends an encrypted payload:
// https://developer.hesabe.com/docs/api .
func (m Merchant) hesabe(method, path string, payload Object) Object {
	m.T.Helper()
	login := m.call(http.MethodPost, "/hesabe/api/v1/login", Object{"username": hesabeUser, "password": hesabePassword},
		func(r *http.Request, _ []byte) { r.Header.Set("accessCode", hesabeAccess) })
	token := login["response"].(Object)["token"].(Object)["access_token"].(string)

	plain, err := json.Marshal(payload)
	if err != nil {
		m.T.Fatal(err)
	}
	padding := 16 - len(plain)%16
	plain = append(plain, bytes.Repeat([]byte{byte(padding)}, padding)...)
	block, err := aes.NewCipher([]byte(hesabeKey))
	if err != nil {
		m.T.Fatal(err)
	}
	cipher.NewCBCEncrypter(block, []byte(hesabeIV)).CryptBlocks(plain, plain) //nolint:gosec // Hesabe's way
	sealed := hex.EncodeToString(plain)

	var content []byte
	if method == http.MethodGet {
		path += "?data=" + sealed
	} else {
		content = []byte(`{"data":"` + sealed + `"}`)
	}
	text := m.send(method, path, content, func(r *http.Request, _ []byte) {
		r.Header.Set("accessCode", hesabeAccess)
		r.Header.Set("Authorization", "Bearer "+token)
	})
	var wrapped struct{ Response string }
	m.decode(text, &wrapped)
	opened, err := hex.DecodeString(wrapped.Response)
	if err != nil || len(opened) == 0 {
		m.T.Fatalf("%s: %v", text, err)
	}
	cipher.NewCBCDecrypter(block, []byte(hesabeIV)).CryptBlocks(opened, opened)
	var answer Object
	m.decode(opened[:len(opened)-int(opened[len(opened)-1])], &answer)
	return answer
}
