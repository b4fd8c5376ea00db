// Package merchant is a shop: it creates invoices through the gateways' APIs, reads them,
// and verifies their webhooks. It is written from the
// gateways' public documentation, and shares no code with the clients and the simulators.
package merchant

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Gateways are all gateways, by name.
var Gateways = map[string]Gateway{
	"cryptocloud": cryptocloud,
	"hesabe":      hesabe,
	"meum":        meum,
	"xpays":       xpays,
}

// Gateway is how a merchant uses a gateway.
type Gateway struct {
	// Create makes an invoice. The fields are added to a body that is complete without
	// them.
	Create func(a Account, reference string, fields Object) (id, checkoutURL string)
	// Status reads the gateway's own status of an invoice.
	Status func(a Account, id string) string
	// Verify checks a webhook, and returns its event and its invoice: the id, or the
	// reference where the webhook has no id.
	Verify func(a Account, w Webhook) (invoice, event string, err error)

	// Paid is the status of a paid invoice.
	Paid string
	// Webhooks are the events of webhooks, by the event of the sandbox or
	// "create".
	Webhooks map[string]string
	// Reference, Notify and Return are the provider's arguments for the merchant's
	// reference, the address of webhooks, and the page to which the payer returns; ""
	// stands for none. Notify is also the API's name.
	Reference, Notify, Return string
}

// Merchant has an account at every gateway.
type Merchant struct {
	T testing.TB
	// Settings are what "sandbox env" prints, such as MEUM_API_KEY.
	Settings map[string]string
}

// Object is a JSON object.
type Object = map[string]any

// Invoice is an invoice that the merchant has created.
type Invoice struct {
	Gateway, ID, Reference string
	CheckoutURL            string
}

// Webhook is a received webhook.
type Webhook struct {
	Path   string
	URL    string // as the sender wrote it
	Header http.Header
	Body   []byte
}

// Create makes an invoice of a gateway.
func (m Merchant) Create(gateway, reference string, fields Object) Invoice {
	m.T.Helper()
	id, checkoutURL := Gateways[gateway].Create(m.account(gateway), reference, fields)
	return Invoice{gateway, id, reference, checkoutURL}
}

// Status reads the gateway's own status of an invoice.
func (m Merchant) Status(invoice Invoice) string {
	m.T.Helper()
	return Gateways[invoice.Gateway].Status(m.account(invoice.Gateway), invoice.ID)
}

// Verify checks a webhook of a gateway, see Gateway.
func (m Merchant) Verify(gateway string, w Webhook) (invoice, event string, err error) {
	return Gateways[gateway].Verify(m.account(gateway), w)
}

func (m Merchant) account(gateway string) Account { return Account{m, strings.ToUpper(gateway) + "_"} }

// Account is the merchant's account at one gateway.
type Account struct {
	Merchant
	prefix string
}

func (a Account) setting(name string) string { return a.Settings[a.prefix+name] }

// call sends a request and returns the JSON of a success.
func (a Account) call(method, path string, header map[string]string, body []byte) Object {
	a.T.Helper()
	return a.decode(a.send(method, path, header, body))
}

func (a Account) send(method, path string, header map[string]string, body []byte) []byte {
	a.T.Helper()
	r, err := http.NewRequestWithContext(a.T.Context(), method, a.setting("ENDPOINT")+path, bytes.NewReader(body))
	if err != nil {
		a.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		a.T.Fatalf("%s %s: HTTP %d %s %v", method, path, response.StatusCode, content, err)
	}
	return content
}

func (a Account) decode(text []byte) (object Object) {
	a.T.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil {
		a.T.Fatalf("%s: %v", text, err)
	}
	return object
}

// encode is the JSON of an object with more fields.
func (a Account) encode(object, fields Object) []byte {
	a.T.Helper()
	for name, value := range fields {
		object[name] = value
	}
	text, err := json.Marshal(object)
	if err != nil {
		a.T.Fatal(err)
	}
	return text
}

// sign is the signature of a text, in hexadecimal digits.
func sign(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
